import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@shebao/kernel';
import type { Command, Refusal } from '../platform/index.ts';
import { type TestWorld, testDatabase } from '../platform/testing.ts';
import { eightDigits, postgresStore, type Store, taxVoucherNo } from '../treasury/index.ts';
import { usualTimes } from './advance.ts';
import { takeOver } from './agreements.ts';
import { addBill, voidBillOf } from './bills.ts';
import { confirmPayment } from './confirm.ts';
import { checkPayments } from './index.ts';
import { agreements, bills, orders } from './tables.ts';
import { inStore, openDay } from './testing.ts';
import { actOnTransfer, registerTransfer } from './transfer-acts.ts';
import { issueVoucher } from './voucher.ts';

const taxOrg = '133010000000';
const taxpayerId = '12330100470000001X';
const rounds = 1_000;
const actor = { kind: 'system', name: 'test' } as const;
let drawn = 0;

interface Contender {
  readonly who: 'pay' | 'other clerk' | 'void' | 'voucher' | 'transfer';
  readonly run: () => Promise<Result<unknown, Refusal>>;
}

/** One act as a command of its own, as the routes run it. */
function act(
  world: TestWorld,
  key: string,
  work: (store: Store) => Promise<Result<object | null, Refusal>>,
): Promise<Result<unknown, Refusal>> {
  const command: Command<{ key: string }, unknown> = {
    name: 'test.race',
    chain: () => `taxpayer:${taxpayerId}`,
    describe: () => ({ subject: key, detail: {} }),
    async run(tx, _input, { at }) {
      const done = await work(postgresStore(tx, at, world.services.crypto));
      return done.ok ? ok({}) : err(done.error);
    },
  };
  return world.execute(command, { key }, { actor, idempotencyKey: key });
}

function contenders(
  world: TestWorld,
  billId: string,
  agreementId: number,
  transferId: string,
): Contender[] {
  const totalFen = 240_000;
  const bill = { id: billId, version: 2, totalFen };
  const pay = (id: string) => () => {
    drawn += 1;
    const numbers = {
      billId,
      taxVouNo: taxVoucherNo(taxOrg, '2021', drawn),
      traNo: eightDigits(drawn),
      msgId: `202103101001${eightDigits(drawn)}`,
      workDate: '2021-03-10',
    };
    const order = { id, taxpayerId, requestedBy: id, agreementId, bills: [bill], totalFen };
    return act(world, id, (store) => confirmPayment(store, order, [numbers], usualTimes));
  };
  const double = pay(randomUUID());
  return [
    { who: 'pay', run: double },
    { who: 'pay', run: double },
    { who: 'other clerk', run: pay(randomUUID()) },
    {
      who: 'void',
      run: () => act(world, randomUUID(), (store) => voidBillOf(store, billId)),
    },
    {
      who: 'voucher',
      run: () => {
        drawn += 1;
        const numbers = {
          voucherNo: `20210310${String(drawn).padStart(6, '0')}`,
          taxVouNo: taxVoucherNo(taxOrg, '2021', drawn),
        };
        const id = randomUUID();
        const wish = { id, taxpayerId, billId, version: 2, totalFen, requestedBy: id };
        return act(world, id, (store) => issueVoucher(store, wish, numbers));
      },
    },
    {
      who: 'transfer',
      run: () => {
        drawn += 1;
        const taxVouNo = taxVoucherNo(taxOrg, '2021', drawn);
        const claim = { billId, reason: 'x', evidence: 'x', passNo: null, passedOn: null };
        const order = { id: transferId, version: 1, officer: 'clerk', act: 'claim' } as const;
        return act(world, transferId, (store) =>
          actOnTransfer(store, { ...order, ...claim }, taxVouNo),
        );
      },
    },
  ];
}

/** Money that came and waits to be claimed. */
async function newTransfer(store: Store): Promise<string> {
  const id = randomUUID();
  const came = { id, taxOrg, valueDate: '2021-03-10', amountFen: 240_000, bankSerial: id };
  const text = { payerName: '示例学校', payerAccount: '', payerBank: '', remark: '' };
  const line = { ...came, ...text, payeeAcct: '330100000000001' };
  await registerTransfer(store, line, 'clerk', '');
  return id;
}

async function newBill(store: Store): Promise<string> {
  const declarationId = randomUUID();
  const line = { insurance: 'institutionPension', period: 24254, kind: 'current' } as const;
  const common = { people: 2, baseFen: 1_000_000, dueDate: '2021-03-31' };
  await addBill(store, {
    declarationId,
    unitId: 1,
    unitNo: '330100000123',
    unitName: '示例学校',
    taxpayerId,
    taxpayerName: '示例学校',
    taxOrg,
    region: '330100',
    declaredOn: '2021-03-10',
    dueDate: '2021-03-31',
    periodFrom: 24254,
    periodTo: 24254,
    lines: [
      { ...line, ...common, payer: 'employer', ratePpm: 160_000, amountFen: 160_000 },
      { ...line, ...common, payer: 'employee', ratePpm: 80_000, amountFen: 80_000 },
    ],
  });
  return declarationId;
}

async function prepare(world: TestWorld): Promise<number> {
  return inStore(world, async (store) => {
    await openDay(store, taxOrg);
    await takeOver(store, {
      taxpayerId,
      taxpayerName: '示例学校',
      taxOrg,
      protocolNo: '202100000001',
      bankName: '示例银行',
      openingBankNo: '102331000001',
      clearingBankNo: '102331000000',
      account: '1202021099000001',
      holder: '示例学校',
    });
    const held = await store.of(agreements).get({ protocolNo: '202100000001' });
    assert.ok(held);
    return held.id;
  });
}

/** Small deterministic random numbers. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const tellsWhy = {
  // The second half of a double click may hear that the first is under way.
  pay: ['BILL_NOT_PAYABLE', 'IDEMPOTENCY_IN_PROGRESS'],
  'other clerk': ['BILL_NOT_PAYABLE'],
  void: ['DECLARATION_NOT_VOIDABLE'],
  voucher: ['BILL_NOT_PAYABLE'],
  transfer: ['BILL_NOT_PAYABLE'],
} as const;

test(`double click, two clerks, void, voucher and transfer at once, ${rounds} times: one wins, the others are told why`, async (t) => {
  const world = await testDatabase(t, { rehearse: false });
  const agreementId = await prepare(world);
  const random = randomNumbers(2021);
  const wins: Record<string, number> = {};
  const billIds = await inStore(world, async (store) => {
    const made: string[] = [];
    while (made.length < rounds) made.push(await newBill(store));
    return made;
  });
  const transferIds = await inStore(world, async (store) => {
    const made: string[] = [];
    while (made.length < rounds) made.push(await newTransfer(store));
    return made;
  });
  const winnerOf = new Map<string, string>();
  for (const [round, billId] of billIds.entries()) {
    // A claim looks at the transfer before it asks for the bill: now and then it gets a start for that.
    const startMs = random.next().value < 0.3 ? Math.ceil(random.next().value * 6) : 0;
    const order = contenders(world, billId, agreementId, transferIds[round] ?? '')
      .map((one) => ({ one, at: random.next().value }))
      .toSorted((a, b) => a.at - b.at);
    const answers = await Promise.all(
      order.map(async ({ one, at }) => {
        if (one.who !== 'transfer' && startMs > 0) await sleep(startMs);
        for (let turns = Math.floor(at * 6); turns > 0; turns -= 1) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        return { who: one.who, answer: await one.run() };
      }),
    );
    const winners = new Set(answers.flatMap(({ who, answer }) => (answer.ok ? [who] : [])));
    assert.equal(winners.size, 1, `round ${round}: ${JSON.stringify(answers)}`);
    const [winner = ''] = winners;
    wins[winner] = (wins[winner] ?? 0) + 1;
    winnerOf.set(billId, winner);
    for (const { who, answer } of answers) {
      if (answer.ok) continue;
      const { code, data } = answer.error;
      const codes: readonly string[] = who === winner ? ['IDEMPOTENCY_IN_PROGRESS'] : tellsWhy[who];
      assert.ok(codes.includes(code), `round ${round}: ${who} was refused with ${code}`);
      assert.ok(code === 'IDEMPOTENCY_IN_PROGRESS' || data?.['reason'], 'the reason is told');
    }
  }
  await inStore(world, async (store) => {
    for (const [billId, winner] of winnerOf) {
      const live = await store.of(orders).find({ billId, active: true });
      assert.equal(live.length, winner === 'void' ? 0 : 1);
      const bill = await store.of(bills).get({ id: billId });
      assert.equal(bill?.state, winner === 'void' ? 'VOIDED' : 'LOCKED');
    }
  });
  t.diagnostic(JSON.stringify(wins));
  assert.equal(Object.keys(wins).length, 5, 'each of them wins sometimes');
  assert.deepEqual(await checkPayments(world.services.db.q), []);
});

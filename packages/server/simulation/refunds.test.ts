// What a closed case owes is paid back once over the channel, whatever gets lost, doubled or late on the way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '@shebao/channel';
import { usualTimes } from '../src/payment/advance.ts';
import { approveCase, handleCase } from '../src/payment/case-acts.ts';
import { expectedBalances } from '../src/payment/ledger.ts';
import { drawVoucherNo } from '../src/payment/pay.ts';
import { askRefund, decideRefund } from '../src/payment/refund-acts.ts';
import { applyRefundReceipt } from '../src/payment/refund-sender.ts';
import { type RefundRecord, refundEvents, refunds } from '../src/payment/refund-tables.ts';
import { bills, cases, journal } from '../src/payment/tables.ts';
import { compact, eightDigits, newMessageId, readSession } from '../src/treasury/index.ts';
import { type Answers, pay } from './clerk.ts';
import { BILL_IDS } from './demo.ts';
import { quiet } from './faults.ts';
import { checkMoment } from './invariants.ts';
import { World } from './world.ts';

const [BILL = ''] = BILL_IDS;
const minute = 60_000;
const owedFen = 240_001;
const stepOf = (name: string) => ({ name, chain: 'agency:test', subject: name });

/** A day on which a bill was collected twice, and two officers decided that the second debit goes back. */
async function owingWorld(seed: number): Promise<World> {
  const world = new World(seed, (moving) => checkMoment(moving));
  await world.prepare(1);
  world.net.faults = quiet;
  world.startRun();
  await world.until(world.clock.nowMs + minute);
  world.peer.command('fault', { msgNo: '1001', kind: 'answerCode', code: '24004' });
  for (const id of ['first', 'second']) {
    const answers: Answers = new Map();
    const wish = { id, billIds: [BILL], agreementId: world.agreementIds[0] ?? 0 };
    const paying = pay(world, wish, answers);
    await world.until(world.clock.nowMs + 2 * minute);
    await paying;
  }
  world.peer.command('close-day', {});
  await world.until(world.clock.nowMs + 5 * minute);
  const [found] = await world.books.read.of(cases).find({ kind: 'listed' });
  assert.ok(found);
  const { id, version } = found;
  const act = { decision: 'refund', reason: '重复扣款', papers: '清单' } as const;
  const handled = await world.books.transact(stepOf('handle'), (store) =>
    handleCase(store, { id, version, officer: 'first', ...act }),
  );
  assert.ok(handled.ok);
  const closed = await world.books.transact(stepOf('approve'), (store) =>
    approveCase(store, { times: usualTimes }, { id, version: version + 1, officer: 'second' }),
  );
  assert.ok(closed.ok);
  assert.equal(closed.value.refundFen, owedFen);
  return world;
}

async function ask(world: World, id: string) {
  const [found] = await world.books.read.of(cases).find({ kind: 'listed' });
  const caseId = found?.id ?? '';
  const why = { reasonCode: '02', reason: '重复扣款', officer: 'first', payee: null };
  return world.books.transact(stepOf('ask'), (store) => askRefund(store, { id, caseId, ...why }));
}

async function confirm(world: World, { id, version, taxOrg }: RefundRecord, officer = 'second') {
  const ports = world.anyRun()?.ports;
  assert.ok(ports);
  const entrustDate = (await readSession(ports))?.workDate ?? '';
  const [number = 0] = await ports.numbers.take('debit', taxOrg, entrustDate);
  const numbers = {
    drawBackVouNo: await drawVoucherNo(ports, taxOrg),
    traNo: eightDigits(number),
    entrustDate,
    msgId: await newMessageId(ports, '1104'),
  };
  return world.books.transact(stepOf('confirm'), (store) =>
    decideRefund(store, { id, version, officer, reason: '' }, numbers),
  );
}

const paidOut = (world: World) =>
  world.peer.hub.store.all('refund').filter((one) => one.resultCode === '90000');

async function balance(world: World): Promise<number> {
  const postings = await world.books.read.of(journal).find({ billId: BILL });
  return postings.reduce(
    (sum, { debit, credit, amountFen }) =>
      sum + (debit === 'refundable' ? amountFen : 0) - (credit === 'refundable' ? amountFen : 0),
    0,
  );
}

const troubles: readonly (readonly [string, Readonly<Record<string, string>> | null])[] = [
  ['nothing goes wrong', null],
  ['the request gets lost', { msgNo: '1104', kind: 'dropRequest' }],
  ['the receipt gets lost', { msgNo: '1104', kind: 'dropAnswer' }],
  ['the result gets lost', { msgNo: '9122', kind: 'dropAnswer' }],
  ['the result comes twice', { msgNo: '9122', kind: 'double' }],
  ['the result comes late', { msgNo: '9122', kind: 'late' }],
  ['the receipt is damaged', { msgNo: '1104', kind: 'corrupt' }],
];

for (const [name, fault] of troubles) {
  test(`a refund is paid out once: ${name}`, async () => {
    const world = await owingWorld(1);
    assert.equal(await balance(world), -owedFen, 'owed to the payer');
    const asked = await ask(world, 'r1');
    assert.ok(asked.ok, JSON.stringify(asked));
    if (fault) world.peer.command('fault', fault);
    const confirmed = await confirm(world, asked.value);
    assert.ok(confirmed.ok, JSON.stringify(confirmed));
    await world.until(world.clock.nowMs + 120 * minute);
    const now = await world.books.read.of(refunds).get({ id: 'r1' });
    const events = await world.books.read.of(refundEvents).find({ refundId: 'r1' });
    assert.equal(now?.state, '已退', JSON.stringify(events.map(({ text }) => text)));
    assert.equal(paidOut(world).length, 1);
    assert.equal(await balance(world), 0, 'owed no more');
    const bill = await world.books.read.of(bills).get({ id: BILL });
    assert.ok(bill);
    assert.equal(expectedBalances(bill, false, 0).refundable, 0);
    assert.deepEqual(world.failures, []);
    const again = await ask(world, 'r2');
    assert.equal(again.ok ? '' : again.error.code, 'REFUND_RUNNING');
  });
}

test('a treasury that says “seen before” (94051) is asked what became of it', async () => {
  const world = await owingWorld(3);
  const asked = await ask(world, 'r1');
  assert.ok(asked.ok);
  world.peer.command('fault', { msgNo: '1104', kind: 'dropAnswer' });
  world.peer.command('fault', { msgNo: '9122', kind: 'dropAnswer', times: 'always' });
  const confirmed = await confirm(world, asked.value);
  assert.ok(confirmed.ok);
  await world.until(world.clock.nowMs + 5_000);
  const sent = await world.books.read.of(refunds).get({ id: 'r1' });
  assert.equal(sent?.state, '已发出');
  const told = {
    OriMsgNo: '1104',
    OriSendOrgCode: sent.taxOrg,
    OriEntrustDate: compact(sent.entrustDate ?? ''),
    OriRequestNo: sent.traNo ?? '',
    Result: '94051',
    AddWord: '重复',
  };
  const head = { msgRef: sent.msgId };
  const message = { msgNo: '9121', head, body: { ReceiptReturn: told } } as unknown as Message;
  await world.books.transact(stepOf('again'), (store) => applyRefundReceipt(store, message));
  assert.equal((await world.books.read.of(refunds).get({ id: 'r1' }))?.state, '退库中');
  await world.until(world.clock.nowMs + 120 * minute);
  assert.equal((await world.books.read.of(refunds).get({ id: 'r1' }))?.state, '已退');
  assert.equal(paidOut(world).length, 1);
});

test('two officers are needed, one payout runs at a time, a refusal is final and allows another', async () => {
  const world = await owingWorld(2);
  const asked = await ask(world, 'r1');
  assert.ok(asked.ok);
  const twice = await ask(world, 'r2');
  assert.equal(twice.ok ? '' : twice.error.code, 'REFUND_RUNNING');
  const same = await confirm(world, asked.value, 'first');
  assert.equal(same.ok ? '' : same.error.code, 'REFUND_SAME_OFFICER');
  // The treasury refuses: the account of the payer is closed.
  const [account] = world.peer.hub.store.all('account');
  assert.ok(account);
  for (const { bankNo, acct } of world.peer.hub.store.all('account')) {
    world.peer.command('account', { bankNo, acct, state: 'closed' });
  }
  assert.ok((await confirm(world, asked.value)).ok);
  const stale = await confirm(world, asked.value);
  assert.equal(stale.ok ? '' : stale.error.code, 'REFUND_CHANGED');
  await world.until(world.clock.nowMs + 30 * minute);
  const refused = await world.books.read.of(refunds).get({ id: 'r1' });
  assert.equal(refused?.state, '退库失败', JSON.stringify(refused));
  assert.equal(paidOut(world).length, 0);
  for (const { bankNo, acct } of world.peer.hub.store.all('account')) {
    world.peer.command('account', { bankNo, acct, state: 'open' });
  }
  const another = await ask(world, 'r2');
  assert.ok(another.ok);
  assert.ok((await confirm(world, another.value)).ok);
  await world.until(world.clock.nowMs + 30 * minute);
  assert.equal((await world.books.read.of(refunds).get({ id: 'r2' }))?.state, '已退');
  assert.equal(paidOut(world).length, 1);
});

// Payment against the simulator's process, by the API: unclear debits, reversals, races; collected once or not at all.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  ApiError,
  canonicalJson,
  listBills,
  listDeclarations,
  pay,
  reauthenticate,
  voidDeclaration,
} from '@shebao/contract';
import { type ApiSession, eventually, payBill } from './support/api.ts';
import { freePort, type Part, startServicePart, startSimulatorPart } from './support/parts.ts';
import {
  ample,
  declare,
  openPaying,
  type PayableBill,
  shown,
  steerBank,
} from './support/paying.ts';
import type { DemoFile, DemoTaxpayer } from './support/product.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'shebao-pay-'));
let service: Part;
let simulator: Part;
let bank: string;
let url: string;
let demo: DemoFile;

before(async () => {
  const port = await freePort();
  const treasuryPort = await freePort();
  url = `http://127.0.0.1:${port}`;
  bank = `http://127.0.0.1:${treasuryPort}`;
  service = await startServicePart({
    dataDir,
    port,
    treasuryUrl: bank,
    now: '2021-03-10T09:00:00+08:00',
  });
  simulator = await startSimulatorPart(dataDir, treasuryPort);
  demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
});
after(async () => {
  await service?.stop();
  await simulator?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const steer = (command: string, values: Record<string, unknown>) =>
  steerBank(bank, command, values);

/** What all accounts at the simulated banks hold together, in fen. */
async function bankTotal(): Promise<number> {
  const state = (await (await fetch(`${bank}/control/state`)).json()) as {
    accounts: { balance: string }[];
  };
  return state.accounts.reduce(
    (sum, { balance }) => sum + Math.round(Number(balance.replaceAll(',', '')) * 100),
    0,
  );
}

const fenOf = (yuan: string) => Math.round(Number(yuan) * 100);

async function signedIn(taxpayer: DemoTaxpayer | undefined): Promise<ApiSession> {
  assert.ok(taxpayer);
  return openPaying(url, taxpayer);
}

async function statusOf(session: ApiSession, id: string): Promise<string | undefined> {
  const { declarations } = await session.call(listDeclarations, { query: {} });
  return declarations.find((declaration) => declaration.id === id)?.paymentStatus;
}

describe('a debit whose outcome is unclear', { concurrency: false }, () => {
  let session: ApiSession;
  let bill: PayableBill;
  let agreementId: string;

  test('a request that never arrived is 待核实, then reversed, and payable again', async () => {
    const [school] = demo.taxpayers;
    session = await signedIn(school);
    agreementId = await ample(session, school as DemoTaxpayer);
    bill = await declare(session, school?.units[1]?.unitNo ?? '');
    const held = await bankTotal();
    await steer('fault', { msgNo: '1001', kind: 'dropRequest', times: 'once' });
    const outcome = await payBill(session, school?.password ?? '', shown(bill), agreementId);
    assert.equal(outcome.state, 'pendingCheck');
    assert.match(outcome.orders[0]?.message ?? '', /扣款结果核实中，请勿重复缴费/);
    assert.equal(await statusOf(session, bill.declarationId), '待核实');
    const again = payBill(session, school?.password ?? '', shown(bill), agreementId);
    await assert.rejects(again, (error: ApiError) => error.code === 'PAYMENT_PENDING_CHECK');
    await eventually(
      'the reversal',
      () => statusOf(session, bill.declarationId),
      (status) => status === '未缴费',
    );
    assert.equal(await bankTotal(), held, 'no money moved');
  });

  test('a debit whose answer was lost is found by query: paid, once', async () => {
    const password = demo.taxpayers[0]?.password ?? '';
    const { bills } = await session.call(listBills);
    const payable = bills.find((candidate) => candidate.id === bill.id);
    assert.ok(payable?.payable);
    // What was shown has changed: the new figures are told, nothing is paid.
    const cheaper = payBill(session, password, { ...shown(payable), total: '1.00' }, agreementId);
    await assert.rejects(cheaper, (error: ApiError) => error.code === 'BILL_CHANGED');
    const nobodys = payBill(session, password, shown(payable), '999999');
    await assert.rejects(nobodys, (error: ApiError) => error.code === 'NOT_FOUND');
    const held = await bankTotal();
    await steer('fault', { msgNo: '1001', kind: 'dropAnswer', times: 'once' });
    const outcome = await payBill(session, password, shown(payable), agreementId);
    assert.equal(outcome.state, 'pendingCheck');
    await eventually(
      'the query',
      () => statusOf(session, bill.declarationId),
      (status) => status === '已缴款未入库',
    );
    assert.equal(held - (await bankTotal()), fenOf(payable.total), 'debited once');
    // The same id for something else is refused, whatever its idempotency key.
    const other = { ...shown(payable), id: randomUUID() };
    const again = payBill(session, password, other, agreementId, outcome.id, randomUUID());
    await assert.rejects(again, (error: ApiError) => error.status >= 400 && error.status < 500);
  });
});

test('one hundred 确认缴费 of one bill at once debit it once', async () => {
  const enterprise = demo.taxpayers[1];
  assert.ok(enterprise);
  const session = await signedIn(enterprise);
  const bill = await declare(session, enterprise.units[0]?.unitNo ?? '');
  const agreementId = await ample(session, enterprise);
  const held = await bankTotal();
  const bodies = Array.from({ length: 100 }, () => {
    const body = { id: randomUUID(), bills: [shown(bill)], agreementId, total: bill.total };
    return { body, hash: createHash('sha256').update(canonicalJson(body)).digest('hex') };
  });
  const tokens: string[] = [];
  for (const { hash } of bodies) {
    const proof = { password: enterprise.password, operation: 'pay', operationHash: hash };
    tokens.push((await session.call(reauthenticate, { body: proof })).token);
  }
  const outcomes = await Promise.allSettled(
    bodies.map(({ body }, index) =>
      session.call(pay, {
        body: { ...body, reauthentication: tokens[index] ?? '' },
        idempotencyKey: body.id,
      }),
    ),
  );
  assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1);
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    assert.ok(outcome.reason instanceof ApiError && outcome.reason.status < 500);
  }
  await eventually(
    'the payment',
    () => statusOf(session, bill.declarationId),
    (status) => status === '已缴款未入库',
  );
  assert.equal(held - (await bankTotal()), fenOf(bill.total));
  const late = payBill(session, enterprise.password, shown(bill), agreementId);
  await assert.rejects(late, (error: ApiError) => error.code === 'BILL_NOT_PAYABLE');
});

test('void against pay: exactly one wins, the other is told why', async () => {
  const [school] = demo.taxpayers;
  assert.ok(school);
  const session = await signedIn(school);
  const unitNo = school.units[0]?.unitNo ?? '';
  const bill = await declare(session, unitNo);
  const agreementId = await ample(session, school);
  const [paying, voiding] = await Promise.allSettled([
    payBill(session, school.password, shown(bill), agreementId),
    session.call(voidDeclaration, {
      params: { unitNo, id: bill.declarationId },
      body: {},
      idempotencyKey: randomUUID(),
    }),
  ]);
  const settled = await eventually(
    'an end',
    async () => {
      const { declarations } = await session.call(listDeclarations, { query: { unitNo } });
      return declarations.find((declaration) => declaration.id === bill.declarationId);
    },
    (row) => row?.status === '已作废' || row?.paymentStatus === '已缴款未入库',
  );
  const paid = settled?.paymentStatus === '已缴款未入库';
  assert.notEqual(paid, settled?.status === '已作废');
  if (paid) assert.equal(paying.status, 'fulfilled');
  else assert.ok(voiding.status === 'fulfilled' && paying.status === 'rejected');
});

// Any bank can stand behind SHEBAO_TREASURY_URL: shown with one written from the channel's documentation alone.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  type AnswerOf,
  getPayment,
  listAgreements,
  listBills,
  listDues,
  listPayments,
  submitDeclaration,
  verifyAgreement,
} from '@shebao/contract';
import {
  type ApiSession,
  eventually,
  openOffice,
  openSession,
  payBill,
  prove,
} from '../support/api.ts';
import { freePort, type Part, startServicePart } from '../support/parts.ts';
import type { DemoFile } from '../support/product.ts';
import { MinimalBank } from './bank.ts';
import type { Agreed } from './books.ts';

type Bill = AnswerOf<typeof listBills>['bills'][number];

const dataDir = mkdtempSync(join(tmpdir(), 'shebao-bank-'));
const bank = new MinimalBank();
let service: Part;
let url: string;
let demo: DemoFile;
let session: ApiSession;

before(async () => {
  await bank.start(0);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  bank.agree({
    workDate: '20210310',
    node: '',
    taxOrgs: [],
    treasuries: [],
    accounts: [],
    agreements: [],
  });
  const treasuryUrl = `http://127.0.0.1:${bank.port}`;
  service = await startServicePart({
    dataDir,
    port,
    treasuryUrl,
    now: '2021-03-10T10:00:00+08:00',
  });
  demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
  bank.agree(JSON.parse(readFileSync(join(dataDir, 'treasury-demo.json'), 'utf8')) as Agreed);
  const school = demo.taxpayers[0];
  assert.ok(school);
  session = await openSession(url, school.taxpayerId, school.password);
});
after(async () => {
  await service?.stop();
  await bank.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function declare(unitNo: string): Promise<Bill> {
  const { units } = await session.call(listDues, { query: { unitNo } });
  const due = units[0];
  assert.ok(due);
  const id = randomUUID();
  const body = { id, version: due.version, total: due.total };
  await session.call(submitDeclaration, { params: { unitNo }, body, idempotencyKey: id });
  const found = await eventually(
    'the bill',
    async () => (await session.call(listBills)).bills.find((bill) => bill.declarationId === id),
    (bill) => bill !== undefined,
  );
  assert.ok(found);
  return found;
}

async function ample(): Promise<string> {
  const { agreements } = await session.call(listAgreements);
  const option = demo.taxpayers[0]?.agreements.find(({ funds }) => funds === 'ample')?.option;
  const found = agreements.find((agreement) => agreement.option === option);
  assert.ok(found?.usable, 'the agreement can be used');
  return found.id;
}

/** Asks the bank by 9114 about an agreement, as an officer does. */
async function verify(id: string): Promise<void> {
  const officer = demo.officers.find(({ roles }) => roles.includes('register'));
  assert.ok(officer);
  const { password } = officer;
  const person = { session: await openOffice(url, officer), password };
  const reauthentication = await prove(person, 'verifyAgreement', { id });
  await person.session.call(verifyAgreement, {
    params: { id },
    body: { reauthentication },
    idempotencyKey: randomUUID(),
  });
}

describe('a second bank', { concurrency: false }, () => {
  test('the service pins its key, logs in and opens payment', async () => {
    const { treasury } = await eventually(
      'the treasury to be open',
      () => session.call(listBills),
      (answer) => answer.treasury.open,
    );
    assert.equal(treasury.reason, null);
    assert.ok(bank.received.includes('9006'));
  });

  test('it is asked about an agreement', async () => {
    const id = await ample();
    await verify(id);
    await eventually(
      'the check',
      async () => (await session.call(listAgreements)).agreements.find((one) => one.id === id),
      (agreement) => agreement?.state === '有效' && bank.received.includes('9114'),
    );
  });

  test('it debits once, and the clerk reads 缴费成功', async () => {
    const bill = await declare(demo.taxpayers[0]?.units[1]?.unitNo ?? '');
    const held = bank.books.total();
    const shown = { id: bill.id, version: bill.version, total: bill.total };
    const password = demo.taxpayers[0]?.password ?? '';
    const outcome = await payBill(session, password, shown, await ample());
    assert.equal(outcome.state, 'succeeded');
    assert.equal(outcome.orders[0]?.state, '缴费成功');
    assert.equal(outcome.orders[0]?.paidOn, '2021-03-10');
    assert.equal(held - bank.books.total(), Math.round(Number(bill.total) * 100));
  });

  test('a lost answer is 待核实, asked for, resolved, and never a second debit', async () => {
    const bill = await declare(demo.taxpayers[0]?.units[0]?.unitNo ?? '');
    const held = bank.books.total();
    const debits = bank.received.filter((msgNo) => msgNo === '1001').length;
    bank.swallowNextAnswer = true;
    const shown = { id: bill.id, version: bill.version, total: bill.total };
    const password = demo.taxpayers[0]?.password ?? '';
    const id = randomUUID();
    const outcome = await payBill(session, password, shown, await ample(), id);
    assert.equal(outcome.state, 'pendingCheck');
    assert.match(outcome.orders[0]?.message ?? '', /请勿重复缴费/);
    const settled = await eventually(
      'the outcome of the query',
      () => session.call(getPayment, { params: { id } }),
      (payment) => payment.state !== 'pendingCheck' && payment.state !== 'processing',
    );
    assert.equal(settled.orders[0]?.state, '缴费成功');
    assert.ok(bank.received.includes('9003'), 'the bank was asked');
    assert.equal(bank.received.filter((msgNo) => msgNo === '1001').length, debits + 1);
    assert.equal(held - bank.books.total(), Math.round(Number(bill.total) * 100));
  });

  test('its list of the day agrees with what the service holds', async () => {
    await bank.closeDay('20210311');
    assert.deepEqual(
      bank.pushed.map(({ status }) => status),
      bank.pushed.map(() => 202),
    );
    const { payments } = await session.call(listPayments);
    assert.equal(payments.filter((one) => one.status === '已缴款未入库').length >= 2, true);
  });
});

// What the API refuses for reasons outside the request: the treasury's day, an agreement's state, a body's size.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  ApiError,
  type ErrorCode,
  listAgreements,
  listBills,
  listPayments,
  signIn,
  terminateAgreement,
} from '@shebao/contract';
import {
  type ApiSession,
  eventually,
  openOffice,
  openSession,
  payBill,
  prove,
} from './support/api.ts';
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

const dataDir = mkdtempSync(join(tmpdir(), 'shebao-refusals-'));
const parts: Part[] = [];
let bank: string;
let url: string;
let demo: DemoFile;
let school: DemoTaxpayer;
let session: ApiSession;
let officer: ApiSession;
let bill: PayableBill;
let agreementId: string;

before(async () => {
  const port = await freePort();
  const treasuryPort = await freePort();
  url = `http://127.0.0.1:${port}`;
  bank = `http://127.0.0.1:${treasuryPort}`;
  const now = '2021-03-10T09:00:00+08:00';
  parts.push(await startServicePart({ dataDir, port, treasuryUrl: bank, now }));
  parts.push(await startSimulatorPart(dataDir, treasuryPort));
  demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
  school = demo.taxpayers[0] as DemoTaxpayer;
  session = await openPaying(url, school);
  officer = await openOffice(url, demo.office);
  bill = await declare(session, school.units[1]?.unitNo ?? '');
  agreementId = await ample(session, school);
});
after(async () => {
  for (const part of parts) await part.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const refused = (acting: Promise<unknown>, code: ErrorCode, detail: RegExp) =>
  assert.rejects(acting, (error: unknown) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.code, code);
    assert.match(error.message, detail);
    return true;
  });

const untilDay = (isOpen: boolean) =>
  eventually(
    `the treasury to be ${isOpen ? 'open' : 'closed'}`,
    () => session.call(listBills),
    ({ treasury }) => treasury.open === isOpen,
  );

/** hhmmss of the hub's clock in so many minutes. */
async function hubTimeIn(minutes: number): Promise<string> {
  const { now } = (await (await fetch(`${bank}/control/state`)).json()) as { now: string };
  const seconds = Number(now.slice(8, 10)) * 3600 + Number(now.slice(10, 12)) * 60 + minutes * 60;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(seconds / 3600)}${two((seconds % 3600) / 60)}00`;
}

/** An officer ends the agreement, with his password. */
async function terminate() {
  const person = { session: officer, password: demo.office.password };
  const reauthentication = await prove(person, 'terminateAgreement', { id: agreementId });
  return officer.call(terminateAgreement, {
    params: { id: agreementId },
    body: { reauthentication },
    idempotencyKey: randomUUID(),
  });
}

const paying = () => payBill(session, school.password, shown(bill), agreementId);

test('a treasury that has stopped takes no debit, and the page says so beforehand', async () => {
  await steerBank(bank, 'sys-stat', { sysStat: '2' });
  const { treasury } = await untilDay(false);
  assert.match(treasury.reason ?? '', /系统当前非工作状态/);
  await refused(paying(), 'TREASURY_CLOSED', /系统当前非工作状态/);
  await steerBank(bank, 'sys-stat', { sysStat: '0' });
  await untilDay(true);
});

test('an agreement that holds an unclear debit cannot be terminated', async () => {
  await steerBank(bank, 'fault', { msgNo: '1001', kind: 'dropAnswer', times: 'once' });
  await steerBank(bank, 'fault', { msgNo: '9003', kind: 'dropAnswer', times: 'always' });
  const outcome = await paying();
  assert.equal(outcome.state, 'pendingCheck');
  await refused(terminate(), 'AGREEMENT_IN_USE', /未完成的扣款/);
  await steerBank(bank, 'clear-faults', {});
  await eventually(
    'the query that finds the debit',
    async () => (await session.call(listPayments)).payments[0]?.status,
    (status) => status === '已缴款未入库',
  );
});

test('a terminated agreement pays nothing and is terminated only once', async () => {
  bill = await declare(session, school.units[0]?.unitNo ?? '');
  await terminate();
  await eventually(
    'the end of the agreement',
    async () => (await session.call(listAgreements)).agreements,
    (agreements) => agreements.some(({ id, state }) => id === agreementId && state === '已终止'),
  );
  await refused(paying(), 'AGREEMENT_UNUSABLE', /该扣款协议当前不能使用：.+/);
  await refused(terminate(), 'AGREEMENT_UNUSABLE', /已终止/);
  const { bills } = await session.call(listBills);
  assert.ok(bills.some(({ id, payable }) => id === bill.id && payable));
});

test('shortly before 日切 no new debit is taken', async () => {
  // The cut-off is announced at login, so the service logs in anew after it was set.
  await steerBank(bank, 'settings', { cutTime: await hubTimeIn(4) });
  await parts[0]?.stop();
  const port = Number(new URL(url).port);
  const now = '2021-03-10T09:00:00+08:00';
  parts[0] = await startServicePart({ dataDir, port, treasuryUrl: bank, now });
  session = await openSession(url, school.taxpayerId, school.password);
  const { treasury } = await eventually(
    'the login at the treasury',
    () => session.call(listBills),
    (answer) => answer.treasury.reason?.includes('日切') === true,
  );
  assert.equal(treasury.open, false);
  const { agreements } = await session.call(listAgreements);
  agreementId = agreements.find(({ usable }) => usable)?.id ?? '';
  await refused(paying(), 'TREASURY_CUTOFF', /临近税库银日切/);
});

test('a body beyond the limit is refused before anybody reads it', async () => {
  const body = { taxpayerId: school.taxpayerId, password: 'x'.repeat(9 * 1024 * 1024) };
  await refused(session.call(signIn, { body }), 'TOO_LARGE', /内容过大/);
});

// 三方协议: signed by the unit itself, put right, used, doubted by a bank, verified again; paper ones seen by two officers.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import {
  type AnswerOf,
  ApiError,
  amendOwnAgreement,
  type ErrorCode,
  listAgreements,
  listBills,
  listOfficeAgreements,
  listRosterUpdates,
  recordAgreement,
  startRosterUpdate,
  verifyAgreement,
  verifyOwnAgreement,
} from '@shebao/contract';
import type { Browser } from 'playwright-core';
import { eventually, openOffice, openSession, type Person, payBill, prove } from './support/api.ts';
import { openBrowser } from './support/browser.ts';
import { type Clerk, clerkAt } from './support/clerk.ts';
import { freePort, type Part, startServicePart, startSimulatorPart } from './support/parts.ts';
import { declare, openPaying, type PayableBill, shown, steerBank } from './support/paying.ts';
import type { DemoFile, DemoTaxpayer } from './support/product.ts';

const exact = true;
const dataDir = mkdtempSync(join(tmpdir(), 'shebao-agreements-'));
const parts: Part[] = [];
const password = '春风又绿江南岸 明月何时照我还 2021';
/** An account of the unit at the demo world's first bank, and one that an officer records from paper. */
const [account, paperAccount] = ['1202021099000777', '1202021099000888'];
const bankNos = { openingBankNo: '102331000001', clearingBankNo: '102331000000' };
let bank: string;
let url: string;
let demo: DemoFile;
let unit: DemoTaxpayer;
let person: Person;
let browser: Browser;
let clerk: Clerk;

before(async () => {
  const [port, treasuryPort] = [await freePort(), await freePort()];
  url = `http://127.0.0.1:${port}`;
  bank = `http://127.0.0.1:${treasuryPort}`;
  const now = '2021-03-10T09:00:00+08:00';
  parts.push(await startServicePart({ dataDir, port, treasuryUrl: bank, now }));
  parts.push(await startSimulatorPart(dataDir, treasuryPort));
  demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
  unit = demo.taxpayers[2] as DemoTaxpayer;
  const session = await openSession(url, unit.taxpayerId, unit.password, password);
  person = { session, password };
  const held = { bankNo: bankNos.openingBankNo, holder: unit.name, balance: '500000.00' };
  await steerBank(bank, 'account', { ...held, acct: account });
  await steerBank(bank, 'account', { ...held, acct: paperAccount });
  browser = await openBrowser();
  const context = await browser.newContext({ locale: 'zh-CN' });
  clerk = clerkAt(await context.newPage());
});
after(async () => {
  await browser?.close();
  for (const part of parts) await part.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const refused = (acting: Promise<unknown>, code: ErrorCode) =>
  assert.rejects(acting, (error: unknown) => error instanceof ApiError && error.code === code);

type Agreement = AnswerOf<typeof listAgreements>['agreements'][number];

const untilState = (what: string, isIt: (agreement: Agreement) => boolean) =>
  eventually(
    what,
    async () => (await person.session.call(listAgreements)).agreements.find(isIt),
    (found) => found !== undefined,
  );

async function proveInBrowser(): Promise<void> {
  const proof = clerk.dialog('安全认证');
  await proof.getByLabel('申报密码', { exact }).fill(password);
  await clerk.answer('安全认证', '确定');
}

async function untilShown(text: string): Promise<void> {
  await clerk.table('三方协议').getByText(text, { exact }).first().waitFor();
}

async function assertAccessible(): Promise<void> {
  const { violations } = await new AxeBuilder({ page: clerk.page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    serious.map(({ id }) => id),
    [],
  );
}

test('a unit signs online; what the bank refuses says who must do what', async () => {
  await clerk.signIn(url, unit, password);
  await clerk.button('职工参保信息更新').waitFor();
  await clerk.open('费款缴纳', '三方协议');
  await clerk.button('签订协议').click();
  const dialog = clerk.dialog('网签三方协议');
  const field = (name: string) => dialog.getByRole('textbox', { name, exact });
  assert.equal(await field('缴款账户名称').inputValue(), unit.name);
  await dialog.getByRole('combobox', { name: '开户银行', exact }).selectOption({ index: 1 });
  assert.equal((await field('开户行行号').inputValue()).length, 12);
  await field('开户银行名称').fill('中国工商银行杭州高新支行');
  await field('开户行行号').fill(bankNos.openingBankNo);
  await field('清算行行号').fill(bankNos.clearingBankNo);
  await field('缴款账号').fill('1202 0210');
  await field('缴款账户名称').fill('另一家学校');
  await clerk.button('签订并验证', dialog).click();
  await dialog.getByText('请先阅读并同意《委托扣款协议书》', { exact }).waitFor();
  await dialog.getByRole('checkbox', { name: '已阅读并同意《委托扣款协议书》', exact }).check();
  await assertAccessible();
  await field('缴款账号').fill('1202 0210 9900 0777');
  await clerk.button('签订并验证', dialog).click();
  await proveInBrowser();
  await dialog.waitFor({ state: 'hidden' });
  await untilShown('验证失败');
  await untilShown('缴款账号名称错误');
  await untilShown('请单位按开户资料核对账户名称后改正');
});

test('put right it is valid, can be read as a document and pays', async () => {
  await clerk.button('改正').click();
  const dialog = clerk.dialog('改正三方协议');
  const field = (name: string) => dialog.getByRole('textbox', { name, exact });
  assert.equal(await field('开户行行号').inputValue(), bankNos.openingBankNo);
  await field('缴款账号').fill(account);
  await field('缴款账户名称').fill(unit.name);
  await dialog.getByRole('checkbox', { name: '已阅读并同意《委托扣款协议书》', exact }).check();
  await clerk.button('签订并验证', dialog).click();
  await proveInBrowser();
  await dialog.waitFor({ state: 'hidden' });
  await untilShown('有效');
  const [own] = (await person.session.call(listAgreements)).agreements;
  assert.ok(own);
  await clerk.button('协议书').click();
  const preview = clerk.dialog('打印预览');
  await preview.getByText('委托扣款协议书').first().waitFor();
  await preview.getByText(own.protocolNo).first().waitFor();
  await clerk.button('关闭', preview).click();
  const bill = await declaredBill();
  const paid = await payBill(person.session, password, shown(bill), own.id);
  assert.equal(paid.state, 'succeeded');
  assert.equal((await person.session.call(listAgreements)).lastChosenId, own.id);
});

/** The unit's due of the month; the payment page says when the treasury is open. */
async function declaredBill(): Promise<PayableBill> {
  await eventually(
    'an open treasury',
    () => person.session.call(listBills),
    ({ treasury }) => treasury.open,
  );
  await person.session.call(startRosterUpdate, {
    body: { kind: 'full' },
    idempotencyKey: randomUUID(),
  });
  await eventually(
    'the people of the unit',
    () => person.session.call(listRosterUpdates),
    ({ updates }) => updates[0]?.state === 'done',
  );
  return declare(person.session, unit.units[0]?.unitNo ?? '');
}

test('a valid agreement is not amended, and nobody acts without 安全认证', async () => {
  const [own] = (await person.session.call(listAgreements)).agreements;
  assert.ok(own);
  const details = { ...bankNos, bankName: '中国工商银行', account, holder: unit.name };
  const reauthentication = await prove(person, 'amendOwnAgreement', { id: own.id, ...details });
  const amending = person.session.call(amendOwnAgreement, {
    params: { id: own.id },
    body: { ...details, reauthentication },
    idempotencyKey: randomUUID(),
  });
  await refused(amending, 'AGREEMENT_UNUSABLE');
  await refused(verifyOwn(own.id, reauthentication), 'REAUTHENTICATION_REQUIRED');
});

const verifyOwn = (id: string, reauthentication: string, by = person) =>
  by.session.call(verifyOwnAgreement, {
    params: { id },
    body: { reauthentication },
    idempotencyKey: randomUUID(),
  });

test('an agreement that a bank doubts is verified again by its own unit alone', async () => {
  const school = demo.taxpayers[0] as DemoTaxpayer;
  const other = { session: await openPaying(url, school), password: school.password };
  const { agreements } = await other.session.call(listAgreements);
  const held = agreements.find((one) => one.option === school.agreements[0]?.option);
  assert.ok(held?.usable);
  const bill = await declare(other.session, school.units[1]?.unitNo ?? '');
  await steerBank(bank, 'fault', { msgNo: '1001', kind: 'answerCode', code: '24009' });
  const failed = await payBill(other.session, school.password, shown(bill), held.id);
  assert.equal(failed.state, 'failed');
  await steerBank(bank, 'clear-faults', {});
  const stateOf = async () =>
    (await other.session.call(listAgreements)).agreements.find(({ id }) => id === held.id);
  const doubted = await stateOf();
  assert.equal(doubted?.state, '需复核');
  assert.match(doubted?.remedy ?? '', /重新验证/);
  await refused(
    verifyOwn(held.id, await prove(person, 'verifyOwnAgreement', { id: held.id })),
    'NOT_FOUND',
  );
  await verifyOwn(held.id, await prove(other, 'verifyOwnAgreement', { id: held.id }), other);
  await eventually('the second check', stateOf, (now) => now?.state === '有效');
});

test('an agreement on paper is recorded by one officer and verified by another', async () => {
  const mayWrite = ['register', 'review'];
  const officers = demo.officers.filter(({ roles }) => roles.some((one) => mayWrite.includes(one)));
  const [first, second] = officers;
  assert.ok(first && second, 'two officers of the demo world may');
  const maker = { session: await openOffice(url, first), password: first.password };
  const checker = { session: await openOffice(url, second), password: second.password };
  const { id } = await maker.session.call(recordAgreement, {
    body: {
      taxpayerId: unit.taxpayerId,
      protocolNo: '2021PAPER0001',
      bankName: '中国工商银行杭州高新支行',
      ...bankNos,
      account: paperAccount,
      holder: unit.name,
    },
    idempotencyKey: randomUUID(),
  });
  const verify = async (officer: Person) =>
    officer.session.call(verifyAgreement, {
      params: { id },
      body: { reauthentication: await prove(officer, 'verifyAgreement', { id }) },
      idempotencyKey: randomUUID(),
    });
  await refused(verify(maker), 'AGREEMENT_SAME_OFFICER');
  const byUnit = verifyOwn(id, await prove(person, 'verifyOwnAgreement', { id }));
  await refused(byUnit, 'AGREEMENT_ON_PAPER');
  await verify(checker);
  const valid = await untilState(
    'the check of the paper agreement',
    (one) => one.id === id && one.state === '有效',
  );
  assert.equal(valid?.origin, '纸质签订');
  const { agreements } = await checker.session.call(listOfficeAgreements, { query: {} });
  assert.equal(agreements.find((one) => one.id === id)?.madeBy, first.user);
});

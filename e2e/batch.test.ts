// Batch debit against the simulator's process: two officers, lost receipts and results, stop notices; each bill once.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  type ApiError,
  getBatch,
  listAgreements,
  listBatches,
  listBills,
  listPaymentModes,
  listPayments,
} from '@shebao/contract';
import type { Browser } from 'playwright-core';
import { eventually, openOffice, type Person, payBill } from './support/api.ts';
import { type Batch, chooseMode, make, release, stop, terminate } from './support/batches.ts';
import { openBrowser } from './support/browser.ts';
import { type Clerk, clerkAt } from './support/clerk.ts';
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

const dataDir = mkdtempSync(join(tmpdir(), 'shebao-batch-'));
const parts: Part[] = [];
let bank: string;
let url: string;
let browser: Browser;
let officers: DemoFile['officers'];
let school: DemoTaxpayer;
let clerk: Person;
let maker: Person;
let checker: Person;
let agreementId: string;
const bills: PayableBill[] = [];

before(async () => {
  const port = await freePort();
  const treasuryPort = await freePort();
  url = `http://127.0.0.1:${port}`;
  bank = `http://127.0.0.1:${treasuryPort}`;
  const now = '2021-03-10T09:00:00+08:00';
  parts.push(await startServicePart({ dataDir, port, treasuryUrl: bank, now }));
  parts.push(await startSimulatorPart(dataDir, treasuryPort));
  const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
  school = demo.taxpayers[0] as DemoTaxpayer;
  clerk = { session: await openPaying(url, school), password: school.password };
  browser = await openBrowser();
  officers = demo.officers.filter(({ roles }) => roles.includes('reconcile'));
  const [first, second] = await Promise.all(
    officers.map(async (one) => ({ session: await openOffice(url, one), password: one.password })),
  );
  assert.ok(first && second, 'the demo world has two officers who reconcile');
  maker = first;
  checker = second;
  agreementId = await ample(clerk.session, school);
});
after(async () => {
  await browser?.close();
  for (const part of parts) await part.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const steer = (command: string, values: Record<string, unknown>) =>
  steerBank(bank, command, values);
const read = (id: string): Promise<Batch> => maker.session.call(getBatch, { params: { id } });
const refused = (code: string) => (error: ApiError) => error.code === code;
const statesOf = (batch: Batch) => batch.lines.map((line) => line.state);

/** What the bank took of the account, in fen. */
async function taken(): Promise<number> {
  const state = (await (await fetch(`${bank}/control/state`)).json()) as {
    accounts: { balance: string }[];
  };
  return -state.accounts.reduce(
    (sum, { balance }) => sum + Math.round(Number(balance.replaceAll(',', '')) * 100),
    0,
  );
}

const exact = true;

async function officerAt(at: number): Promise<Clerk> {
  const officer = officers[at];
  assert.ok(officer);
  const context = await browser.newContext({ locale: 'zh-CN' });
  const person = clerkAt(await context.newPage());
  await person.page.goto(`${url}/office`);
  await person.page.getByRole('textbox', { name: '用户名', exact }).fill(officer.user);
  await person.page.getByLabel('密码', { exact }).fill(officer.password);
  await person.button('登录').click();
  await person.page.getByRole('heading', { level: 1, name: '首页', exact }).waitFor();
  return person;
}

async function prove(person: Clerk, at: number): Promise<void> {
  const proof = person.dialog('安全认证');
  await proof.waitFor();
  await proof.getByLabel('密码', { exact }).fill(officers[at]?.password ?? '');
  await person.button('确定', proof).click();
  await proof.waitFor({ state: 'hidden' });
}

describe('batch debit', { concurrency: false }, () => {
  test('a unit chooses its mode with 安全认证, for this month or a later one', async () => {
    const [first, second] = school.units;
    assert.ok(first && second);
    const choice = { mode: 'batch', agreementId, effectiveMonth: '2021-03' } as const;
    const early = chooseMode(clerk, first.unitNo, { ...choice, effectiveMonth: '2021-02' });
    await assert.rejects(early, refused('MODE_MONTH_INVALID'));
    const chosen = await chooseMode(clerk, first.unitNo, choice);
    assert.deepEqual([chosen.mode, chosen.effectiveMonth], ['batch', '2021-03']);
    await chooseMode(clerk, second.unitNo, { ...choice, effectiveMonth: '2021-05' });
    await chooseMode(clerk, second.unitNo, choice);
    const later = { mode: 'self', agreementId: null, effectiveMonth: '2021-06' } as const;
    await chooseMode(clerk, first.unitNo, later);
    const { units } = await clerk.session.call(listPaymentModes);
    assert.deepEqual(
      units.map((unit) => [unit.mode, unit.next?.mode ?? null]),
      [
        ['batch', 'self'],
        ['batch', null],
      ],
    );
  });

  test('two officers, a lost receipt: the same pack again, every bill is debited once', async () => {
    for (const unit of school.units) bills.push(await declare(clerk.session, unit.unitNo));
    await assert.rejects(make(maker, '1.00'), refused('BATCH_CHANGED'));
    const id = await make(maker);
    await assert.rejects(release(maker, id), refused('BATCH_SAME_OFFICER'));
    await steer('settings', { processMs: 86_400_000 });
    await steer('fault', { msgNo: '1102', kind: 'dropAnswer', times: 'once' });
    await release(checker, id);
    const held = await taken();
    const own = bills[0];
    assert.ok(own);
    const { bills: now } = await clerk.session.call(listBills);
    const inPack = now.find((bill) => bill.id === own.id);
    assert.equal(inPack?.payable, false);
    assert.match(inPack?.note ?? '', /列入批量扣款/);
    const ending = terminate(clerk, agreementId);
    await assert.rejects(ending, refused('AGREEMENT_IN_USE'));
    const self = payBill(
      clerk.session,
      clerk.password,
      { ...shown(own), version: inPack?.version ?? 0 },
      agreementId,
    );
    await assert.rejects(self, refused('BILL_IN_BATCH'));
    await eventually(
      'the receipt of the same bytes',
      () => read(id),
      (batch) => batch.packs[0]?.state === '已接收',
      120_000,
    );
    const [pack] = (await read(id)).packs;
    assert.equal(pack?.lines, 2);
    assert.equal(await taken(), held, 'nothing is debited before the bank begins');
  });

  test('one line is stopped in time, the other is debited; the bank tells of both', async () => {
    const { batches } = await maker.session.call(listBatches);
    const id = batches[0]?.id ?? '';
    const before = await read(id);
    const held = await taken();
    const [stopped, kept] = before.lines;
    const [pack] = before.packs;
    assert.ok(pack && stopped?.attemptId && kept);
    await stop(checker, pack.id, stopped.attemptId);
    await assert.rejects(stop(checker, pack.id, stopped.attemptId), refused('STOP_RUNNING'));
    await eventually(
      'the answer to the stop notice',
      () => read(id),
      ({ stops }) => stops[0]?.state === '已止付',
    );
    // The day ends: the bank settles what is left, tells by 2102, and its list agrees.
    await steer('close-day', {});
    const after = await eventually(
      'the result',
      () => read(id),
      (batch) => statesOf(batch).every((state) => state === '缴费成功' || state === '缴费失败'),
    );
    assert.deepEqual(statesOf(after), ['缴费失败', '缴费成功']);
    assert.equal((await taken()) - held, Math.round(Number(kept.amount) * 100), 'debited once');
    await assert.rejects(stop(checker, pack.id, null), refused('STOP_TOO_LATE'));
    const { payments } = await eventually(
      'the entry into the treasury',
      () => clerk.session.call(listPayments),
      (all) => all.payments.some((payment) => payment.status === '已入库'),
    );
    assert.ok(payments.length > 0);
  });

  test('a lost result is asked for or decided by the list: never declined, never twice', async () => {
    await steer('settings', { processMs: 1_000 });
    await steer('fault', { msgNo: '2102', kind: 'dropAnswer', times: 'once' });
    const held = await taken();
    const first = await officerAt(0);
    await first.open('征收业务', '批量扣款');
    await first.button('制作批次').click();
    await first.button('确定', first.dialog('制作批次')).click();
    await prove(first, 0);
    await first.page.getByText('批次已制作，请另一名征收人员复核发出', { exact }).waitFor();
    const second = await officerAt(1);
    await second.open('征收业务', '批量扣款');
    const row = second.table('批次').getByRole('row').filter({ hasText: '待复核' });
    await second.button('查看', row).click();
    await second.button('复核发出', second.dialog('批量扣款')).click();
    await second.answer('是否复核发出该批次', '确定');
    await prove(second, 1);
    await second.page.getByText('批次已发出，结果会自动显示', { exact }).waitFor();
    const id = (await maker.session.call(listBatches)).batches[0]?.id ?? '';
    const made = await read(id);
    assert.deepEqual([made.count, made.leftOut], [1, 0]);
    await eventually('the debit at the bank', taken, (now) => now > held);
    assert.deepEqual(statesOf(await read(id)), ['扣款中']);
    await steer('close-day', {});
    const after = await eventually(
      'the list',
      () => read(id),
      (batch) => statesOf(batch)[0] === '缴费成功',
    );
    assert.equal((await taken()) - held, Math.round(Number(after.collected) * 100));
    await assert.rejects(make(maker), refused('NOTHING_DUE'));
    await terminate(clerk, agreementId);
    await eventually(
      'the end of the agreement',
      () => clerk.session.call(listAgreements),
      ({ agreements }) => agreements.find(({ id: own }) => own === agreementId)?.state === '已终止',
    );
  });
});

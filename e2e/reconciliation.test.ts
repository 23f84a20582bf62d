// The day after the payment, against the simulator's process: receipts that verify, 已入库 and 已记入个人, the day's list signed by
// an officer, a case handled by one and closed by another.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { getWayOfMoney, listBills, listPayments, listReconciliationDays } from '@shebao/contract';
import type { Browser } from 'playwright-core';
import { type ApiSession, eventually, openOffice, payBill } from './support/api.ts';
import { openBrowser } from './support/browser.ts';
import { type Clerk, clerkAt } from './support/clerk.ts';
import { freePort, type Part, startServicePart, startSimulatorPart } from './support/parts.ts';
import { ample, declare, openPaying, shown, steerBank } from './support/paying.ts';
import { officerIn, proveIn, serious } from './support/people.ts';
import type { DemoFile, DemoTaxpayer } from './support/product.ts';

const exact = true;
const dataDir = mkdtempSync(join(tmpdir(), 'shebao-recon-'));
const parts: Part[] = [];
let bank: string;
let url: string;
let demo: DemoFile;
let school: DemoTaxpayer;
let session: ApiSession;
let browser: Browser;

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
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  for (const part of parts) await part.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function officer(user: string) {
  const found = demo.officers.find((one) => one.user === user);
  assert.ok(found);
  return found;
}

const signInOfficer = (user: string): Promise<Clerk> => officerIn(browser, url, officer(user));
const prove = (clerk: Clerk, user: string) => proveIn(clerk, officer(user).password);

/** What the simulated hub saw come and go. */
async function traffic(): Promise<readonly { readonly msgNo: string; readonly note: string }[]> {
  const state = (await (await fetch(`${bank}/control/state`)).json()) as {
    traffic: { msgNo: string; note: string }[];
  };
  return state.traffic;
}

describe('the day after', { concurrency: false }, () => {
  test('one payment is refused by mistake and paid again, the day is closed', async () => {
    const agreementId = await ample(session, school);
    const bill = await declare(session, school.units[1]?.unitNo ?? '');
    await steerBank(bank, 'fault', { msgNo: '1001', kind: 'answerCode', code: '24004' });
    const first = await payBill(session, school.password, shown(bill), agreementId);
    assert.equal(first.state, 'failed');
    const { bills } = await session.call(listBills);
    const again = bills.find((one) => one.id === bill.id);
    assert.ok(again?.payable);
    const second = await payBill(session, school.password, shown(again), agreementId);
    assert.equal(second.state, 'succeeded');
    await steerBank(bank, 'close-day', {});
    const office = await openOffice(url, demo.office);
    await eventually(
      'the list',
      () => office.call(listReconciliationDays),
      ({ days }) => days[0]?.listState === '已核对',
    );
    await eventually(
      'the entry',
      () => session.call(listPayments),
      ({ payments }) => payments.some((one) => one.status === '已入库'),
    );
    // The bank's copy (3111) has the debit that was refused by mistake: it does not agree with our books.
    await eventually('the answer to the bank’s copy', traffic, (entries) =>
      entries.some(({ msgNo, note }) => msgNo === '2111' && note === '24030'),
    );
  });

  test('the clerk sees the way of the money to the people', async () => {
    const context = await browser.newContext({ locale: 'zh-CN' });
    const clerk = clerkAt(await context.newPage());
    await clerk.signIn(url, school);
    await clerk.button('职工参保信息更新').waitFor();
    await clerk.open('费款缴纳', '缴费记录');
    const row = clerk.table('缴费记录').getByRole('row').filter({ hasText: '已入库' });
    await row.getByRole('button', { name: '查看', exact }).click();
    const way = clerk.dialog('资金进程');
    await way.getByText('已与国库清单核对一致', { exact }).waitFor();
    await way.getByText(/人社部门 24 \/ 24/).waitFor();
    assert.deepEqual(await serious(clerk), []);
    await clerk.button('查看个人记入情况', way).click();
    const people = clerk.dialog('记入个人情况');
    await people.getByRole('cell', { name: '已记入个人', exact }).first().waitFor();
    await clerk.answer('记入个人情况', '关闭');
    await clerk.answer('资金进程', '关闭');
    const paid = (await session.call(listPayments)).payments.find((one) => one.receiptId);
    const id = paid?.orderId ?? '';
    const { stations } = await session.call(getWayOfMoney, { params: { id } });
    assert.deepEqual(
      stations.map(({ state }) => state),
      ['done', 'done', 'done', 'done'],
    );
    await context.close();
  });

  test('a receipt of a submission is verified on the public page', async () => {
    const context = await browser.newContext({ locale: 'zh-CN' });
    const clerk = clerkAt(await context.newPage());
    await clerk.signIn(url, school);
    await clerk.button('职工参保信息更新').waitFor();
    await clerk.open('社保费申报', '申报记录');
    const row = clerk.table('申报记录').getByRole('row').filter({ hasText: '全部申报成功' });
    await row.first().getByRole('button', { name: '查看', exact }).click();
    await clerk.button('打印申报回执').click();
    const preview = clerk.dialog('打印预览');
    const page = preview.getByRole('region', { name: '第 1 页', exact });
    await page.filter({ hasText: '验证码' }).waitFor();
    const text = (await page.innerText()).replaceAll(/\s/g, '');
    const number = /SBHZ\d{22}[0-9A-Z]/.exec(text)?.[0] ?? '';
    const code = /验证码[：:]?([0-9A-Z]{26})/.exec(text)?.[1] ?? '';
    assert.ok(number && code, text);
    const visitor = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
    await visitor.goto(`${url}/verify`);
    await visitor.getByRole('textbox', { name: '证明编号', exact }).fill(number);
    await visitor.getByRole('textbox', { name: '验证码', exact }).fill(code);
    await visitor.getByRole('button', { name: '验真', exact }).click();
    await visitor.getByText('该证明真实有效', { exact }).waitFor();
    await visitor.getByText('社会保险费申报受理回执', { exact }).waitFor();
    await visitor.context().close();
    await context.close();
  });

  test('one officer signs 对账单 and handles the case, another closes it', async () => {
    const first = await signInOfficer('reconciler');
    await first.page.getByText('1 项差错待处理或待复核', { exact }).waitFor();
    await first.open('征收业务', '征收与对账');
    await first.button('对账单').click();
    const statement = first.dialog('对账单');
    await statement.getByText('国库成功，我方未成功', { exact }).waitFor();
    await statement.getByText('三方不一致：2 项差异', { exact }).waitFor();
    assert.deepEqual(await serious(first), []);
    await first.button('签收对账单', statement).click();
    await first.answer('是否签收该对账单', '确定');
    await prove(first, 'reconciler');
    await first
      .dialog('对账单')
      .getByText(/reconciler 于 .* 签收/)
      .waitFor();
    await first.answer('对账单', '关闭');
    await first.open('征收业务', '差错事项');
    await first.button('查看').click();
    await first.dialog('差错事项详情').waitFor();
    assert.deepEqual(await serious(first), []);
    await first.button('处理', first.dialog('差错事项详情')).click();
    const form = first.dialog('处理');
    await form.getByRole('combobox', { name: '处理意见', exact }).selectOption('退费');
    await form.getByRole('textbox', { name: '理由', exact }).fill('重复扣款，退回原账户');
    await form.getByRole('textbox', { name: '佐证材料', exact }).fill('国库清单第 1 号');
    await first.button('确定', form).click();
    await prove(first, 'reconciler');
    await first.dialog('差错事项详情').getByText('待复核', { exact }).waitFor();
    assert.equal(await first.button('复核通过').count(), 0, 'never the same person');
    await first.answer('差错事项详情', '关闭');
    const second = await signInOfficer('reviewer');
    await second.open('征收业务', '差错事项');
    await second.button('查看').click();
    await second.button('复核通过', second.dialog('差错事项详情')).click();
    await second.answer('是否复核通过该差错事项', '确定');
    await prove(second, 'reviewer');
    await second.dialog('差错事项详情').getByText('已处理', { exact }).waitFor();
    await first.page.context().close();
    await second.page.context().close();
  });

  test('what the case owes goes back to its payer by two officers', async () => {
    const first = await signInOfficer('reviewer');
    await first.open('征收业务', '退费审核');
    await first.button('申请退库').click();
    const form = first.dialog('申请退库');
    await form.getByRole('textbox', { name: '理由', exact }).fill('重复扣款，退回原账户');
    await first.button('确定', form).click();
    await prove(first, 'reviewer');
    await form.waitFor({ state: 'hidden' });
    assert.deepEqual(await serious(first), []);
    await first.button('查看').click();
    const own = first.dialog('退库详情');
    await own.getByText('待复核', { exact }).first().waitFor();
    assert.equal(await first.button('复核并退库', own).count(), 0, 'never the same person');
    await first.answer('退库详情', '关闭');
    const second = await signInOfficer('officer');
    await second.open('征收业务', '退费审核');
    await second.button('查看').click();
    await second.button('复核并退库', second.dialog('退库详情')).click();
    await second.answer('是否确认将该笔款项退回付款人', '确定');
    await prove(second, 'officer');
    await second.dialog('退库详情').getByText('已退', { exact }).first().waitFor();
    await second.dialog('退库详情').getByText('已退回付款人', { exact }).waitFor();
    await second.answer('退库详情', '关闭');
    await second.page.getByText('没有待退款项', { exact }).waitFor();
    await first.page.context().close();
    await second.page.context().close();
  });

  test('a system of 人社 reads the feed with a token that the security officer made', async () => {
    const security = await signInOfficer('security');
    await security.open('管理与监督', '用户与权限');
    await security.button('签发接口令牌').click();
    const form = security.dialog('签发接口令牌');
    await form.getByRole('combobox', { name: '用户名', exact }).selectOption('hrss');
    await form.getByRole('textbox', { name: '用途', exact }).fill('人社个人账户系统');
    await security.button('确定', form).click();
    await prove(security, 'security');
    const shownOnce = security.dialog('接口令牌（仅显示一次）');
    const token = await shownOnce.locator('.secret').innerText();
    await security.answer('接口令牌（仅显示一次）', '关闭');
    assert.deepEqual(await serious(security), []);
    const read = (agency: string) =>
      fetch(`${url}/api/v1/person-feed/${agency}/entries?after=0`, {
        headers: { authorization: `Bearer ${token}` },
      });
    const own = await read('hrss');
    const feed = (await own.json()) as { entries: unknown[]; last: number };
    assert.deepEqual([own.status, feed.entries.length, feed.last], [200, 24, 24]);
    assert.equal((await read('medicalInsurance')).status, 403);
    await security.page.context().close();
  });
});

// 窗口缴费: money that came to the 待报解户 is registered by one officer, confirmed by another, and the clerk sees it.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { listPayments } from '@shebao/contract';
import type { Browser } from 'playwright-core';
import type { ApiSession } from './support/api.ts';
import { openBrowser } from './support/browser.ts';
import { type Clerk, clerkAt } from './support/clerk.ts';
import { freePort, type Part, startServicePart, startSimulatorPart } from './support/parts.ts';
import { declare, openPaying, type PayableBill } from './support/paying.ts';
import { serious } from './support/people.ts';
import type { DemoFile, DemoTaxpayer } from './support/product.ts';

const exact = true;
const dataDir = mkdtempSync(join(tmpdir(), 'shebao-transfers-'));
const parts: Part[] = [];
let url: string;
let demo: DemoFile;
let school: DemoTaxpayer;
let session: ApiSession;
let bill: PayableBill;
let browser: Browser;

before(async () => {
  const [port, treasuryPort] = [await freePort(), await freePort()];
  url = `http://127.0.0.1:${port}`;
  const treasuryUrl = `http://127.0.0.1:${treasuryPort}`;
  const now = '2021-03-10T09:00:00+08:00';
  parts.push(await startServicePart({ dataDir, port, treasuryUrl, now }));
  parts.push(await startSimulatorPart(dataDir, treasuryPort));
  demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
  school = demo.taxpayers[0] as DemoTaxpayer;
  session = await openPaying(url, school);
  bill = await declare(session, school.units[1]?.unitNo ?? '');
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  for (const part of parts) await part.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

type Officer = DemoFile['officers'][number];

async function officerAt({ user, password }: Officer): Promise<Clerk> {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const person = clerkAt(await context.newPage());
  await person.page.goto(`${url}/office`);
  await person.page.getByRole('textbox', { name: '用户名', exact }).fill(user);
  await person.page.getByLabel('密码', { exact }).fill(password);
  await person.button('登录').click();
  await person.page.getByRole('heading', { level: 1, name: '首页', exact }).waitFor();
  await person.page.getByRole('link', { name: '窗口缴费', exact }).first().click();
  await person.page.getByRole('heading', { level: 1, name: '窗口缴费', exact }).waitFor();
  return person;
}

async function prove(person: Clerk, { password }: Officer): Promise<void> {
  const proof = person.dialog('安全认证');
  await proof.getByLabel('密码', { exact }).fill(password);
  await person.answer('安全认证', '确定');
}

const may = (roles: readonly string[]) =>
  demo.officers.filter((one) => one.roles.some((role) => roles.includes(role)));

test('one officer registers what came, another confirms, the clerk sees it paid by transfer', async () => {
  const [first, second] = may(['counter', 'review']);
  assert.ok(first && second, 'two officers of the demo world may');
  const maker = await officerAt(first);
  await maker.page.getByText('没有到账款项', { exact }).waitFor();
  assert.deepEqual(await serious(maker), []);
  await maker.button('登记到账').click();
  const form = maker.dialog('登记到账');
  const fill = (name: string, value: string) =>
    form.getByRole('textbox', { name, exact }).fill(value);
  await fill('到账日期', '2021-03-10');
  await fill('银行流水号', '20210310000001');
  await fill('付款人名称', school.name);
  await fill('付款账号', '6222 0000 0000 1234');
  await fill('金额（元）', 'abc');
  await fill('附言', `社保费 ${bill.unitNo} 133010000000`);
  await maker.button('确定', form).click();
  await form.getByRole('alert').first().waitFor();
  await fill('金额（元）', bill.total);
  await maker.button('确定', form).click();
  await form.waitFor({ state: 'hidden' });
  const row = maker.table('窗口缴费').getByRole('row').filter({ hasText: '20210310000001' });
  await row.getByText('待确认', { exact }).waitFor();
  await row.getByRole('button', { name: '查看', exact }).click();
  const own = maker.dialog('到账详情');
  await own.getByText(`按单位与金额自动匹配单位编号 ${bill.unitNo}`).first().waitFor();
  assert.equal(await maker.button('复核销号', own).count(), 0, 'not by the same person');
  assert.deepEqual(await serious(maker), []);
  await maker.button('关闭', own).click();

  const context = await browser.newContext({ locale: 'zh-CN' });
  const clerk = clerkAt(await context.newPage());
  await clerk.signIn(url, school);
  await clerk.button('职工参保信息更新').waitFor();
  await clerk.open('费款缴纳', '缴费');
  await clerk.page
    .getByText(/转账已到账，待办税服务厅确认，请勿重复缴费/)
    .first()
    .waitFor();
  const box = clerk.page.getByRole('checkbox', { name: `选择 ${bill.unitNo}`, exact });
  assert.ok((await box.count()) === 0 || (await box.isDisabled()), 'not payable another way');

  const checker = await officerAt(second);
  await checker.page.getByRole('button', { name: '查看', exact }).click();
  await checker.button('复核销号', checker.dialog('到账详情')).click();
  await checker.answer('是否确认该笔到账用于缴纳上述费款', '确定');
  await prove(checker, second);
  const shown = checker.dialog('到账详情');
  await shown.getByText('复核确认，已销号', { exact }).waitFor();
  await checker.button('关闭', shown).click();
  await checker.table('窗口缴费').getByText('已销号', { exact }).waitFor();
  const { payments } = await session.call(listPayments);
  const paid = payments.find((one) => one.unitNo === bill.unitNo);
  assert.equal(paid?.status, '已缴款未入库');
  assert.equal(paid?.account, '转账（待报解户）');
  await clerk.open('费款缴纳', '缴费记录');
  await clerk.page.getByText('转账（待报解户）', { exact }).first().waitFor();
});

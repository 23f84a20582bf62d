// What a unit asks back: people turn out to have left, the next declaration finds what was levied too much, the clerk applies,
// two officers agree, the treasury pays it back, and a new certificate shows it in parentheses.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { getRosterUpdate, importDelivery, listPayments, startRosterUpdate } from '@shebao/contract';
import type { Browser } from 'playwright-core';
import { type ApiSession, eventually, openOffice, payBill } from './support/api.ts';
import { openBrowser } from './support/browser.ts';
import { type Clerk, clerkAt } from './support/clerk.ts';
import { freePort, type Part, startServicePart, startSimulatorPart } from './support/parts.ts';
import { ample, declare, openPaying, shown, steerBank } from './support/paying.ts';
import { officerIn, proveIn, serious } from './support/people.ts';
import type { DemoFile, DemoTaxpayer } from './support/product.ts';

const exact = true;
const dataDir = mkdtempSync(join(tmpdir(), 'shebao-refunds-'));
let service: Part;
let simulator: Part;
let settings: { dataDir: string; port: number; treasuryUrl: string };
let url: string;
let demo: DemoFile;
let school: DemoTaxpayer;
let unitNo: string;
let session: ApiSession;
let browser: Browser;

before(async () => {
  const port = await freePort();
  const treasuryPort = await freePort();
  url = `http://127.0.0.1:${port}`;
  settings = { dataDir, port, treasuryUrl: `http://127.0.0.1:${treasuryPort}` };
  service = await startServicePart({ ...settings, now: '2021-03-10T09:00:00+08:00' });
  simulator = await startSimulatorPart(dataDir, treasuryPort);
  demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
  school = demo.taxpayers[0] as DemoTaxpayer;
  unitNo = school.units[1]?.unitNo ?? '';
  session = await openPaying(url, school);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await service?.stop();
  await simulator?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function clerkOfSchool(): Promise<Clerk> {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const clerk = clerkAt(await context.newPage());
  await clerk.signIn(url, school);
  await clerk.button('职工参保信息更新').waitFor();
  await clerk.page.getByRole('combobox', { name: '单位编号', exact }).selectOption(unitNo);
  return clerk;
}

async function officerAt(user: string): Promise<Clerk> {
  const officer = demo.officers.find((one) => one.user === user);
  assert.ok(officer);
  const clerk = await officerIn(browser, url, officer);
  await clerk.open('征收业务', '退费审核');
  return clerk;
}

/** 人社 says of two people that they left in February; the unit brings its copy up to date. */
async function twoLeave(): Promise<string[]> {
  const clerk = await clerkOfSchool();
  const file = await clerk.page.request.get(`${url}/api/v1/units/${unitNo}/people/file?format=csv`);
  const text = await file.text();
  await clerk.page.context().close();
  const [head = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/);
  const columns = head.split(',');
  const name = columns.indexOf('姓名');
  const end = columns.findIndex((title) => title.includes('止'));
  const cells = lines.map((line) => line.split(','));
  const leaving = [...new Set(cells.map((row) => row[name] ?? ''))].slice(0, 2);
  const rows = cells
    .filter((row) => leaving.includes(row[name] ?? ''))
    .map((row) => row.map((cell, at) => (at === end ? '2021-02' : cell)).join(','));
  const officer = await openOffice(url, demo.office);
  const blob = new Blob([[head, ...rows].join('\r\n')]);
  const delivered = await officer.call(importDelivery, {
    file: Object.assign(blob, { name: '停保.csv' }),
    idempotencyKey: randomUUID(),
  } as never);
  assert.deepEqual([delivered.accepted, delivered.problems], [rows.length, []]);
  const { id } = await session.call(startRosterUpdate, {
    body: { kind: 'full', unitNos: [unitNo] },
    idempotencyKey: randomUUID(),
  });
  await eventually(
    'the update',
    () => session.call(getRosterUpdate, { params: { id } }),
    ({ state }) => state === 'done',
  );
  return leaving;
}

describe('a refund by application', { concurrency: false }, () => {
  let leaving: string[];

  test('March is paid and in the treasury; in April it turns out that two had left', async () => {
    const agreementId = await ample(session, school);
    const march = await declare(session, unitNo);
    const paid = await payBill(session, school.password, shown(march), agreementId);
    assert.equal(paid.state, 'succeeded');
    await steerBank(settings.treasuryUrl, 'close-day', {});
    await eventually(
      'the entry',
      () => session.call(listPayments),
      ({ payments }) => payments[0]?.status === '已入库',
    );
    leaving = await twoLeave();
    await service.stop();
    service = await startServicePart({ ...settings, now: '2021-04-12T09:00:00+08:00' });
    session = await openPaying(url, school);
    const april = await declare(session, unitNo);
    const again = await payBill(session, school.password, shown(april), agreementId);
    assert.equal(again.state, 'succeeded');
  });

  test('the clerk finds what was levied too much, and applies for it', async () => {
    const clerk = await clerkOfSchool();
    await clerk.open('退费申请', '单位退费申请管理');
    await clerk.page.getByText('没有退费申请', { exact }).waitFor();
    await clerk.page.getByRole('link', { name: '新增退费申请', exact }).click();
    await clerk.page.getByRole('heading', { level: 1, name: '新增退费申请', exact }).waitFor();
    await clerk.table('新增退费申请').waitFor();
    const names = (await clerk.rows('新增退费申请')).map((row) => row[1]);
    assert.deepEqual(new Set(names), new Set(leaving));
    assert.deepEqual(await serious(clerk), []);
    await clerk.button('查看').first().click();
    await clerk.dialog('退费明细').getByText('2021-03', { exact }).first().waitFor();
    await clerk.answer('退费明细', '关闭');
    await clerk.page.getByRole('textbox', { name: '退费理由', exact }).fill('二月已离职');
    await clerk.button('提交退费申请').click();
    await proveIn(clerk, school.password, '申报密码');
    await clerk.page.getByRole('heading', { level: 1, name: '单位退费申请管理', exact }).waitFor();
    await clerk.table('单位退费申请管理').getByText('审核中', { exact }).waitFor();
    await clerk.button('查看').click();
    const detail = clerk.dialog('退费申请详情');
    await detail.getByText('等待征收机关审核', { exact }).waitFor();
    assert.deepEqual(await serious(clerk), []);
    await clerk.button('退费申请书', detail).click();
    const page = clerk.dialog('打印预览').getByRole('region', { name: '第 1 页', exact });
    await page.filter({ hasText: '社会保险费退费申请书' }).waitFor();
    await clerk.page.context().close();
  });

  test('two officers agree, the treasury pays it back, the clerk sees it arrive', async () => {
    const passwordOf = (user: string) =>
      demo.officers.find((one) => one.user === user)?.password ?? '';
    const clerk = await clerkOfSchool();
    await clerk.open('退费申请', '单位退费申请管理');
    const first = await officerAt('reviewer');
    assert.deepEqual(await serious(first), []);
    await first.table('单位退费申请').getByRole('button', { name: '查看', exact }).click();
    const own = first.dialog('退费申请详情');
    await first.button('审核通过', own).click();
    await first.answer('是否确认审核通过', '确定');
    await proveIn(first, passwordOf('reviewer'));
    await own.getByText('等待征收机关复核', { exact }).waitFor();
    assert.equal(await first.button('复核并退库', own).count(), 0, 'never the same person');
    assert.deepEqual(await serious(first), []);
    const second = await officerAt('officer');
    await second.table('单位退费申请').getByRole('button', { name: '查看', exact }).click();
    const other = second.dialog('退费申请详情');
    await second.button('复核并退库', other).click();
    await second.answer('是否确认复核通过并将款项退回单位', '确定');
    await proveIn(second, passwordOf('officer'));
    await other.getByText('款项已全部退回', { exact }).waitFor();
    await clerk.table('单位退费申请管理').getByText('已退', { exact }).waitFor();
    await clerk.open('费款缴纳', '缴费记录');
    const row = clerk.table('缴费记录').getByRole('row').filter({ hasText: '2021-03-10' });
    await row.getByRole('button', { name: '查看', exact }).click();
    await clerk.dialog('资金进程').getByText('退费', { exact }).waitFor();
    await clerk.answer('资金进程', '关闭');
    await clerk.open('证明打印', '单位缴费证明打印');
    const from = clerk.page.getByRole('textbox', { name: '所属期起', exact });
    await from.fill('2021-03');
    await clerk.page.getByRole('textbox', { name: '所属期止', exact }).fill('2021-03');
    await clerk.button('查询').click();
    await clerk.page.getByRole('checkbox', { name: '全选', exact }).check();
    await clerk.button('打印').click();
    const page = clerk.dialog('打印预览').getByRole('region', { name: '第 1 页', exact });
    await page.filter({ hasText: /（[\d,]+\.\d{2}）/ }).waitFor();
    await page.filter({ hasText: '已退费' }).waitFor();
    for (const one of [clerk, first, second]) await one.page.context().close();
  });
});

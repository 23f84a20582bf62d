// Ten thousand people go through the whole month: no page hangs, every list is whole, every file complete.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { clerkAt, fenOf } from './support/clerk.ts';
import { type Product, startProduct } from './support/product.ts';

const exact = true;
let product: Product;
let browser: Browser;

before(async () => {
  product = await startProduct('2021-03-10T09:00:00+08:00');
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

/** Waits until a table says that it holds everybody: rows arrive in pages. */
async function untilWhole(table: Locator): Promise<void> {
  for (let waited = 0; waited < 300; waited += 1) {
    if (Number(await table.getAttribute('aria-rowcount')) >= 10_000) return;
    await sleep(100);
  }
  assert.fail(`only ${await table.getAttribute('aria-rowcount')} rows`);
}

test('a unit of 10,000 people updates, declares, pays and prints', async () => {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const clerk = clerkAt(await context.newPage());
  const { page } = clerk;
  const taxpayer = product.demo.taxpayers[3];
  const unitNo = taxpayer?.units[0]?.unitNo ?? '';
  assert.ok(taxpayer);
  await clerk.signIn(product.url, taxpayer);
  await clerk.button('职工参保信息更新').click();
  await clerk.button('更新').click();
  await page.getByRole('menuitem', { name: '全量更新', exact }).click();
  await clerk.answer('更新成功，是否查看更新数据明细', '否');
  const people = clerk.table('职工参保信息管理');
  await people.waitFor();
  await untilWhole(people);

  await clerk.open('社保费申报', '日常申报');
  const table = clerk.table('日常申报');
  const item = table.getByRole('row').filter({ hasText: '职工基本养老保险(个人缴纳)' });
  await item.getByRole('link', { name: '10000', exact }).click();
  const details = clerk.dialog('人员明细');
  await details.waitFor();
  const grid = details.getByRole('table').or(details.getByRole('grid'));
  await grid.getByRole('row').nth(5).waitFor();
  // Scrolling to the end brings the last of them.
  await grid.evaluate((node) => {
    const scroller = node.closest('[tabindex], .table-scroll') ?? node.parentElement;
    scroller?.scrollTo(0, scroller.scrollHeight);
  });
  await grid
    .getByRole('row')
    .filter({ hasText: /^10000|\b10000\b/ })
    .first()
    .waitFor();
  const download = page.waitForEvent('download');
  await clerk.button('下载CSV', details).click();
  const stream = await (await download).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString('utf8').trim().split(/\r?\n/);
  assert.equal(lines.filter((line) => /^\d+,/.test(line)).length, 10_000);
  await clerk.button('关闭', details).click();

  await page.getByRole('checkbox', { name: `选择 ${unitNo}`, exact }).check();
  await clerk.button('提交申报').click();
  await clerk.answer(
    '请核对缴费人数，如需做职工减员操作，请先去相关部门办理减员后再进行社保费申报！',
    '确定',
  );
  await clerk.answer('提交信息确认', '立即提交');
  await clerk.answer('获取申报结果成功，点击“确定”跳转到申报记录界面查看详细结果', '确定');
  const [record] = await clerk.rows('申报记录');
  assert.ok(record?.includes('全部申报成功') && record.includes('10000'), String(record));

  await clerk.open('费款缴纳', '缴费');
  await page.getByRole('checkbox', { name: `选择 ${unitNo}`, exact }).check();
  await clerk.button('立即缴费').click();
  await clerk.answer('缴费确认', '确定');
  await clerk.dialog('安全认证').getByLabel('申报密码', { exact }).fill(taxpayer.password);
  await clerk.answer('安全认证', '确定');
  await clerk.dialog('选择缴费账号').getByRole('radio', { name: '三方协议缴费', exact }).check();
  await clerk.answer('选择缴费账号', '确定');
  await clerk.answer('核对缴费信息', '确认缴费');
  await clerk.answer('缴费成功', '确定');

  await clerk.open('证明打印', '职工缴费证明打印');
  await clerk.button('查询').click();
  const rows = clerk.table('职工缴费证明打印');
  await rows.getByRole('checkbox', { name: '选择 1', exact }).check();
  await untilWhole(rows);
  await clerk.button('打印').click();
  await clerk.dialog('打印预览').getByLabel('第 1 页', { exact }).first().waitFor();
  await clerk.answer('打印预览', '关闭');
  await clerk.open('证明打印', '单位缴费证明打印');
  await clerk.button('查询').click();
  const [first] = await clerk.rows('单位缴费证明打印');
  assert.ok(first && fenOf(first.find((cell) => /^[\d,]+\.\d{2}$/.test(cell)) ?? '') > 0);
  await context.close();
});

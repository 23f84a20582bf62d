// 部分申报成功: who is rejected comes back with a reason, the others are declared.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { listWageCandidates, submitWages } from '@shebao/contract';
import type { Browser } from 'playwright-core';
import { openSession } from './support/api.ts';
import { openBrowser } from './support/browser.ts';
import { rowOf, submitWages as submitOnPage } from './support/chores.ts';
import { type Clerk, clerkAt } from './support/clerk.ts';
import { type Product, startProduct } from './support/product.ts';

let product: Product;
let browser: Browser;
let clerk: Clerk;
const exact = true;

before(async () => {
  product = await startProduct('2021-03-10T09:00:00+08:00');
  browser = await openBrowser();
  clerk = clerkAt(await browser.newPage({ locale: 'zh-CN' }));
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

/** Waits until the newest record has this 状态; its 「查看」 as name → 申报结果 and 原因. */
async function resultsOf(status: string): Promise<Map<string, string[]>> {
  await clerk.open('缴费工资申报', '申报记录');
  const newest = clerk.table('申报记录').getByRole('row').nth(1);
  await newest.getByText(status, { exact }).waitFor();
  await newest.getByRole('button', { name: '查看', exact }).click();
  await clerk.dialog('职工申报结果').waitFor();
  const rows = await clerk.rows('职工申报结果');
  await clerk.answer('职工申报结果', '关闭');
  return new Map(rows.map((row) => [row[0] ?? '', row.slice(5)]));
}

test('rejected people come back with their reason', async () => {
  const [school] = product.demo.taxpayers;
  assert.ok(school);
  const unitNo = school.units[0]?.unitNo ?? '';
  await clerk.signIn(product.url, school);
  await clerk.button('职工参保信息更新').click();
  await clerk.button('更新').click();
  await clerk.page.getByRole('menuitem', { name: '全量更新', exact }).click();
  await clerk.answer('更新成功，是否查看更新数据明细', '否');

  // On the page: one passes, one is below the minimum wage.
  await clerk.open('缴费工资申报', '日常缴费工资申报');
  await clerk.answer('存在缴费工资为空的职工，是否立即进行缴费工资申报', '是');
  const session = await openSession(product.url, school.taxpayerId, school.password);
  const { people } = await session.call(listWageCandidates, {
    params: { unitNo },
    query: { scope: 'missing' },
  });
  const early = people.find(({ enrolledFrom }) => enrolledFrom === '2019-04');
  const [passing, low] = people.filter(({ enrolledFrom }) => enrolledFrom === '2021-03');
  assert.ok(early && passing && low);
  const table = clerk.table('日常缴费工资申报');
  for (const [{ name }, wage] of [
    [passing, '8250.50'],
    [low, '2009.99'],
  ] as const) {
    const row = rowOf(clerk, table, name);
    await row.getByRole('textbox', { name: '新缴费工资', exact }).fill(wage);
    await row.getByRole('checkbox', { name: `选择 ${name}`, exact }).check();
  }
  await submitOnPage(clerk);
  const partial = await resultsOf('部分申报成功');
  assert.equal(partial.get(passing.name)?.[0], '申报成功');
  assert.deepEqual(partial.get(low.name), [
    '申报失败',
    '新缴费工资低于当地最低工资标准 2010.00 元',
  ]);

  // Past the page: out of order, and a month in which the person was not insured.
  await session.call(submitWages, {
    params: { unitNo },
    idempotencyKey: randomUUID(),
    body: {
      id: randomUUID(),
      kind: 'daily',
      lines: [
        { personId: early.personId, effectiveMonth: '2020-01', wage: '6000' },
        { personId: low.personId, effectiveMonth: '2021-01', wage: '6000' },
      ],
    },
  });
  const failed = await resultsOf('全部申报失败');
  assert.deepEqual(failed.get(early.name), [
    '申报失败',
    `${early.name}：请按时间顺序申报，先申报 2019年4月 的缴费工资`,
  ]);
  assert.deepEqual(failed.get(low.name), ['申报失败', '该职工在生效年月未参保']);

  // Whoever was rejected is still offered and can be declared.
  await clerk.open('缴费工资申报', '日常缴费工资申报');
  await clerk.answer('存在缴费工资为空的职工，是否立即进行缴费工资申报', '是');
  await rowOf(clerk, table, early.name).waitFor();
  await rowOf(clerk, table, passing.name).waitFor({ state: 'detached' });
  const row = rowOf(clerk, table, low.name);
  await row.getByRole('textbox', { name: '新缴费工资', exact }).fill('2010');
  await row.getByRole('checkbox', { name: `选择 ${low.name}`, exact }).check();
  await submitOnPage(clerk);
  const last = await resultsOf('全部申报成功');
  assert.equal(last.get(low.name)?.[0], '申报成功');
});

// The third taxpayer's first sign-in and counter notice, and the day on which collection of institution items begins.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { type Clerk, clerkAt } from './support/clerk.ts';
import { type Product, startProduct } from './support/product.ts';

const exact = true;
let browser: Browser;

before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser.close();
});

async function newClerk(): Promise<Clerk> {
  const context = await browser.newContext({ locale: 'zh-CN' });
  return clerkAt(await context.newPage());
}

/** Declares the only unit of a taxpayer after a full update and wages of nobody. */
async function declareOnlyUnit(clerk: Clerk, unitNo: string): Promise<void> {
  await clerk.open('社保费申报', '日常申报');
  await clerk.page.getByRole('checkbox', { name: `选择 ${unitNo}`, exact }).check();
  await clerk.button('提交申报').click();
  await clerk.answer(
    '请核对缴费人数，如需做职工减员操作，请先去相关部门办理减员后再进行社保费申报！',
    '确定',
  );
  await clerk.answer('提交信息确认', '立即提交');
  await clerk.answer('获取申报结果成功，点击“确定”跳转到申报记录界面查看详细结果', '确定');
}

describe('a unit that has never signed in', { concurrency: false }, () => {
  let product: Product;
  let clerk: Clerk;
  const password = '春风又绿江南岸 明月何时照我还 2021';
  before(async () => {
    product = await startProduct('2021-03-10T09:00:00+08:00');
    clerk = await newClerk();
  });
  after(() => product.stop());

  test('the initial password must be changed first, and nothing gets around it', async () => {
    const taxpayer = product.demo.taxpayers[2];
    assert.ok(taxpayer?.initialPassword);
    await clerk.signIn(product.url, taxpayer);
    const change = clerk.dialog('修改初始密码');
    await change.waitFor();
    await clerk.page.goto(`${product.url}/dues/daily`);
    await clerk.dialog('修改初始密码').waitFor();
    const refused = await clerk.page.request.get(`${product.url}/api/v1/dues`);
    assert.equal(refused.status(), 403);
    assert.equal(((await refused.json()) as { code: string }).code, 'PASSWORD_CHANGE_REQUIRED');
    await change.getByLabel('新密码', { exact }).fill(taxpayer.password);
    await change.getByLabel('确认新密码', { exact }).fill(taxpayer.password);
    await clerk.button('确定', change).click();
    await change.getByRole('alert').first().waitFor();
    await change.getByLabel('新密码', { exact }).fill(password);
    await change.getByLabel('确认新密码', { exact }).fill(password);
    await clerk.answer('修改初始密码', '确定');
    await clerk.button('职工参保信息更新').waitFor();
  });

  test('without an agreement the unit is told what to bring to the counter', async () => {
    const unitNo = product.demo.taxpayers[2]?.units[0]?.unitNo ?? '';
    await clerk.button('职工参保信息更新').click();
    await clerk.button('更新').click();
    await clerk.page.getByRole('menuitem', { name: '全量更新', exact }).click();
    await clerk.answer('更新成功，是否查看更新数据明细', '是');
    const added = await clerk.rows('更新数据明细');
    assert.equal(added.filter((row) => row.includes('新增')).length, 8);
    await declareOnlyUnit(clerk, unitNo);
    await clerk.open('费款缴纳', '缴费');
    await clerk.page.getByRole('checkbox', { name: `选择 ${unitNo}`, exact }).check();
    await clerk.button('立即缴费').click();
    const notice = clerk.dialog('请到办税服务厅缴费');
    await notice
      .getByText(
        '本单位未签订税库银扣款协议，客户端不能扣款。请携带以下资料到办税服务厅办理缴费，可通过转账到待报解户方式缴费。',
      )
      .waitFor();
    await clerk.button('打印缴费通知', notice).waitFor();
    await clerk.button('打印银行端查询缴费凭证', notice).waitFor();
    await clerk.button('关闭', notice).click();
  });

  test('a fully state-funded unit pays no annuity share of its own', async () => {
    await clerk.open('社保费申报', '申报记录');
    await clerk.button('查看').first().click();
    const text = await clerk.page.getByRole('dialog').innerText();
    assert.match(text, /职业年金\(个人缴纳\)/);
    assert.doesNotMatch(text, /职业年金\(单位缴纳\)/);
  });
});

describe('the day on which collection begins', { concurrency: false }, () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'shebao-e2e-'));
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  test('before 2021-03-01 no institution-pension or annuity line is offered', async () => {
    const product = await startProduct('2021-02-28T09:00:00+08:00', { dataDir });
    const clerk = await newClerk();
    const [school] = product.demo.taxpayers;
    assert.ok(school);
    await clerk.signIn(product.url, school);
    await clerk.button('职工参保信息更新').waitFor();
    await clerk.open('社保费申报', '日常申报');
    await clerk.page.getByRole('status').getByText('没有待申报的数据').waitFor();
    await product.stop();
  });

  test('from 2021-03-01 all are, earlier periods included', async () => {
    const product = await startProduct('2021-03-01T09:00:00+08:00', { dataDir });
    const clerk = await newClerk();
    const [school] = product.demo.taxpayers;
    assert.ok(school);
    await clerk.signIn(product.url, school);
    await clerk.button('职工参保信息更新').waitFor();
    await clerk.open('社保费申报', '日常申报');
    const rows = await clerk.rows('日常申报');
    const pension = rows.filter((row) => row.includes('机关事业单位基本养老保险(单位缴纳)'));
    assert.ok(pension.some((row) => row.some((cell) => cell.startsWith('2021-02'))));
    assert.ok(pension.some((row) => row.some((cell) => cell.startsWith('2021-03'))));
    await product.stop();
  });
});

// The month without a mouse: every step by Tab, Enter, Space and arrow keys alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { rowOf, warning } from './support/chores.ts';
import { type Clerk, clerkAt } from './support/clerk.ts';
import { type Product, startProduct } from './support/product.ts';

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

/** The accessible name of what has the focus, as far as these pages name things. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const node = document.activeElement as HTMLElement | null;
    if (!node) return '';
    const labelled = node.getAttribute('aria-labelledby');
    const byId = labelled?.split(' ').map((id) => document.getElementById(id)?.textContent ?? '');
    const label = (node as HTMLInputElement).labels?.[0]?.textContent;
    return (
      node.getAttribute('aria-label') ??
      byId?.join(' ') ??
      label ??
      node.textContent ??
      ''
    ).trim();
  });
}

/** Presses Tab until something with this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let pressed = 0; pressed < 150; pressed += 1) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no Tab leads to 「${name}」; the focus is on 「${await focused(page)}」`);
}

async function press(page: Page, name: string, key = 'Enter'): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

/** Signs in by keyboard; what opens pages and answers dialogs uses nothing else. */
async function signedIn() {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const clerk = clerkAt(await context.newPage());
  const { page } = clerk;
  const [school] = product.demo.taxpayers;
  assert.ok(school);

  /** Waits for a dialog, then presses one of its buttons by keyboard. */
  async function answer(dialog: string, button: string): Promise<void> {
    await clerk.dialog(dialog).waitFor();
    await press(page, button);
    await clerk.dialog(dialog).waitFor({ state: 'hidden' });
  }

  /** Opens a page by its link in 功能菜单. */
  async function open(name: string): Promise<void> {
    await press(page, name);
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    await page.locator('main:not([aria-busy="true"])').waitFor();
  }

  await page.goto(product.url);
  await clerk.button('添加').waitFor();
  await press(page, '添加');
  await clerk.dialog('添加缴费单位').waitFor();
  await tabTo(page, '纳税人识别号');
  await page.keyboard.type(school.taxpayerId);
  await press(page, '下一步');
  await clerk.dialog('安全认证').waitFor();
  await tabTo(page, '申报密码');
  await page.keyboard.type(school.password);
  await press(page, '确定');
  await clerk.button('职工参保信息更新').waitFor();
  return { context, page, clerk, school, answer, open };
}

type Answer = Awaited<ReturnType<typeof signedIn>>['answer'];

async function update(page: Page, clerk: Clerk, answer: Answer): Promise<void> {
  await press(page, '职工参保信息更新');
  await page.getByRole('heading', { level: 1, name: '职工参保信息管理' }).waitFor();
  await press(page, '更新');
  await page.getByRole('menuitem', { name: '全量更新', exact: true }).waitFor();
  await press(page, '全量更新');
  await answer('更新成功，是否查看更新数据明细', '否');
}

test('a clerk without a mouse signs in, updates, declares and pays', async () => {
  const { context, page, clerk, school, answer, open } = await signedIn();
  const unitNo = school.units[1]?.unitNo ?? '';
  await update(page, clerk, answer);

  await open('日常申报');
  const box = page.getByRole('checkbox', { name: `选择 ${unitNo}`, exact: true });
  await box.waitFor();
  await press(page, `选择 ${unitNo}`, 'Space');
  assert.ok(await box.isChecked());
  await press(page, '提交申报');
  await answer(
    '请核对缴费人数，如需做职工减员操作，请先去相关部门办理减员后再进行社保费申报！',
    '确定',
  );
  await answer('提交信息确认', '立即提交');
  await answer('获取申报结果成功，点击“确定”跳转到申报记录界面查看详细结果', '确定');
  await page.getByRole('heading', { level: 1, name: '申报记录' }).waitFor();

  await open('缴费');
  await page.getByRole('checkbox', { name: `选择 ${unitNo}`, exact: true }).waitFor();
  await press(page, `选择 ${unitNo}`, 'Space');
  await press(page, '立即缴费');
  await answer('缴费确认', '确定');
  await clerk.dialog('安全认证').waitFor();
  await tabTo(page, '申报密码');
  await page.keyboard.type(school.password);
  await answer('安全认证', '确定');
  await clerk.dialog('选择缴费账号').waitFor();
  await press(page, '三方协议缴费', 'Space');
  await answer('选择缴费账号', '确定');
  await answer('核对缴费信息', '确认缴费');
  await answer('缴费成功', '确定');
  await context.close();
});

test('a clerk without a mouse declares a wage', async () => {
  const { context, page, clerk, answer, open } = await signedIn();
  await update(page, clerk, answer);
  await open('日常缴费工资申报');
  await answer('存在缴费工资为空的职工，是否立即进行缴费工资申报', '是');
  const table = clerk.table('日常缴费工资申报');
  await table.getByRole('row').nth(1).waitFor();
  const named = await table.getByRole('rowheader').allInnerTexts();
  const joiners = named.map((name) => name.trim()).filter((name) => name !== '合计');
  assert.equal(joiners.length, 3);

  // The fields of a row follow each other: its box, then the wage, then the month.
  for (const name of joiners) {
    const row = rowOf(clerk, table, name);
    const months = await row.getByRole('combobox', { name: '生效年月', exact: true }).count();
    assert.equal(months, 1);
    await press(page, `选择 ${name}`, 'Space');
    await tabTo(page, '新缴费工资');
    await page.keyboard.type('8250.50');
    await tabTo(page, '生效年月');
    const chosen = row.getByRole('combobox', { name: '生效年月', exact: true });
    if ((await chosen.inputValue()) === '') {
      // Opens the list on its first month, which Enter takes.
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await answer(warning, '确定');
    }
  }
  await press(page, '提交申报');
  await answer('是否确认提交申报', '确定');
  await answer('核对信息', '确定');
  await answer('提交成功，请稍后获取反馈。', '确定');
  await answer('全部获取反馈成功，请点击查看具体职工申报结果', '查看');
  const results = clerk.dialog('职工申报结果');
  await results.waitFor();
  assert.equal(await results.getByText('申报成功', { exact: true }).count(), 3);
  await page.keyboard.press('Escape');
  await results.waitFor({ state: 'hidden' });
  await context.close();
});

test('a clerk without a mouse prints both certificates', async () => {
  const { context, page, clerk, open } = await signedIn();
  for (const kind of ['单位缴费证明打印', '职工缴费证明打印']) {
    await open(kind);
    for (const field of ['所属期起', '所属期止']) {
      await tabTo(page, field);
      await page.keyboard.press('Control+A');
      await page.keyboard.type('2021-02');
    }
    await press(page, '查询');
    const box = page.getByRole('checkbox', { name: '选择 1', exact: true });
    await box.waitFor();
    assert.ok(await clerk.button('打印').isDisabled(), 'nothing is ticked beforehand');
    await press(page, '选择 1', 'Space');
    await press(page, '打印');
    const preview = clerk.dialog('打印预览');
    await preview.getByText('第 1 页').or(preview.getByLabel('第 1 页')).first().waitFor();
    await tabTo(page, '打印机');
    await press(page, '关闭');
    await preview.waitFor({ state: 'hidden' });
    assert.equal(await focused(page), '打印', 'the focus is back where it was');
  }
  await context.close();
});

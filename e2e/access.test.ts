// Every page of client, office and verification under axe; light and dark.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { clerkAt } from './support/clerk.ts';
import { serious } from './support/people.ts';
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

for (const colorScheme of ['light', 'dark'] as const) {
  describe(`axe finds nothing serious (${colorScheme})`, { concurrency: false }, () => {
    test('on the start page and in its dialogs', async () => {
      const context = await browser.newContext({ locale: 'zh-CN', colorScheme });
      const clerk = clerkAt(await context.newPage());
      await clerk.page.goto(product.url);
      await clerk.button('添加').waitFor();
      assert.deepEqual(await serious(clerk), []);
      await clerk.button('添加').click();
      await clerk.dialog('添加缴费单位').waitFor();
      assert.deepEqual(await serious(clerk), []);
      await context.close();
    });

    test('on every page of the menu', async () => {
      const context = await browser.newContext({ locale: 'zh-CN', colorScheme });
      const clerk = clerkAt(await context.newPage());
      const [school] = product.demo.taxpayers;
      assert.ok(school);
      await clerk.signIn(product.url, school);
      await clerk.button('职工参保信息更新').waitFor();
      assert.deepEqual(await serious(clerk), []);
      const menu = clerk.page.getByRole('navigation', { name: '功能菜单', exact });
      const links = await menu.getByRole('link').all();
      assert.ok(links.length >= 12);
      for (const link of links) {
        const name = (await link.innerText()).trim();
        await link.click();
        await clerk.page.getByRole('heading', { level: 1 }).first().waitFor();
        await clerk.page.locator('main:not([aria-busy="true"])').waitFor();
        const question = clerk.dialog('存在缴费工资为空的职工，是否立即进行缴费工资申报');
        if (await question.isVisible().catch(() => false)) {
          await clerk.answer('存在缴费工资为空的职工，是否立即进行缴费工资申报', '否');
        }
        assert.deepEqual(await serious(clerk), [], name);
      }
      await context.close();
    });

    test('in the office and on the public check', async () => {
      const context = await browser.newContext({ locale: 'zh-CN', colorScheme });
      const clerk = clerkAt(await context.newPage());
      await clerk.page.goto(`${product.url}/verify`);
      await clerk.page.getByRole('heading', { level: 1 }).first().waitFor();
      assert.deepEqual(await serious(clerk), []);
      await clerk.page.goto(`${product.url}/office`);
      await clerk.page
        .getByRole('textbox', { name: '用户名', exact })
        .fill(product.demo.office.user);
      await clerk.page.getByLabel('密码', { exact }).fill(product.demo.office.password);
      assert.deepEqual(await serious(clerk), []);
      await clerk.button('登录').click();
      const links = clerk.page.getByRole('navigation').getByRole('link');
      await links.first().waitFor();
      for (const link of await links.all()) {
        const name = (await link.innerText()).trim();
        await link.click();
        await clerk.page.locator('main:not([aria-busy="true"])').waitFor();
        assert.deepEqual(await serious(clerk), [], name);
      }
      await context.close();
    });
  });
}

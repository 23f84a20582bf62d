import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import type { DemoTaxpayer } from './product.ts';

/** A clerk at the client: finds everything by role and exact name, as a person with a screen reader does. */
export interface Clerk {
  readonly page: Page;
  button(name: string, within?: Locator): Locator;
  dialog(name: string): Locator;
  /** Presses a button of a dialog and waits until that dialog is gone. */
  answer(dialogName: string, buttonName: string): Promise<void>;
  /** Opens a page through 功能菜单. */
  open(group: string, link: string): Promise<void>;
  table(name: string): Locator;
  /** The texts of a table's body, a row each, without group and sum rows. */
  rows(name: string): Promise<string[][]>;
  signIn(url: string, taxpayer: DemoTaxpayer, password?: string): Promise<void>;
}

const exact = true;

/** Makes a clerk of a page. */
export function clerkAt(page: Page): Clerk {
  page.setDefaultTimeout(30_000);
  const dialog = (name: string) =>
    page.getByRole('dialog', { name, exact }).or(page.getByRole('alertdialog', { name, exact }));
  const clerk: Clerk = {
    page,
    button: (name, within) => (within ?? page).getByRole('button', { name, exact }),
    dialog,
    async answer(dialogName, buttonName) {
      const shown = dialog(dialogName);
      await shown.waitFor();
      await clerk.button(buttonName, shown).click();
      await shown.waitFor({ state: 'hidden' });
    },
    async open(group, link) {
      const list = page
        .getByRole('navigation', { name: '功能菜单', exact })
        .getByRole('list', { name: group, exact });
      await list.getByRole('link', { name: link, exact }).click();
      await page.getByRole('heading', { level: 1, name: link, exact }).waitFor();
      await page.locator('main:not([aria-busy="true"])').waitFor();
    },
    table: (name) =>
      page.getByRole('table', { name, exact }).or(page.getByRole('grid', { name, exact })),
    async rows(name) {
      const table = clerk.table(name);
      await table.waitFor();
      const rows = await table.getByRole('row').all();
      const texts: string[][] = [];
      for (const row of rows) {
        const heads = await row.getByRole('columnheader').count();
        if (heads > 0) continue;
        const cells = row
          .getByRole('rowheader')
          .or(row.getByRole('cell'))
          .or(row.getByRole('gridcell'));
        texts.push((await cells.allInnerTexts()).map((text) => text.trim()));
      }
      return texts;
    },
    async signIn(url, taxpayer, password = taxpayer.password) {
      await page.goto(url);
      await clerk.button('添加').click();
      const add = dialog('添加缴费单位');
      await add.getByRole('textbox', { name: '纳税人识别号', exact }).fill(taxpayer.taxpayerId);
      await clerk.button('下一步', add).click();
      const proof = dialog('安全认证');
      await proof.waitFor();
      await proof.getByRole('combobox', { name: '安全认证方式', exact }).waitFor();
      await proof.getByLabel('申报密码', { exact }).fill(password);
      await clerk.button('确定', proof).click();
    },
  };
  return clerk;
}

/** Fen of an amount as it stands on the screen. */
export function fenOf(text: string): number {
  const match = /^([\d,]+)\.(\d{2})$/.exec(text.trim());
  assert.ok(match, `not an amount: ${text}`);
  return Number((match[1] ?? '').replaceAll(',', '')) * 100 + Number(match[2]);
}

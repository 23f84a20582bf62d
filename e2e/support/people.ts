import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { type Clerk, clerkAt } from './clerk.ts';

const exact = true;

/** An officer signed in at the authority's side, on the first page. */
export async function officerIn(
  browser: Browser,
  url: string,
  officer: { readonly user: string; readonly password: string },
): Promise<Clerk> {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const clerk = clerkAt(await context.newPage());
  await clerk.page.goto(`${url}/office`);
  await clerk.page.getByRole('textbox', { name: '用户名', exact }).fill(officer.user);
  await clerk.page.getByLabel('密码', { exact }).fill(officer.password);
  await clerk.button('登录').click();
  await clerk.page.getByRole('heading', { level: 1, name: '首页', exact }).waitFor();
  return clerk;
}

/** 安全认证 of somebody at the browser; officers have a 密码, units a 申报密码. */
export async function proveIn(
  clerk: Clerk,
  password: string,
  label: '密码' | '申报密码' = '密码',
): Promise<void> {
  const proof = clerk.dialog('安全认证');
  await proof.waitFor();
  await proof.getByLabel(label, { exact }).fill(password);
  await clerk.button('确定', proof).click();
  await proof.waitFor({ state: 'hidden' });
}

/** What axe finds serious on the page as it stands, dialogs included. */
export async function serious(clerk: Clerk): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: clerk.page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
}

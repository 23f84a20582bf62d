import type { Locator } from 'playwright-core';
import type { Clerk } from './clerk.ts';

const exact = true;

/** The row whose row header is this. */
export function rowOf(clerk: Clerk, table: Locator, header: string): Locator {
  return table
    .getByRole('row')
    .filter({ has: clerk.page.getByRole('rowheader', { name: header, exact }) });
}

/** Chooses a 生效年月 in a row. */
export async function chooseMonth(clerk: Clerk, row: Locator, month: string): Promise<void> {
  const combobox = row.getByRole('combobox', { name: '生效年月', exact });
  if ((await combobox.evaluate((node) => node.tagName)) === 'SELECT') {
    await combobox.selectOption({ label: month });
    return;
  }
  await combobox.click();
  await clerk.page.getByRole('option', { name: month, exact }).click();
}

/** Sends the ticked wages and waits for the feedback. */
export async function submitWages(clerk: Clerk): Promise<void> {
  await clerk.button('提交申报').click();
  await clerk.answer('是否确认提交申报', '确定');
  await clerk.answer('核对信息', '确定');
  await clerk.answer('提交成功，请稍后获取反馈。', '确定');
  await clerk.answer('全部获取反馈成功，请点击查看具体职工申报结果', '关闭');
}

/** What choosing an earlier month warns of. */
export const warning = '调整缴费工资时，若生效月份早于当前月份将产生补缴信息，请确认！';

/** Declares one month's wage of somebody: brings the person in, leaves only that row, submits. */
export async function declareWage(
  clerk: Clerk,
  name: string,
  month: string,
  wage: string,
): Promise<void> {
  const table = clerk.table('日常缴费工资申报');
  const row = rowOf(clerk, table, name);
  await row.getByRole('textbox', { name: '新缴费工资', exact }).fill(wage);
  await chooseMonth(clerk, row, month);
  if (month !== '2021年3月') await clerk.answer(warning, '确定');
  await row.getByRole('checkbox', { name: `选择 ${name}`, exact }).check();
  await submitWages(clerk);
}

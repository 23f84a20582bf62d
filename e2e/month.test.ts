// The founding document's month on the demo world at 2021-03-10, chapter by chapter, by role and exact text.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { chooseMonth, declareWage, rowOf, submitWages, warning } from './support/chores.ts';
import { type Clerk, clerkAt, fenOf } from './support/clerk.ts';
import { type DemoTaxpayer, type Product, startProduct } from './support/product.ts';

const exact = true;
let product: Product;
let browser: Browser;
let clerk: Clerk;
let school: DemoTaxpayer;
let unitNo: string;
let secondUnitNo: string;

before(async () => {
  product = await startProduct('2021-03-10T09:00:00+08:00');
  browser = await openBrowser();
  const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
  clerk = clerkAt(page);
  const first = product.demo.taxpayers[0];
  assert.ok(first);
  school = first;
  unitNo = school.units[0]?.unitNo ?? '';
  secondUnitNo = school.units[1]?.unitNo ?? '';
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

describe('the month of the founding document', { concurrency: false }, () => {
  let joiners: string[] = [];
  let early = '';

  test('1 登录: add the unit, prove the 申报密码, and be inside', async () => {
    await clerk.signIn(product.url, school, 'not-the-password-at-all');
    await clerk.page.getByRole('alert').getByText('纳税人识别号或申报密码不正确').waitFor();
    const proof = clerk.dialog('安全认证');
    await proof.getByLabel('申报密码', { exact }).fill(school.password);
    await clerk.button('确定', proof).click();
    await clerk.button('职工参保信息更新').waitFor();
    await clerk.button('退出登录').click();
    await clerk.page
      .getByRole('radio', { name: `${school.name} ${school.taxpayerId}`, exact })
      .waitFor();
    await clerk.button('登录').click();
    await clerk.dialog('安全认证').getByLabel('申报密码', { exact }).fill(school.password);
    await clerk.answer('安全认证', '确定');
    await clerk.button('职工参保信息更新').waitFor();
  });

  test('2 更新: three 新增 and two 停止 in the first unit, nothing in the second', async () => {
    await clerk.button('职工参保信息更新').click();
    await clerk.page.getByRole('heading', { level: 1, name: '职工参保信息管理', exact }).waitFor();
    await clerk.button('更新').click();
    await clerk.page.getByRole('menuitem', { name: '全量更新', exact }).click();
    await clerk.answer('更新成功，是否查看更新数据明细', '是');
    await clerk.page.getByRole('heading', { level: 1, name: '更新数据明细', exact }).waitFor();
    const rows = await clerk.rows('更新数据明细');
    const added = rows.filter((row) => row.includes('新增'));
    assert.equal(added.length, 3);
    assert.equal(rows.filter((row) => row.includes('停止')).length, 2);
    assert.equal(rows.filter((row) => row.includes(secondUnitNo)).length, 0);
    assert.equal(rows.length, 5);
    joiners = added.map((row) => row[0] ?? '');
  });

  test('3 工资: the newcomers are offered, several years go in order', async () => {
    await clerk.open('缴费工资申报', '日常缴费工资申报');
    await clerk.answer('存在缴费工资为空的职工，是否立即进行缴费工资申报', '是');
    const table = clerk.table('日常缴费工资申报');
    const rows = await clerk.rows('日常缴费工资申报');
    const offered = rows.map((row) => row.find((cell) => joiners.includes(cell)));
    assert.deepEqual(new Set(offered), new Set(joiners));
    assert.equal(offered.length, 3);
    const found = rows.find((row) => row.includes('2019-04'));
    early = found?.find((cell) => joiners.includes(cell)) ?? '';
    assert.notEqual(early, '');
    const current = joiners.filter((name) => name !== early);
    // Both current-month joiners at once; the early one leaves the page meanwhile.
    await table.getByRole('checkbox', { name: `选择 ${early}`, exact }).check();
    await clerk.button('删除').click();
    await rowOf(clerk, table, early).waitFor({ state: 'detached' });
    const wages = ['8250.50', '2500'];
    for (const [index, name] of current.entries()) {
      const row = rowOf(clerk, table, name);
      await row.getByRole('textbox', { name: '新缴费工资', exact }).fill(wages[index] ?? '');
      await row.getByRole('checkbox', { name: `选择 ${name}`, exact }).check();
    }
    await submitWages(clerk);
    // Out of order: 2020 before 2019 is refused on the page and sends nothing.
    await clerk.open('缴费工资申报', '日常缴费工资申报');
    await clerk.answer('存在缴费工资为空的职工，是否立即进行缴费工资申报', '是');
    const row = rowOf(clerk, table, early);
    await row.getByRole('textbox', { name: '新缴费工资', exact }).fill('6000');
    await chooseMonth(clerk, row, '2020年1月');
    await clerk.answer(warning, '确定');
    await row.getByRole('checkbox', { name: `选择 ${early}`, exact }).check();
    await clerk.button('提交申报').click();
    await clerk.page
      .getByRole('alert')
      .getByText(`${early}：请按时间顺序申报，先申报 2019年4月 的缴费工资`)
      .first()
      .waitFor();
    if (await clerk.button('确定').count()) await clerk.button('确定').first().click();
    await row.getByRole('checkbox', { name: `选择 ${early}`, exact }).uncheck();
    await declareWage(clerk, early, '2019年4月', '5000');
    for (const [month, wage] of [
      ['2020年1月', '6000'],
      ['2021年1月', '7000.49'],
    ] as const) {
      await clerk.open('缴费工资申报', '日常缴费工资申报');
      await clerk.answer('存在缴费工资为空的职工，是否立即进行缴费工资申报', '否');
      await clerk.button('添加').click();
      await clerk.page.getByRole('menuitem', { name: '按单位编号添加缴费职工', exact }).click();
      await clerk.answer('按单位编号添加缴费职工', '确定');
      for (const name of current) {
        await table.getByRole('checkbox', { name: `选择 ${name}`, exact }).check();
      }
      await clerk.button('删除').click();
      await declareWage(clerk, early, month, wage);
    }
    await clerk.open('缴费工资申报', '申报记录');
    const records = await clerk.rows('申报记录');
    assert.equal(records.length, 4);
    assert.ok(records.every((record) => record.includes('全部申报成功')));
    await clerk.open('缴费工资申报', '日常缴费工资申报');
    await clerk.page.getByRole('status').getByText('本月无需申报').first().waitFor();
  });

  test('4 社保费申报: back-payments and the current month, to the fen', async () => {
    await clerk.open('社保费申报', '日常申报');
    const rows = await clerk.rows('日常申报');
    const line = (item: string, month: string, kind: string) => {
      const found = rows.find(
        (row) =>
          row.includes(item) && row.some((cell) => cell.startsWith(month)) && row.includes(kind),
      );
      assert.ok(found, `${item} ${month} ${kind}`);
      return found;
    };
    const pension = (side: string) => `机关事业单位基本养老保险(${side}缴纳)`;
    const annuity = (side: string) => `职业年金(${side}缴纳)`;
    // One person behind the back-payments. 2019: base 5000; April at 20 %, May at 16 %.
    assert.ok(line(pension('单位'), '2019-04', '补缴').includes('1,000.00'));
    assert.ok(line(pension('单位'), '2019-05', '补缴').includes('800.00'));
    assert.ok(line(pension('个人'), '2019-04', '补缴').includes('400.00'));
    assert.ok(line(annuity('单位'), '2019-04', '补缴').includes('400.00'));
    assert.ok(line(annuity('个人'), '2019-04', '补缴').includes('200.00'));
    // 2020: base 6000. 2021: 7000.49 is 7000, before the current month.
    assert.ok(line(pension('单位'), '2020-12', '补缴').includes('960.00'));
    assert.ok(line(pension('单位'), '2021-01', '补缴').includes('1,120.00'));
    assert.ok(line(annuity('个人'), '2021-02', '补缴').includes('280.00'));
    // 23 months from 2019-04 to 2021-02, four items each.
    assert.equal(rows.filter((row) => row.includes('补缴') && row.includes(unitNo)).length, 23 * 4);
    const current = line(pension('单位'), '2021-03', '正常缴费');
    assert.ok(current.includes('40'));
    await clerk
      .table('日常申报')
      .getByRole('row')
      .filter({ hasText: pension('个人') })
      .filter({ hasText: '正常缴费' })
      .filter({ hasText: unitNo })
      .getByRole('link', { name: '40', exact })
      .click();
    const details = clerk.dialog('人员明细');
    await details.waitFor();
    const person = details.getByRole('row').filter({ hasText: '8,250.50' });
    // 8250.50 is rounded to 8251; 8 % of it is 660.08.
    assert.match(await person.innerText(), /8,251\.00/);
    assert.match(await person.innerText(), /660\.08/);
    // 2500 lies under the floor 3,321.60 (carried on from 2020); 8 % of it is 265.728, that is 265.73.
    const low = details.getByRole('row').filter({ hasText: '2,500.00' });
    assert.match(await low.innerText(), /3,321\.60/);
    assert.match(await low.innerText(), /265\.73/);
    const download = clerk.page.waitForEvent('download');
    await clerk.button('下载CSV', details).click();
    const stream = await (await download).createReadStream();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const csv = Buffer.concat(chunks).toString('utf8');
    assert.ok(
      csv.startsWith('\uFEFF序号,姓名,证件类型,证件号码,缴费工资,缴费基数,费率,应缴费额,人员编号'),
    );
    assert.match(csv, /,8250\.50,8251\.00,/);
    await clerk.button('关闭', details).click();
    await details.waitFor({ state: 'hidden' });
  });

  async function declare(units: readonly string[]): Promise<void> {
    await clerk.open('社保费申报', '日常申报');
    for (const unit of units) {
      await clerk.page.getByRole('checkbox', { name: `选择 ${unit}`, exact }).check();
    }
    await clerk.button('提交申报').click();
    if (units.length > 1) {
      await clerk.answer('一次只能提交一个单位编号，是否依次提交', '取消');
      return;
    }
    await clerk.answer(
      '请核对缴费人数，如需做职工减员操作，请先去相关部门办理减员后再进行社保费申报！',
      '确定',
    );
    await clerk.answer('提交信息确认', '立即提交');
    await clerk.answer('获取申报结果成功，点击“确定”跳转到申报记录界面查看详细结果', '确定');
    await clerk.page.getByRole('heading', { level: 1, name: '申报记录', exact }).waitFor();
  }

  test('4 社保费申报: two units at once are offered one after the other; each is declared', async () => {
    await declare([unitNo, secondUnitNo]);
    await declare([unitNo]);
    const [newest] = await clerk.rows('申报记录');
    assert.ok(newest?.includes('全部申报成功') && newest.includes(unitNo));
    await declare([secondUnitNo]);
    const records = await clerk.rows('申报记录');
    assert.equal(records.length, 2);
    await clerk.open('社保费申报', '日常申报');
    await clerk.page.getByRole('status').getByText('没有待申报的数据').waitFor();
  });

  test('5 作废: wages are locked until the declaration is voided, then declared again', async () => {
    await clerk.open('缴费工资申报', '日常缴费工资申报');
    await clerk.page
      .getByRole('status')
      .getByText('社保费申报表已经提交，需要先作废申报表才可以修改缴费工资')
      .waitFor();
    assert.ok(await clerk.button('提交申报').isDisabled());
    assert.ok(await clerk.button('添加').isDisabled());
    await clerk.open('社保费申报', '申报记录');
    const row = rowOf(clerk, clerk.table('申报记录'), unitNo).first();
    await clerk.button('作废', row).click();
    await clerk.answer('是否作废本条记录', '确定');
    await clerk.answer('作废成功', '确定');
    await clerk.table('申报记录').getByText('已作废').waitFor();
    await clerk.open('缴费工资申报', '日常缴费工资申报');
    const name = joiners.find((joiner) => joiner !== early) ?? '';
    await clerk.button('添加').click();
    await clerk.page.getByRole('menuitem', { name: '按单位编号添加缴费职工', exact }).click();
    await clerk.answer('按单位编号添加缴费职工', '确定');
    await declareWage(clerk, name, '2021年3月', '9000');
    await clerk.open('社保费申报', '日常申报');
    await declare([unitNo]);
    const records = await clerk.rows('申报记录');
    assert.ok(records[0]?.includes('全部申报成功'));
    assert.equal(records.filter((record) => record.includes('已作废')).length, 1);
  });

  async function pay(unit: string, funds: 'ample' | 'short'): Promise<void> {
    await clerk.open('费款缴纳', '缴费');
    await clerk.page.getByRole('checkbox', { name: `选择 ${unit}`, exact }).check();
    await clerk.button('立即缴费').click();
    await clerk.answer('缴费确认', '确定');
    await clerk.dialog('安全认证').getByLabel('申报密码', { exact }).fill(school.password);
    await clerk.answer('安全认证', '确定');
    const choice = clerk.dialog('选择缴费账号');
    await choice.getByRole('radio', { name: '三方协议缴费', exact }).check();
    const option = school.agreements.find((agreement) => agreement.funds === funds)?.option ?? '';
    const account = choice.getByRole('combobox', { name: '扣款账号', exact });
    if ((await account.evaluate((node) => node.tagName)) === 'SELECT') {
      await account.selectOption({ label: option });
    } else {
      await account.click();
      await clerk.page.getByRole('option', { name: option, exact }).click();
    }
    await clerk.answer('选择缴费账号', '确定');
    await clerk.answer('核对缴费信息', '确认缴费');
  }

  test('6 缴费: a nearly empty account fails honestly, the good one pays', async () => {
    await pay(unitNo, 'short');
    const failed = clerk.dialog('缴费失败');
    await failed.getByText('账户余额不足，未扣款').first().waitFor();
    await clerk.answer('缴费失败', '确定');
    await pay(unitNo, 'ample');
    await clerk.answer('缴费成功', '确定');
    await pay(secondUnitNo, 'ample');
    await clerk.answer('缴费成功', '确定');
    await clerk.open('费款缴纳', '缴费');
    await clerk.page.getByRole('status').getByText('没有待缴费的数据').waitFor();
    await clerk.open('社保费申报', '申报记录');
    const records = await clerk.rows('申报记录');
    assert.equal(records.filter((record) => record.includes('已缴款未入库')).length, 2);
    assert.equal(await clerk.button('作废').count(), 0);
  });

  test('7 证明: unit and person certificates are previewed as the PDF that is printed', async () => {
    await clerk.open('证明打印', '单位缴费证明打印');
    await clerk.button('查询').click();
    const table = clerk.table('单位缴费证明打印');
    await table.getByRole('checkbox', { name: '选择 1', exact }).check();
    await clerk.button('打印').click();
    const preview = clerk.dialog('打印预览');
    await preview.getByLabel('第 1 页', { exact }).first().waitFor();
    await clerk.button('打印机', preview).waitFor();
    assert.match(await preview.innerText(), /社会保险费缴费证明/);
    await clerk.button('关闭', preview).click();
    await clerk.open('证明打印', '职工缴费证明打印');
    await clerk.page.getByRole('textbox', { name: '姓名或证件号码', exact }).fill(early);
    await clerk.page.getByRole('textbox', { name: '所属期起', exact }).fill('2019-04');
    await clerk.button('查询').click();
    const people = clerk.table('职工缴费证明打印');
    await people.getByRole('checkbox', { name: '选择 1', exact }).check();
    const rows = await clerk.rows('职工缴费证明打印');
    const april = rows.find((row) => row.includes('2019-04'));
    assert.ok(april, 'the back-paid month is certifiable');
    // 20 % and 8 % of 5000; 8 % and 4 % annuity.
    assert.ok(april.some((cell) => cell === '1,400.00'));
    assert.ok(april.some((cell) => cell === '600.00'));
    assert.equal(fenOf('1,400.00'), 140_000);
    await clerk.button('打印').click();
    await clerk.dialog('打印预览').getByLabel('第 1 页', { exact }).first().waitFor();
    await clerk.answer('打印预览', '关闭');
  });
});

import { readFileSync } from 'node:fs';
import { QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import { type UserEvent, userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { DialogHost, queryClient, SessionProvider } from '../../shared/index.ts';
import { candidate, session, unitNo } from '../../testing/fixtures.ts';
import { type FakeService, fakeService, Problem } from '../../testing/service.ts';
import DailyWagePage from './DailyWagePage.tsx';

const early = candidate('1', '甲一', ['2019-04', '2020-01', '2021-01'], '2019-04');
const joiner = candidate('2', '乙二', ['2021-03'], '2021-03');
const base = `/units/${unitNo}`;
const prompt = '存在缴费工资为空的职工，是否立即进行缴费工资申报';
const warning = '调整缴费工资时，若生效月份早于当前月份将产生补缴信息，请确认！';
let service: FakeService;
let state: Record<string, unknown>;
let user: UserEvent;

const results = {
  status: '全部申报成功',
  total: 1,
  results: [
    {
      personId: '2',
      name: '乙二',
      identityNumber: '330102********1234',
      effectiveMonth: '2021-03',
      wage: '8250.50',
      contributionBase: '8251.00',
      result: '申报成功',
      reason: '',
    },
  ],
};

beforeEach(() => {
  queryClient.clear();
  state = {
    locked: false,
    missingCount: 2,
    businessDate: '2021-03-10',
    period: '2021-03',
    minimumWage: null,
    policyVersion: 'v',
  };
  service = fakeService({
    [`GET ${base}/wage-state`]: () => state,
    [`GET ${base}/wage-candidates`]: () => ({ total: 2, people: [early, joiner] }),
    'GET /policy-packs/330100': () => ({ version: 'v', pack: [] }),
    [`POST ${base}/wage-previews`]: () => ({
      policyVersion: 'v',
      lines: [],
      totals: { employerMonthly: '0.00', employeeMonthly: '0.00', backPay: '0.00' },
    }),
    [`POST ${base}/wage-declarations`]: () => ({ taskId: 't1', id: 'd1', receiptNo: 'R1' }),
    'GET /tasks/t1': () => ({ id: 't1', state: 'done', percent: 100, failure: null }),
    [`GET ${base}/wage-declarations/d1/results`]: () => results,
  });
  user = userEvent.setup();
});

function open(): void {
  const rootRoute = createRootRoute({
    component: () => (
      <QueryClientProvider client={queryClient}>
        <SessionProvider session={session}>
          <DailyWagePage />
          <DialogHost />
        </SessionProvider>
      </QueryClientProvider>
    ),
  });
  const history = createMemoryHistory({ initialEntries: ['/'] });
  render(<RouterProvider router={createRouter({ routeTree: rootRoute, history })} />);
}

async function answer(dialog: string, button: string): Promise<void> {
  const shown = await screen.findByRole('dialog', { name: dialog });
  await user.click(within(shown).getByRole('button', { name: button }));
}

const rowOf = async (name: string): Promise<HTMLElement> => {
  const head = await screen.findByRole('rowheader', { name });
  return head.closest('tr') as HTMLElement;
};
const monthOf = async (name: string) =>
  within(await rowOf(name)).getByRole<HTMLSelectElement>('combobox', { name: '生效年月' });

test('the question loads those without a wage; one option is chosen, of several none', async () => {
  open();
  await answer(prompt, '是');
  expect((await monthOf('乙二')).value).toBe('2021-03');
  const several = await monthOf('甲一');
  expect(several.value).toBe('');
  expect(
    within(several)
      .getAllByRole('option')
      .map((one) => one.textContent),
  ).toEqual(['2019年4月', '2020年1月', '2021年1月']);
  const boxes = screen.getAllByRole<HTMLInputElement>('checkbox');
  expect(boxes.some((box) => box.checked)).toBe(false);
});

test('an earlier month is asked about at each choice; 取消 puts the former one back', async () => {
  open();
  await answer(prompt, '是');
  const months = await monthOf('甲一');
  await user.selectOptions(months, '2019年4月');
  await answer(warning, '确定');
  await user.selectOptions(months, '2020年1月');
  await answer(warning, '取消');
  expect(months.value).toBe('2019-04');
});

test('out of order sends nothing and names person and month', async () => {
  open();
  await answer(prompt, '是');
  await user.click(screen.getByRole('button', { name: '提交申报' }));
  expect((await screen.findByRole('alert')).textContent).toBe('请先勾选职工');
  await user.selectOptions(await monthOf('甲一'), '2020年1月');
  await answer(warning, '确定');
  await user.click(screen.getByRole('checkbox', { name: '选择 甲一' }));
  await user.click(screen.getByRole('button', { name: '提交申报' }));
  expect(screen.getByRole('alert').textContent).toBe(
    '甲一：请按时间顺序申报，先申报 2019年4月 的缴费工资',
  );
  expect(service.calls(`POST ${base}/wage-previews`)).toHaveLength(0);
});

test('the whole submission: question, check, receipt, feedback, results; the row leaves', async () => {
  open();
  await answer(prompt, '是');
  const row = await rowOf('乙二');
  await user.type(within(row).getByRole('textbox', { name: '新缴费工资' }), '8250.50');
  await user.click(within(row).getByRole('checkbox', { name: '选择 乙二' }));
  await user.click(screen.getByRole('button', { name: '提交申报' }));
  await answer('是否确认提交申报', '确定');
  await answer('核对信息', '确定');
  await answer('提交成功，请稍后获取反馈。', '确定');
  await answer('全部获取反馈成功，请点击查看具体职工申报结果', '查看');
  const shown = await screen.findByRole('dialog', { name: '职工申报结果' });
  await within(shown).findByRole('rowheader', { name: '乙二' });
  const sent = service.calls(`POST ${base}/wage-declarations`);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.body).toMatchObject({
    kind: 'daily',
    lines: [{ personId: '2', effectiveMonth: '2021-03', wage: '8250.50' }],
  });
  expect(sent[0]?.body).toHaveProperty('id', sent[0]?.headers.get('idempotency-key'));
  await user.click(within(shown).getByRole('button', { name: '关闭' }));
  expect(screen.queryByRole('rowheader', { name: '乙二' })).toBeNull();
  expect(screen.getByRole('rowheader', { name: '甲一' })).toBeTruthy();
});

test('what was typed survives a closed page; 否 brings nobody else', async () => {
  open();
  await answer(prompt, '是');
  const row = await rowOf('乙二');
  await user.type(within(row).getByRole('textbox', { name: '新缴费工资' }), '8,250.50');
  window.dispatchEvent(new Event('pagehide'));
  document.body.replaceChildren();
  open();
  await answer(prompt, '否');
  const field = within(await rowOf('乙二')).getByRole<HTMLInputElement>('textbox');
  expect(field.value).toBe('8,250.50');
  expect(screen.queryByRole('rowheader', { name: '甲一' })).toBeNull();
});

test('locked: nothing can be added or sent, and the way out is a link', async () => {
  state = { ...state, locked: true };
  open();
  const status = await screen.findByText(
    '社保费申报表已经提交，需要先作废申报表才可以修改缴费工资',
  );
  expect(status.getAttribute('role')).toBe('status');
  expect(screen.getByRole('link', { name: '申报记录' })).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: '添加' }).disabled).toBe(true);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: '提交申报' }).disabled).toBe(true);
});

test('with nobody lacking a wage there is no question', async () => {
  state = { ...state, missingCount: 0 };
  open();
  expect((await screen.findByText('本月无需申报')).getAttribute('role')).toBe('status');
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('while a wage is typed, its cost stands below, back-payment and late fee included', async () => {
  const packs = ['nation', 'zhejiang'].map((name) => readPack(name));
  service.on['GET /policy-packs/330100'] = () => ({ version: 'v', pack: packs });
  service.on[`GET ${base}/people/1/wage-facts`] = () => ({
    policyVersion: 'v',
    unit: { region: '330100', unitKind: 'institution', fundingType: 'partial' },
    enrolments: [{ insurance: 'institutionPension', from: '2021-01', to: null }],
    wages: [],
    levied: [
      {
        insurance: 'institutionPension',
        payer: 'employer',
        period: '2021-01',
        wage: '5000.00',
        amount: '800.00',
      },
      {
        insurance: 'institutionPension',
        payer: 'employee',
        period: '2021-01',
        wage: '5000.00',
        amount: '400.00',
      },
    ],
  });
  open();
  await answer(prompt, '是');
  const row = await rowOf('甲一');
  await user.type(within(row).getByRole('textbox', { name: '新缴费工资' }), '8250.50');
  await user.selectOptions(await monthOf('甲一'), '2021年1月');
  await answer(warning, '确定');
  // 8251 yuan: 1320.16 and 660.08 a month; January is 780.24 short of it, February wholly due.
  const line = await screen.findByText(/甲一，2021年1月起/);
  expect(line.parentElement?.textContent).toBe(
    '甲一，2021年1月起： 缴费基数 8,251.00；单位每月 1,320.16 元，个人每月 660.08 元；补缴 2 个月共 2,760.48 元，滞纳金 0.00 元',
  );
});

test('rules that changed meanwhile are told; what was typed stays', async () => {
  service.on[`POST ${base}/wage-declarations`] = () =>
    new Problem(409, 'POLICY_CHANGED', '政策参数已更新，缴费基数和费用可能不同', '请核对');
  open();
  await answer(prompt, '是');
  const row = await rowOf('乙二');
  await user.type(within(row).getByRole('textbox', { name: '新缴费工资' }), '8250.50');
  await user.click(within(row).getByRole('checkbox', { name: '选择 乙二' }));
  await user.click(screen.getByRole('button', { name: '提交申报' }));
  await answer('是否确认提交申报', '确定');
  state = { ...state, policyVersion: 'w' };
  await answer('核对信息', '确定');
  const refused = await screen.findByRole('alertdialog', {
    name: '政策参数已更新，缴费基数和费用可能不同',
  });
  await user.click(within(refused).getByRole('button', { name: '确定' }));
  const sent = service.calls(`POST ${base}/wage-declarations`);
  expect(sent[0]?.body).toMatchObject({ policyVersion: 'v' });
  const field = within(await rowOf('乙二')).getByRole<HTMLInputElement>('textbox');
  expect(field.value).toBe('8250.50');
  await expect.poll(() => service.calls('GET /policy-packs/330100').length).toBe(2);
});

function readPack(name: string): unknown {
  return JSON.parse(
    readFileSync(`${import.meta.dirname}/../../../../../policies/${name}.json`, 'utf8'),
  );
}

import { QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { DialogHost, queryClient } from '../../shared/index.ts';
import { fakeService, Problem } from '../../testing/service.ts';
import DailyPage from './DailyPage.tsx';
import { monthSpan, sumsByLevyItem } from './dues.ts';
import { dueUnit } from './fixtures.ts';

const reminder = '请核对缴费人数，如需做职工减员操作，请先去相关部门办理减员后再进行社保费申报！';
const answered = '获取申报结果成功，点击“确定”跳转到申报记录界面查看详细结果';

function show() {
  const root = createRootRoute();
  const page = createRoute({ getParentRoute: () => root, path: '/', component: DailyPage });
  const records = createRoute({
    getParentRoute: () => root,
    path: '/declarations',
    component: () => <h1>申报记录</h1>,
  });
  const router = createRouter({
    routeTree: root.addChildren([page, records]),
    history: createMemoryHistory(),
  });
  render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router as never} />
      <DialogHost />
    </QueryClientProvider>,
  );
}

async function answer(dialog: string, button: string): Promise<void> {
  const shown = await screen.findByRole('dialog', { name: dialog });
  await userEvent.click(within(shown).getByRole('button', { name: button }));
}

beforeEach(() => queryClient.clear());

test('two ticked units are sent one after the other, each checked, and lead to the records', async () => {
  const service = fakeService({
    'GET /dues': () => ({ period: '2021-03', units: [dueUnit('33010021'), dueUnit('33010022')] }),
    'POST /units/33010021/declarations': () => ({ taskId: 't1', id: 'd1', receiptNo: 'R1' }),
    'POST /units/33010022/declarations': () => ({ taskId: 't2', id: 'd2', receiptNo: 'R2' }),
    'GET /tasks': () => ({ state: 'done', failure: null, text: '' }),
  });
  show();
  const table = await screen.findByRole('table', { name: '日常申报' });
  expect(within(table).getAllByRole('row').at(-1)?.textContent).toContain('2,640.40');
  await userEvent.click(screen.getByRole('button', { name: '提交申报' }));
  expect(service.calls('POST /units/33010021/declarations')).toHaveLength(0);
  for (const box of ['选择 33010021', '选择 33010022']) {
    await userEvent.click(within(table).getByRole('checkbox', { name: box }));
  }
  await userEvent.click(screen.getByRole('button', { name: '提交申报' }));
  await answer('一次只能提交一个单位编号，是否依次提交', '依次提交');
  for (const _ of [1, 2]) {
    await answer(reminder, '确定');
    await answer('提交信息确认', '立即提交');
    await answer(answered, '确定');
  }
  await screen.findByRole('heading', { name: '申报记录' });
  const [first] = service.calls('POST /units/33010021/declarations');
  expect(first?.body).toMatchObject({ version: 'v-33010021', total: '1320.20' });
  const { id } = (first?.body ?? {}) as { readonly id?: string };
  expect(first?.headers.get('idempotency-key')).toBe(id);
  expect(service.calls('POST /units/33010022/declarations')).toHaveLength(1);
});

test('changed dues are refused with what to do, and nothing is sent twice', async () => {
  const text = '待申报数据已变化，请核对新的金额';
  const service = fakeService({
    'GET /dues': () => ({ period: '2021-03', units: [dueUnit('33010021')] }),
    'POST /units/33010021/declarations': () =>
      new Problem(409, 'DUES_CHANGED', text, '请核对后重新提交'),
  });
  show();
  await userEvent.click(await screen.findByRole('checkbox', { name: '选择 33010021' }));
  await userEvent.click(screen.getByRole('button', { name: '提交申报' }));
  await answer(reminder, '确定');
  await answer('提交信息确认', '立即提交');
  const refusal = await screen.findByRole('alertdialog', { name: text });
  expect(refusal.textContent).toContain('请核对后重新提交');
  await waitFor(() => expect(service.calls('GET /dues').length).toBeGreaterThan(1));
  expect(service.calls('POST /units/33010021/declarations')).toHaveLength(1);
});

test('sums per 征收品目 add to the fen; a person counts once', () => {
  const { items } = dueUnit('33010021');
  expect(sumsByLevyItem(items)).toEqual([
    { levyItem: items[0]?.levyItem, people: 40, amountDue: '1320.20', lateFee: '0.00' },
  ]);
  expect(monthSpan(items.map((item) => item.period))).toBe('2021-02 至 2021-03');
  expect(monthSpan(['2021-03', '2021-03'])).toBe('2021-03');
});

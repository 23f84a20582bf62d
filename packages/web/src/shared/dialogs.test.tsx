import { QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { fakeService } from '../testing/service.ts';
import { confirmDialog, DialogHost } from './dialogs.tsx';
import { waitForFeedback } from './feedback.tsx';
import { queryClient } from './query.ts';

test('a question is named by its message; Escape is 取消 and the focus goes back', async () => {
  const user = userEvent.setup();
  const answers: boolean[] = [];
  const ask = async () => {
    answers.push(await confirmDialog({ message: '是否作废本条记录', body: <p>单位 A</p> }));
  };
  render(
    <>
      <button type="button" onClick={() => void ask()}>
        作废
      </button>
      <DialogHost />
    </>,
  );
  const opener = screen.getByRole('button', { name: '作废' });
  await user.click(opener);
  expect(screen.getByRole('dialog', { name: '是否作废本条记录' })).toBeTruthy();
  expect(document.activeElement?.textContent).toBe('确定');
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(opener);
  await user.click(opener);
  await user.click(screen.getByRole('button', { name: '确定' }));
  expect(answers).toEqual([false, true]);
});

const task = (state: string) => ({
  id: 't1',
  kind: 'wage',
  state,
  percent: 0,
  text: '',
  failure: null,
  createdAt: '2021-03-10T09:00:00+08:00',
  finishedAt: null,
});

function renderHost(): void {
  queryClient.clear();
  render(
    <QueryClientProvider client={queryClient}>
      <DialogHost />
    </QueryClientProvider>,
  );
}

test('the countdown closes as soon as the feedback is there', async () => {
  let state = 'running';
  fakeService({ 'GET /tasks/t1': () => task(state) });
  renderHost();
  const waiting = waitForFeedback({ taskId: 't1' });
  const timer = await screen.findByRole('timer');
  expect(timer.textContent).toBe('正在获取反馈，剩余 20 秒');
  state = 'done';
  expect((await waiting)?.state).toBe('done');
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('at 0 it says where to look later, and the work goes on', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  fakeService({ 'GET /tasks/t1': () => task('running') });
  renderHost();
  const waiting = waitForFeedback({ taskId: 't1' });
  await act(() => vi.advanceTimersByTimeAsync(20_500));
  vi.useRealTimers();
  const late = await screen.findByRole('dialog', {
    name: '反馈尚未返回，可稍后在申报记录中查看',
  });
  late.querySelector('button')?.click();
  expect(await waiting).toBeUndefined();
});

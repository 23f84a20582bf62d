import { setUserActive } from '@shebao/contract';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { session } from '../testing/fixtures.ts';
import { fakeService, Problem } from '../testing/service.ts';
import { send } from './action.ts';
import { whenSessionEnds } from './client.ts';
import { queryClient } from './query.ts';
import { useSessionQuery } from './session.tsx';

function Name() {
  return <p>{useSessionQuery().data?.displayName}</p>;
}

function open(): void {
  queryClient.clear();
  render(
    <QueryClientProvider client={queryClient}>
      <Name />
    </QueryClientProvider>,
  );
}

const change = { params: { userName: 'clerk' }, body: { active: false } };
const path = 'POST /users/clerk/active';

test('after a reload, changes carry the token of the session that was read', async () => {
  const service = fakeService({ 'GET /session': () => session, [path]: () => change.body });
  open();
  await screen.findByText('管理员');
  await send(setUserActive, change);
  expect(service.calls(path)[0]?.headers.get('x-shebao-csrf')).toBe('csrf-1');
});

test('an ended session is told, whoever finds out', async () => {
  const told: string[] = [];
  whenSessionEnds((reason) => told.push(reason));
  fakeService({ [path]: () => new Problem(401, 'NOT_SIGNED_IN', '登录已失效，请重新登录') });
  await expect(send(setUserActive, change)).rejects.toMatchObject({ status: 401 });
  expect(told).toEqual(['signedOut']);
});

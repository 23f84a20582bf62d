import { ApiError, submitWages } from '@shebao/contract';
import { expect, test } from 'vitest';
import { fakeService, Problem } from '../testing/service.ts';
import { send } from './action.ts';

const call = {
  params: { unitNo: '33010021' },
  body: (id: string) => ({
    id,
    kind: 'daily' as const,
    lines: [{ personId: '1', effectiveMonth: '2021-03', wage: '8250.50' }],
  }),
};
const accepted = { taskId: 't1', id: 'd1', receiptNo: 'R1' };
const path = 'POST /units/33010021/wage-declarations';
const idOf = (body: unknown) => (body as { id: string }).id;

test('an answer that was lost is asked for again with the same key and id', async () => {
  const service = fakeService({ [path]: () => accepted });
  const answering = globalThis.fetch;
  let lost = 0;
  globalThis.fetch = async (...request) => {
    const answer = await answering(...request);
    lost += 1;
    if (lost <= 2) throw new TypeError('connection lost');
    return answer;
  };
  await expect(send(submitWages, call)).rejects.toBeInstanceOf(ApiError);
  // Pressed again, or after a restart of the browser.
  expect(await send(submitWages, call)).toEqual(accepted);
  const requests = service.calls(path);
  const keys = new Set(requests.map((request) => request.headers.get('idempotency-key')));
  expect(requests).toHaveLength(3);
  expect(keys.size).toBe(1);
  expect(new Set(requests.map((request) => idOf(request.body)))).toEqual(keys);
});

test('after an answer, success or refusal, the next submission is a new one', async () => {
  const service = fakeService({ [path]: () => accepted });
  await send(submitWages, call);
  service.on[path] = () => new Problem(409, 'DECLARATION_LIVE', '已经提交');
  await expect(send(submitWages, call)).rejects.toMatchObject({ code: 'DECLARATION_LIVE' });
  service.on[path] = () => accepted;
  await send(submitWages, call);
  expect(new Set(service.calls(path).map((request) => idOf(request.body))).size).toBe(3);
});

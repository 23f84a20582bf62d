import type { Store } from '../treasury/index.ts';
import { cases } from './tables.ts';

/** Opens an exception case once; the same id again changes nothing. */
export async function openListCase(
  store: Store,
  id: string,
  text: string,
  amountFen: number | null,
  attemptId: string | null = null,
): Promise<void> {
  if (await store.of(cases).get({ id })) return;
  await store.of(cases).insert({
    id,
    at: store.at.iso,
    kind: id.split(':')[0] ?? '',
    attemptId,
    amountFen,
    text,
    state: '待处理',
    handledBy: null,
    version: 1,
  });
  store.tell('office', 'exception', { id });
}

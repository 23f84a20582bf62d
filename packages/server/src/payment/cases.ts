import type { Store } from '../treasury/index.ts';
import { type CaseFacts, cases, newCase } from './tables.ts';

/** Opens an exception case once; the same id again changes nothing. */
export async function openListCase(
  store: Store,
  id: string,
  text: string,
  amountFen: number | null,
  attemptId: string | null = null,
  facts: CaseFacts = {},
): Promise<void> {
  if (await store.of(cases).get({ id })) return;
  const kind = id.split(':')[0] ?? '';
  const opened = { id, at: store.at.iso, kind, attemptId, amountFen, text, facts };
  await store.of(cases).insert(newCase(opened));
  store.tell('office', 'exception', { id });
}

import type { Kysely } from 'kysely';
import { liveDeclarations } from '../assessment/index.ts';
import { billStates } from '../payment/index.ts';

/**
 * Whether the unit's wages are locked: a contribution declaration is submitted, or accepted and not
 * yet paid. A paid one holds them no longer.
 */
export async function wagesLocked(q: Kysely<unknown>, unitId: number): Promise<boolean> {
  const live = await liveDeclarations(q, unitId);
  if (live.length === 0) return false;
  const bills = await billStates(q, { declarationIds: live });
  const paid = new Set(
    bills
      .filter(({ state }) => state === 'PAID' || state === 'TREASURED' || state === 'REFUNDED')
      .map(({ declarationId }) => declarationId),
  );
  return live.some((id) => !paid.has(id));
}

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
  const states = await billStates(q, { declarationIds: live });
  return live.some((id) => !isPaid(states.get(id)?.status));
}

function isPaid(status: string | undefined): boolean {
  return status === '已缴款未入库' || status === '已入库';
}

import type { Services } from '../platform/index.ts';
import { findByIdentity } from '../registry/index.ts';
import { searchRoster } from './store.ts';

/** Whom a search text names in these units: part of a name, or a whole identity number; undefined: everybody. */
export async function peopleMatching(
  { db, crypto }: Pick<Services, 'db' | 'crypto'>,
  unitIds: readonly number[],
  text: string | undefined,
): Promise<readonly string[] | undefined> {
  const wanted = text?.trim() ?? '';
  if (wanted === '') return undefined;
  const found = new Set(await findByIdentity(db.q, crypto, wanted));
  for (const unitId of unitIds) {
    const query = { name: wanted, personIds: [], offset: 0, limit: 100_000 };
    const { people } = await searchRoster(db.q, unitId, query);
    for (const person of people) found.add(person.personId);
  }
  return [...found];
}

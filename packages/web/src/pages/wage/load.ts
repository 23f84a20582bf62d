import { listWageCandidates } from '@shebao/contract';
import { fetchAll } from '../../shared/index.ts';
import type { Candidate } from './sheet.ts';

export type Scope = 'missing' | 'arrived' | 'search' | 'all';

/** Everybody of one kind who may declare a wage. */
export function loadCandidates(
  unitNo: string,
  scope: Scope,
  search?: string,
): Promise<Candidate[]> {
  return fetchAll(
    listWageCandidates,
    (offset, limit) => ({
      params: { unitNo },
      query: { scope, offset, limit, ...(search ? { search } : {}) },
    }),
    (answer) => ({ total: answer.total, rows: answer.people }),
  );
}

/** Who stands on the page and who is new, nobody twice. */
export function merged(
  rows: readonly Candidate[],
  more: readonly Candidate[],
): { readonly rows: readonly Candidate[]; readonly added: number } {
  const fresh = new Map(more.map((person) => [person.personId, person]));
  const kept = rows.map((person) => fresh.get(person.personId) ?? person);
  const known = new Set(rows.map((person) => person.personId));
  const news = [...fresh.values()].filter((person) => !known.has(person.personId));
  return { rows: [...kept, ...news], added: news.length };
}

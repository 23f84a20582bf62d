import type { wageCandidate } from '@shebao/contract';
import { formatMonth, formatYuan, type Month } from '@shebao/kernel';
import type * as z from 'zod';
import type { Unit } from '../employer/index.ts';
import type { Services } from '../platform/index.ts';
import { currentPeriod } from '../policy/index.ts';
import { findByIdentity, identityNumbers, maskIdentity } from '../registry/index.ts';
import { loadWagedPeople, type WagedPerson, wagePolicyOf } from './people.ts';
import { missingMonths, startOf, type WagePolicy } from './wage.ts';

export type WageCandidate = z.infer<typeof wageCandidate>;
export type CandidateScope = 'missing' | 'arrived' | 'search' | 'all';

/** A page of people for whom a wage may be declared, and how many there are. */
export async function findCandidates(
  services: Services,
  unit: Unit,
  scope: CandidateScope,
  search: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ total: number; people: WageCandidate[] }> {
  const today = services.clock.now().date;
  const current = currentPeriod(today);
  const policy = wagePolicyOf(unit);
  const all = [...(await loadWagedPeople(services.db.q, unit.id)).values()];
  const text = search.trim();
  const byNumber = new Set(
    scope === 'search' ? await findByIdentity(services.db.q, services.crypto, text) : [],
  );
  const chosen = all.filter((person) => {
    const start = startOf(person);
    if (start === undefined || start > current) return false;
    if (scope === 'missing') return missingMonths(person, policy, current).length > 0;
    if (scope === 'arrived') return currentPeriod(person.roster.arrivedOn) === current;
    if (scope === 'all') return isInsured(person, current);
    return text !== '' && (person.name.includes(text) || byNumber.has(person.personId));
  });
  const shown = chosen.slice(page.offset, page.offset + page.limit);
  return {
    total: chosen.length,
    people: await describeCandidates(services, unit, policy, shown, current),
  };
}

/** How many people lack a wage for some liable month. */
export async function countMissing(services: Services, unit: Unit): Promise<number> {
  const current = currentPeriod(services.clock.now().date);
  const policy = wagePolicyOf(unit);
  let count = 0;
  for (const person of (await loadWagedPeople(services.db.q, unit.id)).values()) {
    if (missingMonths(person, policy, current).length > 0) count += 1;
  }
  return count;
}

function isInsured(person: WagedPerson, month: Month): boolean {
  return person.enrolments.some(({ from, to }) => from <= month && (to ?? month) >= month);
}

/** Rows of 日常缴费工资申报, identity numbers masked. */
export async function describeCandidates(
  services: Services,
  unit: Unit,
  policy: WagePolicy,
  people: readonly WagedPerson[],
  current: Month,
): Promise<WageCandidate[]> {
  const ids = people.map(({ personId }) => personId);
  const numbers = await identityNumbers(services.db.q, services.crypto, ids);
  return people.map((person) => {
    const start = startOf(person) ?? current;
    const wages = person.wages;
    const latest = wages.filter(({ effectiveMonth }) => effectiveMonth <= current).at(-1);
    const [firstMissing] = missingMonths(person, policy, current);
    return {
      personId: person.personId,
      name: person.name,
      identityNumber: maskIdentity(numbers.get(person.personId) ?? ''),
      unitNo: unit.unitNo,
      enrolledFrom: formatMonth(start),
      currentWage: latest ? formatYuan(latest.wageFen) : null,
      effectiveMonths: policy.effectiveMonths(start, current).map((month) => {
        const yearStart = policy.baseYearStart(month);
        const inForce = wages
          .filter((wage) => wage.effectiveMonth >= yearStart && wage.effectiveMonth <= month)
          .at(-1);
        return { month: formatMonth(month), wage: inForce ? formatYuan(inForce.wageFen) : null };
      }),
      firstMissing: firstMissing === undefined ? null : formatMonth(firstMissing),
    };
  });
}

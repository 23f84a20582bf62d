import type { Month } from '@shebao/kernel';
import { type Insurance, minimumWage } from '@shebao/levy';
import type { Kysely } from 'kysely';
import type { Unit } from '../employer/index.ts';
import { baseYearStart, effectiveMonths, policyFor } from '../policy/index.ts';
import { loadRoster, type RosterPerson } from '../roster/index.ts';
import { historyBefore, loadWages, type StoredWage } from './store.ts';
import type { WagePerson, WagePolicy } from './wage.ts';

/** A person of the unit with everything that declaring a wage looks at. */
export interface WagedPerson extends WagePerson {
  readonly roster: RosterPerson;
  /** By effective month. */
  readonly wages: readonly StoredWage[];
}

/** The insurance whose base years and bounds hold for a unit's wages: the first it has. */
export function leadingInsurance(unit: Unit): Insurance {
  return unit.insurances[0] ?? 'enterprisePension';
}

/** The region's rules for a unit's wages. Options are worked out once per start month. */
export function wagePolicyOf(unit: Unit): WagePolicy {
  const policy = policyFor(unit.region);
  const insurance = leadingInsurance(unit);
  const options = new Map<string, readonly Month[]>();
  return {
    minimumWage: (month) => minimumWage(policy, unit.region, month),
    effectiveMonths(start, current) {
      const key = `${start} ${current}`;
      let months = options.get(key);
      if (!months) {
        months = effectiveMonths(policy, unit.region, insurance, start, current);
        options.set(key, months);
      }
      return months;
    },
    baseYearStart: (month) => baseYearStart(policy, unit.region, insurance, month),
  };
}

/** The people of a unit with their wages, by person id; `personIds` narrows it. */
export async function loadWagedPeople(
  q: Kysely<unknown>,
  unitId: number,
  personIds?: readonly string[],
): Promise<Map<string, WagedPerson>> {
  const roster = await loadRoster(q, unitId, personIds);
  const wages = await loadWages(q, unitId, personIds);
  const history = await historyBefore(q, unitId, personIds);
  const byPerson = new Map<string, StoredWage[]>();
  for (const wage of wages) {
    const own = byPerson.get(wage.personId);
    if (own) own.push(wage);
    else byPerson.set(wage.personId, [wage]);
  }
  const people = new Map<string, WagedPerson>();
  for (const person of roster) {
    const own = byPerson.get(person.personId) ?? [];
    people.set(person.personId, {
      personId: person.personId,
      name: person.name,
      enrolments: person.enrolments,
      historyBefore: history.get(person.personId) ?? null,
      wageMonths: own.map(({ effectiveMonth }) => effectiveMonth),
      roster: person,
      wages: own,
    });
  }
  return people;
}

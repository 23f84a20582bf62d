import type { Month, Result } from '@shebao/kernel';
import { type Insurance, insurances } from '@shebao/levy';
import type { Kysely } from 'kysely';
import { type Cause, openCauses } from '../assessment/index.ts';
import type { Unit } from '../employer/index.ts';
import type { Refusal } from '../platform/index.ts';
import { baseYearStart, collectedOn, currentPeriod, policyFor } from '../policy/index.ts';
import { loadRoster } from '../roster/index.ts';
import { loadWages, type StoredWage } from '../wage/index.ts';
import { computeDues, type Dues, type DuesInput } from './dues.ts';
import { type Scope, scopeOf } from './dues-scope.ts';
import { type LeviedMonth, leviedOn, leviedOnPayroll, takenOverThrough } from './levied.ts';
import { declaredThrough } from './store.ts';

/** What decides how far back a unit's dues reach. */
interface Open {
  readonly causes: readonly Cause[];
  /** By insurance, the last month that is declared in full. */
  readonly through: ReadonlyMap<Insurance, Month>;
}

export async function loadOpen(q: Kysely<unknown>, unitId: number): Promise<Open> {
  const [causes, through] = await Promise.all([openCauses(q, unitId), declaredThrough(q, unitId)]);
  return { causes, through };
}

/** Reads everything that decides what a unit owes on a day. A few statements, however many people. */
export async function loadDuesInput(
  q: Kysely<unknown>,
  unit: Unit,
  today: string,
  open?: Open,
): Promise<DuesInput> {
  const policy = policyFor(unit.region);
  const current = currentPeriod(today);
  const { causes, through } = open ?? (await loadOpen(q, unit.id));
  const arrived = causes.flatMap(({ kind, personId }) =>
    kind === 'arrival' && personId !== null ? [personId] : [],
  );
  const takenOver =
    arrived.length > 0 ? await takenOverThrough(q, unit.id, arrived) : new Map<string, Month>();
  const collected = collectedOn(policy, unit.region, today);
  const scope = scopeOf({ current, causes, declaredThrough: through, takenOver, collected });
  const everybody = scope.anyOpen || scope.unitWide;
  const touched = [...scope.touched];
  const nobody = !everybody && touched.length === 0;
  const [people, wages] = nobody
    ? [[], []]
    : await Promise.all([
        loadRoster(q, unit.id, everybody ? undefined : touched),
        wagesInScope(q, unit, scope, everybody),
      ]);
  const ids = people.map(({ personId }) => personId);
  const { levied, leviedPayroll } = await leviedInScope(q, unit, scope, ids);
  return {
    policy,
    unit: unit.profile,
    today,
    current,
    people,
    wages,
    causes,
    declaredThrough: through,
    takenOver,
    levied,
    leviedPayroll,
  };
}

/** What a unit owes on a day; `open` where it was read before. */
export async function loadDues(
  q: Kysely<unknown>,
  unit: Unit,
  today: string,
  open?: Open,
): Promise<Result<Dues, Refusal>> {
  return computeDues(await loadDuesInput(q, unit, today, open));
}

/** Everybody's wages of the open base years, and all wages of touched people. */
async function wagesInScope(
  q: Kysely<unknown>,
  unit: Unit,
  scope: Scope,
  everybody: boolean,
): Promise<readonly StoredWage[]> {
  const touched = [...scope.touched];
  const keepsBases = (unit.profile.defaultPolicy ?? 'block') !== 'block';
  if (!everybody || scope.unitWide || keepsBases) {
    return loadWages(q, unit.id, everybody ? undefined : touched);
  }
  const policy = policyFor(unit.region);
  const from = insurances.reduce<Month>((first, insurance) => {
    const start = baseYearStart(policy, unit.region, insurance, scope.firstOpen);
    return start < first ? start : first;
  }, scope.firstOpen);
  const recent = await loadWages(q, unit.id, undefined, { from });
  if (touched.length === 0) return recent;
  return [...(await loadWages(q, unit.id, touched, { before: from })), ...recent];
}

/** What is levied on touched people, and on the payroll, from the months that causes reach. */
async function leviedInScope(
  q: Kysely<unknown>,
  unit: Unit,
  scope: Scope,
  ids: readonly string[],
): Promise<{ levied: LeviedMonth[]; leviedPayroll: LeviedMonth[] }> {
  const from = new Map<string, Month>();
  let first: Month | undefined;
  for (const id of scope.unitWide ? ids : scope.touched) {
    for (const touch of scope.touchesOf(id)) {
      if (touch.from < (from.get(id) ?? Infinity)) from.set(id, touch.from);
      if (first === undefined || touch.from < first) first = touch.from;
    }
  }
  if (first === undefined) return { levied: [], leviedPayroll: [] };
  return {
    levied: await leviedOn(q, unit.id, from),
    leviedPayroll: await leviedOnPayroll(q, unit.id, first),
  };
}

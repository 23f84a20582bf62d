import { type Fen, type Month, ok, type Result, roundBase } from '@shebao/kernel';
import {
  type AssessPerson,
  assessMonth,
  boundsFor,
  enrolledBit,
  type Insurance,
  type LevyError,
  type MonthColumn,
  rateFor,
  roundingFor,
  windowOf,
} from '@shebao/levy';
import type { StoredWage } from '../wage/index.ts';
import type { DuesInput } from './dues.ts';
import type { Scope } from './dues-scope.ts';

/** The current month of everybody whom no cause touches, by columns instead of an object a line. */
export interface BulkMonth {
  readonly personIds: readonly string[];
  readonly wagesFen: Int32Array;
  readonly columns: readonly (MonthColumn & { readonly provisional: boolean })[];
  /** Their wages as one stand-in, for the unit's share on total payroll; null where there is none. */
  readonly rest: AssessPerson | null;
}

/** Columns hold amounts up to here; the few who earn more are assessed one by one. */
const largestWageFen = 2_147_483_647;

/**
 * Assesses the simple majority of a unit at once. Null where it can't be done that way: other months
 * are open, a cause touches everybody, or base years differ between the unit's insurances.
 */
export function assessBulk(
  input: DuesInput,
  scope: Scope,
  collected: readonly Insurance[],
): Result<BulkMonth | null, LevyError> {
  const { current, policy, unit, today } = input;
  const simple = scope.uniform && scope.firstOpen === current && !scope.unitWide;
  if (!simple || (unit.defaultPolicy ?? 'block') !== 'block') return ok(null);
  const used = new Set<Insurance>();
  for (const { enrolments } of input.people)
    for (const each of enrolments) used.add(each.insurance);
  const insurances = collected.filter((insurance) => used.has(insurance));
  const windowFrom = commonWindow(input, insurances);
  if (windowFrom === null) return ok(null);
  const wages = wagesInForce(input.wages, windowFrom, current);
  const personIds: string[] = [];
  const wageList: number[] = [];
  const enrolledList: number[] = [];
  for (const { personId, enrolments } of input.people) {
    const wage = wages.get(personId);
    if (wage === undefined || wage > largestWageFen || scope.touched.has(personId)) continue;
    let bits = 0;
    for (const { insurance, from, to } of enrolments) {
      if (from <= current && (to ?? current) >= current) bits |= enrolledBit(insurance);
    }
    personIds.push(personId);
    wageList.push(wage);
    enrolledList.push(bits);
  }
  const wagesFen = Int32Array.from(wageList);
  const enrolled = Uint8Array.from(enrolledList);
  const asOf = today;
  const month = assessMonth({
    policy,
    unit,
    period: current,
    asOf,
    insurances,
    wagesFen,
    enrolled,
  });
  if (!month.ok) return month;
  const columns = month.value
    .filter((column) => !column.bookkeeping)
    .map((column) => ({ ...column, provisional: isProvisional(input, column) }));
  const rest = restOf(input, columns, wagesFen, enrolled);
  return ok({ personIds, wagesFen, columns, rest });
}

/** First month of the base year, where it is the same for all of the unit's insurances. */
function commonWindow(input: DuesInput, insurances: readonly Insurance[]): Month | null {
  const { policy, unit, current } = input;
  const starts = new Set<Month>();
  for (const insurance of insurances) {
    const window = windowOf(policy, unit.region, insurance, current);
    if (!window.ok) return null;
    starts.add(window.value.from);
  }
  const [start] = starts;
  return starts.size === 1 && start !== undefined ? start : null;
}

/** By person, the wage in force; wages come sorted by month within a person. */
function wagesInForce(
  wages: readonly StoredWage[],
  windowFrom: Month,
  current: Month,
): Map<string, number> {
  const inForce = new Map<string, number>();
  for (const { personId, effectiveMonth, wageFen } of wages) {
    if (effectiveMonth >= windowFrom && effectiveMonth <= current) inForce.set(personId, wageFen);
  }
  return inForce;
}

function isProvisional(input: DuesInput, { insurance, payer, aggregate }: MonthColumn): boolean {
  const { policy, unit, current, today } = input;
  const rate = rateFor(policy, unit, insurance, payer, current, today);
  if (rate.ok && rate.value.provisional) return true;
  const bounds = boundsFor(policy, unit.region, insurance, current, today);
  return !aggregate && bounds.ok && bounds.value.status === 'provisional';
}

function restOf(
  { policy, unit, current }: DuesInput,
  columns: readonly MonthColumn[],
  wagesFen: Int32Array,
  enrolled: Uint8Array,
): AssessPerson | null {
  const wages = [];
  for (const { insurance, aggregate } of columns) {
    if (!aggregate) continue;
    const rounding = roundingFor(policy, unit.region, insurance, current);
    if (!rounding.ok) continue;
    const bit = enrolledBit(insurance);
    let sum = 0;
    for (const [at, wage] of wagesFen.entries()) {
      if (((enrolled[at] ?? 0) & bit) !== 0) sum += roundBase(wage as Fen, rounding.value.base);
    }
    if (sum > 0) wages.push({ insurance, effective: current, wageFen: sum as Fen });
  }
  if (wages.length === 0) return null;
  const enrolments = wages.map(({ insurance }) => ({ insurance, from: current, to: current }));
  return { id: 'rest', enrolments, wages, assessFrom: Number.MAX_SAFE_INTEGER as Month };
}

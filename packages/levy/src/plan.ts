import {
  type AmountRounding,
  type BaseRounding,
  err,
  type Fen,
  formatDecimal,
  type Month,
  multiplyDecimals,
  ok,
  type Ppm,
  parseDecimal,
  parseRate,
  type Result,
} from '@shebao/kernel';
import { boundsFor, roundingFor } from './base.ts';
import { everythingKnown } from './lookup.ts';
import { annuityModeOf, backPayBoundsFor, rateFor, supplementsFor, unitShareFor } from './rate.ts';
import type { BackPayBoundsRow, LevyError, Policy } from './rules.ts';
import { type Insurance, insurances, type Payer, payers, type UnitProfile } from './types.ts';
import { windowOf } from './window.ts';

/** What one payer owes on a base. */
export interface Share {
  readonly payer: Payer;
  readonly ratePpm: Ppm;
  readonly fixedFen: Fen;
  /** Levied once on the total payroll. */
  readonly aggregate: boolean;
  readonly bookkeeping: boolean;
  readonly provisional: boolean;
  readonly ruleIds: readonly string[];
}

/** Every rule of one insurance in one month, for one unit, as known on one day. */
export interface Cell {
  readonly insurance: Insurance;
  readonly period: Month;
  readonly windowFrom: Month;
  readonly floorFen: Fen;
  readonly capFen: Fen;
  readonly baseRounding: BaseRounding;
  readonly amountRounding: AmountRounding;
  readonly shares: readonly Share[];
}

/** Replaces the published bounds of an insurance in a month; undefined keeps them. */
export type BoundsOverride = (
  insurance: Insurance,
  period: Month,
) => { readonly floorFen: Fen; readonly capFen: Fen } | undefined;

/** The rules of a unit, looked up once per insurance and month. */
export interface Plan {
  readonly unit: UnitProfile;
  cell(insurance: Insurance, period: Month): Cell | LevyError;
  /** The cell of people who bear local supplements: their shares have the higher rate. */
  supplemented(cell: Cell, groups: readonly string[]): Cell;
  /** First month of the base year; asks no other rule. */
  windowFrom(insurance: Insurance, period: Month): Month | LevyError;
  /** The row by which back-payments of earlier base years take the bounds of the current month. */
  backPayRule(insurance: Insurance, current: Month): BackPayBoundsRow | null;
  /** Whether the employer's share is levied without persons, and collected at all. */
  aggregates(insurance: Insurance, period: Month): boolean;
}

/** Whether a looked-up value is an error instead. */
export function isError<T>(value: T | LevyError): value is LevyError {
  return typeof value === 'object' && value !== null && 'code' in value;
}

/** Prepares the rules of a unit; each is looked up on first use and kept. */
export function createPlan(
  policy: Policy,
  unit: UnitProfile,
  asOf: string = everythingKnown,
  override: BoundsOverride = () => undefined,
): Plan {
  const cells = new Map<number, Cell | LevyError>();
  const windows = new Map<number, Month | LevyError>();
  const aggregate = new Map<number, boolean>();
  const backPay = new Map<number, BackPayBoundsRow | null>();
  return {
    unit,
    cell: (insurance, period) =>
      remember(cells, insurance, period, () =>
        unwrap(makeCell(policy, unit, insurance, period, asOf, override)),
      ),
    supplemented: (cell, groups) => withSupplements(policy, unit.region, cell, groups, asOf),
    windowFrom: (insurance, period) =>
      remember(windows, insurance, period, () => {
        const window = windowOf(policy, unit.region, insurance, period);
        return window.ok ? window.value.from : window.error;
      }),
    backPayRule: (insurance, current) =>
      remember(backPay, insurance, current, () =>
        backPayBoundsFor(policy, unit.region, insurance, current),
      ),
    aggregates: (insurance, period) =>
      remember(
        aggregate,
        insurance,
        period,
        () => unitShareFor(policy, unit.region, insurance, period) !== null,
      ),
  };
}

const order = new Map(insurances.map((insurance, at) => [insurance, at]));

/** A number for an insurance and month, unique within a plan. */
function cellKey(insurance: Insurance, period: Month): number {
  return period * insurances.length + (order.get(insurance) ?? 0);
}

function remember<T>(store: Map<number, T>, insurance: Insurance, period: Month, make: () => T): T {
  const key = cellKey(insurance, period);
  const known = store.get(key);
  if (known !== undefined) return known;
  const made = make();
  store.set(key, made);
  return made;
}

function unwrap<T>(result: Result<T, LevyError>): T | LevyError {
  return result.ok ? result.value : result.error;
}

function makeCell(
  policy: Policy,
  unit: UnitProfile,
  insurance: Insurance,
  period: Month,
  asOf: string,
  override: BoundsOverride,
): Result<Cell, LevyError> {
  const window = windowOf(policy, unit.region, insurance, period);
  if (!window.ok) return window;
  const rounding = roundingFor(policy, unit.region, insurance, period);
  if (!rounding.ok) return rounding;
  const shares: Share[] = [];
  for (const payer of payers) {
    const found = sharesOf(policy, unit, insurance, payer, period, asOf);
    if (!found.ok) return found;
    shares.push(...found.value);
  }
  const common = {
    insurance,
    period,
    windowFrom: window.value.from,
    baseRounding: rounding.value.base,
    amountRounding: rounding.value.amount,
  };
  // An insurance that is not levied of its own (merged into another) needs no bounds.
  if (shares.length === 0) return ok({ ...common, floorFen: 0 as Fen, capFen: 0 as Fen, shares });
  const own = override(insurance, period);
  if (own) return ok({ ...common, floorFen: own.floorFen, capFen: own.capFen, shares });
  const bounds = boundsFor(policy, unit.region, insurance, period, asOf);
  if (!bounds.ok) return bounds;
  const { floorFen, capFen, status, ruleId } = bounds.value;
  const withBounds = shares.map((share) => ({
    ...share,
    provisional: share.provisional || (!share.aggregate && status === 'provisional'),
    ruleIds: share.aggregate
      ? [rounding.value.id, ...share.ruleIds]
      : [rounding.value.id, ruleId, ...share.ruleIds],
  }));
  return ok({ ...common, floorFen, capFen, shares: withBounds });
}

/** Supplements stand on shares that are levied person by person. */
function withSupplements(
  policy: Policy,
  region: string,
  cell: Cell,
  groups: readonly string[],
  asOf: string,
): Cell {
  const shares = cell.shares.map((share) => {
    if (share.aggregate || share.bookkeeping) return share;
    const { insurance, period } = cell;
    const rows = supplementsFor(policy, region, insurance, share.payer, period, groups, asOf);
    if (rows.length === 0) return share;
    const extra = rows.reduce((sum, row) => sum + row.ratePpm, 0);
    const ruleIds = [...share.ruleIds, ...rows.map((row) => row.id)];
    return { ...share, ratePpm: (share.ratePpm + extra) as Ppm, ruleIds };
  });
  return { ...cell, shares };
}

function sharesOf(
  policy: Policy,
  unit: UnitProfile,
  insurance: Insurance,
  payer: Payer,
  period: Month,
  asOf: string,
): Result<readonly Share[], LevyError> {
  const rate = rateFor(policy, unit, insurance, payer, period, asOf);
  if (!rate.ok) return rate;
  const { ratePpm, fixedFen, provisional, ruleIds } = rate.value;
  if (ratePpm === null)
    return err({ code: 'PROFILE_INVALID', path: 'floatFactor', insurance, period });
  if (ratePpm === 0 && fixedFen === 0) return ok([]);
  const unitShare =
    payer === 'employer' ? unitShareFor(policy, unit.region, insurance, period) : null;
  const share: Share = {
    payer,
    ratePpm,
    fixedFen,
    aggregate: unitShare !== null,
    bookkeeping: false,
    provisional,
    ruleIds: unitShare ? [...ruleIds, unitShare.id] : ruleIds,
  };
  if (insurance !== 'occupationalAnnuity' || payer !== 'employer') return ok([share]);
  if (annuityModeOf(unit, period) === 'bookkeeping') return ok([{ ...share, bookkeeping: true }]);
  return splitAnnuity(unit, share, period);
}

/** Where only a part of the annuity's employer share is real, the rest is recorded. */
function splitAnnuity(
  unit: UnitProfile,
  share: Share,
  period: Month,
): Result<readonly Share[], LevyError> {
  if (unit.realShareRatio === undefined) return ok([share]);
  const insurance = 'occupationalAnnuity';
  const ratio = parseDecimal(unit.realShareRatio);
  const real =
    ratio.ok &&
    parseRate(
      formatDecimal(multiplyDecimals(ratio.value, { units: BigInt(share.ratePpm), scale: 6 })),
    );
  if (!real || !real.ok || real.value > share.ratePpm) {
    return err({ code: 'PROFILE_INVALID', path: 'realShareRatio', insurance, period });
  }
  const recorded = (share.ratePpm - real.value) as Ppm;
  const both = [
    { ...share, ratePpm: real.value },
    { ...share, ratePpm: recorded, bookkeeping: true },
  ];
  return ok(both.filter((each) => each.ratePpm > 0));
}

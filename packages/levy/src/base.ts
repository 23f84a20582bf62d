import type { BaseRounding, Ppm } from '@shebao/kernel';
import { err, type Fen, type Month, ok, type Result, roundBase, shareOf } from '@shebao/kernel';
import { everythingKnown, lookup } from './lookup.ts';
import type { Bounds, BoundsRow, Policy, PolicyMissing, RoundingRow, RuleStatus } from './rules.ts';
import type { Insurance } from './types.ts';
import { baseInsurance, missing } from './window.ts';

/** Floor and cap with the row they come from. */
export interface FoundBounds extends Bounds {
  readonly from: Month;
  readonly to: Month | null;
  readonly publishedOn: string;
  readonly source: string;
  readonly basis: string | null;
  /** Differences that only their publication causes bear no late fee until this day; null: not stated. */
  readonly settleBy: string | null;
  /** `provisional` also where an earlier year's row is carried on (暂按上年度). */
  readonly status: RuleStatus;
  readonly ruleId: string;
}

/** A base (缴费基数) and the bound that moved it, if one did. */
export interface Clamped {
  readonly baseFen: Fen;
  readonly clamped: 'floor' | 'cap' | null;
}

/**
 * Floor and cap (缴费基数上下限) of an insurance in a month, as known on a day.
 *
 * @example
 * // 2021's bounds came in autumn: in March those of 2020 hold for the time being.
 * const bounds = value(boundsFor(policy, '330100', 'institutionPension', month('2021-03'), '2021-03-10'));
 * [bounds.floorFen, bounds.capFen, bounds.status] //=> [332160, 1788075, 'provisional']
 */
export function boundsFor(
  policy: Policy,
  region: string,
  insurance: Insurance,
  period: Month,
  asOf: string = everythingKnown,
): Result<FoundBounds, PolicyMissing> {
  const key = `bounds|${baseInsurance(insurance)}`;
  const found = lookup<BoundsRow>(policy, key, region, period, asOf);
  if (!found) return err(missing('bounds', region, insurance, null, period));
  const { row, carried } = found;
  return ok({
    floorFen: row.floorFen,
    capFen: row.capFen,
    from: row.from,
    to: row.to,
    publishedOn: row.publishedOn,
    source: row.source,
    basis: row.basis,
    settleBy: row.settleBy,
    status: carried ? 'provisional' : row.status === 'missing' ? 'final' : row.status,
    ruleId: row.id,
  });
}

/**
 * How wages and amounts are rounded for an insurance in a month.
 *
 * @example
 * value(roundingFor(policy, '310000', 'medical', month('2021-03'))).base //=> 'jiaoThenYuan'
 */
export function roundingFor(
  policy: Policy,
  region: string,
  insurance: Insurance,
  period: Month,
): Result<RoundingRow, PolicyMissing> {
  const key = `rounding|${baseInsurance(insurance)}`;
  const found = lookup<RoundingRow>(policy, key, region, period, everythingKnown);
  return found ? ok(found.row) : err(missing('rounding', region, insurance, null, period));
}

/**
 * Rounds a wage, then clamps it. The clamped base is the published bound itself, not rounded again.
 *
 * @example
 * const bounds = { floorFen: fen(332160), capFen: fen(1788075) };
 * clampBase(fen(200000), bounds, 'yuanHalfUp') //=> { baseFen: 332160, clamped: 'floor' }
 */
export function clampBase(wage: Fen, bounds: Bounds, rounding: BaseRounding): Clamped {
  const rounded = roundBase(wage, rounding);
  if (rounded < bounds.floorFen) return { baseFen: bounds.floorFen, clamped: 'floor' };
  if (rounded > bounds.capFen) return { baseFen: bounds.capFen, clamped: 'cap' };
  return { baseFen: rounded, clamped: null };
}

/**
 * A wage's base for an insurance in a month: rounding, then bounds.
 *
 * @example
 * const base = value(baseFor(policy, '330100', 'institutionPension', month('2019-04'), fen(825050)));
 * [base.baseFen, base.clamped] //=> [825100, null]
 */
export function baseFor(
  policy: Policy,
  region: string,
  insurance: Insurance,
  period: Month,
  wage: Fen,
  asOf: string = everythingKnown,
): Result<Clamped & { readonly bounds: FoundBounds }, PolicyMissing> {
  const bounds = boundsFor(policy, region, insurance, period, asOf);
  if (!bounds.ok) return bounds;
  const rounding = roundingFor(policy, region, insurance, period);
  if (!rounding.ok) return rounding;
  return ok({ ...clampBase(wage, bounds.value, rounding.value.base), bounds: bounds.value });
}

const tenPercentMore = 1_100_000 as Ppm;

/**
 * The base of somebody whose wage was not declared, by the practice of Beijing, Jiangsu, Ningbo and
 * others: last base × 1.10, rounded half up to the yuan, then clamped.
 *
 * @example
 * default110Base(fen(825100)) //=> 907600
 * default110Base(fen(1700000), { floorFen: fen(332160), capFen: fen(1788075) }) //=> 1788075
 */
export function default110Base(oldBase: Fen, bounds?: Bounds): Fen {
  const lifted = shareOf(oldBase, tenPercentMore, 'yuanHalfUp');
  return bounds ? clampBase(lifted, bounds, 'none').baseFen : lifted;
}

/**
 * What a unit that did not declare owes: the previous month's amount × 110 % (社会保险法 art. 62).
 *
 * @example
 * default110Amount(fen(132016)) //=> 145218
 */
export function default110Amount(previousMonthAmount: Fen): Fen {
  return shareOf(previousMonthAmount, tenPercentMore);
}

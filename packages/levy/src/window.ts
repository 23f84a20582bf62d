import { err, type Month, monthInYear, ok, type Result } from '@shebao/kernel';
import { everythingKnown, lookup } from './lookup.ts';
import type { Policy, PolicyMissing, WindowRow } from './rules.ts';
import type { Insurance, UnitProfile } from './types.ts';

/** A base year (缴费年度): both months inclusive. */
export interface BaseWindow {
  readonly from: Month;
  readonly to: Month;
  readonly ruleId: string;
}

/**
 * Whose base an insurance uses: the annuity that of the institution pension (国办发〔2015〕18号),
 * maternity and large-sum medical that of medical.
 *
 * @example
 * baseInsurance('occupationalAnnuity') //=> 'institutionPension'
 */
export function baseInsurance(insurance: Insurance): Insurance {
  if (insurance === 'occupationalAnnuity') return 'institutionPension';
  if (insurance === 'maternity' || insurance === 'largeMedical') return 'medical';
  return insurance;
}

/**
 * The base year in which a month lies: in it one declared wage stays valid.
 *
 * @example
 * const { from, to } = value(windowOf(policy, '330100', 'institutionPension', month('2019-04')));
 * [formatMonth(from), formatMonth(to)] //=> ['2019-01', '2019-12']
 */
export function windowOf(
  policy: Policy,
  region: string,
  insurance: Insurance,
  month: Month,
): Result<BaseWindow, PolicyMissing> {
  const key = `window|${baseInsurance(insurance)}`;
  const found = lookup<WindowRow>(policy, key, region, month, everythingKnown);
  if (!found || found.carried) {
    return err(missing('window', region, insurance, null, month));
  }
  const { row } = found;
  const end = row.to ?? (Number.MAX_SAFE_INTEGER as Month);
  if (row.startMonth === null) return ok({ from: row.from, to: end, ruleId: row.id });
  const sinceStart = (monthInYear(month) - row.startMonth + 12) % 12;
  const start = month - sinceStart;
  return ok({
    from: Math.max(start, row.from) as Month,
    to: Math.min(start + 11, end) as Month,
    ruleId: row.id,
  });
}

/**
 * The base years from the one of `start` through the one of `current`.
 *
 * @example
 * value(baseWindows(policy, unit, 'institutionPension', month('2019-04'), month('2021-03'))).length //=> 3
 */
export function baseWindows(
  policy: Policy,
  unit: Pick<UnitProfile, 'region'>,
  insurance: Insurance,
  start: Month,
  current: Month,
): Result<readonly BaseWindow[], PolicyMissing> {
  const windows: BaseWindow[] = [];
  for (let month = start; month <= current; ) {
    const window = windowOf(policy, unit.region, insurance, month);
    if (!window.ok) return window;
    windows.push(window.value);
    month = (window.value.to + 1) as Month;
  }
  return ok(windows);
}

/**
 * The 生效年月 that a person insured since `start` may declare a wage for: the start month, then the
 * first month of each later base year up to `current`.
 *
 * @example
 * value(effectiveMonthsFor(policy, unit, 'institutionPension', month('2019-04'), month('2021-03'))).map(formatMonth) //=> ['2019-04', '2020-01', '2021-01']
 */
export function effectiveMonthsFor(
  policy: Policy,
  unit: Pick<UnitProfile, 'region'>,
  insurance: Insurance,
  start: Month,
  current: Month,
): Result<readonly Month[], PolicyMissing> {
  const windows = baseWindows(policy, unit, insurance, start, current);
  if (!windows.ok) return windows;
  return ok(windows.value.map((window, at) => (at === 0 ? start : window.from)));
}

/** A refusal that names the rule without a value. */
export function missing(
  part: PolicyMissing['part'],
  region: string,
  insurance: Insurance | null,
  payer: PolicyMissing['payer'],
  period: Month,
): PolicyMissing {
  return { code: 'POLICY_MISSING', part, region, insurance, payer, period };
}

import {
  type Decimal,
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
import { everythingKnown, lookup, regionChain } from './lookup.ts';
import type {
  BackPayBoundsRow,
  LevyError,
  Policy,
  ProfileInvalid,
  RateRow,
  ReliefRow,
  RiskScaleRow,
  RuleRow,
  SupplementRow,
  UnitShareRow,
} from './rules.ts';
import type { AnnuityMode, Insurance, Payer, UnitProfile } from './types.ts';
import { baseInsurance, missing } from './window.ts';

/** What of a unit decides a rate. */
export type RateProfile = Pick<UnitProfile, 'region'> &
  Partial<
    Pick<UnitProfile, 'unitKind' | 'unitSize' | 'riskClass' | 'floatFactor' | 'stagedCut'>
  > & {
    /** Instead of the scale's rate of the risk class, a decimal. */
    readonly baseRate?: string;
  };

/** A rate with its way from the published value. */
export interface FoundRate {
  /** After float, staged cut and relief; null where it is finer than parts per million. */
  readonly ratePpm: Ppm | null;
  /** The same as a decimal, exact. */
  readonly exact: string;
  readonly fixedFen: Fen;
  /** The row of the published rate; null where the question brought its own base rate. */
  readonly row: RuleRow | null;
  readonly publishedPpm: Ppm;
  readonly relief: ReliefRow | null;
  readonly provisional: boolean;
  readonly ruleIds: readonly string[];
}

/**
 * The rate of one insurance and payer in a month, after work injury's float and cut and after relief.
 * A unit kind that is not given counts as an enterprise; without a size there is no relief by size.
 *
 * @example
 * value(rateFor(policy, { region: '330100' }, 'institutionPension', 'employer', month('2019-04'))).exact //=> '0.2'
 * value(rateFor(policy, { region: '330100' }, 'institutionPension', 'employer', month('2019-05'))).exact //=> '0.16'
 */
export function rateFor(
  policy: Policy,
  unit: RateProfile,
  insurance: Insurance,
  payer: Payer,
  period: Month,
  asOf: string = everythingKnown,
): Result<FoundRate, LevyError> {
  const published = publishedRate(policy, unit, insurance, payer, period, asOf);
  if (!published.ok) return published;
  const { value, row, carried, fixedFen } = published.value;
  const relief = payer === 'employer' ? reliefFor(policy, unit, insurance, period, asOf) : null;
  let exact = value;
  if (insurance === 'workInjury' && payer === 'employer') {
    const adjusted = adjustInjury(value, unit, period);
    if (!adjusted.ok) return adjusted;
    exact = adjusted.value;
  }
  if (relief) exact = multiplyDecimals(exact, { units: BigInt(relief.factorPpm), scale: 6 });
  const text = formatDecimal(exact);
  const ratePpm = parseRate(text);
  return ok({
    ratePpm: ratePpm.ok ? ratePpm.value : null,
    exact: text,
    fixedFen,
    row,
    publishedPpm: Number((value.units * 1_000_000n) / 10n ** BigInt(value.scale)) as Ppm,
    relief,
    provisional: carried || row?.status === 'provisional',
    ruleIds: [...(row ? [row.id] : []), ...(relief ? [relief.id] : [])],
  });
}

/**
 * The relief on an employer's share: that of the period of liability, also for back-payments made years
 * later. The row named first in the most specific region wins. Null: none.
 */
function reliefFor(
  policy: Policy,
  unit: RateProfile,
  insurance: Insurance,
  period: Month,
  asOf: string = everythingKnown,
): ReliefRow | null {
  const kind = unit.unitKind ?? 'enterprise';
  for (const region of regionChain(unit.region)) {
    const found = policy.relief.find(
      (row) =>
        row.region === region &&
        row.insurances.includes(insurance) &&
        row.from <= period &&
        (row.to ?? period) >= period &&
        row.publishedOn <= asOf &&
        row.unitKinds.includes(kind) &&
        (row.unitSizes === null ||
          (unit.unitSize !== undefined && row.unitSizes.includes(unit.unitSize))),
    );
    if (found) return found;
  }
  return null;
}

/**
 * The local supplements on a share of somebody who belongs to these groups: of the most specific region
 * that has any for the month. They come on top of the rate, also where that is relieved.
 */
export function supplementsFor(
  policy: Policy,
  region: string,
  insurance: Insurance,
  payer: Payer,
  period: Month,
  groups: readonly string[],
  asOf: string = everythingKnown,
): readonly SupplementRow[] {
  for (const each of regionChain(region)) {
    const rows = policy.supplements.filter(
      (row) =>
        row.region === each &&
        row.insurance === insurance &&
        row.payer === payer &&
        groups.includes(row.group) &&
        row.from <= period &&
        period <= (row.to ?? period) &&
        row.publishedOn <= asOf,
    );
    if (rows.length > 0) return rows;
  }
  return [];
}

/** Whether the employer's share is levied on the total payroll in a month, and by which row. */
export function unitShareFor(
  policy: Policy,
  region: string,
  insurance: Insurance,
  period: Month,
): UnitShareRow | null {
  const key = `unitShare|${insurance}`;
  const found = lookup<UnitShareRow>(policy, key, region, period, everythingKnown);
  return found && !found.carried && found.row.mode === 'aggregate' ? found.row : null;
}

/** Whether back-payments of earlier base years take the current month's bounds, and by which row. */
export function backPayBoundsFor(
  policy: Policy,
  region: string,
  insurance: Insurance,
  current: Month,
): BackPayBoundsRow | null {
  const key = `backPayBounds|${baseInsurance(insurance)}`;
  const found = lookup<BackPayBoundsRow>(policy, key, region, current, everythingKnown);
  return found && !found.carried && found.row.mode === 'currentWindow' ? found.row : null;
}

/**
 * Whether the annuity's employer share is collected: by the unit's setting, else by its funding.
 *
 * @example
 * annuityModeOf({ ...unit, fundingType: 'full' }, month('2021-03')) //=> 'bookkeeping'
 * annuityModeOf(unit, month('2021-03')) //=> 'real'
 */
export function annuityModeOf(unit: UnitProfile, period: Month): AnnuityMode {
  const byFunding = unit.fundingType === 'full' ? 'bookkeeping' : 'real';
  const setting = unit.annuityUnitMode;
  if (setting === undefined) return byFunding;
  if (typeof setting === 'string') return setting;
  let mode: AnnuityMode = byFunding;
  let since = -1;
  for (const change of setting) {
    if (change.from <= period && change.from > since) {
      mode = change.mode;
      since = change.from;
    }
  }
  return mode;
}

interface Published {
  readonly value: Decimal;
  readonly row: RuleRow | null;
  readonly carried: boolean;
  readonly fixedFen: Fen;
}

function publishedRate(
  policy: Policy,
  unit: RateProfile,
  insurance: Insurance,
  payer: Payer,
  period: Month,
  asOf: string,
): Result<Published, LevyError> {
  if (insurance === 'workInjury' && payer === 'employer') {
    return injuryRate(policy, unit, period, asOf);
  }
  const key = `rate|${insurance}|${payer}`;
  const kind = unit.unitKind ?? 'enterprise';
  const found = lookup<RateRow>(
    policy,
    key,
    unit.region,
    period,
    asOf,
    (row) => row.unitKinds === null || row.unitKinds.includes(kind),
  );
  if (!found) return err(missing('rate', unit.region, insurance, payer, period));
  const { row, carried } = found;
  const value = { units: BigInt(row.ratePpm), scale: 6 };
  return ok({ value, row, carried, fixedFen: row.fixedFen });
}

function injuryRate(
  policy: Policy,
  unit: RateProfile,
  period: Month,
  asOf: string,
): Result<Published, LevyError> {
  const fixedFen = 0 as Fen;
  if (unit.baseRate !== undefined) {
    const given = parseDecimal(unit.baseRate);
    if (!given.ok || given.value.units < 0n) return err(invalid('baseRate', 'workInjury', period));
    return ok({ value: given.value, row: null, carried: false, fixedFen });
  }
  const found = lookup<RiskScaleRow>(policy, 'riskScale', unit.region, period, asOf);
  if (!found) return err(missing('rate', unit.region, 'workInjury', 'employer', period));
  const rate = found.row.ratesPpm[(unit.riskClass ?? 0) - 1];
  if (rate === undefined) return err(invalid('riskClass', 'workInjury', period));
  const value = { units: BigInt(rate), scale: 6 };
  return ok({ value, row: found.row, carried: found.carried, fixedFen });
}

function adjustInjury(
  base: Decimal,
  unit: RateProfile,
  period: Month,
): Result<Decimal, ProfileInvalid> {
  const float = parseDecimal(unit.floatFactor ?? '1');
  if (!float.ok || float.value.units < 0n) return err(invalid('floatFactor', 'workInjury', period));
  const cut = parseDecimal(unit.stagedCut ?? '0');
  if (!cut.ok || cut.value.units < 0n) return err(invalid('stagedCut', 'workInjury', period));
  const one = 10n ** BigInt(cut.value.scale);
  if (cut.value.units > one) return err(invalid('stagedCut', 'workInjury', period));
  const left = { units: one - cut.value.units, scale: cut.value.scale };
  return ok(multiplyDecimals(multiplyDecimals(base, float.value), left));
}

function invalid(
  path: ProfileInvalid['path'],
  insurance: Insurance,
  period: Month,
): ProfileInvalid {
  return { code: 'PROFILE_INVALID', path, insurance, period };
}

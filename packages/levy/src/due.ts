import { type Day, dayOf, err, formatDay, type Month, ok, type Result } from '@shebao/kernel';
import { boundsFor } from './base.ts';
import { extendDue, nominalDue } from './calendar.ts';
import { lateFeeRuleFor } from './collected.ts';
import { everythingKnown, lookup, regionChain } from './lookup.ts';
import type { DeferralRow, DueRuleRow, Policy, PolicyMissing } from './rules.ts';
import type { Insurance, Payer, UnitProfile } from './types.ts';
import { missing } from './window.ts';

/** When the dues of a period may be declared and must be paid. Days as `YYYY-MM-DD`. */
export interface DueDates {
  readonly startsOn: string;
  readonly dueOn: string;
  readonly ruleId: string;
}

/**
 * First and last day for the dues of a period (费款所属期) in a region.
 *
 * @example
 * value(dueDateFor(policy, '330100', month('2021-03'))).dueOn //=> '2021-03-31'
 */
export function dueDateFor(
  policy: Policy,
  region: string,
  period: Month,
): Result<DueDates, PolicyMissing> {
  const found = lookup<DueRuleRow>(policy, 'dueRule', region, period, everythingKnown);
  if (!found || found.carried) return err(missing('dueRule', region, null, null, period));
  const { row } = found;
  const month = (period + row.periodOffset) as Month;
  const due: Result<Day, PolicyMissing> = extendDue(
    policy.calendars,
    nominalDue(month, row.dueDay),
    row.extend,
  );
  if (!due.ok) return due;
  const startsOn = formatDay(dayOf(month, row.startDay));
  return ok({ startsOn, dueOn: formatDay(due.value), ruleId: row.id });
}

/**
 * The last day (`YYYY-MM-DD`) on which dues of a period bear no late fee. `foundIn`: the month in which
 * what brought them up was recorded; where the region counts from assessment, a back-payment is due with it.
 *
 * @example
 * value(dueOn(policy, '330100', month('2020-05'), month('2021-03'))) //=> '2021-03-31'
 */
export function dueOn(
  policy: Policy,
  region: string,
  period: Month,
  foundIn: Month,
): Result<string, PolicyMissing> {
  const fromAssessment = lateFeeRuleFor(policy, region)?.backPay === 'fromAssessmentDue';
  const due = dueDateFor(policy, region, fromAssessment && foundIn > period ? foundIn : period);
  return due.ok ? ok(due.value.dueOn) : due;
}

/**
 * The deferral (阶段性缓缴) of a unit's share of a month, also when the month is back-paid later; null where
 * there is none. Only employers' shares are deferred, and only for groups that were approved for the unit.
 *
 * @example
 * const deferred = { region: '330100', deferrals: ['hardship5'] };
 * deferralFor(policy, deferred, 'enterprisePension', 'employer', month('2022-06')).dueOn //=> '2023-12-31'
 * deferralFor(policy, deferred, 'enterprisePension', 'employee', month('2022-06')) //=> null
 */
export function deferralFor(
  policy: Policy,
  unit: Pick<UnitProfile, 'region' | 'deferrals'>,
  insurance: Insurance,
  payer: Payer,
  period: Month,
): DeferralRow | null {
  const groups = unit.deferrals ?? [];
  if (payer !== 'employer' || groups.length === 0) return null;
  for (const region of regionChain(unit.region)) {
    const row = policy.deferrals.find(
      (each) =>
        each.region === region &&
        groups.includes(each.group) &&
        each.insurances.includes(insurance) &&
        each.from <= period &&
        period <= (each.to ?? period),
    );
    if (row) return row;
  }
  return null;
}

/**
 * The due day of a share: that of its month, or the later one of an approved deferral.
 *
 * @example
 * const deferred = { region: '330100', deferrals: ['hardship5'] };
 * shareDueOn(policy, deferred, 'enterprisePension', 'employer', month('2022-06'), '2022-06-30') //=> '2023-12-31'
 */
export function shareDueOn(
  policy: Policy,
  unit: Pick<UnitProfile, 'region' | 'deferrals'>,
  insurance: Insurance,
  payer: Payer,
  period: Month,
  due: string,
): string {
  const deferral = deferralFor(policy, unit, insurance, payer, period);
  return deferral && deferral.dueOn > due ? deferral.dueOn : due;
}

/**
 * The due day of a difference that only late or final bounds cause (补差, 多退少补): the day until which the
 * region asks no late fee for it, where it states one later than the share's own.
 *
 * @example
 * settlementDueOn(policy, '320000', 'enterprisePension', month('2024-03'), '2024-10-31') //=> '2024-12-31'
 * settlementDueOn(policy, '330100', 'enterprisePension', month('2024-03'), '2024-10-31') //=> '2024-10-31'
 */
export function settlementDueOn(
  policy: Policy,
  region: string,
  insurance: Insurance,
  period: Month,
  due: string,
): string {
  const bounds = boundsFor(policy, region, insurance, period);
  const settleBy = bounds.ok ? bounds.value.settleBy : null;
  return settleBy !== null && settleBy > due ? settleBy : due;
}

import { type Fen, fen, type Month } from '@shebao/kernel';
import { lateFeeBetween } from './late-fee.ts';
import { everythingKnown, lookup, regionChain } from './lookup.ts';
import type { LateFeeRuleRow, MinimumWageRow, Policy } from './rules.ts';
import type { Insurance, UnitProfile } from './types.ts';

/**
 * Whether an insurance is collected by declarations made on a day, whatever the period. In Zhejiang the
 * institution pension and the annuity are from 2021-03-01 on; before, none of their months is offered.
 *
 * @example
 * isCollected(policy, { region: '330100' }, 'institutionPension', '2021-02-28') //=> false
 * isCollected(policy, { region: '330100' }, 'institutionPension', '2021-03-01') //=> true
 */
export function isCollected(
  policy: Policy,
  unit: Pick<UnitProfile, 'region'>,
  insurance: Insurance,
  date: string,
): boolean {
  for (const region of regionChain(unit.region)) {
    const row = policy.collectedFrom.find(
      (each) => each.region === region && each.insurances.includes(insurance),
    );
    if (row) return date >= row.date;
  }
  return true;
}

/**
 * The monthly minimum wage (最低月工资标准) of a region in a month; null where none is known: no check.
 *
 * @example
 * minimumWage(policy, '330100', month('2021-03')) //=> 201000
 */
export function minimumWage(policy: Policy, region: string, month: Month): Fen | null {
  const found = lookup<MinimumWageRow>(policy, 'minimumWage', region, month, everythingKnown);
  return found && !found.carried ? found.row.amountFen : null;
}

/**
 * How a region counts late days and from which due day a back-payment bears a fee.
 *
 * @example
 * lateFeeRuleFor(policy, '330100').backPay //=> 'fromAssessmentDue'
 */
export function lateFeeRuleFor(policy: Policy, region: string): LateFeeRuleRow | null {
  for (const each of regionChain(region)) {
    const row = policy.lateFeeRules.find((rule) => rule.region === each);
    if (row) return row;
  }
  return null;
}

/**
 * The late fee (滞纳金) of a principal on a day, by the region's way of counting and its cap; none up to the due day.
 *
 * @example
 * lateFeeOn(policy, '330100', fen(100000), '2021-03-31', '2021-04-10') //=> 500
 * lateFeeOn(policy, '330100', fen(100000), '2021-03-31', '2021-03-31') //=> 0
 */
export function lateFeeOn(
  policy: Policy,
  region: string,
  principalFen: Fen,
  dueDate: string,
  day: string,
): Fen {
  if (day <= dueDate) return fen(0);
  const rule = lateFeeRuleFor(policy, region);
  const fee = lateFeeBetween(principalFen, dueDate, day, rule?.convention).lateFeeFen;
  return rule?.cap === 'principal' && fee > principalFen ? principalFen : fee;
}

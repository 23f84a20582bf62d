import type { Fen, Month } from '@shebao/kernel';
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

import { type Day, dayOf, err, formatDay, type Month, ok, type Result } from '@shebao/kernel';
import { extendDue, nominalDue } from './calendar.ts';
import { everythingKnown, lookup } from './lookup.ts';
import type { DueRuleRow, Policy, PolicyMissing } from './rules.ts';
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

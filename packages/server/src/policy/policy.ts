import { err, type Month, monthOfDate, type Result } from '@shebao/kernel';
import {
  dueOn,
  effectiveMonthsFor,
  type Insurance,
  insurances,
  isCollected,
  type LevyError,
  type Policy,
  windowOf,
} from '@shebao/levy';
import type { Refusal } from '../platform/index.ts';

/** The levy engine's reason for giving no answer, as the API says it. */
export function policyRefusal(error: LevyError): Refusal {
  const region = 'region' in error ? error.region : '';
  const insurance = error.insurance ?? ('part' in error ? error.part : error.path);
  const year = Math.floor(error.period / 12);
  const period = `${year}-${String((error.period % 12) + 1).padStart(2, '0')}`;
  return { code: 'POLICY_MISSING', data: { region, insurance, period } };
}

/** The last day (YYYY-MM-DD) on which dues of a period bear no late fee. */
export function dueDateOf(
  policy: Policy,
  region: string,
  period: Month,
  foundIn: Month,
): Result<string, Refusal> {
  const due = dueOn(policy, region, period, foundIn);
  return due.ok ? due : err(policyRefusal(due.error));
}

/** Insurances whose dues are declared here on a day; the others are offered nowhere. */
export function collectedOn(policy: Policy, region: string, day: string): Insurance[] {
  return insurances.filter((insurance) => isCollected(policy, { region }, insurance, day));
}

/** The options of 生效年月 of somebody insured since `start`. Empty where policy has no base year. */
export function effectiveMonths(
  policy: Policy,
  region: string,
  insurance: Insurance,
  start: Month,
  current: Month,
): readonly Month[] {
  const months = effectiveMonthsFor(policy, { region }, insurance, start, current);
  return months.ok ? months.value : [];
}

/** First month of the base year that holds a month; the month itself where policy has none. */
export function baseYearStart(
  policy: Policy,
  region: string,
  insurance: Insurance,
  month: Month,
): Month {
  const window = windowOf(policy, region, insurance, month);
  return window.ok ? window.value.from : month;
}

/** 当前费款所属期: the month of the business date. */
export function currentPeriod(businessDate: string): Month {
  return monthOfDate(businessDate);
}

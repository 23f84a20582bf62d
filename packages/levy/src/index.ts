export { assess, totalsOf } from './assess.ts';
export {
  baseFor,
  boundsFor,
  type Clamped,
  clampBase,
  default110Amount,
  default110Base,
  type FoundBounds,
  roundingFor,
} from './base.ts';
export { extendDue, nominalDue } from './calendar.ts';
export { isCollected, lateFeeOn, lateFeeRuleFor, minimumWage } from './collected.ts';
export {
  assessMonth,
  enrolledBit,
  type MonthColumn,
  type MonthInput,
} from './columnar.ts';
export {
  type DueDates,
  deferralFor,
  dueDateFor,
  dueOn,
  settlementDueOn,
  shareDueOn,
} from './due.ts';
export {
  type ExplainInput,
  type ExplainStep,
  type Explanation,
  explain,
  type RuleReference,
} from './explain.ts';
export { explainText, lateFeeText } from './explain-text.ts';
export {
  type LateFee,
  type LateFeeSegment,
  lateFee,
  lateFeeBetween,
  lateFeeForDays,
} from './late-fee.ts';
export { insuranceName, levyItemName, lineKindName } from './names.ts';
export type * from './pack.ts';
export { PackError } from './pack-reader.ts';
export type { BoundsOverride } from './plan.ts';
export { definePolicy, policyVersion } from './policy.ts';
export { annuityModeOf, type FoundRate, type RateProfile, rateFor } from './rate.ts';
export { type Retirement, type RetirementKind, retirement, retirementKinds } from './retirement.ts';
export {
  type RetroAggregate,
  type RetroColumns,
  type RetroColumnsInput,
  type RetroInput,
  retro,
  retroColumns,
} from './retro.ts';
export * from './rules.ts';
export * from './types.ts';
export {
  type LeviedWage,
  type WageCost,
  type WageCostInput,
  type WageCostPerson,
  wageCosts,
} from './wage-cost.ts';
export {
  type BaseWindow,
  baseInsurance,
  baseWindows,
  effectiveMonthsFor,
  windowOf,
} from './window.ts';

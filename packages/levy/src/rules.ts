import type { AmountRounding, BaseRounding, Fen, Month, Ppm } from '@shebao/kernel';
import type { Insurance, Payer, UnitKind, UnitSize } from './types.ts';

/** Which rule has no value. */
export type PolicyPart =
  | 'bounds'
  | 'rate'
  | 'window'
  | 'rounding'
  | 'dueRule'
  | 'lateFeeRule'
  | 'calendar';

/** Policy has neither a value nor an earlier one to carry on. Nothing is invented. */
export interface PolicyMissing {
  readonly code: 'POLICY_MISSING';
  readonly part: PolicyPart;
  readonly region: string;
  readonly insurance: Insurance | null;
  readonly payer: Payer | null;
  readonly period: Month;
}

/** A unit lacks a property without which a rate can't be found, or has one out of range. */
export interface ProfileInvalid {
  readonly code: 'PROFILE_INVALID';
  readonly path: 'riskClass' | 'floatFactor' | 'stagedCut' | 'realShareRatio' | 'baseRate';
  readonly insurance: Insurance | null;
  readonly period: Month;
}

/** Why a figure cannot be had. */
export type LevyError = PolicyMissing | ProfileInvalid;

/** `provisional`: published as such or carried on. `assumed`: set by us, carried from a named row. */
export type RuleStatus = 'final' | 'provisional' | 'assumed';

/** What every rule row has: its months, when it became known, where it comes from. */
export interface RuleRow {
  readonly id: string;
  readonly region: string;
  readonly from: Month;
  /** Null: open. */
  readonly to: Month | null;
  /** `YYYY-MM-DD` */
  readonly publishedOn: string;
  readonly status: RuleStatus | 'missing';
  /** Title and address of the source. */
  readonly source: string;
  /** 文号 and article, where known. */
  readonly basis: string | null;
}

/** A rate (费率) of an insurance and payer; `fixedFen` is due beside it. */
export interface RateRow extends RuleRow {
  readonly insurance: Insurance;
  readonly payer: Payer;
  readonly ratePpm: Ppm;
  readonly fixedFen: Fen;
  readonly unitKinds: readonly UnitKind[] | null;
}

/** Floor and cap (缴费基数上下限) of insurances. */
export interface BoundsRow extends RuleRow {
  readonly insurances: readonly Insurance[];
  /** Differences that only their publication causes bear no late fee until this day; null: not stated. */
  readonly settleBy: string | null;
  readonly floorFen: Fen;
  readonly capFen: Fen;
}

/** Base years (缴费年度): one starts each year in `startMonth`; null: `from` to `to` is a single one. */
export interface WindowRow extends RuleRow {
  readonly insurances: readonly Insurance[];
  readonly startMonth: number | null;
}

/** How wages and amounts are rounded. */
export interface RoundingRow extends RuleRow {
  readonly insurances: readonly Insurance[];
  readonly base: BaseRounding;
  readonly amount: AmountRounding;
}

/** The eight base rates of work injury. */
export interface RiskScaleRow extends RuleRow {
  readonly ratesPpm: readonly Ppm[];
}

/** The employer's share is levied once on the total payroll instead of person by person. */
export interface UnitShareRow extends RuleRow {
  readonly insurances: readonly Insurance[];
  readonly mode: 'perPerson' | 'aggregate';
}

/**
 * Which bounds hold for the back-payment of an earlier base year in the current periods `from` to `to`:
 * those of the month itself, or those of the current month.
 */
export interface BackPayBoundsRow extends RuleRow {
  readonly insurances: readonly Insurance[];
  readonly mode: 'periodOfLiability' | 'currentWindow';
}

/** A temporary factor on employers' rates. Never carried on beyond its months. */
export interface ReliefRow extends RuleRow {
  readonly insurances: readonly Insurance[];
  readonly unitKinds: readonly UnitKind[];
  readonly unitSizes: readonly UnitSize[] | null;
  readonly factorPpm: Ppm;
}

/**
 * A programme by which approved units pay employers' shares later (阶段性缓缴): the due day moves, what is
 * owed does not. Never carried on beyond its months.
 */
export interface DeferralRow extends RuleRow {
  readonly insurances: readonly Insurance[];
  readonly group: string;
  readonly dueOn: string;
}

/** A local supplement: a rate on top of a share, for the people of a group. Never carried on, never relieved. */
export interface SupplementRow extends RuleRow {
  readonly insurance: Insurance;
  readonly payer: Payer;
  readonly group: string;
  readonly ratePpm: Ppm;
}

/** From which day declarations of these insurances are made here. */
export interface CollectedFromRow {
  readonly id: string;
  readonly region: string;
  readonly insurances: readonly Insurance[];
  readonly date: string;
  readonly source: string;
}

/** Whether a due day on a day off moves. */
export const extensions = ['none', 'nextWorkday', 'tax109'] as const;
/** How a due day on a day off moves. */
export type Extension = (typeof extensions)[number];

/** From when to when a month is declared and paid. */
export interface DueRuleRow extends RuleRow {
  /** 0: due in the month of liability, 1: in the next month. */
  readonly periodOffset: number;
  readonly startDay: number;
  /** 31: the last day of the month. */
  readonly dueDay: number;
  readonly extend: Extension;
}

/** All ways of counting late days, for validation of input. */
export const lateFeeConventions = ['taxStyle', 'nextMonthFirst', 'hrStyle'] as const;
/** A way of counting late days; see `lateFeeBetween`. */
export type LateFeeConvention = (typeof lateFeeConventions)[number];

/** How a region counts late days and from which due day. */
export interface LateFeeRuleRow {
  readonly id: string;
  readonly region: string;
  readonly convention: LateFeeConvention;
  /** From which due day a back-payment bears a fee: its own month's, or that of the month that found it. */
  readonly backPay: 'fromPeriodDue' | 'fromAssessmentDue';
  readonly cap: 'none' | 'principal';
  readonly source: string;
}

/** The monthly minimum wage (最低月工资标准). */
export interface MinimumWageRow extends RuleRow {
  readonly amountFen: Fen;
}

/** A statutory holiday as the State Council announced it: days off and make-up working days. */
export interface CalendarYear {
  readonly year: number;
  /** `MM-DD` or ranges `MM-DD..MM-DD`; a block may begin in the year before (`YYYY-MM-DD`). */
  readonly off: readonly string[];
  readonly work: readonly string[];
  readonly source: string;
}

/** Rules of one or several packs, compiled for lookup. Made by `definePolicy` from plain JSON. */
export interface Policy {
  readonly version: string;
  readonly regionNames: ReadonlyMap<string, string>;
  readonly rates: readonly RateRow[];
  readonly bounds: readonly BoundsRow[];
  readonly windows: readonly WindowRow[];
  readonly rounding: readonly RoundingRow[];
  readonly riskScales: readonly RiskScaleRow[];
  readonly unitShare: readonly UnitShareRow[];
  readonly backPayBounds: readonly BackPayBoundsRow[];
  readonly relief: readonly ReliefRow[];
  readonly deferrals: readonly DeferralRow[];
  readonly supplements: readonly SupplementRow[];
  readonly collectedFrom: readonly CollectedFromRow[];
  readonly dueRules: readonly DueRuleRow[];
  readonly lateFeeRules: readonly LateFeeRuleRow[];
  readonly minimumWages: readonly MinimumWageRow[];
  readonly calendars: readonly CalendarYear[];
  /** Rows by part, key and region, in which lookups walk. */
  readonly index: ReadonlyMap<string, readonly RuleRow[]>;
}

/** A region's floor and cap of the base in one month. */
export interface Bounds {
  readonly floorFen: Fen;
  readonly capFen: Fen;
}

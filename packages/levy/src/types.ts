import type { Fen, Month, Ppm } from '@shebao/kernel';
import type { Policy } from './rules.ts';

/** 险种, in the order in which they are listed everywhere. */
export const insurances = [
  'enterprisePension',
  'institutionPension',
  'occupationalAnnuity',
  'unemployment',
  'medical',
  'maternity',
  'workInjury',
  'largeMedical',
] as const;
/** An insurance (险种). */
export type Insurance = (typeof insurances)[number];

/** Who bears a contribution: 单位缴纳 or 个人缴纳. */
export const payers = ['employer', 'employee'] as const;
/** Who pays a share: 单位缴纳 or 个人缴纳. */
export type Payer = (typeof payers)[number];

/** 单位类型 */
export const unitKinds = [
  'institution',
  'government',
  'enterprise',
  'socialOrganisation',
  'privateNonEnterprise',
  'soleTrader',
] as const;
/** What kind of unit (单位类型) an employer is. */
export type UnitKind = (typeof unitKinds)[number];

/** 经费来源: `full` is 财政全额供款, whose annuity employer share is only recorded. */
export const fundingTypes = ['full', 'partial', 'selfSupporting', 'none'] as const;
/** How an institution is funded (经费来源): full is 财政全额供款. */
export type FundingType = (typeof fundingTypes)[number];

/** 企业划型 */
export const unitSizes = ['large', 'medium', 'small', 'micro'] as const;
/** The size of an enterprise (企业规模), which relief depends on. */
export type UnitSize = (typeof unitSizes)[number];

/** 职业年金单位部分: collected (实账) or only recorded (记账). */
export const annuityModes = ['real', 'bookkeeping'] as const;
/** Whether the annuity's employer share is collected (实账) or only recorded (记账). */
export type AnnuityMode = (typeof annuityModes)[number];

/**
 * What happens to the months of a base year for which no wage was declared.
 * `block`: no line until a wage is declared. `personBase110`: the last base of the year before × 1.10,
 * clamped. `keepBaseLiftToFloor`: the last base of the year before, clamped. `unitAmount110` is set by
 * the authority for a whole unit (see `default110Amount`); its people are blocked.
 */
export const defaultPolicies = [
  'block',
  'personBase110',
  'keepBaseLiftToFloor',
  'unitAmount110',
] as const;
/** What stands in for a wage that was not declared. */
export type DefaultPolicy = (typeof defaultPolicies)[number];

/** The properties of a 单位编号 that decide its rates. */
export interface UnitProfile {
  /** GB/T 2260 code, six digits. */
  readonly region: string;
  readonly unitKind: UnitKind;
  readonly fundingType: FundingType;
  readonly unitSize?: UnitSize;
  /** 工伤风险类别, 1 to 8. */
  readonly riskClass?: number;
  /** 工伤费率浮动, a decimal: `1.2` is 120 %. */
  readonly floatFactor?: string;
  /** 工伤阶段性下调, a decimal: `0.2` lowers the rate by 20 %. */
  readonly stagedCut?: string;
  /** Overrides what follows from the funding type, throughout or from given months on. */
  readonly annuityUnitMode?: AnnuityMode | readonly AnnuityModeFrom[];
  /** The part of the annuity's employer share that is collected when it is real, a decimal; default 1. */
  readonly realShareRatio?: string;
  /** Groups of deferral programmes (阶段性缓缴) that were approved for the unit. */
  readonly deferrals?: readonly string[];
  /** Default `block`. */
  readonly defaultPolicy?: DefaultPolicy;
}

/** A change of the annuity mode with its first month. */
export interface AnnuityModeFrom {
  readonly from: Month;
  readonly mode: AnnuityMode;
}

/** Months of liability of one insurance, both ends inclusive; open where `to` is absent or null. */
export interface Enrolment {
  readonly insurance: Insurance;
  readonly from: Month;
  readonly to?: Month | null;
}

/** A declared wage (缴费工资), valid from its month to the end of that base year or a later wage. */
export interface Wage {
  readonly effective: Month;
  readonly wageFen: Fen;
  /** Absent: for all insurances. On the same month the wage of one insurance goes before it. */
  readonly insurance?: Insurance;
}

/** What was already levied for a month and not voided. Several entries of one key add up. */
export interface Levied {
  readonly insurance: Insurance;
  readonly payer: Payer;
  readonly period: Month;
  readonly amountFen: Fen;
}

/** One insured person of the unit. */
export interface AssessPerson {
  readonly id: string;
  readonly enrolments: readonly Enrolment[];
  readonly wages: readonly Wage[];
  readonly levied?: readonly Levied[];
  /** Groups of local supplements (`SupplementRow.group`) that the person belongs to, throughout. */
  readonly supplements?: readonly string[];
  /** First month that is evaluated; wages before it still count. Default: all months. */
  readonly assessFrom?: Month;
}

/** What is to be assessed. Arrays may come in any order. */
export interface AssessInput {
  readonly policy: Policy;
  readonly unit: UnitProfile;
  readonly people: readonly AssessPerson[];
  /** 当前费款所属期: the last month that is evaluated. */
  readonly current: Month;
  /** `YYYY-MM-DD`: only rules published by then are known. Absent: everything known. */
  readonly asOf?: string;
  /** `YYYY-MM-DD`: insurances that are not collected for declarations of that day are left out. */
  readonly declaredOn?: string;
  /** Already levied on lines without a person. */
  readonly leviedAggregate?: readonly Levied[];
  /** First month whose lines without a person are evaluated (needs all people's wages). Default: all. */
  readonly assessAggregateFrom?: Month;
}

/** 正常应征, 补缴, 补差, 多缴 */
export type LineKind = 'current' | 'backPay' | 'topUp' | 'overpaid';

/** What is due for one person (or the unit as a whole), insurance, payer and month. */
export interface LevyLine {
  /** Null: the unit's share on its total payroll. */
  readonly personId: string | null;
  readonly insurance: Insurance;
  readonly payer: Payer;
  readonly period: Month;
  /** The declared wage, or the total payroll; 0 where the person is no longer liable. */
  readonly wageFen: Fen;
  /** 缴费基数 */
  readonly baseFen: Fen;
  /** 费率 after relief. */
  readonly ratePpm: Ppm;
  readonly fixedFen: Fen;
  /** Due for the month in full. */
  readonly amountFen: Fen;
  /** `amountFen` less what was already levied. */
  readonly deltaFen: Fen;
  readonly kind: LineKind;
  /** Recorded, not collected, in no total. */
  readonly bookkeeping: boolean;
  /** A rule of an earlier period was carried on (暂按上年度), to be settled when the new one is published. */
  readonly provisional: boolean;
  /** The policy rows that made the line. */
  readonly ruleIds: readonly string[];
}

/** Why a month of a person has no line. */
export type RefusalCode = 'WAGE_MISSING' | 'YEAR_ORDER' | 'NOT_COLLECTED';

/** Months that get no line, and why. */
export interface LevyRefusal {
  readonly personId: string | null;
  readonly insurance: Insurance;
  readonly from: Month;
  readonly to: Month;
  readonly code: RefusalCode;
  /** A Chinese sentence. */
  readonly detail: string;
}

/** Sums over the lines that are collected. */
export interface LevyTotal {
  readonly insurance: Insurance;
  readonly payer: Payer;
  readonly amountFen: Fen;
  readonly deltaFen: Fen;
}

/** What an assessment found: lines, refusals, sums. */
export interface Assessment {
  readonly lines: readonly LevyLine[];
  readonly refusals: readonly LevyRefusal[];
  readonly totals: readonly LevyTotal[];
}

/**
 * A policy pack as plain JSON: what is in `policies/*.json`, what an overlay looks like, what travels to
 * the browser. Months are `YYYY-MM`, days `YYYY-MM-DD`, money yuan and rates fractions as decimal strings.
 * Strings are wide on purpose: `definePolicy` checks them and names the row and field that is wrong.
 */
export interface PackData {
  readonly id: string;
  readonly region: string;
  readonly name: string;
  /** Names of the regions that have rows. */
  readonly regions: Readonly<Record<string, string>>;
  /** What was set where the law or its sources are silent, one sentence each. */
  readonly assumptions: readonly string[];
  readonly sources: Readonly<Record<string, PackSource>>;
  readonly rates?: readonly PackRate[];
  readonly bounds?: readonly PackBounds[];
  readonly windows?: readonly PackWindow[];
  readonly rounding?: readonly PackRounding[];
  readonly riskScales?: readonly PackRiskScale[];
  readonly unitShare?: readonly PackUnitShare[];
  readonly backPayBounds?: readonly PackBackPayBounds[];
  readonly relief?: readonly PackRelief[];
  readonly deferrals?: readonly PackDeferral[];
  readonly supplements?: readonly PackSupplement[];
  readonly collectedFrom?: readonly PackCollectedFrom[];
  readonly dueRules?: readonly PackDueRule[];
  readonly lateFeeRules?: readonly PackLateFeeRule[];
  readonly minimumWages?: readonly PackMinimumWage[];
  readonly calendars?: readonly PackCalendar[];
}

/** Where a row comes from; `url` null: a document without an address, or memory of one. */
export interface PackSource {
  readonly title: string;
  readonly url: string | null;
}

/** The fields that every dated row has. */
export interface PackRow {
  readonly id: string;
  readonly region: string;
  readonly from: string;
  readonly to: string | null;
  readonly publishedOn: string;
  /** The day is not known from a source but set to the end of the month of publication. */
  readonly publishedOnEstimated?: boolean;
  /** `final`, `provisional`, `assumed`, `missing` */
  readonly status: string;
  /** Key of `sources`. */
  readonly source: string;
  readonly basis?: string;
  readonly note?: string;
  /** With `assumed`: the row whose value is used. */
  readonly carriedFrom?: string;
}

/** A rate (费率) of an insurance and payer, with the fixed amount due beside it. */
export interface PackRate extends PackRow {
  readonly insurance: string;
  readonly payer: string;
  /** Absent where the row is `missing`. */
  readonly rate?: string;
  readonly fixed?: string;
  readonly unitKinds?: readonly string[];
}

/** Floor and cap (缴费基数上下限) of insurances, in yuan a month. */
export interface PackBounds extends PackRow {
  readonly insurances: readonly string[];
  /** `YYYY-MM-DD`: differences that only their publication causes bear no late fee until then. */
  readonly settleBy?: string;
  readonly floor?: string;
  readonly cap?: string;
}

/** When base years (缴费年度) start; `startMonth` null: `from` to `to` is a single one. */
export interface PackWindow extends PackRow {
  readonly insurances: readonly string[];
  readonly startMonth: number | null;
}

/** How wages and amounts are rounded. */
export interface PackRounding extends PackRow {
  readonly insurances: readonly string[];
  readonly base: string;
  readonly amount: string;
}

/** The eight base rates of work injury (行业基准费率), class 1 to 8. */
export interface PackRiskScale extends PackRow {
  readonly rates: readonly string[];
}

/** Whether the employer's share is levied person by person or on the total payroll. */
export interface PackUnitShare extends PackRow {
  readonly insurances: readonly string[];
  readonly mode: string;
}

/** Which bounds back-payments of earlier base years take. */
export interface PackBackPayBounds extends PackRow {
  readonly insurances: readonly string[];
  readonly mode: string;
}

/** A temporary factor on employers' rates (阶段性减免). */
export interface PackRelief {
  readonly id: string;
  readonly region: string;
  readonly insurances: readonly string[];
  readonly unitKinds: readonly string[];
  readonly unitSizes?: readonly string[];
  readonly factor: string;
  readonly from: string;
  readonly to: string;
  readonly publishedOn: string;
  readonly source: string;
  readonly basis?: string;
}

/** A local supplement: a rate on top of a share, for a group of people (深圳户籍的地方补充养老保险). */
export interface PackSupplement extends PackRow {
  readonly insurance: string;
  readonly payer: string;
  /** Who bears it, as `AssessPerson.supplements` names it. */
  readonly group: string;
  readonly rate: string;
}

/** A programme by which employers' shares may be paid later (阶段性缓缴). */
export interface PackDeferral extends Omit<PackRelief, 'unitKinds' | 'unitSizes' | 'factor'> {
  /** Who may ask for it, as `UnitProfile.deferrals` names it. */
  readonly group: string;
  /** `YYYY-MM-DD`: until then the deferred shares bear no late fee. */
  readonly dueOn: string;
}

/** From which day on declarations of insurances are taken here. */
export interface PackCollectedFrom {
  readonly id: string;
  readonly region: string;
  readonly insurances: readonly string[];
  readonly date: string;
  readonly source: string;
}

/** From when to when a month is declared and paid. */
export interface PackDueRule extends PackRow {
  readonly periodOffset: number;
  readonly startDay: number;
  /** A day of the month, or `monthEnd`. */
  readonly dueDay: number | string;
  readonly extend: string;
}

/** How late days are counted. */
export interface PackLateFeeRule {
  readonly id: string;
  readonly region: string;
  readonly convention: string;
  readonly backPay: string;
  readonly cap: string;
  readonly source: string;
}

/** The monthly minimum wage (最低月工资标准), in yuan. */
export interface PackMinimumWage extends PackRow {
  readonly amount: string;
}

/** Days off and make-up working days of a year, as the State Council announced them. */
export interface PackCalendar {
  readonly year: number;
  readonly off: readonly string[];
  readonly work: readonly string[];
  readonly source: string;
}

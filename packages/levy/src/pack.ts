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
  readonly collectedFrom?: readonly PackCollectedFrom[];
  readonly dueRules?: readonly PackDueRule[];
  readonly lateFeeRules?: readonly PackLateFeeRule[];
  readonly minimumWages?: readonly PackMinimumWage[];
  readonly calendars?: readonly PackCalendar[];
}

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

export interface PackRate extends PackRow {
  readonly insurance: string;
  readonly payer: string;
  /** Absent where the row is `missing`. */
  readonly rate?: string;
  readonly fixed?: string;
  readonly unitKinds?: readonly string[];
}

export interface PackBounds extends PackRow {
  readonly insurances: readonly string[];
  readonly floor?: string;
  readonly cap?: string;
}

export interface PackWindow extends PackRow {
  readonly insurances: readonly string[];
  readonly startMonth: number | null;
}

export interface PackRounding extends PackRow {
  readonly insurances: readonly string[];
  readonly base: string;
  readonly amount: string;
}

export interface PackRiskScale extends PackRow {
  readonly rates: readonly string[];
}

export interface PackUnitShare extends PackRow {
  readonly insurances: readonly string[];
  readonly mode: string;
}

export interface PackBackPayBounds extends PackRow {
  readonly insurances: readonly string[];
  readonly mode: string;
}

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

export interface PackCollectedFrom {
  readonly id: string;
  readonly region: string;
  readonly insurances: readonly string[];
  readonly date: string;
  readonly source: string;
}

export interface PackDueRule extends PackRow {
  readonly periodOffset: number;
  readonly startDay: number;
  /** A day of the month, or `monthEnd`. */
  readonly dueDay: number | string;
  readonly extend: string;
}

export interface PackLateFeeRule {
  readonly id: string;
  readonly region: string;
  readonly convention: string;
  readonly backPay: string;
  readonly cap: string;
  readonly source: string;
}

export interface PackMinimumWage extends PackRow {
  readonly amount: string;
}

export interface PackCalendar {
  readonly year: number;
  readonly off: readonly string[];
  readonly work: readonly string[];
  readonly source: string;
}

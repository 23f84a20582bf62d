/** Shared by tests: short ways to write months, people and packs. */
import { type Fen, fen, type Month, parseMonth, parseYuan } from '@shebao/kernel';
import type { PackData } from './pack.ts';
import type { AssessPerson, Enrolment, Insurance, LevyLine, UnitProfile, Wage } from './types.ts';

/** `2021-03` as a month. */
export function m(text: string): Month {
  const month = parseMonth(text);
  if (!month.ok) throw new Error(`not a month: ${text}`);
  return month.value;
}

/** `3321.60` as fen. */
export function yuan(text: string): Fen {
  const amount = parseYuan(text);
  if (!amount.ok) throw new Error(`not an amount: ${text}`);
  return fen(amount.value);
}

/** The value of a result that must be a success. */
export function must<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

export const institution: UnitProfile = {
  region: '330100',
  unitKind: 'institution',
  fundingType: 'partial',
};

export const enterprise: UnitProfile = {
  region: '330106',
  unitKind: 'enterprise',
  fundingType: 'none',
  unitSize: 'medium',
  riskClass: 2,
};

/** Someone insured from a month on, with wages by effective month. */
export function person(
  id: string,
  insurances: readonly Insurance[],
  from: string,
  wages: Readonly<Record<string, string>>,
  to: string | null = null,
): AssessPerson {
  const span = { from: m(from), to: to === null ? null : m(to) };
  return {
    id,
    enrolments: insurances.map((insurance): Enrolment => ({ insurance, ...span })),
    wages: Object.entries(wages).map(
      ([effective, wage]): Wage => ({ effective: m(effective), wageFen: yuan(wage) }),
    ),
  };
}

/** A line in one word each: what tests compare. */
export function brief(line: LevyLine): string {
  const { personId, insurance, payer, period, amountFen, deltaFen, kind } = line;
  const mark = line.bookkeeping ? ' bookkeeping' : '';
  return `${personId} ${insurance} ${payer} ${period} ${amountFen} ${deltaFen} ${kind}${mark}`;
}

const row = {
  region: '990000',
  from: '2018-01',
  to: null,
  publishedOn: '2018-01-01',
  status: 'final',
  source: 'T',
} as const;

/** A pack of an invented province with one rate and one pair of bounds for everything. */
export function inventedPack(change: Partial<PackData> = {}): PackData {
  const insurances = ['enterprisePension', 'institutionPension', 'unemployment', 'medical'];
  return {
    id: 'invented',
    region: '990000',
    name: '测试省',
    regions: { '990000': '测试省' },
    assumptions: [],
    sources: { T: { title: '测试', url: null } },
    rates: insurances.flatMap((insurance) =>
      ['employer', 'employee'].map((payer) => ({
        ...row,
        id: `${insurance}-${payer}`,
        insurance,
        payer,
        rate: payer === 'employer' ? '0.1' : '0.05',
      })),
    ),
    bounds: [{ ...row, id: 'bounds', insurances, floor: '4000.00', cap: '20000.00' }],
    windows: [{ ...row, id: 'window', insurances, startMonth: 1 }],
    rounding: [{ ...row, id: 'rounding', insurances, base: 'yuanHalfUp', amount: 'fenHalfUp' }],
    ...change,
  };
}

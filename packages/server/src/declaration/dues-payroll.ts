import { type Fen, type Month, ok, type Result, roundBase } from '@shebao/kernel';
import {
  type AssessPerson,
  assess,
  type Enrolment,
  type Insurance,
  insurances,
  type LevyError,
  type LevyLine,
  roundingFor,
  type Wage,
} from '@shebao/levy';
import type { DuesInput } from './dues.ts';
import type { Scope } from './dues-scope.ts';
import type { LeviedMonth } from './levied.ts';

/** Later than every month: its person gives no lines of his own, only his wage to the payroll. */
const never = Number.MAX_SAFE_INTEGER as Month;

/**
 * The unit's share on total payroll in declared months that causes touch. The new payroll is the one
 * levied, less what the touched people had in it, plus what they have now: everybody else stays as
 * levied, whatever the policy says today. `people` are the touched ones.
 */
export function retroPayroll(
  input: DuesInput,
  scope: Scope,
  people: readonly AssessPerson[],
): Result<readonly LevyLine[], LevyError> {
  const firsts = firstTouched(scope, people);
  if (firsts.size === 0) return ok([]);
  const within = (insurance: Insurance, period: Month) =>
    period >= (firsts.get(insurance) ?? never) && period < scope.openFrom(insurance);
  const touched: AssessPerson[] = [];
  for (const person of people) {
    const enrolments = person.enrolments.flatMap((each) => clip(each, scope, person.id));
    if (enrolments.length > 0)
      touched.push({ ...person, enrolments, levied: [], assessFrom: never });
  }
  const leviedAggregate = input.leviedPayroll.filter((row) => within(row.insurance, row.period));
  const answer = assess({
    policy: input.policy,
    unit: input.unit,
    current: input.current,
    asOf: input.today,
    declaredOn: input.today,
    people: [...touched, theRest(input, scope, leviedAggregate)],
    leviedAggregate,
    assessAggregateFrom: Math.min(...firsts.values()) as Month,
  });
  if (!answer.ok) return answer;
  return ok(answer.value.lines.filter((line) => line.personId === null));
}

/** By insurance, the first declared month that a cause touches. */
function firstTouched(scope: Scope, people: readonly AssessPerson[]): Map<Insurance, Month> {
  const firsts = new Map<Insurance, Month>();
  for (const { id } of people) {
    for (const touch of scope.touchesOf(id)) {
      for (const insurance of touch.insurance === null ? insurances : [touch.insurance]) {
        if (touch.from >= scope.openFrom(insurance)) continue;
        const known = firsts.get(insurance);
        if (known === undefined || touch.from < known) firsts.set(insurance, touch.from);
      }
    }
  }
  return firsts;
}

/** The part of an enrolment that lies in declared months that the person's causes reach. */
function clip(enrolment: Enrolment, scope: Scope, personId: string): Enrolment[] {
  const { insurance } = enrolment;
  const reaching = scope
    .touchesOf(personId)
    .filter((touch) => touch.insurance === null || touch.insurance === insurance);
  if (reaching.length === 0) return [];
  const from = Math.max(enrolment.from, Math.min(...reaching.map((touch) => touch.from)));
  const to = Math.min(enrolment.to ?? never, scope.openFrom(insurance) - 1);
  return from > to ? [] : [{ insurance, from: from as Month, to: to as Month }];
}

/** One stand-in for all untouched people: the levied payroll less what touched people had in it. */
function theRest(
  input: DuesInput,
  scope: Scope,
  leviedAggregate: readonly LeviedMonth[],
): AssessPerson {
  const payroll = new Map<string, { insurance: Insurance; period: Month; wageFen: number }>();
  // Oldest first: the base of the last row is the payroll as it was levied in the end.
  for (const { insurance, period, baseFen } of leviedAggregate) {
    if (scope.coversAll(insurance, period)) continue;
    payroll.set(`${insurance} ${period}`, { insurance, period, wageFen: baseFen });
  }
  const last = new Map<string, LeviedMonth>();
  for (const row of input.levied) {
    if (row.payer !== 'employee' || row.personId === null) continue;
    if (!scope.covers(row.personId, row.insurance, row.period)) continue;
    last.set(`${row.personId} ${row.insurance} ${row.period}`, row);
  }
  for (const row of last.values()) {
    const sum = payroll.get(`${row.insurance} ${row.period}`);
    if (sum) sum.wageFen -= rounded(input, row);
  }
  const enrolments: Enrolment[] = [];
  const wages: Wage[] = [];
  for (const { insurance, period, wageFen } of payroll.values()) {
    if (wageFen <= 0) continue;
    enrolments.push({ insurance, from: period, to: period });
    wages.push({ insurance, effective: period, wageFen: wageFen as Fen });
  }
  return { id: 'rest', enrolments, wages, assessFrom: never };
}

/** A levied wage as it went into the payroll. */
function rounded(input: DuesInput, row: LeviedMonth): Fen {
  const rule = roundingFor(input.policy, input.unit.region, row.insurance, row.period);
  return rule.ok ? roundBase(row.wageFen, rule.value.base) : row.wageFen;
}

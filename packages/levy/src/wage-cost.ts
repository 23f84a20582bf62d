import { type Fen, fen, type Month, ok, type Result, roundBase, shareOf } from '@shebao/kernel';
import { assess } from './assess.ts';
import { roundingFor } from './base.ts';
import { lateFeeOn } from './collected.ts';
import { dueOn, shareDueOn } from './due.ts';
import type { LevyError, Policy } from './rules.ts';
import type { Enrolment, Insurance, LevyLine, Payer, UnitProfile, Wage } from './types.ts';

/** What is levied for a month, with the wage that it was levied on. Several entries of one key add up. */
export interface LeviedWage {
  readonly insurance: Insurance;
  readonly payer: Payer;
  readonly period: Month;
  readonly wageFen: Fen;
  readonly amountFen: Fen;
}

/** Somebody whose wages are about to be declared. */
export interface WageCostPerson {
  readonly id: string;
  readonly enrolments: readonly Enrolment[];
  /** Wages that are declared already. */
  readonly wages: readonly Wage[];
  /** Wages that are to be declared; one of a month that has one replaces it. */
  readonly declaring: readonly Wage[];
  readonly levied: readonly LeviedWage[];
}

/** Whose wages are to be declared, in which unit, on which day. */
export interface WageCostInput {
  readonly policy: Policy;
  readonly unit: UnitProfile;
  readonly people: readonly WageCostPerson[];
  /** 当前费款所属期 */
  readonly current: Month;
  /** `YYYY-MM-DD` */
  readonly today: string;
}

/** What one declared wage costs; the months before the current one only as far as they differ. */
export interface WageCost {
  readonly effective: Month;
  /** 单位每月: in the current month; 0 where another wage holds by then. */
  readonly employerFen: Fen;
  /** 个人每月 */
  readonly employeeFen: Fen;
  /** Months before the current one that change. */
  readonly backPayMonths: number;
  /** 补缴, 补差 and 多缴 of these months together; may be negative. */
  readonly backPayFen: Fen;
  /** 滞纳金 on what is back-paid, if it were paid today. */
  readonly lateFeeFen: Fen;
}

/**
 * What declaring wages would cost, person by person and wage by wage, in the order of their months: each
 * month from then on, and the back-payment against what is levied, with its late fee. The unit's share on
 * total payroll counts with the part that the person's wage makes. Decides nothing about whether a wage
 * may be declared.
 *
 * @example
 * const declaring = [{ effective: month('2021-02'), wageFen: fen(825050) }];
 * const people = [{ ...someone, wages: [], declaring, levied: [] }];
 * const [cost] = value(wageCosts({ policy, unit, people, current: month('2021-03'), today: '2021-03-10' })).get('someone');
 * [cost.employerFen, cost.employeeFen, cost.backPayMonths, cost.backPayFen] //=> [132016, 66008, 1, 198024]
 */
export function wageCosts(
  input: WageCostInput,
): Result<ReadonlyMap<string, readonly WageCost[]>, LevyError> {
  const { policy, unit, current } = input;
  const lines = linesOf(input);
  if (!lines.ok) return lines;
  const due = dueOn(policy, unit.region, current, current);
  if (!due.ok) return due;
  const costs = new Map<string, WageCost[]>();
  for (const person of input.people) {
    const own = lines.value.get(person.id) ?? [];
    const declaring = person.declaring.toSorted((a, b) => a.effective - b.effective);
    costs.set(
      person.id,
      declaring.map(({ effective }) => {
        const next = nextWage(person, effective);
        const months = own.filter(({ period }) => period >= effective && period < next);
        return { effective, ...costOf(input, months, person.levied, due.value) };
      }),
    );
  }
  return ok(costs);
}

/** The month from which another wage holds. */
function nextWage({ wages, declaring }: WageCostPerson, effective: Month): number {
  const later = [...wages, ...declaring].map((wage) => wage.effective);
  return Math.min(Number.POSITIVE_INFINITY, ...later.filter((month) => month > effective));
}

/**
 * Everybody's lines with the new wages, from the first new one on, in one assessment. The unit's share on
 * the payroll is split: each person's part stands among the person's lines.
 */
function linesOf(input: WageCostInput): Result<Map<string, LevyLine[]>, LevyError> {
  const { policy, unit, current, today } = input;
  const common = { policy, unit, current, asOf: today, declaredOn: today };
  const people = input.people.flatMap(({ id, enrolments, wages, declaring }) => {
    if (declaring.length === 0) return [];
    const declared = new Set(declaring.map(({ effective }) => effective));
    const kept = wages.filter(({ effective }) => !declared.has(effective));
    const assessFrom = Math.min(...declared) as Month;
    return [{ id, enrolments, wages: [...kept, ...declaring], assessFrom }];
  });
  const never = (current + 1) as Month;
  const answer = assess({ ...common, people, assessAggregateFrom: never });
  if (!answer.ok) return answer;
  const from = Math.min(current, ...people.map(({ assessFrom }) => assessFrom)) as Month;
  const payroll = assess({ ...common, people, assessAggregateFrom: from });
  if (!payroll.ok) return payroll;
  const shares = new Map<string, LevyLine>();
  for (const line of payroll.value.lines) {
    if (line.personId === null) shares.set(`${line.insurance} ${line.period}`, line);
  }
  const byPerson = new Map<string, LevyLine[]>();
  for (const line of answer.value.lines) {
    if (line.bookkeeping || line.personId === null) continue;
    const lines = byPerson.get(line.personId) ?? [];
    if (lines.length === 0) byPerson.set(line.personId, lines);
    lines.push(line);
    const share = shares.get(`${line.insurance} ${line.period}`);
    if (share && line.payer === 'employee') lines.push(partOf(input, share, line.wageFen));
  }
  return ok(byPerson);
}

/** The part of the unit's share on the payroll that one person's wage makes. */
function partOf(input: WageCostInput, share: LevyLine, wageFen: Fen): LevyLine {
  const amountFen = shareOf(roundedWage(input, share, wageFen), share.ratePpm);
  return { ...share, wageFen, amountFen, deltaFen: amountFen };
}

function roundedWage({ policy, unit }: WageCostInput, line: LevyLine, wageFen: Fen): Fen {
  const rounding = roundingFor(policy, unit.region, line.insurance, line.period);
  return rounding.ok ? roundBase(wageFen, rounding.value.base) : wageFen;
}

function costOf(
  input: WageCostInput,
  lines: readonly LevyLine[],
  levied: readonly LeviedWage[],
  due: string,
): Omit<WageCost, 'effective'> {
  const { policy, unit, current, today } = input;
  let [employer, employee, backPay, lateFee] = [0, 0, 0, 0];
  const months = new Set<Month>();
  for (const line of lines) {
    if (line.period === current) {
      if (line.payer === 'employer') employer += line.amountFen;
      else employee += line.amountFen;
      continue;
    }
    const difference = line.amountFen - leviedFor(input, line, levied);
    if (difference === 0) continue;
    months.add(line.period);
    backPay += difference;
    if (difference <= 0) continue;
    const own = shareDueOn(policy, unit, line.insurance, line.payer, line.period, due);
    lateFee += lateFeeOn(policy, unit.region, fen(difference), own, today);
  }
  return {
    employerFen: fen(employer),
    employeeFen: fen(employee),
    backPayMonths: months.size,
    backPayFen: fen(backPay),
    lateFeeFen: fen(lateFee),
  };
}

/** What is levied for a line's month; on the total payroll: the part that the person's wage made. */
function leviedFor(input: WageCostInput, line: LevyLine, levied: readonly LeviedWage[]): number {
  const month = levied.filter(
    (row) => row.insurance === line.insurance && row.period === line.period,
  );
  if (line.personId !== null) {
    return month.reduce((sum, row) => sum + (row.payer === line.payer ? row.amountFen : 0), 0);
  }
  const last = month.findLast((row) => row.payer === 'employee');
  return last ? shareOf(roundedWage(input, line, last.wageFen), line.ratePpm) : 0;
}

import type { AnswerOf, previewWages } from '@shebao/contract';
import {
  err,
  type Fen,
  fen,
  formatMonth,
  formatYuan,
  type Month,
  ok,
  type Result,
  roundBase,
  shareOf,
} from '@shebao/kernel';
import { assess, baseFor, type LevyLine, policyVersion, roundingFor } from '@shebao/levy';
import type { Unit } from '../employer/index.ts';
import type { Refusal, Services } from '../platform/index.ts';
import { currentPeriod, dueDateOf, lateFeeOn, policyFor, policyRefusal } from '../policy/index.ts';
import {
  judgeWages,
  leadingInsurance,
  loadWagedPeople,
  type WagedPerson,
  type WageLine,
  wagePolicyOf,
} from '../wage/index.ts';
import { type LeviedMonth, leviedOn } from './levied.ts';

export type Preview = AnswerOf<typeof previewWages>;

interface Cost {
  readonly employerFen: Fen;
  readonly employeeFen: Fen;
  readonly backPayMonths: number;
  readonly backPayFen: Fen;
  readonly lateFeeFen: Fen;
}

const nothing: Cost = {
  employerFen: fen(0),
  employeeFen: fen(0),
  backPayMonths: 0,
  backPayFen: fen(0),
  lateFeeFen: fen(0),
};

/** 核对信息: what each line would do, by the rules and against what is levied. Changes nothing. */
export async function previewLines(
  services: Services,
  unit: Unit,
  lines: readonly WageLine[],
): Promise<Result<Preview, Refusal>> {
  const { q } = services.db;
  const today = services.clock.now().date;
  const current = currentPeriod(today);
  const policy = policyFor(unit.region);
  const ids = [...new Set(lines.map(({ personId }) => personId))];
  const people = await loadWagedPeople(q, unit.id, ids);
  const verdicts = judgeWages(lines, people, wagePolicyOf(unit), current);
  const accepted = verdicts.filter(({ code }) => code === null).map(({ line }) => line);
  const first = new Map<string, Month>();
  for (const { personId, effectiveMonth } of accepted) {
    if (effectiveMonth < (first.get(personId) ?? Infinity)) first.set(personId, effectiveMonth);
  }
  const levied = Map.groupBy(await leviedOn(q, unit.id, first), (row) => row.personId);
  const own = Map.groupBy(accepted, ({ personId }) => personId);
  const assessed = assessAll(unit, people, own, first, today);
  if (!assessed.ok) return assessed;
  const totals = { employer: 0, employee: 0, backPay: 0 };
  const shown: Preview['lines'] = [];
  for (const { line, code, reason } of verdicts) {
    const person = people.get(line.personId);
    let cost = nothing;
    if (code === null && person) {
      const next = nextWage(person, own.get(line.personId) ?? [], line.effectiveMonth);
      const months = (assessed.value.get(line.personId) ?? []).filter(
        ({ period }) => period >= line.effectiveMonth && period < next,
      );
      const found = costOf(unit, months, levied.get(line.personId) ?? [], today);
      if (!found.ok) return found;
      cost = found.value;
    }
    totals.employer += cost.employerFen;
    totals.employee += cost.employeeFen;
    totals.backPay += cost.backPayFen;
    const base = baseOf(unit, line, today);
    shown.push({
      personId: line.personId,
      name: person?.name ?? '',
      effectiveMonth: formatMonth(line.effectiveMonth),
      wage: formatYuan(line.wageFen),
      ...base,
      employerMonthly: formatYuan(cost.employerFen),
      employeeMonthly: formatYuan(cost.employeeFen),
      backPayMonths: cost.backPayMonths,
      backPay: formatYuan(cost.backPayFen),
      lateFee: formatYuan(cost.lateFeeFen),
      problems: code === null ? [] : [{ code, detail: reason }],
    });
  }
  return ok({
    policyVersion: policyVersion(policy),
    lines: shown,
    totals: {
      employerMonthly: formatYuan(fen(totals.employer)),
      employeeMonthly: formatYuan(fen(totals.employee)),
      backPay: formatYuan(fen(totals.backPay)),
    },
  });
}

function baseOf(unit: Unit, { effectiveMonth, wageFen }: WageLine, today: string) {
  const policy = policyFor(unit.region);
  const insurance = leadingInsurance(unit);
  const found = baseFor(policy, unit.region, insurance, effectiveMonth, wageFen, today);
  if (!found.ok) return { contributionBase: null, clamped: null, floor: null, cap: null };
  const { baseFen, clamped, bounds } = found.value;
  return {
    contributionBase: formatYuan(baseFen),
    clamped,
    floor: formatYuan(bounds.floorFen),
    cap: formatYuan(bounds.capFen),
  };
}

/** The month from which another wage holds. */
function nextWage(person: WagedPerson, own: readonly WageLine[], month: Month): number {
  const later = [...person.wages, ...own]
    .map(({ effectiveMonth }) => effectiveMonth)
    .filter((each) => each > month);
  return Math.min(Infinity, ...later);
}

/**
 * Everybody's lines with the new wages, from the first new one on, in one assessment. The unit's
 * share on total payroll is split by wage, as lines without a person id.
 */
function assessAll(
  unit: Unit,
  people: ReadonlyMap<string, WagedPerson>,
  own: ReadonlyMap<string, readonly WageLine[]>,
  first: ReadonlyMap<string, Month>,
  today: string,
): Result<Map<string, LevyLine[]>, Refusal> {
  const policy = policyFor(unit.region);
  const current = currentPeriod(today);
  const common = { policy, unit: unit.profile, current, asOf: today, declaredOn: today };
  const assessed = [...own].flatMap(([personId, lines]) => {
    const person = people.get(personId);
    const assessFrom = first.get(personId);
    if (!person || assessFrom === undefined) return [];
    const declared = new Set(lines.map(({ effectiveMonth }) => effectiveMonth));
    const kept = person.wages.filter(({ effectiveMonth }) => !declared.has(effectiveMonth));
    const wages = [...kept, ...lines].map((wage) => ({
      effective: wage.effectiveMonth,
      wageFen: wage.wageFen,
    }));
    return [{ id: personId, enrolments: person.roster.enrolments, wages, assessFrom }];
  });
  const never = (current + 1) as Month;
  const answer = assess({ ...common, people: assessed, assessAggregateFrom: never });
  const from = Math.min(current, ...first.values()) as Month;
  const payroll = assess({ ...common, people: assessed, assessAggregateFrom: from });
  if (!answer.ok) return err(policyRefusal(answer.error));
  if (!payroll.ok) return err(policyRefusal(payroll.error));
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
    if (share && line.payer === 'employee') lines.push(shareOfPayroll(unit, share, line));
  }
  return ok(byPerson);
}

/** The part of the unit's share that one person's wage makes. */
function shareOfPayroll(unit: Unit, share: LevyLine, { wageFen }: LevyLine): LevyLine {
  const amountFen = shareOf(roundedWage(unit, share, wageFen), share.ratePpm);
  return { ...share, wageFen, amountFen, deltaFen: amountFen };
}

function roundedWage(unit: Unit, line: LevyLine, wageFen: Fen): Fen {
  const { insurance, period } = line;
  const rounding = roundingFor(policyFor(unit.region), unit.region, insurance, period);
  return rounding.ok ? roundBase(wageFen, rounding.value.base) : wageFen;
}

/** The cost of one line: its months in the current period and before, against what is levied. */
function costOf(
  unit: Unit,
  lines: readonly LevyLine[],
  levied: readonly LeviedMonth[],
  today: string,
): Result<Cost, Refusal> {
  const policy = policyFor(unit.region);
  const current = currentPeriod(today);
  const due = dueDateOf(policy, unit.region, current, current);
  if (!due.ok) return due;
  let [employer, employee, backPay, lateFee] = [0, 0, 0, 0];
  const months = new Set<Month>();
  for (const each of lines) {
    if (each.period === current) {
      if (each.payer === 'employer') employer += each.amountFen;
      else employee += each.amountFen;
      continue;
    }
    const difference = each.amountFen - leviedFor(unit, each, levied);
    if (difference === 0) continue;
    months.add(each.period);
    backPay += difference;
    if (difference > 0)
      lateFee += lateFeeOn(policy, unit.region, fen(difference), due.value, today);
  }
  return ok({
    employerFen: fen(employer),
    employeeFen: fen(employee),
    backPayMonths: months.size,
    backPayFen: fen(backPay),
    lateFeeFen: fen(lateFee),
  });
}

/** What is levied for a line's month; on the total payroll: the part that the person's wage made. */
function leviedFor(unit: Unit, line: LevyLine, levied: readonly LeviedMonth[]): number {
  const month = levied.filter(
    (row) => row.insurance === line.insurance && row.period === line.period,
  );
  if (line.personId !== null) {
    return month.reduce((sum, row) => sum + (row.payer === line.payer ? row.amountFen : 0), 0);
  }
  const last = month.findLast((row) => row.payer === 'employee');
  if (!last) return 0;
  return shareOf(roundedWage(unit, line, last.wageFen), line.ratePpm);
}

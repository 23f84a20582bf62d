import { type ErrorCode, errorText } from '@shebao/contract';
import { type Fen, formatMonthChinese, formatYuan, type Month } from '@shebao/kernel';

/** 状态 of a wage declaration, as shown in 申报记录. */
export type WageStatus = '待反馈' | '全部申报成功' | '部分申报成功' | '全部申报失败';

/** What may happen to a wage declaration. */
export type WageEvent = 'allAccepted' | 'someAccepted' | 'noneAccepted';

/** The whole life of a wage declaration: a state that is no key is final. */
export const wageTransitions: Readonly<
  Partial<Record<WageStatus, Readonly<Record<WageEvent, WageStatus>>>>
> = {
  待反馈: {
    allAccepted: '全部申报成功',
    someAccepted: '部分申报成功',
    noneAccepted: '全部申报失败',
  },
};

/** One line of a submission: this person's wage (fen a month) from this month on. */
export interface WageLine {
  readonly personId: string;
  readonly effectiveMonth: Month;
  readonly wageFen: Fen;
}

/** Months of one insurance, both ends inclusive; `to` null: still insured. */
export interface EnrolledMonths {
  readonly from: Month;
  readonly to: Month | null;
}

/** What judging a line needs to know of a person. */
export interface WagePerson {
  readonly personId: string;
  readonly name: string;
  readonly enrolments: readonly EnrolledMonths[];
  /** Months before this one were levied by the former system and need no wage any more. */
  readonly historyBefore: Month | null;
  /** Effective months of the wages in force, in any order. */
  readonly wageMonths: readonly Month[];
}

/** The region's rules as far as declaring a wage goes. */
export interface WagePolicy {
  /** Lowest lawful monthly wage in that month; null: not known, no check. */
  minimumWage(month: Month): Fen | null;
  /** Options of 生效年月: the start month, then the first month of each later base year. */
  effectiveMonths(start: Month, current: Month): readonly Month[];
  /** First month of the base year that holds this month. */
  baseYearStart(month: Month): Month;
}

/** What became of one line. `code` null: accepted. */
export interface WageVerdict {
  readonly line: WageLine;
  readonly code: ErrorCode | null;
  /** Chinese, for the column 原因; empty when accepted. */
  readonly reason: string;
}

/** The first month of the person's first insurance; undefined for somebody never insured. */
export function startOf(person: Pick<WagePerson, 'enrolments'>): Month | undefined {
  let first: Month | undefined;
  for (const { from } of person.enrolments) if (first === undefined || from < first) first = from;
  return first;
}

/** First month within `from`…`to` in which the person is insured by anything and not levied. */
function firstLiable(person: WagePerson, from: Month, to: Month): Month | undefined {
  const open = Math.max(from, person.historyBefore ?? from);
  let first: number | undefined;
  for (const enrolment of person.enrolments) {
    const begin = Math.max(open, enrolment.from);
    if (begin > Math.min(to, enrolment.to ?? to)) continue;
    if (first === undefined || begin < first) first = begin;
  }
  return first as Month | undefined;
}

function insuredWithin(person: WagePerson, from: number, to: number): boolean {
  return person.enrolments.some((e) => e.from <= to && (e.to ?? to) >= from);
}

/**
 * The options of 生效年月 that lack a wage, in time order: base years with a liable month that no
 * wage of the same base year reaches.
 */
export function missingMonths(person: WagePerson, policy: WagePolicy, current: Month): Month[] {
  const start = startOf(person);
  if (start === undefined || start > current) return [];
  const options = policy.effectiveMonths(start, current);
  const missing: Month[] = [];
  for (const [index, option] of options.entries()) {
    const end = ((options[index + 1] ?? current + 1) - 1) as Month;
    const liable = firstLiable(person, option, end);
    if (liable === undefined) continue;
    const yearStart = policy.baseYearStart(option);
    if (!person.wageMonths.some((month) => month >= yearStart && month <= liable)) {
      missing.push(option);
    }
  }
  return missing;
}

/** The sentence for a line out of time order, exactly as the client shows it. */
function yearOrderSentence(name: string, first: Month): string {
  return `${name}：${errorText('WAGE_YEAR_ORDER', { month: formatMonthChinese(first) })}`;
}

function refuse(line: WageLine, code: ErrorCode, reason = errorText(code)): WageVerdict {
  return { line, code, reason };
}

function judgeMonth(line: WageLine, person: WagePerson, options: readonly Month[]) {
  const index = options.indexOf(line.effectiveMonth);
  const end = index < 0 ? line.effectiveMonth : (options[index + 1] ?? Infinity) - 1;
  if (!insuredWithin(person, line.effectiveMonth, end)) return refuse(line, 'WAGE_NOT_INSURED');
  return index < 0 ? refuse(line, 'WAGE_MONTH_INVALID') : undefined;
}

function judgeLine(
  line: WageLine,
  person: WagePerson,
  policy: WagePolicy,
  current: Month,
): WageVerdict {
  const start = startOf(person);
  const options = start === undefined ? [] : policy.effectiveMonths(start, current);
  const badMonth = judgeMonth(line, person, options);
  if (badMonth) return badMonth;
  const minimum = policy.minimumWage(line.effectiveMonth);
  if (minimum !== null && line.wageFen < minimum) {
    const reason = errorText('WAGE_BELOW_MINIMUM', { minimum: formatYuan(minimum) });
    return refuse(line, 'WAGE_BELOW_MINIMUM', reason);
  }
  const [first] = missingMonths(person, policy, current);
  if (first !== undefined && first < line.effectiveMonth) {
    return refuse(line, 'WAGE_YEAR_ORDER', yearOrderSentence(person.name, first));
  }
  return { line, code: null, reason: '' };
}

/**
 * Judges all lines of one submission and answers in their order. A person's lines are judged in
 * time order, each seeing the accepted ones before it, so that 2019 and 2020 may come together.
 * The same person and month twice: neither line is accepted.
 */
export function judgeWages(
  lines: readonly WageLine[],
  people: ReadonlyMap<string, WagePerson>,
  policy: WagePolicy,
  current: Month,
): WageVerdict[] {
  const byPerson = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const own = byPerson.get(line.personId);
    if (own) own.push(index);
    else byPerson.set(line.personId, [index]);
  }
  const verdicts = Array.from<WageVerdict>({ length: lines.length });
  for (const [personId, own] of byPerson) {
    const person = people.get(personId);
    const sorted = own
      .map((index) => ({ index, line: lines[index] as WageLine }))
      .toSorted((a, b) => a.line.effectiveMonth - b.line.effectiveMonth);
    const counts = new Map<Month, number>();
    for (const { line } of sorted) {
      counts.set(line.effectiveMonth, (counts.get(line.effectiveMonth) ?? 0) + 1);
    }
    let seen = person;
    for (const { index, line } of sorted) {
      let verdict: WageVerdict;
      if (!seen) verdict = refuse(line, 'WAGE_PERSON_UNKNOWN');
      else if ((counts.get(line.effectiveMonth) ?? 0) > 1) verdict = refuse(line, 'WAGE_DUPLICATE');
      else verdict = judgeLine(line, seen, policy, current);
      if (seen && verdict.code === null) {
        seen = { ...seen, wageMonths: [...seen.wageMonths, line.effectiveMonth] };
      }
      verdicts[index] = verdict;
    }
  }
  return verdicts;
}

/** The event that a set of verdicts means for the whole declaration. */
export function outcomeOf(verdicts: readonly Pick<WageVerdict, 'code'>[]): WageEvent {
  const accepted = verdicts.filter(({ code }) => code === null).length;
  if (accepted === verdicts.length) return 'allAccepted';
  return accepted === 0 ? 'noneAccepted' : 'someAccepted';
}

/** The state after an event; undefined where the table has no such step. */
export function wageStatusAfter(status: WageStatus, event: WageEvent): WageStatus | undefined {
  return wageTransitions[status]?.[event];
}

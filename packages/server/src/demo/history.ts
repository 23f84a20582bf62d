import { addMonths, assert, type Month, monthOf } from '@shebao/kernel';
import {
  type AssessPerson,
  assess,
  type Insurance,
  type LevyLine,
  type Policy,
  type UnitProfile,
} from '@shebao/levy';
import type { LeviedSpan } from '../declaration/index.ts';
import type { DemoPerson } from './plan.ts';

/** A person of the plan with the id he got. */
export interface KnownPerson extends DemoPerson {
  readonly personId: string;
}

export interface HistoryInput {
  readonly policy: Policy;
  readonly profile: UnitProfile;
  readonly insurances: readonly Insurance[];
  readonly people: readonly KnownPerson[];
  /** The business date: the former system knew what is known today. */
  readonly today: string;
  readonly period: Month;
}

/** People are assessed in lots: the lines of ten thousand over three years would fill the memory. */
const lotSize = 500;
/** Institution items declared before this month were collected by 人社. */
const handedOver = monthOf(2021, 3);

/**
 * What the former system levied through the month before the current one, as runs of equal months.
 * Runs end before the month in which the collector changed.
 */
export function* leviedHistory(input: HistoryInput): Generator<LeviedSpan> {
  const { period } = input;
  const levied = input.people.filter((person) => !person.newcomer);
  for (let at = 0; at < levied.length; at += lotSize) {
    const lot = levied.slice(at, at + lotSize).map((person) => toAssess(input, person));
    const lines = linesOf(input, lot, { assessAggregateFrom: period });
    yield* runs(lines, () => 1);
  }
  const everybody = levied.map((person) => ({
    ...toAssess(input, person),
    assessFrom: period,
  }));
  yield* runs(linesOf(input, everybody, {}), (line) => peopleIn(levied, line.period));
}

/** Whether 人社 collected this itself. */
export function collectedByAgency(span: LeviedSpan): boolean {
  const { insurance } = span;
  const institution = insurance === 'institutionPension' || insurance === 'occupationalAnnuity';
  return institution && span.to < handedOver;
}

function toAssess(input: HistoryInput, person: KnownPerson): AssessPerson {
  const last = addMonths(input.period, -1);
  const to = person.to !== null && person.to < last ? person.to : last;
  return {
    id: person.personId,
    enrolments: input.insurances.map((insurance) => ({ insurance, from: person.from, to })),
    wages: person.wages.map(({ effectiveMonth, wageFen }) => ({
      effective: effectiveMonth,
      wageFen,
    })),
  };
}

function linesOf(
  input: HistoryInput,
  people: readonly AssessPerson[],
  scope: { readonly assessAggregateFrom?: Month },
): LevyLine[] {
  const { policy, profile, today, period } = input;
  const current = addMonths(period, -1);
  const answer = assess({ policy, unit: profile, people, current, asOf: today, ...scope });
  if (!answer.ok) throw new Error(`demo world: ${JSON.stringify(answer.error)}`);
  const [refusal] = answer.value.refusals;
  assert(refusal === undefined, `demo world: ${JSON.stringify(refusal)}`);
  return answer.value.lines.filter((line) => !line.bookkeeping && line.amountFen > 0);
}

function peopleIn(people: readonly KnownPerson[], period: Month): number {
  return people.filter((person) => person.from <= period && period <= (person.to ?? period)).length;
}

/** Joins lines of neighbouring months that are equal in everything. */
function* runs(
  lines: readonly LevyLine[],
  peopleOf: (line: LevyLine) => number,
): Generator<LeviedSpan> {
  const open = new Map<string, LeviedSpan>();
  const inOrder = [...lines].sort((a, b) => a.period - b.period);
  for (const line of inOrder) {
    const { personId, insurance, payer, period } = line;
    const key = `${personId} ${insurance} ${payer}`;
    const people = peopleOf(line);
    const before = open.get(key);
    if (before && continues(before, line, people)) {
      open.set(key, { ...before, to: period });
      continue;
    }
    if (before) yield before;
    const { wageFen, baseFen, ratePpm, amountFen } = line;
    const figures = { wageFen, baseFen, ratePpm, amountFen, people };
    open.set(key, { personId, insurance, payer, from: period, to: period, ...figures });
  }
  yield* open.values();
}

function continues(span: LeviedSpan, line: LevyLine, people: number): boolean {
  return (
    line.period === span.to + 1 &&
    line.period !== handedOver &&
    line.wageFen === span.wageFen &&
    line.baseFen === span.baseFen &&
    line.ratePpm === span.ratePpm &&
    line.amountFen === span.amountFen &&
    people === span.people
  );
}

import { err, type Fen, fen, type Month, ok, type Result, sumFen } from '@shebao/kernel';
import {
  type AssessPerson,
  assess,
  type Enrolment,
  type Insurance,
  type LevyLine,
  type LevyRefusal,
  lateFeeOn,
  type Policy,
  policyVersion,
  type UnitProfile,
  type Wage,
} from '@shebao/levy';
import type { Cause } from '../assessment/index.ts';
import type { Refusal } from '../platform/index.ts';
import { collectedOn, dueDateOf, policyRefusal } from '../policy/index.ts';
import type { RosterPerson } from '../roster/index.ts';
import type { StoredWage } from '../wage/index.ts';
import { assessBulk, type BulkMonth } from './dues-bulk.ts';
import { collectItems, type DueItem, duesVersion } from './dues-items.ts';
import { retroPayroll } from './dues-payroll.ts';
import { type Scope, scopeOf } from './dues-scope.ts';
import type { LeviedMonth } from './levied.ts';

/** Everything that decides what a unit owes on a day. */
export interface DuesInput {
  readonly policy: Policy;
  readonly unit: UnitProfile;
  /** Business date, YYYY-MM-DD. */
  readonly today: string;
  /** 当前费款所属期 */
  readonly current: Month;
  /** Everybody where months are open or a cause touches the whole unit, else those with causes. */
  readonly people: readonly RosterPerson[];
  readonly wages: readonly StoredWage[];
  readonly causes: readonly Cause[];
  readonly declaredThrough: ReadonlyMap<Insurance, Month>;
  readonly takenOver: ReadonlyMap<string, Month>;
  /** Of touched people, from their first touched month on, oldest declaration first. */
  readonly levied: readonly LeviedMonth[];
  /** Of the unit as a whole, from the first touched month on, oldest declaration first. */
  readonly leviedPayroll: readonly LeviedMonth[];
}

/** What a unit owes on a day. */
export interface Dues {
  readonly current: Month;
  /** First month open for everybody; later than `current`: none. */
  readonly openFrom: Month;
  readonly policyVersion: string;
  readonly items: readonly DueItem[];
  /** 多缴: lines with a negative difference; not part of a declaration. */
  readonly overpaid: readonly LevyLine[];
  readonly refusals: readonly LevyRefusal[];
  /** Different people behind the items. */
  readonly people: number;
  readonly amountFen: Fen;
  readonly lateFeeFen: Fen;
  /** Not positive. */
  readonly overpaidFen: Fen;
  /** Insurances that are declared through `current` once this is. */
  readonly covers: readonly Insurance[];
  readonly version: string;
  /** Open causes that a declaration of these dues takes up. */
  settles(overpaidRecorded: boolean): string[];
}

/**
 * What a unit owes: the open months of everybody and the months that open causes touch, less what is
 * levied. POLICY_MISSING when a rule has no value.
 */
export function computeDues(input: DuesInput): Result<Dues, Refusal> {
  const collected = collectedOn(input.policy, input.unit.region, input.today);
  const scope = scopeOf({ ...input, collected });
  const bulk = assessBulk(input, scope, collected);
  if (!bulk.ok) return err(policyRefusal(bulk.error));
  const people = assessPeople(input, scope, new Set(bulk.value?.personIds));
  const rest = bulk.value?.rest;
  const answer = assess({
    policy: input.policy,
    unit: input.unit,
    people: rest ? [...people, rest] : people,
    current: input.current,
    asOf: input.today,
    declaredOn: input.today,
    leviedAggregate: [],
    assessAggregateFrom: scope.firstOpen,
  });
  if (!answer.ok) return err(policyRefusal(answer.error));
  const touched = scope.unitWide ? people : people.filter(({ id }) => scope.touched.has(id));
  const retro = retroPayroll(input, scope, touched);
  if (!retro.ok) return err(policyRefusal(retro.error));
  const lines: LevyLine[] = [];
  for (const line of answer.value.lines) {
    if (line.bookkeeping) continue;
    const { personId, insurance, period } = line;
    if (personId === null) {
      if (period >= scope.openFrom(insurance)) lines.push(line);
    } else if (scope.covers(personId, insurance, period)) lines.push(line);
  }
  for (const line of retro.value) lines.push(line);
  const refusals = answer.value.refusals.filter(
    ({ personId, insurance, to }) => personId !== null && scope.covers(personId, insurance, to),
  );
  return gather(input, scope, lines, refusals, bulk.value);
}

function assessPeople(input: DuesInput, scope: Scope, done: ReadonlySet<string>): AssessPerson[] {
  const people = input.people.filter(({ personId }) => !done.has(personId));
  if (people.length === 0) return [];
  const ids = new Set(people.map(({ personId }) => personId));
  const own = input.wages.filter(({ personId }) => ids.has(personId));
  const wages = groupBy(own, ({ personId }) => personId);
  const levied = groupBy(input.levied, ({ personId }) => personId ?? '');
  const none: readonly Wage[] = [];
  return people.map((person) => ({
    id: person.personId,
    enrolments: enrolmentsInScope(person, scope),
    wages:
      wages
        .get(person.personId)
        ?.map(({ effectiveMonth, wageFen }) => ({ effective: effectiveMonth, wageFen })) ?? none,
    levied: levied.get(person.personId) ?? [],
    assessFrom: Math.min(
      scope.firstOpen,
      ...scope.touchesOf(person.personId).map(({ from }) => from),
    ) as Month,
  }));
}

/** A person's enrolments without the months that neither are open nor concern a cause. */
function enrolmentsInScope(
  { personId, enrolments }: RosterPerson,
  scope: Scope,
): readonly Enrolment[] {
  if (scope.uniform && scope.touchesOf(personId).length === 0) return enrolments;
  return enrolments.flatMap(({ insurance, from, to }) => {
    const first = scope.assessFrom(personId, insurance);
    if (first <= from) return [{ insurance, from, to }];
    return first > (to ?? scope.current) ? [] : [{ insurance, from: first, to }];
  });
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function gather(
  input: DuesInput,
  scope: Scope,
  lines: readonly LevyLine[],
  refusals: readonly LevyRefusal[],
  bulk: BulkMonth | null,
): Result<Dues, Refusal> {
  const { policy, unit, today, current } = input;
  const collector = collectItems();
  const overpaid: LevyLine[] = [];
  const people = new Set<string>();
  const payroll = new Map<string, number>();
  const dueDate = dueDates(input, scope);
  for (const line of lines) {
    if (line.deltaFen < 0) {
      overpaid.push(line);
      continue;
    }
    const due = dueDate(line);
    if (!due.ok) return due;
    collector.add(line, due.value);
    if (line.personId === null) continue;
    people.add(line.personId);
    if (line.payer === 'employee') {
      const key = `${line.insurance} ${line.period}`;
      payroll.set(key, (payroll.get(key) ?? 0) + 1);
    }
  }
  let bulkPeople = 0;
  if (bulk) {
    const due = dueDateOf(policy, unit.region, current, current);
    if (!due.ok) return due;
    collector.addBulk(bulk, current, due.value);
    bulkPeople = countBulk(bulk, current, payroll);
  }
  const items = collector.finish(
    (amountFen, due) => lateFeeOn(policy, unit.region, amountFen, due, today),
    (insurance, period) => payroll.get(`${insurance} ${period}`) ?? 0,
  );
  const overpaidFen = sumFen(overpaid.map((line) => line.deltaFen));
  return ok({
    current: input.current,
    openFrom: scope.firstOpen,
    policyVersion: policyVersion(policy),
    items,
    overpaid,
    refusals,
    people: people.size + bulkPeople,
    amountFen: sumFen(items.map((item) => item.amountFen)),
    lateFeeFen: sumFen(items.map((item) => item.lateFeeFen)),
    overpaidFen,
    covers: collectedOn(policy, unit.region, today),
    version: duesVersion(items, overpaidFen),
    settles: (recorded) => settledCauses(input, refusals, recorded ? [] : overpaid),
  });
}

/** Counts the people of a month assessed by columns, and adds those behind lines on the payroll. */
function countBulk(
  { personIds, columns }: BulkMonth,
  current: Month,
  payroll: Map<string, number>,
): number {
  const counted = new Uint8Array(personIds.length);
  for (const { insurance, payer, amountFen } of columns) {
    let count = 0;
    for (let at = 0; at < amountFen.length; at += 1) {
      if (amountFen[at] === 0) continue;
      counted[at] = 1;
      count += 1;
    }
    if (payer !== 'employee') continue;
    const key = `${insurance} ${current}`;
    payroll.set(key, (payroll.get(key) ?? 0) + count);
  }
  return counted.reduce((sum, one) => sum + one, 0);
}

/** The due date of a line, looked up once per month and month of finding. */
function dueDates(input: DuesInput, scope: Scope): (line: LevyLine) => Result<string, Refusal> {
  const known = new Map<number, Result<string, Refusal>>();
  return ({ personId, insurance, period }) => {
    const foundIn =
      personId === null
        ? scope.payrollFoundIn(insurance, period)
        : scope.foundIn(personId, insurance, period);
    const key = period * 100_000 + foundIn;
    let due = known.get(key);
    if (!due) known.set(key, (due = dueDateOf(input.policy, input.unit.region, period, foundIn)));
    return due;
  };
}

/**
 * Causes that are done with once these dues are declared. One stays open while a month of its person
 * is refused for want of a wage, while it touches an insurance that is not collected yet, and while
 * its overpayment is not recorded.
 */
function settledCauses(
  input: DuesInput,
  refusals: readonly LevyRefusal[],
  unrecorded: readonly LevyLine[],
): string[] {
  const held = new Set<string>();
  for (const { personId } of [...refusals, ...unrecorded])
    if (personId !== null) held.add(personId);
  const collected = new Set(collectedOn(input.policy, input.unit.region, input.today));
  const uncollected = new Set<string>();
  for (const person of input.people) {
    if (person.enrolments.some(({ insurance }) => !collected.has(insurance))) {
      uncollected.add(person.personId);
    }
  }
  const unitHeld = held.size > 0 || uncollected.size > 0;
  return input.causes
    .filter(({ personId, insurance }) => {
      if (personId === null) return !unitHeld;
      if (held.has(personId)) return false;
      return insurance === null ? !uncollected.has(personId) : collected.has(insurance);
    })
    .map(({ id }) => id);
}

/** Sum of what is due with late fees: what the submitter confirms. */
export function totalOf(dues: Pick<Dues, 'amountFen' | 'lateFeeFen'>): Fen {
  return fen(dues.amountFen + dues.lateFeeFen);
}

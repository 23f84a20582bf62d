import { type Fen, type Month, ok, type Result } from '@shebao/kernel';
import { assess } from './assess.ts';
import { type MonthColumn, monthColumns } from './columnar.ts';
import { createPlan } from './plan.ts';
import type { LevyError, Policy } from './rules.ts';
import type {
  Assessment,
  AssessPerson,
  Insurance,
  Levied,
  LevyLine,
  Payer,
  UnitProfile,
} from './types.ts';

/** What was true when people were last assessed, and what is true now. */
export interface RetroInput {
  readonly policy: Policy;
  readonly unit: UnitProfile;
  readonly current: Month;
  readonly before: readonly AssessPerson[];
  readonly after: readonly AssessPerson[];
  /** The day as of which rules were known before; differs from `asOf` when bounds were published since. */
  readonly asOfBefore?: string;
  readonly asOf?: string;
  /** The unit as it was before, where its properties changed. */
  readonly unitBefore?: UnitProfile;
}

/**
 * What changes (补缴, 补差, 多缴) when history turns out to be different: lines whose deltas complete
 * what was assessed before to what is due now. Nothing changed: no lines. People who are no longer in
 * `after` get back everything.
 *
 * @example
 * const raised = { ...someone, wages: [{ effective: month('2021-02'), wageFen: fen(900000) }] };
 * const changed = { policy, unit, before: [someone], after: [raised], current: month('2021-03'), asOf: '2021-03-10' };
 * // 9000 − 8251 yuan of base, 16 %.
 * value(retro(changed)).lines[0].deltaFen //=> 11984
 * value(retro({ ...changed, after: [someone] })).lines //=> []
 */
export function retro(input: RetroInput): Result<Assessment, LevyError> {
  const { policy, unit, current, after } = input;
  const known = input.asOfBefore === undefined ? {} : { asOf: input.asOfBefore };
  const first = assess({
    policy,
    unit: input.unitBefore ?? unit,
    people: input.before,
    current,
    ...known,
  });
  if (!first.ok) return first;
  const levied = Map.groupBy(
    first.value.lines.filter((line) => !line.bookkeeping),
    (line) => line.personId,
  );
  const staying = new Set(after.map((person) => person.id));
  const gone = input.before
    .filter((person) => !staying.has(person.id))
    .map((person): AssessPerson => ({ id: person.id, enrolments: [], wages: [] }));
  const people = [...after, ...gone].map((person) => ({
    ...person,
    levied: (levied.get(person.id) ?? []).map(asLevied),
  }));
  const second = assess({
    policy,
    unit,
    people,
    current,
    leviedAggregate: (levied.get(null) ?? []).map(asLevied),
    ...(input.asOf === undefined ? {} : { asOf: input.asOf }),
  });
  if (!second.ok) return second;
  return ok({ ...second.value, lines: second.value.lines.filter((line) => !line.bookkeeping) });
}

function asLevied({ insurance, payer, period, amountFen }: LevyLine): Levied {
  return { insurance, payer, period, amountFen };
}

/** Two histories of the same people as columns: the wage in force, an array of people a month. */
export interface RetroColumnsInput {
  readonly policy: Policy;
  readonly unit: UnitProfile;
  readonly insurances: readonly Insurance[];
  /** The first month; the others follow. */
  readonly from: Month;
  readonly before: readonly Int32Array[];
  readonly after: readonly Int32Array[];
  readonly asOfBefore?: string;
  readonly asOf?: string;
}

/** What changed for whom, one entry a changed amount. Entries lie in all arrays at the same place. */
export interface RetroColumns {
  readonly length: number;
  readonly person: Int32Array;
  readonly period: Int32Array;
  /** Index into `kinds`. */
  readonly kind: Uint8Array;
  readonly amountFen: Int32Array;
  readonly deltaFen: Int32Array;
  readonly kinds: readonly { readonly insurance: Insurance; readonly payer: Payer }[];
  /** Shares on the total payroll that changed. */
  readonly aggregates: readonly RetroAggregate[];
}

/** A month's change of a share that is levied on the total payroll. */
export interface RetroAggregate {
  readonly insurance: Insurance;
  readonly period: Month;
  readonly amountFen: Fen;
  readonly deltaFen: Fen;
}

/**
 * Compares two histories month by month in columns: 36 months of 100,000 people in well under a second.
 * The same deltas as `retro` gives for people who are enrolled throughout.
 *
 * @example
 * const wages = (yuan) => [Int32Array.of(yuan * 100)];
 * const compared = { policy, unit, from: month('2020-03'), before: wages(8000), after: wages(9000), insurances: ['institutionPension'] };
 * [...value(retroColumns(compared)).deltaFen] //=> [16000, 8000]
 */
export function retroColumns(input: RetroColumnsInput): Result<RetroColumns, LevyError> {
  const planBefore = createPlan(input.policy, input.unit, input.asOfBefore);
  const planAfter = createPlan(input.policy, input.unit, input.asOf);
  const sink = createSink();
  for (const [at, afterFen] of input.after.entries()) {
    const period = (input.from + at) as Month;
    const beforeFen = input.before[at] ?? new Int32Array(afterFen.length).fill(-1);
    const common = { period, insurances: input.insurances };
    const was = monthColumns(planBefore, { ...common, wagesFen: beforeFen });
    if (!was.ok) return was;
    const is = monthColumns(planAfter, { ...common, wagesFen: afterFen });
    if (!is.ok) return is;
    sink.compare(period, was.value, is.value);
  }
  return ok(sink.finish());
}

const noAmounts = new Int32Array(0);

function createSink() {
  let capacity = 1 << 16;
  let length = 0;
  let person = new Int32Array(capacity);
  let period = new Int32Array(capacity);
  let kind = new Uint8Array(capacity);
  let amountFen = new Int32Array(capacity);
  let deltaFen = new Int32Array(capacity);
  const kinds: { insurance: Insurance; payer: Payer }[] = [];
  const aggregates: RetroAggregate[] = [];
  const reserve = (more: number) => {
    if (length + more <= capacity) return;
    while (length + more > capacity) capacity *= 2;
    person = grow(person, new Int32Array(capacity));
    period = grow(period, new Int32Array(capacity));
    kind = grow(kind, new Uint8Array(capacity));
    amountFen = grow(amountFen, new Int32Array(capacity));
    deltaFen = grow(deltaFen, new Int32Array(capacity));
  };
  const compareColumn = (month: Month, was: MonthColumn | undefined, is: MonthColumn) => {
    const old = was?.amountFen ?? noAmounts;
    reserve(is.amountFen.length);
    const at = kindAt(kinds, is);
    for (let who = 0; who < is.amountFen.length; who++) {
      const amount = is.amountFen[who] as number;
      const delta = amount - (old[who] ?? 0);
      if (delta === 0) continue;
      person[length] = who;
      period[length] = month;
      kind[length] = at;
      amountFen[length] = amount;
      deltaFen[length] = delta;
      length++;
    }
  };
  return {
    compare(month: Month, was: readonly MonthColumn[], is: readonly MonthColumn[]) {
      for (const column of is) {
        if (column.bookkeeping) continue;
        const old = was.find((each) => isSame(each, column));
        if (!column.aggregate) {
          compareColumn(month, old, column);
          continue;
        }
        const delta = column.totalFen - (old?.totalFen ?? 0);
        if (delta === 0) continue;
        const { insurance, totalFen } = column;
        aggregates.push({ insurance, period: month, amountFen: totalFen, deltaFen: delta as Fen });
      }
    },
    finish: (): RetroColumns => ({
      length,
      person: person.subarray(0, length),
      period: period.subarray(0, length),
      kind: kind.subarray(0, length),
      amountFen: amountFen.subarray(0, length),
      deltaFen: deltaFen.subarray(0, length),
      kinds,
      aggregates,
    }),
  };
}

function isSame(left: MonthColumn, right: MonthColumn): boolean {
  return left.insurance === right.insurance && left.payer === right.payer && !left.bookkeeping;
}

function kindAt(
  kinds: { insurance: Insurance; payer: Payer }[],
  { insurance, payer }: MonthColumn,
): number {
  const found = kinds.findIndex((each) => each.insurance === insurance && each.payer === payer);
  return found >= 0 ? found : kinds.push({ insurance, payer }) - 1;
}

function grow<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

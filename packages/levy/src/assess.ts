import { assert, type Fen, type Month, ok, type Result } from '@shebao/kernel';
import { createAggregates } from './assess-aggregate.ts';
import { assessPerson } from './assess-person.ts';
import { isCollected } from './collected.ts';
import { insuranceName } from './names.ts';
import { type BoundsOverride, createPlan, type Plan } from './plan.ts';
import type { LevyError } from './rules.ts';
import type {
  AssessInput,
  Assessment,
  Insurance,
  LevyLine,
  LevyRefusal,
  LevyTotal,
} from './types.ts';
import { insurances, payers } from './types.ts';

/** What grows while people are assessed one after the other. */
export interface Work {
  readonly plan: Plan;
  readonly current: Month;
  readonly lines: LevyLine[];
  readonly refusals: LevyRefusal[];
}

/**
 * Assesses (核定) people of a unit: every liable month from each person's start (or `assessFrom`)
 * through `current`, wage → rounding → bounds → rate → amount, less what was levied. A line appears
 * where something is due or overpaid, and where it is only recorded. Months without a declared wage
 * are refused person by person; a rule without a value refuses the whole with `POLICY_MISSING`.
 * Pure: same input, same answer; the order of arrays means nothing but the order of lines.
 *
 * @example
 * const input = { policy, unit, people: [someone], current: month('2021-03'), asOf: '2021-03-10' };
 * const { lines, totals } = value(assess(input));
 * lines.length //=> 4
 * lines[0].amountFen //=> 132016
 * totals[0] //=> { insurance: 'institutionPension', payer: 'employer', amountFen: 264032, deltaFen: 264032 }
 */
export function assess(
  input: AssessInput,
  override?: BoundsOverride,
): Result<Assessment, LevyError> {
  const plan = createPlan(input.policy, input.unit, input.asOf, override);
  const work: Work = { plan, current: input.current, lines: [], refusals: [] };
  const aggregates = createAggregates(work, input);
  const notOffered = notOfferedBy(input);
  for (const person of input.people) {
    const failed = assessPerson(work, person, notOffered, aggregates);
    if (failed) return { ok: false, error: failed };
  }
  aggregates.settle(notOffered);
  refuseNotCollected(input, notOffered, work);
  return ok({ lines: work.lines, refusals: work.refusals, totals: totalsOf(work.lines) });
}

/** Insurances of which nothing is offered on the day of declaration. */
function notOfferedBy(input: AssessInput): ReadonlySet<Insurance> {
  const { policy, unit, declaredOn } = input;
  if (declaredOn === undefined) return new Set();
  return new Set(insurances.filter((each) => !isCollected(policy, unit, each, declaredOn)));
}

function refuseNotCollected(
  input: AssessInput,
  notOffered: ReadonlySet<Insurance>,
  work: Work,
): void {
  for (const insurance of notOffered) {
    const starts = input.people.flatMap((person) =>
      person.enrolments.filter((each) => each.insurance === insurance).map((each) => each.from),
    );
    const from = starts.reduce((first, each) => (each < first ? each : first), input.current);
    if (starts.length === 0) continue;
    work.refusals.push({
      personId: null,
      insurance,
      from,
      to: input.current,
      code: 'NOT_COLLECTED',
      detail: `${input.declaredOn}尚不受理${insuranceName(insurance)}的申报`,
    });
  }
}

/**
 * Sums of the collected lines by insurance and payer, in their listed order.
 *
 * @example
 * totalsOf([line]) //=> [{ insurance: 'institutionPension', payer: 'employer', amountFen: 132016, deltaFen: 132016 }]
 */
export function totalsOf(lines: readonly LevyLine[]): readonly LevyTotal[] {
  const sums = new Map<string, { amount: number; delta: number }>();
  for (const line of lines) {
    if (line.bookkeeping) continue;
    const key = `${line.insurance}|${line.payer}`;
    const sum = sums.get(key);
    if (sum) {
      sum.amount += line.amountFen;
      sum.delta += line.deltaFen;
    } else sums.set(key, { amount: line.amountFen, delta: line.deltaFen });
  }
  const totals: LevyTotal[] = [];
  for (const insurance of insurances) {
    for (const payer of payers) {
      const sum = sums.get(`${insurance}|${payer}`);
      if (!sum) continue;
      assert(Number.isSafeInteger(sum.amount) && Number.isSafeInteger(sum.delta), 'sum too large');
      totals.push({ insurance, payer, amountFen: sum.amount as Fen, deltaFen: sum.delta as Fen });
    }
  }
  return totals;
}

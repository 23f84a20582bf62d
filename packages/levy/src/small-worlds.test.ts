import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fen, type Month } from '@shebao/kernel';
import { assess } from './assess.ts';
import { nationalAndZhejiang as policy } from './packs.ts';
import { enterprise, m, must } from './testing.ts';
import type { AssessPerson, Enrolment, Insurance, Levied, LevyLine, Wage } from './types.ts';

// Two people, three months around a new year and the end of aggregate levying, a few changes in every order.
const current = m('2022-01');
const insurances: readonly Insurance[] = ['enterprisePension', 'medical'];

interface World {
  readonly people: readonly {
    readonly from: Month;
    readonly to: Month | null;
    readonly wages: readonly Wage[];
  }[];
  readonly asOf: string;
}

type Change = (world: World) => World;

const changePerson =
  (who: number, change: (person: World['people'][number]) => World['people'][number]): Change =>
  (world) => ({
    ...world,
    people: world.people.map((each, at) => (at === who ? change(each) : each)),
  });

const wage = (who: number, month: string, yuan: number): Change =>
  changePerson(who, (person) => ({
    ...person,
    wages: [
      ...person.wages.filter((each) => each.effective !== m(month)),
      { effective: m(month), wageFen: fen(yuan * 100) },
    ],
  }));

const start = (who: number, month: string): Change =>
  changePerson(who, (person) => ({ ...person, from: m(month) }));

const stop = (who: number, month: string): Change =>
  changePerson(who, (person) => ({ ...person, to: m(month) }));

const publish =
  (asOf: string): Change =>
  (world) => ({ ...world, asOf });

function both(yuan: number): readonly Wage[] {
  return ['2021-11', '2022-01'].map((month) => ({ effective: m(month), wageFen: fen(yuan * 100) }));
}

const first: World = {
  people: [
    { from: m('2021-12'), to: null, wages: both(6000) },
    { from: m('2021-11'), to: null, wages: both(8000) },
  ],
  asOf: '2022-01-10',
};

const changes: readonly Change[] = [
  wage(0, '2021-12', 3000),
  wage(0, '2022-01', 25_000),
  wage(1, '2022-01', 9000),
  wage(1, '2021-12', 7000),
  start(0, '2021-11'),
  stop(1, '2021-12'),
  publish('2023-01-01'),
];

/** Every sequence of one to `length` different changes. */
function* sequences(length: number, used: readonly number[] = []): Generator<readonly number[]> {
  if (used.length > 0) yield used;
  if (used.length === length) return;
  for (const at of changes.keys()) {
    if (!used.includes(at)) yield* sequences(length, [...used, at]);
  }
}

function peopleOf(world: World, levied: readonly LevyLine[]): readonly AssessPerson[] {
  return world.people.map(({ from, to, wages }, at) => ({
    id: String(at),
    enrolments: insurances.map((insurance): Enrolment => ({ insurance, from, to })),
    wages,
    levied: levied.filter((line) => line.personId === String(at)).map(entry),
  }));
}

function entry({ insurance, payer, period, deltaFen }: LevyLine): Levied {
  return { insurance, payer, period, amountFen: deltaFen };
}

function run(world: World, levied: readonly LevyLine[]) {
  return must(
    assess({
      policy,
      unit: enterprise,
      current,
      asOf: world.asOf,
      people: peopleOf(world, levied),
      leviedAggregate: levied.filter((line) => line.personId === null).map(entry),
    }),
  );
}

/** What stands levied per person, item and month. */
function balance(lines: readonly LevyLine[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const line of lines) {
    const key = `${line.personId} ${line.insurance} ${line.payer} ${line.period}`;
    const sum = (sums.get(key) ?? 0) + line.deltaFen;
    if (sum === 0) sums.delete(key);
    else sums.set(key, sum);
  }
  return new Map([...sums].sort(([left], [right]) => (left < right ? -1 : 1)));
}

test('whatever the order of up to four changes, levying after each ends where levying once does', () => {
  const ends = new Map<string, ReadonlyMap<string, number>>();
  let worlds = 0;
  for (const sequence of sequences(4)) {
    let world = first;
    let levied = run(world, []).lines;
    for (const at of sequence) {
      world = changes[at]?.(world) ?? world;
      levied = [...levied, ...run(world, levied).lines];
    }
    const once = run(world, []);
    // Where months are refused, what was levied for them before waits for the wage.
    if (once.refusals.length === 0) assert.deepEqual(balance(levied), balance(once.lines));
    assert.deepEqual(run(world, levied).lines, []);
    if (once.refusals.length === 0) {
      const key = sequence.toSorted((left, right) => left - right).join();
      const known = ends.get(key);
      if (known) assert.deepEqual(balance(levied), known);
      else ends.set(key, balance(levied));
    }
    worlds++;
  }
  assert.equal(worlds, 7 + 7 * 6 + 7 * 6 * 5 + 7 * 6 * 5 * 4);
  assert.ok(ends.size > 50, `only ${ends.size} complete worlds`);
});

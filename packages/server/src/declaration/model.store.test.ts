import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMonths, formatMonth, type Month } from '@shebao/kernel';
import { assess, type LevyLine } from '@shebao/levy';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { Unit } from '../employer/index.ts';
import type { TestWorld } from '../platform/testing.ts';
import { policyFor } from '../policy/index.ts';
import { loadRoster } from '../roster/index.ts';
import { loadWages } from '../wage/index.ts';
import { checkLevied } from './check.ts';
import {
  arrive,
  askVoid,
  declareWages,
  duesOf,
  makeUnit,
  month,
  openWorld,
  setBill,
  statusOf,
  submit,
} from './testing.ts';

/** What a clerk, the agencies or time may do. Numbers choose among what there is. */
type Step =
  | { readonly do: 'arrive'; readonly who: number; readonly monthsAgo: number }
  | { readonly do: 'stop'; readonly who: number; readonly monthsAgo: number }
  | { readonly do: 'wage'; readonly who: number; readonly option: number; readonly yuan: number }
  | { readonly do: 'declare' | 'nextMonth' }
  | { readonly do: 'void' | 'pay'; readonly which: number };

const small = (max: number) => fc.integer({ min: 0, max });
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('arrive' as const), who: small(3), monthsAgo: small(14) }),
  fc.record({ do: fc.constant('stop' as const), who: small(3), monthsAgo: small(2) }),
  fc.record({
    do: fc.constant('wage' as const),
    who: small(3),
    option: small(2),
    yuan: fc.integer({ min: 2_010, max: 40_000 }),
  }),
  fc.record({ do: fc.constantFrom('declare' as const, 'declare' as const, 'nextMonth' as const) }),
  fc.record({ do: fc.constantFrom('void' as const, 'pay' as const), which: small(3) }),
);

/** What the model knows: enough to foretell every refusal. */
interface Model {
  now: Month;
  readonly people: Map<number, { readonly id: string; readonly from: Month; to: Month | null }>;
  /** Accepted declarations that stand: paid or not. */
  readonly standing: Map<string, { paid: boolean }>;
}

const locked = (model: Model) => [...model.standing.values()].some(({ paid }) => !paid);

async function run(world: TestWorld, unit: Unit, model: Model, step: Step): Promise<void> {
  switch (step.do) {
    case 'arrive':
      return arriveOne(world, unit, model, step);
    case 'stop':
      return stopOne(world, unit, model, step);
    case 'wage':
      return declareOne(world, unit, model, step);
    case 'declare':
      return declareAll(world, unit, model);
    case 'void':
    case 'pay':
      return finish(world, unit, model, step.do, step.which);
    case 'nextMonth':
      model.now = addMonths(model.now, 1);
      world.clock.set(`${formatMonth(model.now)}-10`);
  }
}

async function arriveOne(
  world: TestWorld,
  unit: Unit,
  model: Model,
  { who, monthsAgo }: Extract<Step, { do: 'arrive' }>,
): Promise<void> {
  if (model.people.has(who)) return;
  const from = addMonths(model.now, -monthsAgo);
  const ids = await arrive(world, unit, [{ no: who + 1, from: formatMonth(from) }]);
  model.people.set(who, { id: ids.get(who + 1) ?? '', from, to: null });
}

async function stopOne(
  world: TestWorld,
  unit: Unit,
  model: Model,
  { who, monthsAgo }: Extract<Step, { do: 'stop' }>,
): Promise<void> {
  const person = model.people.get(who);
  if (!person || person.to !== null) return;
  const to = Math.max(person.from, model.now - monthsAgo) as Month;
  const months = { from: formatMonth(person.from), to: formatMonth(to) };
  await arrive(world, unit, [{ no: who + 1, ...months }]);
  person.to = to;
}

async function declareOne(
  world: TestWorld,
  unit: Unit,
  model: Model,
  { who, option, yuan }: Extract<Step, { do: 'wage' }>,
): Promise<void> {
  const person = model.people.get(who);
  if (!person) return;
  const years = [person.from];
  for (let at = month('2020-01'); at <= model.now; at = addMonths(at, 12)) {
    if (at > person.from) years.push(at);
  }
  const effective = formatMonth(years[option % years.length] ?? person.from);
  const done = await declareWages(world, unit, [[person.id, effective, String(yuan)]]);
  assert.equal(done === 'DECLARATION_LIVE', locked(model));
}

async function declareAll(world: TestWorld, unit: Unit, model: Model): Promise<void> {
  const dues = await duesOf(world, unit);
  const { id, refusal } = await submit(world, unit);
  assert.equal(refusal?.code, dues.items.length === 0 ? 'NOTHING_DUE' : undefined);
  if (refusal) return;
  await world.drainTasks();
  assert.equal((await statusOf(world, id)).status, '全部申报成功');
  assert.equal((await duesOf(world, unit)).items.length, 0);
  model.standing.set(id, { paid: false });
}

async function finish(
  world: TestWorld,
  unit: Unit,
  model: Model,
  what: 'void' | 'pay',
  which: number,
): Promise<void> {
  const ids = [...model.standing.keys()];
  const id = ids[which % Math.max(1, ids.length)];
  const known = id === undefined ? undefined : model.standing.get(id);
  if (id === undefined || !known) return;
  if (what === 'pay') {
    await setBill(world, id, 'PAID');
    known.paid = true;
    return;
  }
  const asked = await askVoid(world, unit, id);
  assert.equal(asked.ok ? '' : asked.error.code, known.paid ? 'DECLARATION_NOT_VOIDABLE' : '');
  if (!asked.ok) return;
  await world.drainTasks();
  assert.equal((await statusOf(world, id)).status, '已作废');
  model.standing.delete(id);
}

/** What stands and what is due together are exactly what the law asks, line by line. */
async function assertWhole(world: TestWorld, unit: Unit, model: Model): Promise<void> {
  const { q } = world.services.db;
  const people = await loadRoster(q, unit.id);
  const wages = Map.groupBy(await loadWages(q, unit.id), (wage) => wage.personId);
  const today = world.clock.now().date;
  const truth = assess({
    policy: policyFor(unit.region),
    unit: unit.profile,
    current: model.now,
    asOf: today,
    declaredOn: today,
    people: people.map(({ personId, enrolments }) => ({
      id: personId,
      enrolments,
      wages: (wages.get(personId) ?? []).map((wage) => ({
        effective: wage.effectiveMonth,
        wageFen: wage.wageFen,
      })),
    })),
  });
  assert.ok(truth.ok);
  const due = sums(truth.value.lines, (line) => line.amountFen);
  const dues = await duesOf(world, unit);
  const whole = sums(dues.overpaid, (line) => line.deltaFen);
  for (const item of dues.items) {
    for (const line of item.lines) addTo(whole, key(line.personId, item), line.amountFen);
  }
  for (const item of dues.items) if (item.aggregate) addTo(whole, key(null, item), item.amountFen);
  for (const row of await standing(world, unit)) addTo(whole, row.key, row.amountFen);
  const clean = (map: Map<string, number>) =>
    Object.fromEntries([...map].filter(([, sum]) => sum !== 0));
  assert.deepEqual(clean(whole), clean(due));
  assert.deepEqual(await checkLevied(q), []);
}

function key(person: string | null, line: Pick<LevyLine, 'insurance' | 'payer' | 'period'>) {
  return `${person ?? '0'} ${line.insurance} ${line.payer} ${line.period}`;
}

function addTo(map: Map<string, number>, name: string, amount: number): void {
  map.set(name, (map.get(name) ?? 0) + amount);
}

function sums(lines: readonly LevyLine[], amountOf: (line: LevyLine) => number) {
  const map = new Map<string, number>();
  for (const line of lines) {
    if (!line.bookkeeping) addTo(map, key(line.personId, line), amountOf(line));
  }
  return map;
}

async function standing(world: TestWorld, unit: Unit) {
  const found = await sql<{ key: string; amountFen: number }>`
    SELECT concat_ws(' ', coalesce(line.person_id, 0), insurance, payer, period) AS key,
      coalesce(line.amount_fen, item.amount_fen) AS "amountFen"
    FROM declaration JOIN declaration_item AS item USING (unit_id, declaration_no)
    LEFT JOIN declaration_line AS line USING (unit_id, declaration_no, item_no)
    WHERE unit_id = ${unit.id} AND status = '全部申报成功'
    UNION ALL
    SELECT concat_ws(' ', person_id, insurance, payer, period), overpayment.amount_fen
    FROM declaration JOIN overpayment USING (unit_id, declaration_no)
    WHERE unit_id = ${unit.id} AND status = '全部申报成功'`.execute(world.services.db.q);
  return found.rows;
}

for (const kind of ['institution', 'enterprise'] as const) {
  test(`whatever the order, what stands and what is due is what the law asks (${kind})`, async (t) => {
    const world = await openWorld(t, { rehearse: false });
    let units = 0;
    const property = fc.asyncProperty(
      fc.array(stepArbitrary, { minLength: 6, maxLength: 22 }),
      async (steps) => {
        units += 1;
        world.clock.set('2021-03-10');
        const other =
          kind === 'institution'
            ? {}
            : ({
                unitKind: 'enterprise',
                fundingType: 'none',
                unitSize: 'large',
                riskClass: 3,
                insurances: ['enterprisePension', 'unemployment', 'workInjury'],
              } as const);
        const unit = await makeUnit(world, { ...other, unitNo: `33010${1000 + units}` });
        const model: Model = { now: month('2021-03'), people: new Map(), standing: new Map() };
        for (const step of steps) {
          await run(world, unit, model, step);
          await assertWhole(world, unit, model);
        }
      },
    );
    await fc.assert(property, { numRuns: 12, seed: 2021, endOnFailure: false });
  });
}

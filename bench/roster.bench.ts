import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type Month, monthOf } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import { registerTaxpayer, registerUnit, unitByNo } from '../packages/server/src/employer/index.ts';
import type { Command, CopyValue } from '../packages/server/src/platform/index.ts';
import { type TestWorld, testDatabase } from '../packages/server/src/platform/testing.ts';
import { type RegistryPerson, takeOverRegistry } from '../packages/server/src/registry/index.ts';
import { startUpdate, updateUnit } from '../packages/server/src/roster/index.ts';
import type { BenchRow } from './row.ts';

const people = 100_000;
const taxpayerId = '91330100MA2000481T';
const unitNo = '330100400401';
const actor = { kind: 'system', name: 'bench' } as const;
const insurances: readonly Insurance[] = [
  'enterprisePension',
  'unemployment',
  'medical',
  'maternity',
  'workInjury',
];
const from = monthOf(2020, 1);

/** S3: a full update of a unit with 100,000 people, everybody new, with diff, change rows and causes. */
export async function run(): Promise<BenchRow[]> {
  const world = await testDatabase(undefined, { rehearse: false });
  const unitId = await employer(world);
  const copySeconds = Math.min(await rawCopy(world, 'one'), await rawCopy(world, 'two'));
  await done(
    world,
    command('bench.registry', (tx) => takeOverRegistry(tx, unitId, registry())),
  );
  const seconds = await fullUpdate(world, unitId);
  const again = await fullUpdate(world, unitId);
  await world.pools.end();
  const ratio = seconds / copySeconds;
  return [
    {
      id: 'S3',
      goal: '100,000 people ≤ 3 s and ≤ 3 × raw COPY of 500,000 rows',
      figure: `${seconds.toFixed(2)} s, everybody new (nothing changed: ${again.toFixed(2)} s)`,
      baseline: `${copySeconds.toFixed(2)} s raw COPY`,
      ratio: ratio.toFixed(2),
      verdict: ratio <= 3 ? 'met' : 'missed',
    },
  ];
}

async function employer(world: TestWorld): Promise<number> {
  await done(world, registerTaxpayer, { taxpayerId, name: '示例集团' });
  await done(world, registerUnit, {
    taxpayerId,
    unitNo,
    name: '示例集团',
    region: '330100',
    unitKind: 'enterprise',
    fundingType: 'none',
    unitSize: 'large',
    riskClass: 3,
    floatFactor: '1',
    insurances,
  });
  const unit = await unitByNo(world.services.db.q, unitNo);
  if (!unit) throw new Error('unit not registered');
  return unit.id;
}

function registry(): RegistryPerson[] {
  const spells = insurances.map((insurance) => ({ insurance, from, to: null as Month | null }));
  return Array.from({ length: people }, (_, at) => ({
    personId: String(at + 1),
    name: `职工${at}`,
    spells,
    arrivedOn: '2021-03-01',
  }));
}

/** The same people and insurances as plain rows, by one COPY into a table with its primary key. */
async function rawCopy(world: TestWorld, name: string): Promise<number> {
  const table = `bench_copy_${name}`;
  await world.pools.write.query(`CREATE TABLE ${table} (unit_id integer, person_id bigint,
    insurance text, from_month integer, to_month integer, name text,
    PRIMARY KEY (unit_id, person_id, insurance))`);
  function* rows(): Iterable<CopyValue[]> {
    for (let at = 1; at <= people; at += 1) {
      for (const insurance of insurances) yield [1, at, insurance, from, null, `职工${at}`];
    }
  }
  const columns = ['unit_id', 'person_id', 'insurance', 'from_month', 'to_month', 'name'];
  const started = performance.now();
  await done(
    world,
    command('bench.copy', (tx) => tx.copy(table, columns, rows())),
  );
  return (performance.now() - started) / 1000;
}

async function fullUpdate(world: TestWorld, unitId: number): Promise<number> {
  const id = randomUUID();
  const input = { id, taxpayerId, kind: 'full', unitIds: [unitId] } as const;
  await done(world, startUpdate, input);
  const started = performance.now();
  await done(world, updateUnit, { updateId: id, unitId, unitNo });
  const seconds = (performance.now() - started) / 1000;
  await world.pools.write.query(`UPDATE roster_update SET state = 'done' WHERE id = $1`, [id]);
  return seconds;
}

function command(name: string, work: (tx: Parameters<Command<null, null>['run']>[0]) => unknown) {
  return {
    name,
    chain: () => 'agency:bench',
    describe: () => ({ subject: name, detail: {} }),
    async run(tx) {
      await work(tx);
      return { ok: true, value: null };
    },
  } satisfies Command<null, null>;
}

async function done<I, O>(world: TestWorld, what: Command<I, O>, input?: I): Promise<void> {
  const outcome = await world.execute(what, input as I, { actor });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
}

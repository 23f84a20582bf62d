import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { monthOf } from '@shebao/kernel';
import type pg from 'pg';
import { submitDeclaration } from '../packages/server/src/declaration/commands.ts';
import { totalOf } from '../packages/server/src/declaration/dues.ts';
import { declarationTasks } from '../packages/server/src/declaration/index.ts';
import { loadDues } from '../packages/server/src/declaration/load.ts';
import { type Unit, unitById } from '../packages/server/src/employer/index.ts';
import type { Command } from '../packages/server/src/platform/index.ts';
import { type TestWorld, testDatabase } from '../packages/server/src/platform/testing.ts';
import { createWorker } from '../packages/server/src/platform/worker.ts';
import type { BenchRow } from './row.ts';

const actor = { kind: 'system', name: 'bench' } as const;
const taxpayerId = '91330100MA2000481T';
const people = 100_000;
/** Of the 10,000 employers of the goal: enough for a steady rate. */
const rushUnits = 3_000;
const rushPeople = 10;
const concurrency = 12;

/** S5 and S7 of the goals. */
export async function run(): Promise<BenchRow[]> {
  return [await largeUnit(), await rush()];
}

/** Registers enterprises with people who have wages; nobody has arrived lately. */
async function employers(world: TestWorld, count: number, each: number): Promise<void> {
  const query = (text: string, values: unknown[] = []) => world.pools.write.query(text, values);
  await query(
    `INSERT INTO taxpayer (taxpayer_id, name, registered_at) VALUES ($1, '示例', now())`,
    [taxpayerId],
  );
  await query(
    `INSERT INTO unit (id, unit_no, taxpayer, name, region, unit_kind, funding_type, unit_size,
       risk_class, tax_org_code, insurances, registered_at)
     SELECT at, (330100000 + at)::text, (SELECT id FROM taxpayer), '示例', '330100', 'enterprise',
       'none', 'large', 3, '133010000000',
       '{enterprisePension,unemployment,medical,workInjury}', now()
     FROM generate_series(1, $1::int) AS at`,
    [count],
  );
  // Spells are triples of insurance, first month, last month (0: none).
  const spells = [1, 4, 5, 7].map((code) => `${code},${monthOf(2020, 1)},0`).join(',');
  await query(
    `INSERT INTO roster_person (unit_id, person_id, name, spells, first_month, is_open, arrived_on)
     SELECT unit, unit * $2::int + person, '职工' || person, $3::int[], $4, true, '2020-01-01'
     FROM generate_series(1, $1::int) AS unit, generate_series(1, $2::int) AS person`,
    [count, each, `{${spells}}`, monthOf(2020, 1)],
  );
  await query(
    `INSERT INTO wage (unit_id, person_id, effective_month, wage_fen)
     SELECT unit, unit * $2::int + person, $3, 300000 + person % 1000 * 1700
     FROM generate_series(1, $1::int) AS unit, generate_series(1, $2::int) AS person`,
    [count, each, monthOf(2021, 1)],
  );
  await query('ANALYZE');
}

async function shown(world: TestWorld, unit: Unit) {
  const dues = await loadDues(world.services.db.q, unit, world.clock.now().date);
  if (!dues.ok) throw new Error(JSON.stringify(dues.error));
  return { version: dues.value.version, totalFen: totalOf(dues.value), dues: dues.value };
}

async function largeUnit(): Promise<BenchRow> {
  const world = await testDatabase(undefined, { rehearse: false, handlers: declarationTasks });
  await employers(world, 1, people);
  const unit = await unitById(world.services.db.q, 1);
  const { version, totalFen } = await shown(world, unit);
  const id = randomUUID();
  const started = performance.now();
  const { id: unitId, unitNo } = unit;
  const input = { id, unitId, unitNo, taxpayerId, version, totalFen };
  const done = await world.execute(submitDeclaration, input, { actor });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  await world.drainTasks();
  const seconds = (performance.now() - started) / 1000;
  const status = await world.pools.read.query('SELECT status FROM declaration');
  if (status.rows[0]?.status !== '全部申报成功') throw new Error('declaration was not accepted');
  const lines = await world.pools.read.query('SELECT count(*)::int AS rows FROM declaration_line');
  const copySeconds = Math.min(await rawCopy(world), await rawCopy(world));
  await world.pools.end();
  const ratio = seconds / copySeconds;
  return {
    id: 'S5',
    goal: '100,000 people: submit → stored → feedback ≤ 3 s and ≤ 2 × raw COPY of the same rows',
    figure: `${seconds.toFixed(2)} s, ${lines.rows[0]?.rows} lines`,
    baseline: `${copySeconds.toFixed(2)} s raw COPY`,
    ratio: ratio.toFixed(2),
    verdict: ratio <= 2 ? 'met' : 'missed',
  };
}

/** The very rows that the declaration stored, by one COPY into a like table. */
async function rawCopy(world: TestWorld): Promise<number> {
  const columns = ['unit_id', 'declaration_no', 'item_no', 'person_id'];
  const all = [...columns, 'wage_fen', 'base_fen', 'amount_fen'];
  const { rows } = await world.pools.read.query<number[]>({
    text: `SELECT ${all.join(', ')} FROM declaration_line ORDER BY item_no, person_id`,
    rowMode: 'array',
  });
  await world.pools.write.query('DROP TABLE IF EXISTS bench_line');
  await world.pools.write.query('CREATE TABLE bench_line (LIKE declaration_line INCLUDING ALL)');
  const copy: Command<object, object> = {
    name: 'bench.copy',
    chain: () => 'agency:bench',
    describe: () => ({ subject: 'copy', detail: {} }),
    async run(tx) {
      await tx.copy('bench_line', all, rows);
      return { ok: true, value: {} };
    },
  };
  const started = performance.now();
  await world.execute(copy, {}, { actor });
  return (performance.now() - started) / 1000;
}

async function rush(): Promise<BenchRow> {
  const world = await testDatabase(undefined, { rehearse: false });
  await employers(world, rushUnits, rushPeople);
  const one = await unitById(world.services.db.q, 1);
  const { version, totalFen, dues } = await shown(world, one);
  const lineCount = dues.items.reduce((sum, item) => sum + item.lines.length, 0);
  const worker = createWorker({
    pool: world.pools.write,
    services: world.services,
    execute: world.execute,
    handlers: declarationTasks,
    slots: 8,
  });
  worker.start();
  const started = performance.now();
  await inParallel(rushUnits, async (at) => {
    const unitNo = String(330_100_001 + at);
    const input = { id: randomUUID(), unitId: at + 1, unitNo, taxpayerId, version, totalFen };
    const done = await world.execute(submitDeclaration, input, { actor, idempotencyKey: input.id });
    if (!done.ok) throw new Error(JSON.stringify(done.error));
  });
  for (;;) {
    const left = await world.pools.read.query(
      `SELECT count(*)::int AS left FROM declaration WHERE status <> '全部申报成功'`,
    );
    if (left.rows[0]?.left === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const seconds = (performance.now() - started) / 1000;
  await worker.stop();
  const bare = await bareLoop(world, dues.items.length, lineCount);
  await world.pools.end();
  const rate = rushUnits / seconds;
  return {
    id: 'S7',
    goal: '≥ 300 declarations/s to feedback and ≥ 25 % of a bare pg loop with the same commits and rows',
    figure: `${rate.toFixed(0)} declarations/s (${rushUnits} units × ${rushPeople} people)`,
    baseline: `${bare.toFixed(0)}/s bare pg`,
    ratio: (rate / bare).toFixed(2),
    verdict: rate / bare >= 0.25 ? 'met' : 'missed',
  };
}

async function inParallel(count: number, work: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < count; at = next++) await work(at);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

/** Three commits a declaration (submit, take the task, answer) and its rows, as plain statements. */
async function bareLoop(world: TestWorld, items: number, lines: number): Promise<number> {
  const { write } = world.pools;
  await write.query(`CREATE TABLE bench_small (unit_id int, at int, no int, text text,
    PRIMARY KEY (unit_id, at, no))`);
  await write.query(`CREATE TABLE bench_wide (unit_id int, at int, no int, a bigint, b bigint,
    c bigint, PRIMARY KEY (unit_id, at, no))`);
  const small = `INSERT INTO bench_small SELECT $1, $2, no, text
    FROM unnest($3::int[], $4::text[]) AS row (no, text)`;
  const wide = `INSERT INTO bench_wide SELECT $1, $2, row.*
    FROM unnest($3::int[], $4::bigint[], $5::bigint[], $6::bigint[]) AS row (no, a, b, c)`;
  const insert = (client: pg.PoolClient, name: string, [unit, at, rows]: number[]) => {
    const numbers = Array.from({ length: rows ?? 0 }, (_, index) => index + 1);
    const figures = numbers.map((no) => 300_000 + no);
    const texts = numbers.map(() => randomUUID());
    return name === 'small'
      ? client.query({ name, text: small, values: [unit, at, numbers, texts] })
      : client.query({ name, text: wide, values: [unit, at, numbers, figures, figures, figures] });
  };
  const started = performance.now();
  await inParallel(rushUnits, async (unit) => {
    const client = await write.connect();
    // Submission: declaration, hold, task, audit entry and head, idempotency.
    await client.query('BEGIN');
    await insert(client, 'small', [unit, 1, 6]);
    await client.query('COMMIT');
    await insert(client, 'small', [unit, 2, 1]);
    // Answer: items, lines, bill, its lines and event, status, task, audit.
    await client.query('BEGIN');
    await insert(client, 'wide', [unit, 3, items]);
    await insert(client, 'wide', [unit, 4, lines]);
    await insert(client, 'wide', [unit, 5, items]);
    await insert(client, 'small', [unit, 6, 6]);
    await client.query('COMMIT');
    client.release();
  });
  return rushUnits / ((performance.now() - started) / 1000);
}

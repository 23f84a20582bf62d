import assert from 'node:assert/strict';
import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkCreditCode, checkIdentity, monthOf } from '@shebao/kernel';
import { sql } from 'kysely';
import { loadDues } from '../declaration/load.ts';
import { unitByNo } from '../employer/index.ts';
import type { Services, TaskHandler } from '../platform/index.ts';
import { type TestWorld, testDatabase } from '../platform/testing.ts';
import { policyFor } from '../policy/index.ts';
import { loadRoster, startUpdate, updateTask } from '../roster/index.ts';
import { loadWages } from '../wage/index.ts';
import { type DemoFile, treasuryFile } from './files.ts';
import { buildDemoWorld } from './index.ts';
import { planDemoWorld } from './plan.ts';

async function demoServices(t: TestContext, world: TestWorld): Promise<Services> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'shebao-demo-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const { services } = world;
  return { ...services, config: { ...services.config, demo: true, dataDir } };
}

async function read<T>(services: Services, file: string): Promise<T> {
  return JSON.parse(await readFile(path.join(services.config.dataDir, file), 'utf8')) as T;
}

async function rows(world: TestWorld, table: string): Promise<number> {
  const found = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM ${sql.table(table)}`.execute(world.services.db.q);
  return found.rows[0]?.n ?? 0;
}

async function update(world: TestWorld, taxpayerId: string, unitNos: string[]): Promise<string[]> {
  const { q } = world.services.db;
  const units = await Promise.all(unitNos.map((unitNo) => unitByNo(q, unitNo)));
  const id = crypto.randomUUID();
  const unitIds = units.map((unit) => unit?.id ?? 0);
  const input = { id, taxpayerId, kind: 'full', unitIds } as const;
  const actor = { kind: 'system', name: 'test' } as const;
  assert.ok((await world.execute(startUpdate, input, { actor })).ok);
  await world.drainTasks({ handlers: [updateTask as TaskHandler] });
  const found = await sql<{ line: string }>`
    SELECT unit_id - ${unitIds[0]} || ' ' || change_type || ' ' || count(*) AS line
    FROM roster_change WHERE update_id = ${id} GROUP BY unit_id, change_type
    ORDER BY 1`.execute(q);
  return found.rows.map((row) => row.line);
}

test('the demo world is what the interface promises, built once, and goes on after a kill', async (t) => {
  const world = await testDatabase(t, { now: '2021-03-10', rehearse: false });
  const services = await demoServices(t, world);
  await buildDemoWorld(services);
  const demo = await read<DemoFile>(services, 'demo.json');
  const [first, second, third, fourth] = demo.taxpayers;
  assert.ok(first && second && third && fourth);
  assert.deepEqual(
    demo.taxpayers.map((taxpayer) => [taxpayer.units.length, taxpayer.initialPassword ?? false]),
    [
      [2, false],
      [1, false],
      [1, true],
      [1, false],
    ],
  );
  assert.deepEqual(
    first.agreements.map((agreement) => agreement.funds),
    ['ample', 'short'],
  );
  assert.deepEqual(third.agreements, []);
  assert.ok(demo.officers.length >= 3 && demo.office.user === demo.officers[0]?.user);
  for (const { taxpayerId, password } of demo.taxpayers) {
    assert.ok(checkCreditCode(taxpayerId).ok, taxpayerId);
    assert.ok(password.length >= 15);
  }

  const before = await Promise.all(
    ['identity', 'levied_span', 'wage', 'agreement'].map((name) => rows(world, name)),
  );
  assert.equal(before[0], 42 + 12 + 300 + 8 + 10_000);
  assert.equal(before[3], 4);
  await buildDemoWorld(services);
  // As if the last step had been lost in a kill.
  const { dataDir } = services.config;
  await rename(path.join(dataDir, 'demo.json'), path.join(dataDir, 'away.json'));
  await buildDemoWorld(services);
  assert.deepEqual(await read<DemoFile>(services, 'demo.json'), demo);
  const after = await Promise.all(
    ['identity', 'levied_span', 'wage', 'agreement'].map((name) => rows(world, name)),
  );
  assert.deepEqual(after, before);
  assert.equal((await stat(path.join(dataDir, 'demo.json'))).mode & 0o077, 0);

  const unitNos = first.units.map((unit) => unit.unitNo);
  assert.deepEqual(await update(world, first.taxpayerId, unitNos), ['0 停止 2', '0 新增 3']);
  assert.deepEqual(await update(world, third.taxpayerId, [third.units[0]?.unitNo ?? '']), [
    '0 新增 8',
  ]);
  const unit = await unitByNo(services.db.q, unitNos[0] ?? '');
  const roster = await loadRoster(services.db.q, unit?.id ?? 0);
  const current = monthOf(2021, 3);
  const insured = roster.filter((person) => person.enrolments.some(({ to }) => to === null));
  assert.equal(insured.length, 40);
  const wages = await loadWages(services.db.q, unit?.id ?? 0);
  const paid = new Set(wages.map((wage) => wage.personId));
  const lacking = insured.filter((person) => !paid.has(person.personId));
  const starts = lacking.map((person) => person.enrolments[0]?.from ?? 0);
  starts.sort((a, b) => a - b);
  assert.deepEqual(starts, [monthOf(2019, 4), current, current]);
  assert.ok(lacking.every((person) => person.arrivedOn === '2021-03-01'));
  await assertNothingOwed(world, demo);
});

/** Everybody's months through the previous one are levied: only the current month is due. */
async function assertNothingOwed(world: TestWorld, demo: DemoFile): Promise<void> {
  const { q } = world.services.db;
  for (const { taxpayerId, units } of demo.taxpayers) {
    await update(
      world,
      taxpayerId,
      units.map((unit) => unit.unitNo),
    );
    for (const { unitNo } of units) {
      const unit = await unitByNo(q, unitNo);
      assert.ok(unit);
      const dues = await loadDues(q, unit, '2021-03-10');
      assert.ok(dues.ok);
      const { items, overpaid, refusals } = dues.value;
      assert.ok(items.length > 0 && items.every((item) => item.period === monthOf(2021, 3)));
      assert.ok(items.every((item) => item.kind === 'current' && item.lateFeeFen === 0));
      assert.deepEqual(overpaid, []);
      const lacking = new Set(refusals.map((refusal) => refusal.personId)).size;
      assert.equal(lacking, unitNo === demo.taxpayers[0]?.units[0]?.unitNo ? 3 : 0);
    }
  }
}

test('treasury-demo.json names accounts, agreements and a working day', () => {
  const plan = planDemoWorld('2021-03-13', policyFor('330100'));
  const file = treasuryFile('2021-03-13', plan) as Record<string, unknown[] | string>;
  assert.equal(file['workDate'], '20210315');
  assert.equal(file['accounts']?.length, 4);
  assert.equal(file['agreements']?.length, 4);
});

test('a plan is the same for the same date; its numbers are valid and its people distinct', () => {
  const plan = planDemoWorld('2021-03-10', policyFor('330100'));
  assert.deepEqual(planDemoWorld('2021-03-10', policyFor('330100')), plan);
  const people = plan.flatMap((taxpayer) => taxpayer.units.flatMap((unit) => unit.people));
  assert.equal(new Set(people.map((person) => person.number)).size, people.length);
  assert.ok(people.every((person) => checkIdentity(person.number, '2021-03-10').ok));
  const earliest = monthOf(2019, 1);
  const ordinary = people.filter((person) => !person.newcomer);
  assert.ok(ordinary.every(({ from }) => from >= earliest && from <= monthOf(2021, 1)));
  assert.ok(ordinary.every(({ from, wages }) => wages[0]?.effectiveMonth === from));
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openCauses } from '../assessment/index.ts';
import type { TaskHandler } from '../platform/index.ts';
import { type TestWorld, testDatabase } from '../platform/testing.ts';
import { findUpdate, loadRoster, startUpdate, updateTask } from './index.ts';
import { clerk, deliver, employer, month, taxpayerId, update } from './testing.ts';

const handlers = [updateTask as TaskHandler];

async function changes(world: TestWorld, updateId: string): Promise<string[]> {
  const found = await sql<{ line: string }>`
    SELECT name || ' ' || change_type || ' ' || field || ' ' || before || '→' || after AS line
    FROM roster_change WHERE update_id = ${updateId} ORDER BY unit_id, seq`.execute(
    world.services.db.q,
  );
  return found.rows.map((row) => row.line);
}

async function causes(world: TestWorld, unitId: number, ref: string): Promise<string[]> {
  const found = await openCauses(world.services.db.q, unitId);
  return found
    .filter((cause) => cause.ref === ref)
    .map((cause) => `${cause.kind} ${cause.insurance ?? 'all'} ${cause.fromMonth}`)
    .toSorted((a, b) => (a < b ? -1 : 1));
}

test('an update shows who was added, stopped and changed, field by field, with causes', async (t) => {
  const world = await testDatabase(t, { handlers });
  const unit = await employer(world);
  const annuity = { insurance: 'occupationalAnnuity' } as const;
  await deliver(world, [
    { person: 1, from: month('2020-01') },
    { person: 2, from: month('2020-01') },
    { person: 3, from: month('2020-01') },
    { person: 3, from: month('2020-01'), ...annuity },
    { person: 4, from: month('2020-01') },
  ]);
  const first = await update(world, 'full', [unit]);
  assert.deepEqual(await changes(world, first), [
    '职工1 新增 参保起始年月 →2020-01',
    '职工2 新增 参保起始年月 →2020-01',
    '职工3 新增 参保起始年月 →2020-01',
    '职工4 新增 参保起始年月 →2020-01',
  ]);
  assert.deepEqual(await causes(world, unit, first), Array(4).fill('arrival all 24240'));

  await deliver(world, [
    { person: 1, from: month('2020-01'), to: month('2021-02') },
    { person: 2, name: '职工二', from: month('2020-01') },
    { person: 2, name: '职工二', from: month('2021-03'), ...annuity },
    { person: 3, from: month('2019-11') },
    { person: 3, from: month('2020-01'), to: month('2020-12'), ...annuity },
    { person: 5, from: month('2019-04') },
  ]);
  const second = await update(world, 'incremental', [unit]);
  assert.deepEqual(await changes(world, second), [
    '职工5 新增 参保起始年月 →2019-04',
    '职工1 停止 参保终止年月 →2021-02',
    '职工二 变更 姓名 职工2→职工二',
    '职工二 变更 职业年金 →2021-03 起',
    '职工3 变更 机关事业单位基本养老保险费参保起始年月 2020-01→2019-11',
    '职工3 变更 职业年金参保终止年月 →2020-12',
  ]);
  assert.deepEqual(await causes(world, unit, second), [
    'arrival all 24231',
    'enrolment institutionPension 24238',
    'enrolment occupationalAnnuity 24252',
    'enrolment occupationalAnnuity 24254',
    'stop institutionPension 24254',
  ]);
  const record = await findUpdate(world.services.db.q, taxpayerId, second);
  assert.deepEqual(
    [record?.state, record?.added, record?.changed, record?.stopped],
    ['done', 1, 2, 1],
  );

  const third = await update(world, 'full', [unit]);
  assert.deepEqual(await changes(world, third), []);
  assert.deepEqual(await causes(world, unit, third), []);
  const people = await loadRoster(world.services.db.q, unit);
  assert.equal(people.length, 5);
  assert.deepEqual(people[0]?.enrolments, [
    { insurance: 'institutionPension', from: 24240, to: 24253 },
  ]);
});

test('a person who comes back after a stop is added again', async (t) => {
  const world = await testDatabase(t, { handlers });
  const unit = await employer(world);
  await deliver(world, [{ person: 1, from: month('2020-01'), to: month('2020-06') }]);
  await update(world, 'full', [unit]);
  await deliver(world, [{ person: 1, from: month('2021-03') }]);
  const back = await update(world, 'incremental', [unit]);
  assert.deepEqual(await changes(world, back), ['职工1 新增 参保起始年月 →2021-03']);
  assert.deepEqual(await causes(world, unit, back), ['arrival institutionPension 24254']);
});

test('a failed update keeps the old data and says so; the next one works', async (t) => {
  const world = await testDatabase(t, { handlers });
  const unit = await employer(world);
  await deliver(world, [{ person: 1, from: month('2020-01') }]);
  await update(world, 'full', [unit]);
  const before = await loadRoster(world.services.db.q, unit);
  await deliver(world, [{ person: 1, from: month('2020-01'), to: month('2021-02') }]);
  const owner = world.pools.write;
  await owner.query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'disk on fire'; END $$`);
  await owner.query(`CREATE TRIGGER fail BEFORE INSERT ON roster_change EXECUTE FUNCTION fail()`);
  const id = randomUUID();
  const input = { id, taxpayerId, kind: 'full', unitIds: [unit] } as const;
  assert.ok((await world.execute(startUpdate, input, { actor: clerk })).ok);
  const again = await world.execute(startUpdate, { ...input, id: randomUUID() }, { actor: clerk });
  assert.deepEqual(again, { ok: false, error: { code: 'ROSTER_UPDATE_RUNNING' } });
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const failing = world.drainTasks({ delayedToo: true });
    if (attempt < 3) await assert.rejects(failing, /disk on fire/);
    else await failing;
    await owner.query(`UPDATE task SET state = 'queued' WHERE state = 'running'`);
  }
  const failed = await findUpdate(world.services.db.q, taxpayerId, id);
  assert.equal(failed?.state, 'failed');
  assert.match(failed?.failure ?? '', /33010001/);
  assert.deepEqual(await loadRoster(world.services.db.q, unit), before);
  await owner.query('DROP TRIGGER fail ON roster_change');
  const next = await update(world, 'full', [unit]);
  assert.deepEqual(await changes(world, next), ['职工1 停止 参保终止年月 →2021-02']);
});

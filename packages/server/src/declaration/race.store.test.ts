import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { checkLevied } from './check.ts';
import { processVoid, requestVoid, submitDeclaration } from './commands.ts';
import { totalOf } from './dues.ts';
import {
  arrive,
  askVoid,
  clerk,
  declare,
  declareWages,
  duesOf,
  makeUnit,
  openWorld,
  statusOf,
  taxpayerId,
} from './testing.ts';

test('two clerks submit and void at once: exactly one wins, the other is told why', async (t) => {
  const world = await openWorld(t, { rehearse: false });
  const unit = await makeUnit(world);
  const ids = await arrive(world, unit, [{ no: 1, from: '2021-03' }]);
  await declareWages(world, unit, [[ids.get(1) ?? '', '2021-03', '9000']]);
  const dues = await duesOf(world, unit);
  const common = { unitId: unit.id, unitNo: unit.unitNo, taxpayerId };
  for (let round = 0; round < 10; round += 1) {
    const shown = { ...common, version: dues.version, totalFen: totalOf(dues) };
    const submitted = await Promise.all(
      Array.from({ length: 4 }, () => {
        const input = { ...shown, id: randomUUID() };
        return world.execute(submitDeclaration, input, { actor: clerk });
      }),
    );
    const [won] = submitted.flatMap((done) => (done.ok ? [done.value.id] : []));
    assert.ok(won);
    const codes = submitted.map((done) => (done.ok ? 'ok' : done.error.code));
    assert.deepEqual(
      codes.toSorted((a, b) => (a < b ? -1 : 1)),
      [...Array.from({ length: 3 }, () => 'DECLARATION_PENDING'), 'ok'],
    );
    await world.drainTasks();
    assert.equal((await statusOf(world, won)).status, '全部申报成功');
    const voids = await Promise.all(
      [1, 2, 3].map(() => world.execute(requestVoid, { ...common, id: won }, { actor: clerk })),
    );
    assert.equal(voids.filter(({ ok }) => ok).length, 1);
    await world.drainTasks();
    assert.equal((await statusOf(world, won)).status, '已作废');
  }
  assert.deepEqual(await checkLevied(world.services.db.q), []);
});

test('void against pay: whoever takes the bill first wins, and the lines follow', async (t) => {
  const world = await openWorld(t, { rehearse: false });
  const unit = await makeUnit(world);
  const ids = await arrive(world, unit, [{ no: 1, from: '2021-03' }]);
  await declareWages(world, unit, [[ids.get(1) ?? '', '2021-03', '9000']]);
  const outcomes = new Set<string>();
  const common = { unitId: unit.id, unitNo: unit.unitNo, taxpayerId };
  for (let round = 0; round < 12; round += 1) {
    const id = await declare(world, unit);
    assert.equal((await askVoid(world, unit, id)).ok, true);
    // A payment locks the bill by compare-and-set, as the order does.
    const pay = async () => {
      if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      const taken = await world.pools.write.query(
        `UPDATE bill SET state = 'LOCKED', version = version + 1 WHERE id = $1 AND state = 'UNPAID'`,
        [id],
      );
      return taken.rowCount === 1;
    };
    const voiding = () => world.execute(processVoid, { ...common, id }, { actor: clerk });
    const [paid, voided] =
      round % 3 === 0
        ? await Promise.all([pay(), voiding()])
        : (await Promise.all([voiding(), pay()])).toReversed();
    assert.ok(typeof paid === 'boolean' && typeof voided === 'object' && voided.ok);
    const { status, failureCode } = await statusOf(world, id);
    assert.equal(status, paid ? '全部申报成功' : '已作废');
    assert.equal(failureCode, paid ? 'DECLARATION_NOT_VOIDABLE' : null);
    assert.equal((await duesOf(world, unit)).items.length, paid ? 0 : 4);
    outcomes.add(status);
    await world.drainTasks();
    if (!paid) continue;
    // The order ended without money: the bill is free again, and can be voided after all.
    await world.pools.write.query(`UPDATE bill SET state = 'UNPAID' WHERE id = $1`, [id]);
    assert.equal((await askVoid(world, unit, id)).ok, true);
    await world.drainTasks();
    assert.deepEqual(await statusOf(world, id), { status: '已作废', failureCode: null });
  }
  assert.ok(outcomes.size > 0);
  assert.deepEqual(await checkLevied(world.services.db.q), []);
});

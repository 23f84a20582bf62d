import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ok } from '@shebao/kernel';
import { sql } from 'kysely';
import { claimTasks } from './tasks.ts';
import { type TestWorld, testDatabase } from './testing.ts';
import type { Command, TaskHandler } from './types.ts';
import { createWorker, type Worker } from './worker.ts';

const actor = { kind: 'system', name: 'test' } as const;

const queue: Command<{ from: number; count: number }, null> = {
  name: 'test.queue',
  chain: () => 'unit:a',
  describe: () => ({ subject: '', detail: {} }),
  async run(tx, input) {
    for (let n = 0; n < input.count; n += 1) {
      await tx.enqueue({ kind: 'mark', owner: 'office', payload: input.from + n });
    }
    return ok(null);
  },
};

const mark: Command<{ n: number }, null> = {
  name: 'test.mark',
  chain: () => 'unit:a',
  describe: () => ({ subject: '', detail: {} }),
  async run(tx, input) {
    await sql`insert into marked (n) values (${input.n})`.execute(tx.q);
    return ok(null);
  },
};

const times = { pollMs: 50, beatMs: 40, leaseMs: 200 };

function worker(w: TestWorld, handlers: readonly TaskHandler[], slots = 4): Worker {
  const services = { ...w.services, clock: { ...w.clock, monotonicMs: () => performance.now() } };
  const { pools, execute } = w;
  return createWorker({ pool: pools.write, services, execute, handlers, slots, times });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 400; n += 1) {
    if (await condition()) return;
    await sleep(25);
  }
  assert.fail('did not come about');
}

const doneCount = async (w: TestWorld): Promise<number> => {
  const { rows } = await w.pools.read.query(`select count(*) as n from task where state = 'done'`);
  return rows[0].n as number;
};

test('two workers do every task once; failures are tried again', async (t) => {
  const w = await testDatabase(t, { rehearse: false });
  await w.pools.write.query('create table marked (n int)');
  const failed = new Set<string>();
  const handler: TaskHandler = {
    kind: 'mark',
    async run(task) {
      if (Number(task.payload) % 10 === 0 && !failed.has(task.id)) {
        failed.add(task.id);
        throw new Error('once');
      }
      await task.execute(mark, { n: Number(task.payload) }, { result: null });
    },
  };
  const workers = [worker(w, [handler]), worker(w, [handler])];
  for (const one of workers) one.start();
  await w.services.execute(queue, { from: 0, count: 100 }, { actor });
  await until(async () => (await doneCount(w)) === 100);
  await Promise.all(workers.map((one) => one.stop()));
  const { rows } = await w.pools.read.query(
    'select count(*) as n, count(distinct n) as d from marked',
  );
  assert.deepEqual(rows[0], { n: 100, d: 100 });
  assert.equal(failed.size, 10);
});

test("a dead worker's task is taken over, a slow living one's is not", async (t) => {
  const w = await testDatabase(t, { rehearse: false });
  await w.pools.write.query('create table marked (n int)');
  await w.services.execute(queue, { from: 1, count: 1 }, { actor });
  // Claimed by a process that never shows life again.
  assert.equal((await claimTasks(w.pools.write, 'dead', ['mark'], 1)).length, 1);
  const runs: number[] = [];
  const slow: TaskHandler = {
    kind: 'mark',
    async run(task) {
      runs.push(task.attempt);
      await sleep(600);
      await task.execute(mark, { n: Number(task.payload) }, { result: null });
    },
  };
  const workers = [worker(w, [slow]), worker(w, [slow])];
  for (const one of workers) one.start();
  await until(async () => (await doneCount(w)) === 1);
  await Promise.all(workers.map((one) => one.stop()));
  assert.deepEqual(runs, [2]);
});

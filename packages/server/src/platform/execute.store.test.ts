import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok } from '@shebao/kernel';
import { sql } from 'kysely';
import { LeaseLost } from './commit.ts';
import { claimTasks } from './tasks.ts';
import { type TestWorld, testDatabase } from './testing.ts';
import type { Command, TaskHandler } from './types.ts';

interface Deposit {
  readonly account: string;
  readonly amount: number;
}

/** Adds to a counter: shows at once whether something ran twice or not at all. */
const deposit: Command<Deposit, { total: number }> = {
  name: 'test.deposit',
  chain: (input) => `unit:${input.account}`,
  describe: (input, output) => ({ subject: input.account, detail: { total: output?.total } }),
  async run(tx, input) {
    if (input.amount < 0) return err({ code: 'INPUT_INVALID' });
    const { rows } = await sql<{ total: number }>`
      insert into counter (account, total) values (${input.account}, ${input.amount})
      on conflict (account) do update set total = counter.total + ${input.amount}
      returning total`.execute(tx.q);
    return ok({ total: rows[0]?.total as number });
  },
};

const actor = { kind: 'system', name: 'test' } as const;

async function world(...[t, options]: Parameters<typeof testDatabase>): Promise<TestWorld> {
  const made = await testDatabase(t, options);
  await made.pools.write.query('create table counter (account text primary key, total bigint)');
  return made;
}

async function total(w: TestWorld, account: string): Promise<number> {
  const { rows } = await w.pools.read.query('select total from counter where account = $1', [
    account,
  ]);
  return (rows[0]?.total as number | undefined) ?? 0;
}

test('the same key gives the stored answer once; another body is refused', async (t) => {
  const w = await world(t);
  const input = { account: 'a', amount: 5 };
  const options = { actor, idempotencyKey: 'k1' };
  const first = await w.services.execute(deposit, input, options);
  const second = await w.services.execute(deposit, input, options);
  assert.deepEqual(first, { ok: true, value: { total: 5 } });
  assert.deepEqual(second, first);
  const other = await w.services.execute(deposit, { account: 'a', amount: 6 }, options);
  assert.deepEqual(other, { ok: false, error: { code: 'IDEMPOTENCY_MISMATCH' } });
  assert.equal(await total(w, 'a'), 5);
});

test('SQL and COPY of a command see what it wrote before, a refusal leaves nothing', async (t) => {
  const w = await world(t);
  const seen: Command<{ refuse: boolean }, number[]> = {
    name: 'test.seen',
    chain: () => 'unit:a',
    describe: () => ({ subject: 'a', detail: {} }),
    async run(tx, { refuse }) {
      const columns = ['account', 'total'];
      await tx.writes.insert('counter', columns, [['a', 1]]);
      const first = await sql<{ n: number }>`select count(*)::int as n from counter`.execute(tx.q);
      await tx.writes.insert('counter', columns, [['b', 2]]);
      await tx.copy('counter', columns, [['c', 3]]);
      await tx.writes.insert('counter', columns, [['d', 4]]);
      if (refuse) return err({ code: 'INPUT_INVALID' });
      const all = await sql<{ n: number }>`select count(*)::int as n from counter`.execute(tx.q);
      return ok([first.rows[0]?.n ?? 0, all.rows[0]?.n ?? 0]);
    },
  };
  const refused = await w.services.execute(seen, { refuse: true }, { actor });
  assert.equal(refused.ok, false);
  assert.equal(await total(w, 'a'), 0);
  const done = await w.services.execute(seen, { refuse: false }, { actor });
  assert.deepEqual(done, { ok: true, value: [1, 4] });
  assert.equal(await total(w, 'd'), 4);
});

test('a hundred parallel calls of one key change the state once', async (t) => {
  const w = await world(t);
  const calls = Array.from({ length: 100 }, () =>
    w.services.execute(deposit, { account: 'a', amount: 1 }, { actor, idempotencyKey: 'same' }),
  );
  const outcomes = await Promise.all(calls);
  for (const outcome of outcomes) {
    if (outcome.ok) assert.deepEqual(outcome.value, { total: 1 });
    else assert.equal(outcome.error.code, 'IDEMPOTENCY_IN_PROGRESS');
  }
  assert.ok(outcomes.some((outcome) => outcome.ok));
  assert.equal(await total(w, 'a'), 1);
});

test('a dry run and a refusal leave nothing behind', async (t) => {
  const w = await world(t);
  const dry = await w.services.execute(
    deposit,
    { account: 'a', amount: 3 },
    { actor, dryRun: true },
  );
  assert.deepEqual(dry, { ok: true, value: { total: 3 } });
  const refused = await w.services.execute(deposit, { account: 'a', amount: -3 }, { actor });
  assert.deepEqual(refused, { ok: false, error: { code: 'INPUT_INVALID' } });
  assert.equal(await total(w, 'a'), 0);
  const { rows } = await w.pools.read.query('select count(*) as n from audit_entry');
  assert.equal(rows[0].n, 0);
});

test('a command that is no pure function of its input is found', async (t) => {
  const w = await world(t);
  let calls = 0;
  const impure: Command<null, number> = {
    name: 'test.impure',
    chain: () => 'unit:x',
    describe: () => ({ subject: '', detail: {} }),
    run: async () => ok((calls += 1)),
  };
  await assert.rejects(w.services.execute(impure, null, { actor }), /no pure function/);
});

test('commands that deadlock are run again until both are done', async (t) => {
  const w = await world(t, { rehearse: false });
  const transfer: Command<{ from: string; to: string }, null> = {
    name: 'test.transfer',
    chain: (input) => `unit:${input.from}`,
    describe: () => ({ subject: '', detail: {} }),
    async run(tx, input) {
      for (const [account, amount] of [
        [input.from, -1],
        [input.to, 1],
      ] as const) {
        await sql`update counter set total = total + ${amount} where account = ${account}`.execute(
          tx.q,
        );
        await sql`select pg_sleep(0.05)`.execute(tx.q);
      }
      return ok(null);
    },
  };
  await w.pools.write.query(`insert into counter values ('a', 10), ('b', 10)`);
  await Promise.all([
    w.services.execute(transfer, { from: 'a', to: 'b' }, { actor }),
    w.services.execute(transfer, { from: 'b', to: 'a' }, { actor }),
  ]);
  assert.deepEqual([await total(w, 'a'), await total(w, 'b')], [10, 10]);
});

const queueDeposit: Command<Deposit & { dedupeKey?: string }, string> = {
  ...deposit,
  name: 'test.queue-deposit',
  describe: (input) => ({ subject: input.account, detail: {} }),
  async run(tx, input) {
    const { dedupeKey, ...payload } = input;
    const task = { kind: 'deposit', owner: '1', payload };
    return ok(await tx.enqueue(dedupeKey === undefined ? task : { ...task, dedupeKey }));
  },
};

const depositTask: TaskHandler = {
  kind: 'deposit',
  async run(task) {
    const outcome = await task.execute(deposit, task.payload as Deposit, { result: 'paid' });
    return outcome.ok ? undefined : outcome.error;
  },
};

test('a task is done once; the same dedupe key queues once; a refusal ends it as failed', async (t) => {
  const w = await world(t, { handlers: [depositTask] });
  const input = { account: 'a', amount: 2, dedupeKey: 'd' };
  const first = await w.services.execute(queueDeposit, input, { actor });
  const second = await w.services.execute(queueDeposit, input, { actor });
  assert.deepEqual(first, second);
  await w.services.execute(queueDeposit, { account: 'b', amount: -2 }, { actor });
  assert.equal(await w.drainTasks(), 2);
  assert.equal(await total(w, 'a'), 2);
  const { rows } = await w.pools.read.query(
    'select state, result, failure from task order by state',
  );
  assert.deepEqual(rows, [
    { state: 'done', result: 'paid', failure: null },
    { state: 'failed', result: null, failure: { code: 'INPUT_INVALID' } },
  ]);
});

test('a worker whose task was given away can no longer commit', async (t) => {
  const w = await world(t, { rehearse: false });
  await w.services.execute(queueDeposit, { account: 'a', amount: 7 }, { actor });
  const [old] = await claimTasks(w.pools.write, 'slow', ['deposit'], 1);
  assert.ok(old);
  await w.pools.write.query(`update task set state = 'queued'`);
  const [taken] = await claimTasks(w.pools.write, 'quick', ['deposit'], 1);
  assert.ok(taken && taken.fencing > old.fencing);
  const input = old.payload as Deposit;
  for (const finish of [undefined, { result: null }]) {
    const fence = { taskId: old.id, fencing: old.fencing, ...(finish ? { finish } : {}) };
    await assert.rejects(w.execute(deposit, input, { actor, fence }), LeaseLost);
  }
  assert.equal(await total(w, 'a'), 0);
  const fence = { taskId: taken.id, fencing: taken.fencing, finish: { result: null } };
  await w.execute(deposit, input, { actor, fence });
  assert.equal(await total(w, 'a'), 7);
});

for (const frequent of [undefined, 'pipelined'] as const)
  test(`copy keeps every character and byte (${frequent ?? 'plain'})`, async (t) => {
    const w = await world(t);
    await w.pools.write.query('create table odd (n int primary key, s text, b bytea, f boolean)');
    const texts = ['plain', '制表\t换行\n回车\r反斜杠\\', '\\N', '', '𠮷·ẞ', 'a'.repeat(70_000)];
    const copyOdd: Command<null, number> = {
      name: 'test.copy',
      ...(frequent && { frequent }),
      chain: () => 'unit:x',
      describe: () => ({ subject: '', detail: {} }),
      run: async (tx) =>
        ok(
          await tx.copy(
            'odd',
            ['n', 's', 'b', 'f'],
            [
              ...texts.map((text, n) => [n, text, new TextEncoder().encode(text), true] as const),
              [99, null, null, null],
            ],
          ),
        ),
    };
    const outcome = await w.services.execute(copyOdd, null, { actor });
    assert.deepEqual(outcome, { ok: true, value: texts.length + 1 });
    const seen: string[] = [];
    const rows = w.services.db.stream<{ s: string | null; b: Buffer | null }>(
      'select s, b from odd order by n',
      [],
      2,
    );
    for await (const row of rows) {
      if (row.s === null) continue;
      seen.push(row.s);
      assert.equal(row.b?.toString('utf8'), row.s);
    }
    assert.deepEqual(seen, texts);
  });

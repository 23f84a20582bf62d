// Commands and reads whose statements leave without waiting for each other's answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ok } from '@shebao/kernel';
import { testDatabase } from './testing.ts';
import type { Command } from './types.ts';

const actor = { kind: 'system', name: 'test' } as const;

test('a pipelined command sends without waiting and keeps the promises all the same', async (t) => {
  const w = await testDatabase(t, { rehearse: false });
  await w.pools.write.query('create table counter (account text primary key, total bigint)');
  const often = (work: Command<null, number>['run']): Command<null, number> => ({
    name: 'test.often',
    frequent: 'pipelined',
    chain: () => 'unit:a',
    describe: () => ({ subject: 'a', detail: {} }),
    run: work,
  });
  const columns = ['account', 'total'];
  const count = async () => {
    const { rows } = await w.pools.read.query(
      `select (select count(*)::int from counter) as counted,
        (select count(*)::int from audit_entry) as audited`,
    );
    return rows[0];
  };
  const reading = often(async (tx) => {
    await tx.writes.insert('counter', columns, [['a', 1]]);
    const totals = await Promise.all(
      ['a', 'b', 'a'].map((account) =>
        tx.writes.read('counter', 'select total from counter where account = $1', [account]),
      ),
    );
    return ok(totals.reduce((sum, { rows }) => sum + rows.length, 0));
  });
  assert.deepEqual(await w.execute(reading, null, { actor }), { ok: true, value: 2 });
  assert.deepEqual(await count(), { counted: 1, audited: 1 });
  // The last write of a command leaves together with its audit entry: if it fails, neither is there.
  const twice = often(async (tx) => {
    await tx.writes.insert('counter', columns, [['b', 2]]);
    await tx.writes.read('counter', 'select 1 from counter', []);
    await tx.writes.insert('counter', columns, [['a', 3]]);
    return ok(0);
  });
  await assert.rejects(w.execute(twice, null, { actor }), { name: 'UniqueBroken' });
  const broken = often(async (tx) => {
    await tx.writes.insert('counter', columns, [['c', 'no number']]);
    return ok(0);
  });
  await assert.rejects(w.execute(broken, null, { actor }), /invalid input syntax/);
  assert.deepEqual(await count(), { counted: 1, audited: 1 });
  const many = await Promise.all(
    Array.from({ length: 60 }, (_, at) =>
      w.execute(
        often(async (tx) => {
          await tx.writes.insert('counter', columns, [[`many ${at}`, at]]);
          return ok(at);
        }),
        null,
        { actor },
      ),
    ),
  );
  assert.deepEqual(
    many,
    many.map((_, value) => ({ ok: true, value })),
  );
  assert.deepEqual(await count(), { counted: 61, audited: 61 });
});

test('pipelined commands that deadlock are run again, whichever failure comes first', async (t) => {
  const w = await testDatabase(t, { rehearse: false });
  await w.pools.write.query('create table counter (account text primary key, total bigint)');
  await w.pools.write.query(`insert into counter values ('a', 0), ('b', 0)`);
  const both = (first: string, second: string): Command<null, number> => ({
    name: 'test.both',
    frequent: 'pipelined',
    chain: () => `unit:${first}`,
    describe: () => ({ subject: first, detail: {} }),
    async run(tx) {
      const add = (account: string) =>
        tx.writes.read('counter', 'update counter set total = total + 1 where account = $1', [
          account,
        ]);
      const nested = async (work: Promise<unknown>) => {
        const [done] = await Promise.all([work, work.then(() => work)]);
        return done;
      };
      await add(first);
      // The nested one waits longer to be told than those behind it.
      await Promise.all([nested(add(second)), add('nobody'), add('nobody')]);
      return ok(1);
    },
  });
  const all = Array.from({ length: 6 }, (_, at) =>
    w.execute(at % 2 === 0 ? both('a', 'b') : both('b', 'a'), null, { actor }),
  );
  assert.ok((await Promise.all(all)).every((one) => one.ok));
  const { rows } = await w.pools.read.query('select sum(total)::int as total from counter');
  assert.equal(rows[0].total, 12);
});

test('nothing leaves after the end of a transaction', async (t) => {
  const w = await testDatabase(t, { rehearse: false });
  await w.pools.write.query('create table counter (account text primary key, total bigint)');
  for (const frequent of [undefined, 'pipelined'] as const) {
    const late: Promise<unknown>[] = [];
    const forgetful: Command<null, number> = {
      name: 'test.forgetful',
      ...(frequent && { frequent }),
      chain: () => 'unit:a',
      describe: () => ({ subject: 'a', detail: {} }),
      async run(tx) {
        const insert = (account: string) =>
          tx.writes.read('counter', 'insert into counter values ($1, 1)', [account]);
        const slow = insert('first')
          .then(() => sleep(50))
          .then(() => insert('second'));
        late.push(slow.catch((error: Error) => error.name));
        await tx.writes.read('counter', 'select 1 / $1::int', [0]);
        return ok(1);
      },
    };
    await assert.rejects(w.execute(forgetful, null, { actor }), /division by zero/);
    const [said] = await Promise.all(late);
    assert.equal(said, 'TransactionOver');
    const deferring: Command<null, number> = {
      ...forgetful,
      async run(tx) {
        tx.defer(tx.writes.read('counter', `insert into counter values ('third', $1)`, ['no']));
        return ok(1);
      },
    };
    await assert.rejects(w.execute(deferring, null, { actor }), /invalid input syntax/);
  }
  const { rows } = await w.pools.read.query('select account from counter');
  assert.deepEqual(rows, []);
});

test('small reads share a connection, and another one when it breaks', async (t) => {
  const w = await testDatabase(t);
  const { lookUp } = w.services.db;
  const backend = async () => (await lookUp('select pg_backend_pid() as pid', [])).rows[0];
  const all = await Promise.all(Array.from({ length: 50 }, backend));
  assert.equal(new Set(all.map((row) => JSON.stringify(row))).size, 1);
  await assert.rejects(lookUp('select $1::int / 0', [1]), /division by zero/);
  await assert.rejects(lookUp('delete from task', []), /read-only/);
  assert.deepEqual(await backend(), all[0]);
  const { pid } = all[0] as { pid: number };
  const under = lookUp('select pg_sleep(30)', []);
  const ended = assert.rejects(under, /terminat/);
  await w.pools.write.query('select pg_terminate_backend($1)', [pid]);
  await ended;
  assert.notDeepEqual(await backend(), all[0]);
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { ok } from '@shebao/kernel';
import { sql } from 'kysely';
import { commit } from './commit.ts';
import { openPools } from './database.ts';
import { createExecute } from './execute.ts';
import { testDatabase } from './testing.ts';
import type { Command } from './types.ts';

type Fault = 'before' | 'after' | undefined;

/** Stands between the service and the database and cuts the connection around a COMMIT. */
async function cutter(t: TestContext, url: string): Promise<{ url: string; next: Fault[] }> {
  const server = new URL(url);
  const target = path.join(server.searchParams.get('host') as string, '.s.PGSQL.5432');
  const folder = await mkdtemp(path.join(tmpdir(), 'shebao-cut-'));
  const next: Fault[] = [];
  const open = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(target);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (data: Buffer) => {
      const fault = data.includes('commit\0') ? next.shift() : undefined;
      if (fault === 'before') {
        near.destroy();
        return;
      }
      far.write(data);
      if (fault === 'after') far.once('data', () => near.destroy());
    });
    far.on('data', (data: Buffer) => {
      if (!near.destroyed) near.write(data);
    });
  });
  await new Promise<void>((done) => proxy.listen(path.join(folder, '.s.PGSQL.5432'), done));
  t.after(async () => {
    for (const socket of open) socket.destroy();
    proxy.close();
    await rm(folder, { recursive: true, force: true });
  });
  server.searchParams.set('host', folder);
  return { url: server.href, next };
}

const add: Command<{ id: number }, { id: number }> = {
  name: 'test.add',
  chain: () => 'unit:a',
  describe: (input) => ({ subject: String(input.id), detail: {} }),
  async run(tx, input) {
    await sql`insert into added values (${input.id})`.execute(tx.q);
    return ok(input);
  },
};

/** The same where statements leave without waiting. */
const addOften = { ...add, frequent: 'pipelined' } as const;

test('a connection lost at COMMIT is resolved: done once, whatever had happened', async (t) => {
  const w = await testDatabase(t);
  await w.pools.write.query('create table added (id int primary key)');
  const cut = await cutter(t, w.url);
  const pools = openPools(cut.url, { write: 3, pipelined: 3, read: 1 }, () => undefined);
  t.after(() => pools.end());
  const { log, clock, events: bus, metrics } = w.services;
  const execute = createExecute({ pools, clock, bus, metrics, log });
  const actor = { kind: 'system', name: 'test' } as const;
  const faults: Fault[][] = [['before'], ['after'], ['before', 'after'], ['after'], []];
  const twice = [...faults, ...faults];
  for (const [id, fault] of twice.entries()) {
    cut.next.push(...fault);
    const options = id % 2 === 0 ? { actor } : { actor, idempotencyKey: `k${id}` };
    const command = id < faults.length ? add : addOften;
    assert.deepEqual(await execute(command, { id }, options), { ok: true, value: { id } });
    cut.next.length = 0;
  }
  const { rows } = await w.pools.read.query('select id from added order by id');
  assert.deepEqual(
    rows,
    [...twice.keys()].map((id) => ({ id })),
  );
  const audit = await w.pools.read.query('select count(*) as n from audit_entry');
  assert.equal(audit.rows[0].n, twice.length);
});

test('a transaction that a crash swept away is not taken for another that got its number', async (t) => {
  const w = await testDatabase(t);
  await w.pools.write.query('create table added (id int primary key)');
  const { log, clock, execute } = w.services;
  const actor = { kind: 'system', name: 'test' } as const;
  assert.ok((await execute(add, { id: 1 }, { actor })).ok);
  const { rows } = await w.pools.read.query(
    `select e.chain, e.seq, e.hash, e.xmin::text as xid,
       (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000000)::text as future
     from audit_entry e`,
  );
  const [{ chain, seq, hash, xid, future }] = rows;
  const ports = { pool: w.pools.write, clock, log };
  const outcome = async (written: { xid: string; seq: number; hash: Uint8Array }) => {
    const gone = await w.pools.write.connect();
    // Its connection is gone, as after a crash: what became of the commit must be asked for.
    const { pid } = (await gone.query('select pg_backend_pid() as pid')).rows[0];
    await w.pools.write.query('select pg_terminate_backend($1)', [pid]);
    try {
      return await commit(ports, gone, { chain, ...written });
    } finally {
      gone.release(true);
    }
  };
  assert.equal(await outcome({ xid, seq, hash }), true, 'its entry is there');
  assert.equal(await outcome({ xid, seq: seq + 1, hash }), false, 'the number is another one’s');
  assert.equal(await outcome({ xid, seq, hash: Buffer.alloc(32) }), false, 'so is the entry');
  assert.equal(await outcome({ xid: future, seq: seq + 1, hash }), false, 'a number not given out');
});

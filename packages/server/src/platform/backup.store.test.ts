import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { ok } from '@shebao/kernel';
import { sql } from 'kysely';
import pg from 'pg';
import { verifyAuditLog } from '../audit/index.ts';
import { encryptedColumns } from '../encrypted-columns.ts';
import { readBackup, writeBackup } from './backup.ts';
import { openPools, readDatabase } from './database.ts';
import { fieldCrypto, loadKeys } from './field-crypto.ts';
import { rotateKeys } from './rotate-keys.ts';
import { type TestWorld, testDatabase } from './testing.ts';
import type { Command } from './types.ts';

const actor = { kind: 'system', name: 'test' } as const;

const work: Command<{ n: number }, null> = {
  name: 'test.work',
  chain: (input) => `unit:${input.n % 5}`,
  describe: (input) => ({ subject: String(input.n), detail: {} }),
  async run(tx, input) {
    await tx.enqueue({ kind: 'work', owner: 'office', payload: input });
    await sql`insert into taxpayer (taxpayer_id, name, registered_at)
      values (${`91330106MA${String(input.n).padStart(8, '0')}`}, '单位', now())`.execute(tx.q);
    return ok(null);
  },
};

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shebao-backup-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function emptyDatabase(w: TestWorld, t: TestContext): Promise<string> {
  const name = `restored_${process.pid}_${Date.now()}`;
  await w.pools.write.query(`create database ${name} template template0`);
  const url = new URL(w.url);
  url.pathname = `/${name}`;
  t.after(async () => {
    const server = new URL(url);
    server.pathname = '/postgres';
    const client = new pg.Client({ connectionString: server.href });
    await client.connect();
    await client.query(`drop database ${name} with (force)`);
    await client.end();
  });
  return url.href;
}

test('a backup of a busy service is whole, encrypted, and restores with every check clean', async (t) => {
  const w = await testDatabase(t, { rehearse: false });
  const folder = await folderFor(t);
  const keys = await loadKeys(path.join(folder, 'keys'));
  const file = path.join(folder, 'backup');
  for (let n = 0; n < 50; n += 1) await w.services.execute(work, { n }, { actor });
  let busy = true;
  const writers = (async () => {
    for (let n = 50; busy; n += 1) await w.services.execute(work, { n }, { actor });
  })();
  const summary = await writeBackup(w.url, keys, file);
  busy = false;
  await writers;
  const bytes = await readFile(file);
  assert.equal(bytes.includes('91330106MA'), false);

  const target = await emptyDatabase(w, t);
  assert.deepEqual(await readBackup(target, keys, file), summary);
  const pools = openPools(target, { write: 1, pipelined: 1, read: 2 }, () => undefined);
  t.after(() => pools.end());
  assert.equal((await verifyAuditLog(readDatabase(pools))).intact, true);
  const { rows } = await pools.write.query(
    `select (select count(*) from taxpayer) as taxpayers, (select count(*) from task) as tasks,
       (select count(*) from audit_entry) as entries,
       (select max(id) from taxpayer) < nextval(pg_get_serial_sequence('taxpayer', 'id')) as ahead`,
  );
  const { taxpayers, tasks, entries, ahead } = rows[0];
  assert.ok(taxpayers >= 50);
  assert.deepEqual([tasks, entries, ahead], [taxpayers, taxpayers, true]);
  await assert.rejects(readBackup(target, keys, file), /目标数据库已有数据/);
});

test('a wrong key, a changed byte and a cut-off end are refused and leave nothing', async (t) => {
  const w = await testDatabase(t);
  const folder = await folderFor(t);
  const keys = await loadKeys(path.join(folder, 'keys'));
  const file = path.join(folder, 'backup');
  await writeBackup(w.url, keys, file);
  const bytes = await readFile(file);
  const target = await emptyDatabase(w, t);
  const changed = Buffer.from(bytes);
  changed[bytes.length >> 1] = (changed[bytes.length >> 1] as number) ^ 1;
  for (const damaged of [changed, bytes.subarray(0, -1), bytes.subarray(0, 48), Buffer.from('x')]) {
    await writeFile(file, damaged);
    await assert.rejects(readBackup(target, keys, file), /备份/);
  }
  await writeFile(file, bytes);
  const foreign = await loadKeys(path.join(folder, 'other'));
  await assert.rejects(readBackup(target, foreign, file), /密钥文件与备份不符/);
  await readBackup(target, keys, file);
});

test('keys rotate: every encrypted column is known, old values get the new key', async (t) => {
  const w = await testDatabase(t);
  const file = path.join(await folderFor(t), 'keys');
  const old = fieldCrypto(await loadKeys(file));
  const { rows: found } = await w.pools.read.query(
    `select table_name || '.' || column_name as place from information_schema.columns
     where table_schema = 'public' and column_name like '%cipher%' order by 1`,
  );
  const known = encryptedColumns.map((one) => `${one.table}.${one.column}`);
  assert.deepEqual(
    found.map((row) => row.place as string),
    known.sort(),
  );
  for (let id = 1; id <= 1_200; id += 1) {
    const cipher = old.encrypt(`number ${id}`, `identity.number_cipher:${id}`);
    await w.pools.write.query(
      `insert into identity (person_id, document_type, number_hash, number_cipher)
       values ($1, '居民身份证', $2, $3)`,
      [id, old.searchHash(String(id)), cipher],
    );
  }
  assert.deepEqual(await rotateKeys(w.url, file, encryptedColumns), { key: 2, values: 1_200 });
  const crypto = fieldCrypto(await loadKeys(file));
  const { rows } = await w.pools.read.query('select person_id, number_cipher from identity');
  for (const row of rows) {
    assert.equal((row.number_cipher as Buffer)[2], 2);
    const id = row.person_id as number;
    assert.equal(crypto.decrypt(row.number_cipher, `identity.number_cipher:${id}`), `number ${id}`);
  }
});

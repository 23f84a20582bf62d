import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from './config.ts';
import { type Migration, migrate, readMigrations } from './migrations.ts';
import { testDatabase } from './testing.ts';

const next: Migration = {
  version: 9_000,
  name: 'next',
  text: 'create table next_one (id int)',
  checksum: 'a',
};

test('two processes migrate once; drift and an older program are refused', async (t) => {
  const { pools } = await testDatabase(t);
  const known = await readMigrations();
  assert.deepEqual(await migrate(pools.write, known), []);
  const runs = await Promise.all([
    migrate(pools.write, [...known, next]),
    migrate(pools.write, [...known, next]),
  ]);
  assert.deepEqual(runs.flat(), ['9000_next']);
  await assert.rejects(
    migrate(pools.write, [...known, { ...next, checksum: 'b' }]),
    (error: Error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /9000_next 与已执行的内容不一致/);
      return true;
    },
  );
  await assert.rejects(migrate(pools.write, known), /请使用更新的程序/);
});

test('a migration that fails leaves nothing of itself', async (t) => {
  const { pools } = await testDatabase(t);
  const known = await readMigrations();
  const broken = { ...next, text: `${next.text}; select no_such_column` };
  await assert.rejects(migrate(pools.write, [...known, broken]), /9000_next failed/);
  assert.deepEqual(await migrate(pools.write, [...known, next]), ['9000_next']);
});

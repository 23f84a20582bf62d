import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { ConfigError } from './config.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

const folder = fileURLToPath(new URL('../../migrations/', import.meta.url));
/** Any number, the same in every process: only one of them migrates at a time. */
const migrationLock = 7_206_311;

/** Reads the numbered files `NNNN_name.sql`. Two files of one number are an error. */
export async function readMigrations(from: string = folder): Promise<readonly Migration[]> {
  const files = (await readdir(from)).filter((file) => file.endsWith('.sql')).sort();
  const migrations: Migration[] = [];
  for (const file of files) {
    const match = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file);
    if (!match) throw new Error(`migration with a wrong name: ${file}`);
    const text = await readFile(path.join(from, file), 'utf8');
    const checksum = createHash('sha256').update(text).digest('hex');
    const version = Number(match[1]);
    if (migrations.at(-1)?.version === version) throw new Error(`two migrations ${match[1]}`);
    migrations.push({ version, name: match[2] as string, text, checksum });
  }
  if (migrations.length === 0) throw new Error(`no migration found in ${from}`);
  return migrations;
}

/** Brings the database to the newest form, forward only, each file in its own transaction. */
export async function migrate(
  pool: pg.Pool,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await client.query(`create table if not exists schema_migration (
      version integer primary key, name text not null, checksum text not null,
      applied_at timestamptz not null default clock_timestamp())`);
    const { rows } = await client.query<{ version: number; checksum: string }>(
      'select version, checksum from schema_migration order by version',
    );
    refuseDrift(rows, migrations);
    const applied = new Set(rows.map((row) => row.version));
    const done: string[] = [];
    for (const migration of migrations) {
      if (applied.has(migration.version)) continue;
      await apply(client, migration);
      done.push(`${String(migration.version).padStart(4, '0')}_${migration.name}`);
    }
    return done;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    client.release();
  }
}

function refuseDrift(
  applied: readonly { version: number; checksum: string }[],
  known: readonly Migration[],
): void {
  const byVersion = new Map(known.map((migration) => [migration.version, migration]));
  for (const row of applied) {
    const migration = byVersion.get(row.version);
    if (!migration) {
      throw new ConfigError(
        `数据库已升级到更新的版本（迁移 ${row.version} 本程序没有），请使用更新的程序`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new ConfigError(
        `迁移 ${row.version}_${migration.name} 与已执行的内容不一致，已停止启动以保护数据`,
      );
    }
  }
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.text);
    await client.query(
      'insert into schema_migration (version, name, checksum) values ($1, $2, $3)',
      [migration.version, migration.name, migration.checksum],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw new Error(`migration ${migration.version}_${migration.name} failed`, { cause: error });
  }
}

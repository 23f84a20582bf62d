import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { decryptBackup, encryptBackup } from './backup-format.ts';
import { ConfigError } from './config.ts';
import { quoteIdentifier } from './copy.ts';
import type { KeyFile } from './field-crypto.ts';
import { migrate, readMigrations } from './migrations.ts';

/** How much a backup holds. */
export interface BackupSummary {
  readonly tables: number;
  readonly rows: number;
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

interface Sequence {
  readonly name: string;
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/** What stands before the tables: which form the database had, and where its numbering stood. */
interface Head {
  readonly migrations: readonly { readonly version: number; readonly checksum: string }[];
  readonly sequences: readonly Sequence[];
}

/** Writes every table, as of one moment, into one encrypted file. The service may go on working. */
export async function writeBackup(
  url: string,
  keys: KeyFile,
  file: string,
): Promise<BackupSummary> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const draft = `${file}.part`;
  const summary = { tables: 0, rows: 0 };
  try {
    await client.query('begin isolation level repeatable read read only');
    await pipeline(
      Readable.from(records(client, summary), { objectMode: false }),
      createZstdCompress(),
      encryptBackup(keys),
      createWriteStream(draft, { mode: 0o600, flush: true }),
    );
    await client.query('commit');
    await rename(draft, file);
    return summary;
  } finally {
    await rm(draft, { force: true });
    await client.end();
  }
}

function record(kind: 'H' | 'T' | 'D' | 'E', body: Buffer | string): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  const head = Buffer.alloc(5);
  head.write(kind, 'latin1');
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

async function* records(
  client: pg.Client,
  summary: { tables: number; rows: number },
): AsyncGenerator<Buffer> {
  const head: Head = {
    migrations: (await client.query('select version, checksum from schema_migration')).rows,
    sequences: (
      await client.query<Sequence>(
        `select sequencename as name, coalesce(last_value, start_value)::text as "lastValue",
           last_value is not null as "isCalled"
         from pg_sequences where schemaname = 'public' order by 1`,
      )
    ).rows,
  };
  yield record('H', JSON.stringify(head));
  for (const table of await listTables(client)) {
    yield record('T', JSON.stringify(table));
    const columns = table.columns.map(quoteIdentifier).join(', ');
    const source = client.query(
      copyTo(`copy ${quoteIdentifier(table.name)} (${columns}) to stdout with (format binary)`),
    );
    for await (const chunk of source) yield record('D', chunk as Buffer);
    summary.tables += 1;
    summary.rows += source.rowCount;
  }
  yield record('E', JSON.stringify(summary));
}

async function listTables(client: pg.Client): Promise<readonly Table[]> {
  const { rows } = await client.query<Table>(
    `select c.table_name::text as name, json_agg(c.column_name order by c.ordinal_position) as columns
     from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
       and c.is_generated = 'NEVER' and c.table_name <> 'schema_migration'
     group by 1 order by 1`,
  );
  return rows;
}

/** Fills an empty database from a backup: all of it or nothing. The next start upgrades its form. */
export async function readBackup(url: string, keys: KeyFile, file: string): Promise<BackupSummary> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  const client = await pool.connect();
  try {
    const source = createReadStream(file);
    const plain = source.pipe(decryptBackup(keys));
    const unpacked = plain.pipe(createZstdDecompress());
    source.once('error', (error) => unpacked.destroy(error));
    plain.once('error', (error) => unpacked.destroy(error));
    return await restoreFrom(pool, client, parse(unpacked));
  } finally {
    client.release(true);
    await pool.end();
  }
}

interface Part {
  readonly kind: string;
  readonly body: Buffer;
}

async function* parse(stream: AsyncIterable<Buffer>): AsyncGenerator<Part> {
  let buffered: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    while (buffered.length >= 5) {
      const length = buffered.readUInt32BE(1);
      if (buffered.length < 5 + length) break;
      yield { kind: buffered.toString('latin1', 0, 1), body: buffered.subarray(5, 5 + length) };
      buffered = buffered.subarray(5 + length);
    }
  }
}

async function restoreFrom(
  pool: pg.Pool,
  client: pg.PoolClient,
  parts: AsyncGenerator<Part>,
): Promise<BackupSummary> {
  const first = await parts.next();
  if (first.done || first.value.kind !== 'H') throw new ConfigError('备份文件不完整');
  const head = JSON.parse(first.value.body.toString('utf8')) as Head;
  await refuseFilled(client);
  await migrateLike(pool, head);
  await client.query('begin');
  // Rows come in as they were: no trigger, no order of foreign keys.
  await client.query('set local session_replication_role = replica');
  const names = (await listTables(client as unknown as pg.Client)).map((table) => table.name);
  await client.query(`truncate ${names.map(quoteIdentifier).join(', ')}`);
  const summary = await copyParts(client, parts);
  for (const sequence of head.sequences) {
    const { name, lastValue, isCalled } = sequence;
    await client.query('select setval($1::regclass, $2, $3)', [
      quoteIdentifier(name),
      lastValue,
      isCalled,
    ]);
  }
  await client.query('commit');
  return summary;
}

async function refuseFilled(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query(
    `select to_regclass('schema_migration') is not null as filled`,
  );
  if (rows[0]?.filled) {
    throw new ConfigError('目标数据库已有数据，恢复只能写入空的数据目录，请另选 SHEBAO_DATA_DIR');
  }
}

async function migrateLike(pool: pg.Pool, head: Head): Promise<void> {
  const known = await readMigrations();
  const byVersion = new Map(head.migrations.map((one) => [one.version, one.checksum]));
  const wanted = known.filter((one) => byVersion.get(one.version) === one.checksum);
  if (wanted.length !== byVersion.size) {
    throw new ConfigError('备份由更新的或不同的程序版本生成，请使用生成备份的版本或更新版本恢复');
  }
  await migrate(pool, wanted);
}

async function copyParts(
  client: pg.PoolClient,
  parts: AsyncGenerator<Part>,
): Promise<BackupSummary> {
  let rows = 0;
  let tables = 0;
  let part = await parts.next();
  while (!part.done && part.value.kind === 'T') {
    const table = JSON.parse(part.value.body.toString('utf8')) as Table;
    const columns = table.columns.map(quoteIdentifier).join(', ');
    const target = client.query(
      copyFrom(`copy ${quoteIdentifier(table.name)} (${columns}) from stdin with (format binary)`),
    );
    const data = async function* (): AsyncGenerator<Buffer> {
      for (;;) {
        part = await parts.next();
        if (part.done || part.value.kind !== 'D') return;
        yield part.value.body;
      }
    };
    await pipeline(Readable.from(data(), { objectMode: false }), target);
    rows += target.rowCount;
    tables += 1;
  }
  const end = part.done ? undefined : part.value;
  if (end?.kind !== 'E') throw new ConfigError('备份文件不完整');
  const summary = JSON.parse(end.body.toString('utf8')) as BackupSummary;
  if (summary.rows !== rows || summary.tables !== tables) {
    throw new ConfigError(`恢复了 ${rows} 行，备份中应有 ${summary.rows} 行，已全部撤销`);
  }
  return summary;
}

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyValue } from './types.ts';
import type { Run } from './writes.ts';

const chunkCharacters = 64 * 1024;

/** Bulk insert with COPY; returns the rows written. Table and columns are code, never input. */
export async function copyRows(
  client: PoolClient,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<number> {
  const names = columns.map(quoteIdentifier).join(', ');
  const target = client.query(
    copyFrom(`copy ${quoteIdentifier(table)} (${names}) from stdin with (format text)`),
  );
  await pipeline(Readable.from(chunks(rows, columns.length)), target);
  return target.rowCount;
}

/** The same rows by one statement, for connections that cannot COPY; the types are those of the table. */
export async function insertRows(
  run: Run,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<number> {
  const objects: Record<string, unknown>[] = [];
  for (const row of rows) {
    if (row.length !== columns.length) {
      throw new Error(`copy: a row has ${row.length} of ${columns.length} values`);
    }
    objects.push(Object.fromEntries(columns.map((name, at) => [name, asJson(row[at] ?? null)])));
  }
  const names = columns.map(quoteIdentifier).join(', ');
  const into = quoteIdentifier(table);
  const { rowCount } = await run(
    `insert into ${into} (${names}) select ${names} from json_populate_recordset(null::${into}, $1)`,
    [JSON.stringify(objects)],
  );
  return rowCount ?? 0;
}

function asJson(value: CopyValue): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return value;
}

function* chunks(rows: Iterable<readonly CopyValue[]>, width: number): Generator<Buffer> {
  let text = '';
  for (const row of rows) {
    if (row.length !== width) throw new Error(`copy: a row has ${row.length} of ${width} values`);
    for (let column = 0; column < width; column += 1) {
      if (column > 0) text += '\t';
      text += escapeCopy(row[column] as CopyValue);
    }
    text += '\n';
    if (text.length >= chunkCharacters) {
      yield Buffer.from(text, 'utf8');
      text = '';
    }
  }
  if (text !== '') yield Buffer.from(text, 'utf8');
}

const special = /[\\\t\n\r]/g;
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

/** One value in COPY's text format. Text with a NUL, which PostgreSQL cannot store, throws. */
export function escapeCopy(value: CopyValue): string {
  if (value === null) return '\\N';
  switch (typeof value) {
    case 'string':
      if (value.includes('\0')) throw new Error('copy: text holds a NUL character');
      return value.replace(special, (character) => escapes[character] as string);
    case 'number':
      if (!Number.isFinite(value)) throw new Error(`copy: not a finite number: ${value}`);
      return String(value);
    case 'boolean':
      return value ? 't' : 'f';
    case 'bigint':
      return String(value);
    default:
      return `\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  }
}

/** Quotes `name` or `schema.name` for use in SQL text. */
export function quoteIdentifier(name: string): string {
  return name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
}

import type { Kysely } from 'kysely';
import { CompiledQuery } from 'kysely';
import type { FieldCrypto, LookUp, Moment, Tx } from '../platform/index.ts';
import type { Find, Reader, Records, Store, Table, Where } from './records.ts';

/** Records in PostgreSQL, within a command's transaction. */
export function postgresStore(tx: Tx, at: Moment, crypto: FieldCrypto): Store {
  return {
    at,
    of: (table) => recordsIn(tx.writes, table),
    later: ({ kind, owner, payload, dedupeKey, afterMs }) =>
      tx.enqueue({
        kind,
        owner,
        payload,
        ...(dedupeKey === undefined ? {} : { dedupeKey }),
        ...(afterMs === undefined ? {} : { runAfterMs: afterMs }),
      }),
    tell: (audience, type, data) => tx.publish({ audience, type, data }),
    async nextId(name) {
      // Not from the sequence, which a rollback doesn't take back: the same run must give the same id.
      await tx.lock(`next id of ${name}`);
      const next = `select coalesce(max(id), 0) + 1 as id from ${name}`;
      const { rows } = await tx.writes.read(name, next, []);
      return (rows[0] as { id: number }).id;
    },
    seal: (plain, aad) => crypto.encrypt(plain, aad),
    open: (cipher, aad) => crypto.decrypt(cipher, aad),
    searchHash: (plain) => crypto.searchHash(plain),
  };
}

/** Reads what is committed, with this way to ask. */
export function readerOn(ask: LookUp): Reader {
  return { of: (table) => finding(table, (_name, text, values) => ask(text, values)) };
}

/** Reads with this connection. */
export function readerIn(q: Kysely<unknown>): Reader {
  return readerOn((text, values) => q.executeQuery(CompiledQuery.raw(text, [...values])));
}

type Read = (
  table: string,
  text: string,
  values: readonly unknown[],
) => Promise<{ readonly rows: readonly unknown[] }>;

function finding<Row>(table: Table<Row>, read: Read): Pick<Records<Row>, 'find' | 'get'> {
  const names = Object.keys(table.columns) as (keyof Row & string)[];
  const fields = names.map((name) => `${snake(name)} as "${name}"`).join(', ');
  const find = async (where: Where<Row>, options: Find<Row> = {}): Promise<readonly Row[]> => {
    const values: unknown[] = [];
    const conditions = Object.entries(where)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => {
        if (value === null) return `${snake(name)} is null`;
        values.push(value);
        const place = `$${values.length}`;
        return Array.isArray(value)
          ? `${snake(name)} = any(${place})`
          : `${snake(name)} = ${place}`;
      });
    const order = (options.order ?? []).map((name) =>
      name.startsWith('-') ? `${snake(name.slice(1))} desc` : snake(name),
    );
    const text = [
      `select ${fields} from ${table.name}`,
      conditions.length > 0 ? `where ${conditions.join(' and ')}` : '',
      order.length > 0 ? `order by ${order.join(', ')}` : '',
      options.limit === undefined ? '' : `limit ${Math.trunc(options.limit)}`,
      options.lock ? 'for update' : '',
    ].join(' ');
    return (await read(table.name, text, values)).rows as readonly Row[];
  };
  return { find, get: async (where, options) => (await find(where, { ...options, limit: 1 }))[0] };
}

/** Reads and writes the records of one table in a transaction; writes may wait for others. */
function recordsIn<Row>(writes: Tx['writes'], table: Table<Row>): Records<Row> {
  const names = Object.keys(table.columns) as (keyof Row & string)[];
  const column = (name: keyof Row & string, value: unknown) =>
    [snake(name), encode(value, table.columns[name])] as const;
  const encoded = (row: Row) => names.map((name) => encode(row[name], table.columns[name]));
  return {
    ...finding(table, (name, text, values) => writes.read(name, text, values)),
    async insert(...given) {
      if (given.length > 0) await writes.insert(table.name, names.map(snake), given.map(encoded));
    },
    async insertNew(row) {
      await writes.insert(table.name, names.map(snake), [encoded(row)], true);
    },
    async update(before, changes) {
      const changed = Object.entries(changes).filter(([, value]) => value !== undefined);
      const sets = changed.map(([name, value]) => column(name as keyof Row & string, value));
      const key = table.key.map((name) => column(name, before[name]));
      await writes.update(table.name, new Map(key), before.version, new Map(sets));
      return { ...before, ...Object.fromEntries(changed), version: before.version + 1 };
    },
  };
}

function encode(value: unknown, kind: string): unknown {
  if (value === null || value === undefined) return null;
  if (kind === 'json') return JSON.stringify(value);
  return kind === 'bytes' ? Buffer.from(value as Uint8Array) : value;
}

const columnNames = new Map<string, string>();

function snake(name: string): string {
  const known = columnNames.get(name);
  if (known !== undefined) return known;
  const column = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  columnNames.set(name, column);
  return column;
}

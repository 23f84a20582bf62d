import { CompiledQuery, type Kysely } from 'kysely';
import { type FieldCrypto, isUniqueViolation, type Moment, type Tx } from '../platform/index.ts';
import {
  type Find,
  type Records,
  Stale,
  type Store,
  type Table,
  UniqueBroken,
  type Where,
} from './records.ts';

/** Records in PostgreSQL, within a command's transaction. */
export function postgresStore(tx: Tx, at: Moment, crypto: FieldCrypto): Store {
  return {
    at,
    of: (table) => recordsIn(tx.q, table),
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
      const [row] = await rows<{ id: number }>(
        tx.q,
        `select coalesce(max(id), 0) + 1 as id from ${name}`,
        [],
      );
      return (row as { id: number }).id;
    },
    seal: (plain, aad) => crypto.encrypt(plain, aad),
    open: (cipher, aad) => crypto.decrypt(cipher, aad),
    searchHash: (plain) => crypto.searchHash(plain),
  };
}

/** Reads and writes the records of one table with this connection. */
export function recordsIn<Row>(q: Kysely<unknown>, table: Table<Row>): Records<Row> {
  const names = Object.keys(table.columns) as (keyof Row & string)[];
  const fields = names.map((name) => `${snake(name)} as "${name}"`).join(', ');
  const find = (where: Where<Row>, options: Find<Row> = {}): Promise<readonly Row[]> => {
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
    return rows<Row>(q, text, values);
  };
  return {
    find,
    get: async (where, options) => (await find(where, { ...options, limit: 1 }))[0],
    async insert(...given) {
      if (given.length === 0) return;
      const values: unknown[] = [];
      const lines = given.map((row) => {
        const places = names.map((name) => {
          values.push(encode(row[name], table.columns[name]));
          return `$${values.length}`;
        });
        return `(${places.join(', ')})`;
      });
      const into = `insert into ${table.name} (${names.map(snake).join(', ')})`;
      await rows(q, `${into} values ${lines.join(', ')}`, values);
    },
    async update(before, changes) {
      const values: unknown[] = [];
      const place = (value: unknown): string => `$${values.push(value)}`;
      const sets = (Object.entries(changes) as [keyof Row & string, unknown][])
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${snake(name)} = ${place(encode(value, table.columns[name]))}`);
      const keys = table.key.map((name) => `${snake(name)} = ${place(before[name])}`);
      const [row] = await rows<Row>(
        q,
        `update ${table.name} set ${[...sets, 'version = version + 1'].join(', ')}
         where ${keys.join(' and ')} and version = ${place(before.version)} returning ${fields}`,
        values,
      );
      if (!row) throw new Stale(`${table.name} changed meanwhile`);
      return row;
    },
  };
}

async function rows<Row>(
  q: Kysely<unknown>,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  try {
    const result = await q.executeQuery(CompiledQuery.raw(text, [...values]));
    return result.rows as Row[];
  } catch (error) {
    if (isUniqueViolation(error)) throw new UniqueBroken((error as Error).message);
    throw error;
  }
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

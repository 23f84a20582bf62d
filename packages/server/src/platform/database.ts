import { createHash } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { momentAt } from './clock.ts';
import type { Database } from './types.ts';
import type { Run } from './writes.ts';

// Values come out as plain data: whole numbers as numbers, dates as YYYY-MM-DD, instants as ISO text
// in Shanghai's time, so that their first ten characters are the business date.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`integer beyond the safe range: ${text}`);
  return value;
});
types.setTypeParser(pg.types.builtins.DATE, (text) => text);
types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => momentAt(Date.parse(text)).iso);

export interface Pools {
  /** For commands and tasks. */
  readonly write: pg.Pool;
  /** For reading: its sessions refuse to write. */
  readonly read: pg.Pool;
  end(): Promise<void>;
}

export interface PoolSizes {
  readonly write: number;
  readonly read: number;
}

/** Opens both pools. A broken idle connection is dropped and reported, never fatal. */
export function openPools(
  connectionString: string,
  sizes: PoolSizes,
  onIdleError: (error: Error) => void,
): Pools {
  const common = {
    connectionString,
    types,
    application_name: 'shebao',
    connectionTimeoutMillis: 15_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    allowExitOnIdle: true,
  };
  const write = new pg.Pool({
    ...common,
    max: sizes.write,
    // A transaction that its process forgot must not hold locks for ever.
    options: '-c idle_in_transaction_session_timeout=120000 -c timezone=UTC',
  });
  const read = new pg.Pool({
    ...common,
    max: sizes.read,
    options: '-c default_transaction_read_only=on -c timezone=UTC',
  });
  let ending = false;
  for (const pool of [write, read]) {
    pool.on('error', (error) => {
      if (!ending) onIdleError(error);
    });
    // Also while a connection is lent out: its query fails, the process must not.
    pool.on('connect', (client) => client.on('error', () => undefined));
  }
  return {
    write,
    read,
    async end() {
      ending = true;
      await Promise.all([write.end(), read.end()]);
    },
  };
}

/** Runs statements on this one client, prepared by name where that pays. */
export function runOn(client: pg.PoolClient, prepare: boolean): Run {
  return (text, values) => {
    const name = prepare && mayPrepare(values) ? statementName(text) : undefined;
    return client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
  };
}

/** A kysely instance whose every query runs on this one client, inside the caller's transaction. */
export function kyselyOn(run: Run): Kysely<unknown> {
  const borrowed = { query: run, release: () => undefined };
  return new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool: {
        connect: async () => borrowed as unknown as pg.PoolClient,
        end: async () => undefined,
      } as unknown as pg.Pool,
    }),
  });
}

/** Names of prepared statements by their text; the bound is also that of every connection. */
const statementNames = new Map<string, string>();
const statementsAtMost = 400;

function statementName(text: string): string | undefined {
  const known = statementNames.get(text);
  if (known !== undefined || statementNames.size >= statementsAtMost) return known;
  const name = `q${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
  statementNames.set(text, name);
  return name;
}

/** Large arrays and long lists get a plan of their own: one made for any size would be a bad one. */
function mayPrepare(values: readonly unknown[]): boolean {
  return values.length <= 400 && !values.some((one) => Array.isArray(one) && one.length > 100);
}

/** The reading side: typed queries on the read pool and cursors over large results. */
export function readDatabase(pools: Pools): Database & { close(): Promise<void> } {
  const q = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: pools.read }) });
  return {
    q,
    stream: (text, values, batch) => stream(pools.read, text, values, batch ?? 2_000),
    close: async () => undefined,
  };
}

async function* stream<Row>(
  pool: pg.Pool,
  text: string,
  values: readonly unknown[],
  batch: number,
): AsyncGenerator<Row> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query(`declare rows_out no scroll cursor for ${text}`, [...values]);
    for (;;) {
      const { rows } = await client.query(`fetch ${Math.trunc(batch)} from rows_out`);
      yield* rows as Row[];
      if (rows.length < batch) break;
    }
    await client.query('commit');
    broken = false;
  } finally {
    // A reader that stopped early leaves a cursor open: the connection is not reused.
    client.release(broken);
  }
}

import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { momentAt } from './clock.ts';
import { isConnectionLost } from './pg-errors.ts';
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
  /** For pipelined commands. */
  readonly pipelined: pg.Pool;
  /** For reading: its sessions refuse to write. */
  readonly read: pg.Pool;
  /** Small reads that are run often, prepared; many are under way at once on one connection. */
  readonly lookUp: Run;
  end(): Promise<void>;
}

export interface PoolSizes {
  readonly write: number;
  readonly pipelined: number;
  readonly read: number;
}

/** Opens the pools. A broken idle connection is dropped and reported, never fatal. */
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
  // A transaction that its process forgot must not hold locks for ever.
  const writing = '-c idle_in_transaction_session_timeout=120000 -c timezone=UTC';
  const reading = '-c default_transaction_read_only=on -c timezone=UTC';
  const write = new pg.Pool({ ...common, max: sizes.write, options: writing });
  const pipeline = { pipeline: true, stream: () => new GatheringSocket() } as const;
  const pipelined = new pg.Pool({
    ...common,
    ...pipeline,
    max: sizes.pipelined,
    options: writing,
  });
  const read = new pg.Pool({ ...common, max: sizes.read, options: reading });
  // Who shares a connection that hangs must not wait for ever: it is given up, and others open the next.
  const looking = new pg.Pool({
    ...common,
    ...pipeline,
    max: 1,
    options: reading,
    query_timeout: 60_000,
  });
  const shared = shareOne(looking);
  let ending = false;
  for (const pool of [write, pipelined, read, looking]) {
    pool.on('error', (error) => {
      if (!ending) onIdleError(error);
    });
    // Also while a connection is lent out: its query fails, the process must not.
    pool.on('connect', (client) => client.on('error', () => undefined));
  }
  return {
    write,
    pipelined,
    read,
    lookUp: shared.run,
    async end() {
      ending = true;
      shared.giveBack();
      await Promise.all([write, pipelined, read, looking].map((pool) => pool.end()));
    },
  };
}

/** What is written in one turn of the event loop leaves in one call of the system: most of what a statement costs here. */
class GatheringSocket extends Socket {
  #gathering = false;

  override cork(): void {
    super.cork();
    if (this.#gathering) return;
    this.#gathering = true;
    super.cork();
    process.nextTick(() => {
      this.#gathering = false;
      super.uncork();
    });
  }
}

/** The one connection of a pool, lent to all at once; when it breaks, the next statement opens another. */
function shareOne(pool: pg.Pool): { readonly run: Run; giveBack(): void } {
  interface Lent {
    readonly client: Promise<pg.PoolClient>;
  }
  let lent: Lent | undefined;
  const giveBack = (one: Lent | undefined): void => {
    if (!one || lent !== one) return;
    lent = undefined;
    one.client.then(
      (held) => held.release(true),
      () => undefined,
    );
  };
  const lend = (): Lent => {
    const mine = { client: pool.connect() };
    const broken = () => giveBack(mine);
    mine.client.then((held) => held.once('error', broken).once('end', broken), broken);
    return mine;
  };
  return {
    async run(text, values) {
      lent ??= lend();
      const mine = lent;
      try {
        return await runOn(await mine.client, true)(text, values);
      } catch (error) {
        if (isConnectionLost(error)) giveBack(mine);
        throw error;
      }
    },
    giveBack: () => giveBack(lent),
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
    lookUp: pools.lookUp,
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

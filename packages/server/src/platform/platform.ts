import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import { demoClock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { quoteIdentifier } from './copy.ts';
import { lockDataDirectory } from './data-lock.ts';
import { openPools, type Pools, readDatabase } from './database.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { createEventBus } from './events.ts';
import { createExecute, type InternalExecute } from './execute.ts';
import { fieldCrypto, loadKeys } from './field-crypto.ts';
import { checkKeys } from './installation.ts';
import { createMetrics } from './metrics.ts';
import { migrate, readMigrations } from './migrations.ts';
import type { Services } from './types.ts';

/** The running platform: what capabilities use (`services`) and what only main wires. */
export interface Platform {
  readonly services: Services;
  readonly execute: InternalExecute;
  readonly pools: Pools;
  /** True when no other process can be at work on this database. */
  readonly alone: boolean;
  /** Rejects never, resolves when the embedded server ended without being told. */
  readonly databaseGone: Promise<void>;
  stop(): Promise<void>;
}

export const databaseName = 'shebao';

/** Locks the data directory, starts or reaches the database, migrates it and wires the services. */
export async function openPlatform(config: Config, log: Logger): Promise<Platform> {
  const lock = await lockDataDirectory(config.dataDir);
  const undo: (() => Promise<void>)[] = [() => lock.release()];
  try {
    return await open(config, log, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw error;
  }
}

async function open(config: Config, log: Logger, undo: (() => Promise<void>)[]): Promise<Platform> {
  await mkdir(path.dirname(config.keyFile), { recursive: true, mode: 0o700 });
  const keys = await loadKeys(config.keyFile);
  const crypto = fieldCrypto(keys);
  const database = await reachDatabase(config);
  undo.push(() => database.stop());
  const pools = openPools(database.url, { write: 8, pipelined: 12, read: 10 }, (error) =>
    log.warn({ error: error.message }, 'idle database connection lost'),
  );
  undo.push(() => pools.end());
  const migrated = await migrate(pools.write, await readMigrations());
  await checkKeys(pools.write, keys, config.keyFile);
  if (migrated.length > 0) log.info({ migrated }, 'database migrated');
  const running = config.demo
    ? await demoClock(pools.write, config.now)
    : { clock: systemClock(), stop: async () => undefined };
  undo.push(() => running.stop());
  const events = createEventBus(database.url, log);
  undo.push(() => events.stop());
  await events.start();
  const metrics = createMetrics({ process: true });
  const { clock } = running;
  const execute = createExecute({ pools, clock, bus: events, metrics, log });
  const db = readDatabase(pools);
  const services: Services = { config, log, clock, db, execute, crypto, metrics, events };
  return {
    services,
    execute,
    pools,
    alone: config.databaseUrl === undefined,
    databaseGone: database.gone,
    async stop() {
      for (const step of undo.reverse()) await step();
    },
  };
}

interface Reached {
  readonly url: string;
  readonly gone: Promise<void>;
  stop(): Promise<void>;
}

export async function reachDatabase(config: Config): Promise<Reached> {
  if (config.databaseUrl !== undefined) {
    return {
      url: config.databaseUrl,
      gone: new Promise(() => undefined),
      stop: async () => undefined,
    };
  }
  const server = await startEmbeddedPostgres({ folder: path.join(config.dataDir, 'postgres') });
  let asked = false;
  const stop = async (): Promise<void> => {
    asked = true;
    await server.stop();
  };
  try {
    await createDatabase(server.url('postgres'), databaseName);
  } catch (error) {
    await stop();
    throw error;
  }
  const gone = new Promise<void>((resolve) => {
    void server.exited.then(() => {
      if (!asked) resolve();
    });
  });
  return { url: server.url(databaseName), gone, stop };
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${quoteIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

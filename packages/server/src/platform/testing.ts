import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import pg from 'pg';
import { pino } from 'pino';
import { momentAt } from './clock.ts';
import { loadConfig } from './config.ts';
import { quoteIdentifier } from './copy.ts';
import { openPools, type Pools, readDatabase } from './database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { createEventBus } from './events.ts';
import { createExecute, type InternalExecute } from './execute.ts';
import { fieldCrypto } from './field-crypto.ts';
import { createMetrics } from './metrics.ts';
import { migrate, readMigrations } from './migrations.ts';
import { claimTasks } from './tasks.ts';
import type { Clock, Services, TaskHandler } from './types.ts';
import { runTask } from './worker.ts';

/** A business clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  /** Sets the business time, ISO 8601 with offset, or a date (09:00 in Shanghai). */
  set(time: string): void;
  /** Lets time pass, for business and monotonic time alike. */
  pass(ms: number): void;
}

/** A database of its own with everything a capability needs. */
export interface TestWorld {
  readonly services: Services;
  readonly execute: InternalExecute;
  readonly clock: TestClock;
  readonly pools: Pools;
  readonly url: string;
  /** Runs queued tasks, one after the other, until none is due. A failing handler fails the test. */
  drainTasks(options?: DrainOptions): Promise<number>;
}

export interface DrainOptions {
  /** Instead of the handlers given to testDatabase. */
  readonly handlers?: readonly TaskHandler[];
  /** Also runs those put off (`runAfterMs`), at once. */
  readonly delayedToo?: boolean;
  /** Stops after this many, for tests that cut work in the middle. */
  readonly limit?: number;
}

export interface TestOptions {
  readonly now?: string;
  readonly handlers?: readonly TaskHandler[];
  /** false: commands run once only, e.g. to count or to race them. */
  readonly rehearse?: boolean;
  /** true: a server of its own with the settings of the real one, which waits for the disk at each commit. */
  readonly durable?: boolean;
}

const templateName = 'shebao_template';
const testSettings: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  max_wal_size: '256MB',
};

let sharedServer: Promise<EmbeddedPostgres> | undefined;

function sharedServerOfTests(): Promise<EmbeddedPostgres> {
  sharedServer ??= startFromCache(testSettings);
  return sharedServer;
}

/** A fresh, migrated database for this test, gone when the test ends. */
export async function testDatabase(t?: TestContext, options: TestOptions = {}): Promise<TestWorld> {
  const server = await (options.durable ? startFromCache({}) : sharedServerOfTests());
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `create database ${name} template ${quoteIdentifier(templateName)}`);
  const url = server.url(name);
  const world = await openWorld(url, options);
  t?.after(async () => {
    await world.services.events.stop();
    await world.pools.end();
    await onServer(server, `drop database if exists ${name} with (force)`);
  });
  return world;
}

/** A clock for tests, standing at the given business time. */
export function testClock(start: string): TestClock {
  let epochMs = parseTime(start);
  let monotonic = 1_000_000;
  let wall = epochMs;
  return {
    now: () => momentAt(epochMs),
    monotonicMs: () => monotonic,
    wallMs: () => wall,
    set: (time) => {
      epochMs = parseTime(time);
    },
    pass: (ms) => {
      epochMs += ms;
      monotonic += ms;
      wall += ms;
    },
  };
}

function parseTime(time: string): number {
  const full = /^\d{4}-\d{2}-\d{2}$/.test(time) ? `${time}T09:00:00+08:00` : time;
  const epochMs = Date.parse(full);
  if (Number.isNaN(epochMs)) throw new Error(`not a time: ${time}`);
  return epochMs;
}

async function openWorld(url: string, options: TestOptions): Promise<TestWorld> {
  const log = pino({ level: 'silent' });
  const config = loadConfig(
    { SHEBAO_LOG_LEVEL: 'silent', PORT: '0' },
    { demo: false, directory: tmpdir() },
  );
  const pools = openPools(url, { write: 8, pipelined: 12, read: 6 }, () => undefined);
  const clock = testClock(options.now ?? '2021-03-10T09:00:00+08:00');
  const events = createEventBus(url, log);
  const metrics = createMetrics({ process: false });
  const rehearse = options.rehearse ?? true;
  const execute = createExecute({ pools, clock, bus: events, metrics, log, rehearse });
  const crypto = fieldCrypto({
    current: 1,
    encryption: { 1: randomBytes(32).toString('base64') },
    search: randomBytes(32).toString('base64'),
  });
  const db = readDatabase(pools);
  const services: Services = { config, log, clock, db, execute, crypto, metrics, events };
  return {
    services,
    execute,
    clock,
    pools,
    url,
    async drainTasks(drain = {}) {
      const handlers = drain.handlers ?? options.handlers ?? [];
      const kinds = handlers.map((handler) => handler.kind);
      const ports = { pool: pools.write, services, execute, handlers };
      for (let done = 0; done < (drain.limit ?? 10_000); done += 1) {
        if (drain.delayedToo) {
          await pools.write.query(`update task set run_after = queued_at where state = 'queued'`);
        }
        const [task] = await claimTasks(pools.write, 'test', kinds, 1);
        if (!task) return done;
        await runTask(ports, task, 'throw');
      }
      return drain.limit ?? 10_000;
    },
  };
}

async function onServer(server: EmbeddedPostgres, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * A migrated cluster is kept on disk, named after the migrations' content; each test process copies
 * it and runs a server of its own on the copy, which is removed when the process ends.
 */
async function startFromCache(
  settings: Readonly<Record<string, string>>,
): Promise<EmbeddedPostgres> {
  const migrations = await readMigrations();
  const content = createHash('sha256');
  for (const migration of migrations) content.update(migration.checksum);
  const supervisor = new URL('./embedded-postgres.ts', import.meta.url);
  content.update(await readFile(supervisor));
  const key = content.digest('hex').slice(0, 16);
  const cache = path.join(tmpdir(), `shebao-test-cluster-${process.getuid?.() ?? 0}-${key}`);
  if (!(await stat(cache).catch(() => undefined))) await buildCache(cache);
  const folder = await mkdtemp(path.join(tmpdir(), 'shebao-test-'));
  await cp(cache, folder, { recursive: true, mode: 2 });
  return startEmbeddedPostgres({ folder, settings, throwAway: true });
}

async function buildCache(cache: string): Promise<void> {
  await removeOldFolders();
  const draft = await mkdtemp(path.join(tmpdir(), 'shebao-test-build-'));
  const server = await startEmbeddedPostgres({
    folder: draft,
    settings: testSettings,
    quickCluster: true,
  });
  await onServer(server, `create database ${quoteIdentifier(templateName)}`);
  const pools = openPools(
    server.url(templateName),
    { write: 2, pipelined: 1, read: 1 },
    () => undefined,
  );
  try {
    await migrate(pools.write, await readMigrations());
  } finally {
    await pools.end();
    await server.stop();
  }
  // Whoever comes second finds the first one's cluster in place and drops his own.
  await rename(draft, cache).catch(() => rm(draft, { recursive: true, force: true }));
}

const oldAfterMs = 6 * 3_600_000;

/** What earlier states of the migrations and killed test runs left behind. */
async function removeOldFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith('shebao-test-')) continue;
    const folder = path.join(tmpdir(), name);
    const seen = await stat(folder).catch(() => undefined);
    if (seen === undefined || Date.now() - seen.mtimeMs < oldAfterMs) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

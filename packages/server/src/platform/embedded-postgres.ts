import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ConfigError } from './config.ts';
import { isProcessAlive } from './data-lock.ts';
import {
  chooseRunAs,
  findPostgres,
  giveTo,
  type PostgresBinaries,
  type RunAs,
} from './postgres-binaries.ts';

const socketPrefix = 'shebao-pg-';
/** The longest path of a unix socket is 107 bytes; PostgreSQL adds `/.s.PGSQL.5432`. */
const longestSocketFolder = 107 - '/.s.PGSQL.5432'.length;

export interface EmbeddedPostgres {
  /** Connection string for a database of this server. */
  url(database: string): string;
  /** Resolves when the server process is gone, whether we asked for it or not. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder for the cluster, the log and nothing else of ours. */
  readonly folder: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** For tests: nothing needs to survive; the folder is removed when the server ends. */
  readonly throwAway?: boolean;
  /** For tests: the cluster is made small and without waiting for the disk. */
  readonly quickCluster?: boolean;
}

/** Starts the embedded server on `folder`, making the cluster at the first start. No TCP. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { folder } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const binaries = await findPostgres();
  const cluster = path.join(folder, 'cluster');
  const own = options.throwAway ? [folder] : [path.dirname(folder), folder];
  const as = await chooseRunAs([cluster, binaries.postgres], own);
  await stopOrphan(cluster);
  if (!(await exists(path.join(cluster, 'PG_VERSION')))) {
    await createCluster(binaries, cluster, as, options.quickCluster ?? false);
  }
  await refuseOtherVersion(cluster);
  await giveTo(cluster, as);
  const socketFolder = await makeSocketFolder(as);
  const server = await launch(binaries, cluster, socketFolder, as, options);
  const url = (database: string): string =>
    `postgresql://shebao@localhost/${database}?host=${encodeURIComponent(socketFolder)}`;
  try {
    await waitUntilReady(server, url('postgres'), path.join(folder, 'postgres.log'));
  } catch (error) {
    server.child.stdin?.end();
    await rm(socketFolder, { recursive: true, force: true });
    throw error;
  }
  return {
    url,
    exited: server.exited,
    async stop() {
      // End of input is the order to stop; the same happens by itself when this process dies.
      server.child.ref();
      server.child.stdin?.end();
      await server.exited;
    },
  };
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

/** A server left over by a killed service is stopped by its pid file before we start our own. */
async function stopOrphan(cluster: string): Promise<void> {
  const text = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (Number.isInteger(pid) && pid > 1) {
    for (const [signal, waitMs] of [
      ['SIGINT', 20_000],
      ['SIGQUIT', 10_000],
      ['SIGKILL', 5_000],
    ] as const) {
      if (!(await isServerOf(cluster, pid))) break;
      process.kill(pid, signal);
      for (let waited = 0; waited < waitMs && isProcessAlive(pid); waited += 25) await sleep(25);
    }
  }
  const socketFolder = lines[4] ?? '';
  if (path.basename(socketFolder).startsWith(socketPrefix)) {
    await rm(socketFolder, { recursive: true, force: true });
  }
}

/** Only a process that really is the server of this cluster is signalled: numbers are reused. */
async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  if (!isProcessAlive(pid)) return false;
  const fromKernel = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (fromKernel !== undefined) return fromKernel.includes(cluster);
  const listing = spawn('ps', ['-p', String(pid), '-o', 'command='], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  for await (const part of listing.stdout) text += String(part);
  return text.includes(cluster);
}

async function createCluster(
  binaries: PostgresBinaries,
  cluster: string,
  as: RunAs,
  quick: boolean,
): Promise<void> {
  // Built aside and renamed when whole, so that an interrupted first start leaves nothing half-made.
  const draft = `${cluster}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await giveTo(draft, as);
  const extra = quick ? ['--no-sync', '--wal-segsize=1'] : [];
  const run = spawnAs(as, binaries.initdb, [
    `--pgdata=${draft}`,
    '--username=shebao',
    '--encoding=UTF8',
    '--locale=C',
    '--auth-local=trust',
    '--auth-host=reject',
    ...extra,
  ]);
  let output = '';
  run.stdout?.on('data', (part) => (output += String(part)));
  run.stderr?.on('data', (part) => (output += String(part)));
  const [code] = (await once(run, 'close')) as [number | null];
  if (code !== 0) throw new ConfigError(`无法建立内置数据库：${output.trim().slice(-1500)}`);
  await rename(draft, cluster);
}

function spawnAs(as: RunAs, program: string, args: readonly string[]): ChildProcess {
  const [first, ...rest] = [...as.prefix, program, ...args] as [string, ...string[]];
  return spawn(first, rest, {
    cwd: '/',
    env: serverEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(as.uid === undefined ? {} : { uid: as.uid, gid: as.gid }),
  });
}

function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

async function refuseOtherVersion(cluster: string): Promise<void> {
  const version = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (version !== '18') {
    throw new ConfigError(`数据目录由 PostgreSQL ${version} 建立，本程序内置 18：请先备份再恢复`);
  }
}

async function makeSocketFolder(as: RunAs): Promise<string> {
  const base = tmpdir().length + 20 <= longestSocketFolder ? tmpdir() : '/tmp';
  const folder = await mkdtemp(path.join(base, socketPrefix));
  await giveTo(folder, as);
  return folder;
}

interface Launched {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
}

// The shell holds the server: when its input ends (we closed it, or we died), it stops the server.
const keeper = `exec 3<&0
"$@" </dev/null 3<&- &
server=$!
( cat <&3 >/dev/null; kill -$STOP_SIGNAL $server 2>/dev/null ) &
exec 3<&- </dev/null
wait $server
status=$?
rm -rf -- "$SOCKET_FOLDER"
[ -z "$REMOVE_FOLDER" ] || rm -rf -- "$REMOVE_FOLDER"
exit $status`;

async function launch(
  binaries: PostgresBinaries,
  cluster: string,
  socketFolder: string,
  as: RunAs,
  options: EmbeddedOptions,
): Promise<Launched> {
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    max_connections: '120',
    shared_buffers: '256MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    deadlock_timeout: '200ms',
    log_min_messages: 'warning',
    // Statements may carry names and wages; the log must not.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...options.settings,
  };
  const logFile = path.join(options.folder, 'postgres.log');
  const size = (await stat(logFile).catch(() => undefined))?.size ?? 0;
  if (size > 10_000_000) await rename(logFile, `${logFile}.1`);
  const log = await open(logFile, 'a', 0o600);
  const command = [...as.prefix, binaries.postgres, '-D', cluster];
  for (const [name, value] of Object.entries(settings)) command.push('-c', `${name}=${value}`);
  const child = spawn('sh', ['-c', keeper, 'sh', ...command], {
    cwd: '/',
    // Its own session: Ctrl-C in a terminal reaches us alone, and we stop in the right order.
    detached: true,
    env: {
      ...serverEnvironment(),
      STOP_SIGNAL: options.throwAway ? 'QUIT' : 'INT',
      REMOVE_FOLDER: options.throwAway ? options.folder : '',
      SOCKET_FOLDER: socketFolder,
    },
    stdio: ['pipe', log.fd, log.fd],
    ...(as.uid === undefined ? {} : { uid: as.uid, gid: as.gid }),
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin?.on('error', () => undefined);
  child.unref();
  await log.close();
  return { child, exited };
}

async function waitUntilReady(server: Launched, url: string, logFile: string): Promise<void> {
  let gone = false;
  void server.exited.then(() => {
    gone = true;
  });
  for (let waitedMs = 0; waitedMs < 120_000 && !gone; waitedMs += 15) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(15);
    }
  }
  const log = await readFile(logFile, 'utf8').catch(() => '');
  throw new ConfigError(`内置数据库没有启动：${log.trim().split('\n').slice(-8).join(' | ')}`);
}

import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../packages/server/src/platform/embedded-postgres.ts';
import { inDatabase } from './database.ts';
import { freePort, type Part, startServicePart, startSimulatorPart } from './parts.ts';
import type { DemoFile } from './product.ts';

/** What may be killed. With the embedded database the service runs its own workers. */
export type Victim = 'service' | 'worker' | 'database' | 'simulator';

/** All processes of the product, each of which can be killed and comes back. */
export interface Rig {
  readonly url: string;
  readonly bank: string;
  readonly demo: DemoFile;
  readonly victims: readonly Victim[];
  /** Where the operator's commands find the database. */
  readonly env: NodeJS.ProcessEnv;
  /** An address of the database for looking at it. */
  databaseUrl(): string;
  /** SIGKILL; resolves when the process stands again. */
  killAndRestart(victim: Victim): Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL to all of it, whatever state it is in. */
  killAll(): Promise<void>;
}

const now = '2021-03-10T09:00:00+08:00';

/** The postmaster's process id and socket folder, as PostgreSQL writes them down. */
function postmaster(folder: string): { readonly pid: number; readonly socket: string } {
  const lines = readFileSync(join(folder, 'cluster', 'postmaster.pid'), 'utf8').split('\n');
  return { pid: Number(lines[0]), socket: lines[4] ?? '' };
}

function readDemo(dataDir: string): DemoFile {
  return JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
}

/** Service with workers and embedded database in one, and the simulator. */
export async function startEmbeddedRig(folder: string): Promise<Rig> {
  const [port, bankPort] = [await freePort(), await freePort()];
  const bank = `http://127.0.0.1:${bankPort}`;
  const dataDir = join(folder, 'data');
  const settings = { dataDir, port, now, treasuryUrl: bank };
  let service = await startServicePart(settings);
  let simulator = await startSimulatorPart(dataDir, bankPort);
  return {
    url: `http://127.0.0.1:${port}`,
    bank,
    demo: readDemo(dataDir),
    victims: ['service', 'database', 'simulator'],
    env: { SHEBAO_DATA_DIR: dataDir },
    databaseUrl: () => addressOf(postmaster(join(dataDir, 'postgres')).socket, 'shebao'),
    async killAndRestart(victim) {
      if (victim === 'simulator') {
        await simulator.kill();
        simulator = await startSimulatorPart(dataDir, bankPort);
        return;
      }
      if (victim === 'database') {
        process.kill(postmaster(join(dataDir, 'postgres')).pid, 'SIGKILL');
        // Without its database the service ends by itself, and says so.
        await service.ended;
      }
      await service.kill();
      service = await startServicePart(settings);
    },
    async stop() {
      await service.stop();
      await simulator.stop();
    },
    async killAll() {
      await Promise.all([service.kill(), simulator.kill()]);
    },
  };
}

/** A service without workers, a worker beside it, a database server and the simulator: four processes. */
export async function startSpreadRig(folder: string): Promise<Rig> {
  const [port, workerPort, bankPort] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const bank = `http://127.0.0.1:${bankPort}`;
  const serverFolder = join(folder, 'server');
  // The server's socket moves at each of its starts; the services know one address.
  const socket = join(folder, 'socket');
  let database = await startDatabase(serverFolder, socket);
  await inDatabase(database.url('postgres'), 'create database outside');
  const env = { DATABASE_URL: addressOf(socket, 'outside'), SHEBAO_KEY_FILE: join(folder, 'keys') };
  const common = { treasuryUrl: bank, now };
  const startFront = () =>
    startServicePart({
      ...common,
      dataDir: join(folder, 'front'),
      port,
      env: { ...env, SHEBAO_TASK_SLOTS: '0' },
    });
  const startWorker = () =>
    startServicePart({
      ...common,
      dataDir: join(folder, 'worker'),
      port: workerPort,
      env: { ...env, SHEBAO_PUBLIC_URL: url },
    });
  const startBank = () => startSimulatorPart(join(folder, 'front'), bankPort);
  const parts: Record<'service' | 'worker' | 'simulator', Part> = {
    service: await startFront(),
    simulator: await startBank(),
    worker: await startWorker(),
  };
  const again = { service: startFront, worker: startWorker, simulator: startBank };
  return {
    url,
    bank,
    demo: readDemo(join(folder, 'front')),
    victims: ['service', 'worker', 'database', 'simulator'],
    env: { ...env, SHEBAO_DATA_DIR: join(folder, 'front') },
    databaseUrl: () => env.DATABASE_URL,
    async killAndRestart(victim) {
      if (victim !== 'database') {
        await parts[victim].kill();
        parts[victim] = await again[victim]();
        return;
      }
      process.kill(postmaster(serverFolder).pid, 'SIGKILL');
      await database.exited;
      database = await startDatabase(serverFolder, socket);
    },
    async stop() {
      await Promise.all([parts.service.stop(), parts.worker.stop(), parts.simulator.stop()]);
    },
    async killAll() {
      await Promise.all([parts.service.kill(), parts.worker.kill(), parts.simulator.kill()]);
      await database.stop();
    },
  };
}

function addressOf(socket: string, name: string): string {
  return `postgresql://shebao@localhost/${name}?host=${encodeURIComponent(socket)}`;
}

async function startDatabase(folder: string, link: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ folder });
  rmSync(link, { force: true });
  symlinkSync(postmaster(folder).socket, link);
  return server;
}

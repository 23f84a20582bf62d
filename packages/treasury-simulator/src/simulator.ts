import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createKeyPair, createSigner, type Signer, verifySignature } from '@shebao/channel';
import { loadDemo } from './demo.ts';
import { type Hub, step } from './hub.ts';
import { Journal } from './journal.ts';
import { lockDirectory } from './lock.ts';
import { Runtime } from './runtime.ts';
import { createSimulatorServer } from './server.ts';
import { type Change, Store } from './store.ts';

const KEPT_TRAFFIC = 2_000;

/** How a simulator is started. */
export interface SimulatorOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly directory: string;
  /** The demo world's file; it may appear later. */
  readonly demoFile?: string;
  /** Hears of what the operator should know, such as a demo world that cannot be read. */
  readonly report?: (text: string) => void;
}

/** A running simulator. */
export interface Simulator {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts hub, banks and treasury on loopback: memory from the journal, then the server, then what is due. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const unlock = await lockDirectory(options.directory);
  const stored = await Journal.load(options.directory);
  const store = new Store();
  store.restore(stored);
  const signer = await ownSigner(options.directory);
  const hub: Hub = { store, ports: { now: () => Date.now(), signer, verify: verifySignature } };
  const journal = await Journal.start(options.directory, shortened(store));
  const runtime = new Runtime(hub, journal);
  const refreshDemo = demoReader(runtime, options);
  await refreshDemo();
  const server = createSimulatorServer({ runtime, refreshDemo });
  const port = await listen(server, options.port);
  runtime.start();
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const hurry = setTimeout(() => server.closeAllConnections(), 2_000);
      await closed;
      clearTimeout(hurry);
      await runtime.stop();
      await unlock();
    },
  };
}

/** The key of the peer, made at the first start. */
async function ownSigner(directory: string): Promise<Signer> {
  const path = join(directory, 'key');
  const known = await readFile(path, 'utf8').catch(() => null);
  if (known !== null) return createSigner(known.trim());
  const { privateKey } = createKeyPair();
  await mkdir(directory, { recursive: true });
  await writeFile(path, `${privateKey}\n`, { mode: 0o600, flush: true });
  return createSigner(privateKey);
}

// The file may appear after the start and may be read at any time before the first debit.
function demoReader(runtime: Runtime, options: SimulatorOptions): () => Promise<void> {
  const { demoFile, report = () => undefined } = options;
  let readAt = 0;
  return async () => {
    if (demoFile === undefined) return;
    const found = await stat(demoFile).catch(() => null);
    if (!found || found.mtimeMs === readAt) return;
    const text = await readFile(demoFile, 'utf8');
    try {
      await runtime.run(() => step(runtime.hub, () => loadDemo(runtime.hub, text)));
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
      report(`演示数据不可用，未读入: ${error.message}`);
    }
    readAt = found.mtimeMs;
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

// The record of messages is for whoever watches: of the oldest ones only the effect is kept.
function shortened(store: Store): readonly Change[] {
  const traffic = store.entries('traffic').map(([id]) => id);
  const old = new Set(traffic.slice(0, -KEPT_TRAFFIC));
  return store.snapshot().filter(([table, key]) => table !== 'traffic' || !old.has(key));
}

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { furnish } from './furnish.ts';

/** One process of the product that a test may kill. */
export interface Part {
  readonly child: ChildProcess;
  output(): string;
  /** Resolves when the process is gone, however it ended. */
  readonly ended: Promise<void>;
  /** SIGKILL: nothing of it may finish. */
  kill(): Promise<void>;
  /** SIGTERM, and waits. */
  stop(): Promise<void>;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port to be had');
  return address.port;
}

function startPart(argv: readonly string[], env: NodeJS.ProcessEnv): Part {
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => lines.push(chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => lines.push(chunk.toString('utf8')));
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return {
    child,
    ended,
    output: () => lines.join(''),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

async function untilReady(part: Part, url: string): Promise<void> {
  for (let waited = 0; waited < 3600; waited += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (part.child.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`not ready: ${url}\n${part.output()}`);
}

/** Starts the service alone and waits until it can serve. */
export async function startServicePart(settings: {
  readonly dataDir: string;
  readonly port: number;
  readonly treasuryUrl: string;
  readonly now: string;
  readonly env?: NodeJS.ProcessEnv;
}): Promise<Part> {
  if (settings.env?.['DATABASE_URL'] === undefined) furnish(settings.dataDir, settings.now);
  const part = startPart(['packages/server/src/main.ts', '--demo'], {
    PORT: String(settings.port),
    SHEBAO_DATA_DIR: settings.dataDir,
    SHEBAO_TREASURY_URL: settings.treasuryUrl,
    SHEBAO_NOW: settings.now,
    SHEBAO_LOG_LEVEL: 'warn',
    ...settings.env,
  });
  await untilReady(part, `http://127.0.0.1:${settings.port}/readyz`);
  return part;
}

/** Starts the treasury simulator on the demo data that a service has written. */
export async function startSimulatorPart(dataDir: string, port: number): Promise<Part> {
  const demo = join(dataDir, 'treasury-demo.json');
  if (!existsSync(demo)) throw new Error('the service has not written what a bank must hold');
  const part = startPart(
    [
      'packages/treasury-simulator/src/main.ts',
      '--port',
      String(port),
      '--data',
      join(dataDir, 'treasury'),
      '--demo',
      demo,
    ],
    {},
  );
  await untilReady(part, `http://127.0.0.1:${port}/certificate`);
  return part;
}

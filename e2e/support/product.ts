import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { furnish } from './furnish.ts';
import { freePort } from './parts.ts';

export interface DemoTaxpayer {
  readonly taxpayerId: string;
  readonly name: string;
  readonly password: string;
  readonly initialPassword?: true;
  readonly units: readonly { readonly unitNo: string; readonly name: string }[];
  readonly agreements: readonly { readonly option: string; readonly funds: 'ample' | 'short' }[];
}

/** The file that a script finds after the first start. */
export interface DemoFile {
  readonly url: string;
  readonly office: { readonly user: string; readonly password: string };
  readonly officers: readonly { user: string; password: string; roles: readonly string[] }[];
  readonly taxpayers: readonly DemoTaxpayer[];
}

/** The whole product, started as a newcomer would, on a data folder of its own. */
export interface Product {
  readonly url: string;
  readonly dataDir: string;
  readonly demo: DemoFile;
  readonly output: () => string;
  stop(): Promise<void>;
}

/** Starts the product at a business time and waits until it is ready. */
export async function startProduct(
  now: string,
  keep?: { readonly dataDir: string },
): Promise<Product> {
  const dataDir = keep?.dataDir ?? mkdtempSync(join(tmpdir(), 'shebao-e2e-'));
  furnish(dataDir, now);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lines: string[] = [];
  const child: ChildProcess = spawn(process.execPath, ['scripts/start.ts', '--demo'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: String(port),
      SHEBAO_DATA_DIR: dataDir,
      SHEBAO_NOW: now,
      SHEBAO_LOG_LEVEL: 'warn',
    },
  });
  child.stdout?.on('data', (chunk: Buffer) => lines.push(chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => lines.push(chunk.toString('utf8')));
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const output = () => lines.join('');
  for (let waited = 0; !output().includes('已就绪'); waited += 1) {
    if (child.exitCode !== null || waited > 1800) {
      child.kill('SIGKILL');
      throw new Error(`the product did not start:\n${output()}`);
    }
    await sleep(100);
  }
  const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
  return {
    url,
    dataDir,
    demo,
    output,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      if (!keep) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

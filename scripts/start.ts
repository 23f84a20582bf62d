// Runs everything: the service (with its database and workers), the client, and the treasury simulator beside it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildClient } from './build-client.ts';

interface DemoFile {
  readonly url: string;
  readonly officers: readonly { user: string; password: string; roles: readonly string[] }[];
  readonly taxpayers: readonly {
    taxpayerId: string;
    name: string;
    password: string;
    initialPassword?: true;
    units: readonly { unitNo: string; name: string }[];
  }[];
}

const args = new Set(process.argv.slice(2));
const unknown = [...args].filter((arg) => arg !== '--demo' && arg !== '--empty');
if (unknown.length > 0 || (args.has('--demo') && args.has('--empty'))) {
  console.error('用法：npm start [-- --demo | --empty]');
  process.exit(2);
}
const empty = args.has('--empty');
const dataDir = resolve(process.env['SHEBAO_DATA_DIR'] ?? '.data');
const port = process.env['PORT'] ?? '3000';
const children = new Map<string, ChildProcess>();
let stopping = false;

/** A port that nobody listens on; asked of the system. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port to be had');
  return address.port;
}

function startChild(name: string, argv: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  // A process group of its own: Ctrl-C reaches this script, which stops the parts in order.
  const child = spawn(process.execPath, argv, {
    // The channel tells a part that this script is gone, however it ended.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
    detached: process.platform !== 'win32',
  });
  children.set(name, child);
  child.on('exit', () => children.delete(name));
  return child;
}

/** Asks a part to end and waits for it; after a while it is ended for good. */
async function stopChild(name: string): Promise<void> {
  const child = children.get(name);
  if (!child) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(20_000).then(() => child.kill('SIGKILL'))]);
}

async function stopAll(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await stopChild('service');
  await stopChild('simulator');
  process.exit(code);
}

async function isReady(): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    return answer.ok;
  } catch {
    return false;
  }
}

/** Starts the simulator once the service has written what a bank must hold; again if it dies. */
async function runSimulator(simulatorPort: number): Promise<void> {
  const demoFile = join(dataDir, 'treasury-demo.json');
  while (!existsSync(demoFile) && !stopping) await sleep(50);
  while (!stopping) {
    const child = startChild(
      'simulator',
      [
        'packages/treasury-simulator/src/main.ts',
        '--port',
        String(simulatorPort),
        '--data',
        join(dataDir, 'treasury'),
        '--demo',
        demoFile,
        // Ends when this script is killed, so that no orphan keeps the data directory.
        '--with-parent',
      ],
      {},
    );
    await new Promise((done) => child.once('exit', done));
    if (!stopping) await sleep(1000);
  }
}

function printSignIns(): void {
  const file = join(dataDir, 'demo.json');
  if (!existsSync(file)) return;
  const demo = JSON.parse(readFileSync(file, 'utf8')) as DemoFile;
  console.log('\n演示账号（单位：纳税人识别号 / 申报密码）');
  for (const taxpayer of demo.taxpayers) {
    const note = taxpayer.initialPassword ? '（初始密码，首次登录须修改）' : '';
    console.log(`  ${taxpayer.taxpayerId}  ${taxpayer.password}  ${taxpayer.name}${note}`);
  }
  console.log('征收人员（用户名 / 密码）');
  for (const officer of demo.officers) {
    console.log(`  ${officer.user}  ${officer.password}  ${officer.roles.join('、')}`);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stopAll(0));
}
mkdirSync(dataDir, { recursive: true, mode: 0o700 });
buildClient();
const outsideTreasury = process.env['SHEBAO_TREASURY_URL'];
const simulatorPort = outsideTreasury ? undefined : await freePort();
const service = startChild(
  'service',
  ['packages/server/src/main.ts', empty ? '--empty' : '--demo'],
  simulatorPort === undefined ? {} : { SHEBAO_TREASURY_URL: `http://127.0.0.1:${simulatorPort}` },
);
service.on('exit', (code) => void stopAll(stopping ? 0 : (code ?? 1)));
if (simulatorPort !== undefined) void runSimulator(simulatorPort);
while (!stopping && !(await isReady())) await sleep(100);
if (!stopping) {
  if (!empty) printSignIns();
  const url = (process.env['SHEBAO_PUBLIC_URL'] ?? `http://127.0.0.1:${port}`).replace(/\/+$/, '');
  console.log(
    `\n已就绪：${url}   征收端：${url}/office   验真：${url}/verify   接口文档：${url}/docs`,
  );
  console.log('按 Ctrl-C 停止。');
}

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { ConfigError } from './config.ts';

const touchEveryMs = 5_000;
const staleAfterMs = 20_000;

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** Start of the process as the kernel counts it: tells a reused process number apart. */
  readonly started: string;
}

export interface DataLock {
  release(): Promise<void>;
}

/** Takes the data directory for this process; a live holder is refused, a dead one's lock is taken over. */
export async function lockDataDirectory(dataDir: string): Promise<DataLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(dataDir, 'service.lock');
  const mine: Holder = {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    started: processStart(process.pid),
  };
  const text = JSON.stringify(mine);
  for (let round = 0; round < 5; round += 1) {
    if (await createWhole(file, text)) return heldLock(file, text);
    const found = await readFile(file, 'utf8').catch(() => undefined);
    if (found === undefined) continue;
    if (await isAlive(found, file)) throw new ConfigError(refusal(found, dataDir));
    await removeStale(file, found);
  }
  throw new ConfigError(`无法锁定数据目录 ${dataDir}：另一个进程正在同时启动，请稍后重试`);
}

/** A link appears with its content or not at all, so no reader ever sees half a lock. */
async function createWhole(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function refusal(found: string, dataDir: string): string {
  const holder = parse(found);
  const who = holder ? `进程 ${holder.pid}，主机 ${holder.host}` : '另一个进程';
  return (
    `数据目录 ${dataDir} 正由另一个服务使用（${who}）。` +
    '两个服务不能共用一个数据目录：请先停止它，或用 SHEBAO_DATA_DIR 指定另一个目录'
  );
}

function heldLock(file: string, text: string): DataLock {
  // The file's time shows to another machine, which cannot look up our process, that we live.
  const timer = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, touchEveryMs);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      const found = await readFile(file, 'utf8').catch(() => undefined);
      if (found === text) await rm(file, { force: true });
    },
  };
}

async function removeStale(file: string, found: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  const moved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const text = await readFile(aside, 'utf8').catch(() => found);
  // Somebody else took the stale lock over between our look and our rename: give it back.
  if (text !== found) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function isAlive(found: string, file: string): Promise<boolean> {
  const holder = parse(found);
  if (!holder) return false;
  if (holder.host !== hostname()) {
    const seen = await stat(file).catch(() => undefined);
    return seen !== undefined && Date.now() - seen.mtimeMs < staleAfterMs;
  }
  return isProcessAlive(holder.pid) && processStart(holder.pid) === holder.started;
}

function parse(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.host === 'string'
      ? { token: value.token ?? '', started: value.started ?? '', pid: value.pid, host: value.host }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process of this number exists (also one of another user). */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function processStart(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const afterName = status.slice(status.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${afterName[19] ?? ''}`;
  } catch {
    return '';
  }
}

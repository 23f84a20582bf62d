import { mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 5_000;

/** Keeps a directory for one simulator; returns how to give it back. Throws when another one keeps it. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'simulator.pid');
  for (let waitedMs = 0; ; waitedMs += 100) {
    const made = await writeFile(path, String(process.pid), { flag: 'wx' }).then(
      () => true,
      () => false,
    );
    if (made) return () => unlink(path);
    const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
    if (!(await isSimulator(holder))) await unlink(path).catch(() => undefined);
    else if (waitedMs >= PATIENCE_MS) throw new Error(`数据目录正被进程 ${holder} 使用`);
    else await sleep(100);
  }
}

// A killed simulator leaves its number behind, and the system may have given that number to something else.
async function isSimulator(pid: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return commandLine === null || commandLine.includes('treasury-simulator');
}

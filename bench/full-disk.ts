import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError, listDeclarations, listDues, submitDeclaration } from '@shebao/contract';
import { type ApiSession, eventually, openSession } from '../e2e/support/api.ts';
import { freePort, type Part, startServicePart } from '../e2e/support/parts.ts';
import type { DemoFile } from '../e2e/support/product.ts';
import type { BenchRow } from './row.ts';

const row = {
  id: 'R4',
  goal: 'disk full: clear message, nothing half-written, recovers by itself',
  baseline: '–',
  ratio: '–',
} as const;

/** A unit of 10,000 people declares on a disk without a free byte, then with room again. Needs the right to mount. */
export async function fullDiskRow(): Promise<BenchRow> {
  const disk = mkdtempSync(join(tmpdir(), 'shebao-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'none', disk], { stdio: 'ignore' });
  } catch {
    rmSync(disk, { recursive: true });
    return { ...row, figure: 'no right to mount a small disk', verdict: 'not measurable here' };
  }
  const dataDir = join(disk, 'data');
  const [port, nobody] = [await freePort(), await freePort()];
  let service: Part | undefined;
  try {
    service = await startServicePart({
      dataDir,
      port,
      treasuryUrl: `http://127.0.0.1:${nobody}`,
      now: '2021-03-10T09:00:00+08:00',
    });
    return await declareOnFullDisk(disk, dataDir, `http://127.0.0.1:${port}`);
  } finally {
    await service?.stop();
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}

async function declareOnFullDisk(disk: string, dataDir: string, url: string): Promise<BenchRow> {
  const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
  const large = demo.taxpayers[3];
  const unitNo = large?.units[0]?.unitNo ?? '';
  const session = await openSession(url, large?.taxpayerId ?? '', large?.password ?? '');
  const { units } = await session.call(listDues, { query: { unitNo } });
  const { version = '', total = '' } = units[0] ?? {};
  const id = randomUUID();
  const submit = () =>
    session.call(submitDeclaration, {
      params: { unitNo },
      body: { id, version, total },
      idempotencyKey: id,
    });
  const filler = join(disk, 'filler');
  fill(filler);
  const told = await submit().then(
    () => 'accepted',
    (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
  );
  const stateOf = () => outcomeOf(session, id);
  const before = await stateOf();
  rmSync(filler);
  const started = performance.now();
  const ask = async () => {
    await submit().catch(() => undefined);
    return stateOf();
  };
  await eventually('the declaration', ask, (state) => state === '全部申报成功');
  const seconds = (performance.now() - started) / 1000;
  const clean = told === 'STORAGE_FULL' && before === undefined;
  return {
    ...row,
    figure: `answered ${told}, nothing kept; declared ${seconds.toFixed(1)} s after there was room`,
    verdict: clean ? 'met' : 'missed',
  };
}

async function outcomeOf(session: ApiSession, id: string): Promise<string | undefined> {
  const { declarations } = await session.call(listDeclarations, { query: {} });
  return declarations.find((declaration) => declaration.id === id)?.status;
}

/** Writes until not a page is free. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  for (const size of [1 << 20, 1 << 12]) {
    const block = Buffer.alloc(size, 1);
    try {
      for (;;) writeSync(file, block);
    } catch {
      // Full for blocks of this size.
    }
  }
  closeSync(file);
}

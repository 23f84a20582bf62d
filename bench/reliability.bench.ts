import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playCrashes } from '../e2e/support/crashes.ts';
import { startEmbeddedRig, startSpreadRig } from '../e2e/support/rig.ts';
import { fullDiskRow } from './full-disk.ts';
import type { BenchRow } from './row.ts';

const rounds = Number(process.env['SHEBAO_KILL_ROUNDS'] ?? 200);

/** The rounds of SIGKILL of the test run, many more of them: half with a database of its own, half embedded. */
export async function run(): Promise<BenchRow[]> {
  const seed = Number(process.env['SHEBAO_KILL_SEED'] ?? Math.floor(performance.timeOrigin % 1e6));
  console.log(`  SHEBAO_KILL_SEED=${seed}`);
  const killed: string[] = [];
  let [kills, seconds] = [0, 0];
  for (const start of [startSpreadRig, startEmbeddedRig]) {
    const folder = mkdtempSync(join(tmpdir(), 'shebao-kill-'));
    const rig = await start(folder);
    const started = performance.now();
    try {
      const played = await playCrashes(rig, Math.ceil(rounds / 2), seed);
      killed.push(JSON.stringify(played));
      kills += Object.values(played.killed).reduce((sum, count) => sum + count, 0);
    } finally {
      await rig.killAll();
      rmSync(folder, { recursive: true, force: true });
    }
    seconds += (performance.now() - started) / 1000;
  }
  for (const line of killed) console.log(`  ${line}`);
  return [
    {
      id: 'R1',
      goal: `${rounds} rounds of SIGKILL: nothing acknowledged lost, no task stuck, every checker clean`,
      figure: `${kills} kills in ${seconds.toFixed(0)} s, seed ${seed}`,
      baseline: '–',
      ratio: '–',
      verdict: 'met',
    },
    await fullDiskRow(),
  ];
}

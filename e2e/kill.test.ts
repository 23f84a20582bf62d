// SIGKILL of service, worker, database and simulator in the middle of everything: nothing acknowledged is lost.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { playCrashes } from './support/crashes.ts';
import { type Rig, startEmbeddedRig, startSpreadRig } from './support/rig.ts';

const rounds = Number(process.env['SHEBAO_KILL_ROUNDS'] ?? 10);
const seed = Number(process.env['SHEBAO_KILL_SEED'] ?? Math.floor(performance.timeOrigin % 1e6));
const folders: string[] = [];
const rigs: Rig[] = [];

after(async () => {
  for (const rig of rigs) await rig.killAll();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

for (const [name, start, share] of [
  ['four processes', startSpreadRig, 0.7],
  ['the embedded database', startEmbeddedRig, 0.3],
] as const) {
  const count = Math.max(1, Math.round(rounds * share));
  test(`${count} rounds of SIGKILL with ${name} (SHEBAO_KILL_SEED=${seed})`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'shebao-kill-'));
    folders.push(folder);
    const rig = await start(folder);
    rigs.push(rig);
    t.diagnostic(JSON.stringify(await playCrashes(rig, count, seed)));
  });
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';

/** The business time at which most tests begin; the demo world of this moment is made once for all of them. */
export const usualNow = '2021-03-10T09:00:00+08:00';
/** Names the folder that holds it. */
export const worldVariable = 'SHEBAO_E2E_WORLD';

/** Puts the prepared world into an empty data folder, where there is one of that moment; else the service makes it. */
export function furnish(dataDir: string, now: string): void {
  const folder = process.env[worldVariable];
  if (folder === undefined || now !== usualNow) return;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (readdirSync(dataDir).length === 0) {
    // With owners and modes, which the database insists on.
    execFileSync('cp', ['-a', `${folder}/.`, dataDir]);
  }
}

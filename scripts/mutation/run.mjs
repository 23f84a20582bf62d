// Mutation testing of kernel and levy; `npm run mutation -- packages/levy/src/retro.ts` takes one file.
// Its tool is large and needed by nobody else, so it is installed here and not with the rest.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
if (!existsSync(join(here, 'node_modules'))) {
  const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const installed = spawnSync(npm, install, { cwd: here, stdio: 'inherit' });
  if (installed.status !== 0) process.exit(installed.status ?? 1);
}
const files = process.argv.slice(2);
const stryker = join(here, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const run = spawnSync(
  process.execPath,
  [
    stryker,
    'run',
    join(here, 'stryker.json'),
    ...(files.length > 0 ? ['--mutate', [...files, '!**/*.test.ts'].join(',')] : []),
  ],
  { stdio: 'inherit' },
);
process.exit(run.status ?? 1);

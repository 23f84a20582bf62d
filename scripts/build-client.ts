// Builds the client when its sources have changed since the last build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sources = [
  'packages/{web,contract,levy,kernel}/{src,public}/**/*',
  'packages/web/{*.html,*.ts,*.json}',
  'policies/**/*.json',
  'package-lock.json',
];

/** A fingerprint of everything that goes into the client. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const entry of globSync(sources, { withFileTypes: true })) {
    if (!entry.isFile() || entry.name.includes('.test.')) continue;
    const path = join(entry.parentPath, entry.name);
    hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** Builds the client into packages/web/dist unless that is already there for these sources. */
export function buildClient(): void {
  const marker = join('packages', 'web', 'dist', '.built');
  const wanted = fingerprint();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  console.log('正在构建客户端… Building the client');
  const vite = join('node_modules', 'vite', 'bin', 'vite.js');
  const run = spawnSync(process.execPath, [vite, 'build', 'packages/web', '--logLevel', 'warn'], {
    stdio: 'inherit',
  });
  if (run.status !== 0)
    throw new Error('the client could not be built; the messages above say why');
  mkdirSync(join('packages', 'web', 'dist'), { recursive: true });
  writeFileSync(marker, wanted);
}

if (import.meta.main) buildClient();

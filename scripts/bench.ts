// Runs the benchmarks of bench/ (all, or the groups named), prints a table and writes bench/results/<date>.json.
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BenchRow } from '../bench/row.ts';

const groups = process.argv.slice(2);
const files = globSync('bench/*.bench.ts')
  .sort()
  .filter((file) => groups.length === 0 || groups.includes(basename(file, '.bench.ts')));
if (files.length === 0) {
  console.error(
    `没有名为 ${groups.join('、')} 的测量组；现有：${globSync('bench/*.bench.ts')
      .map((file) => basename(file, '.bench.ts'))
      .join('、')}`,
  );
  process.exit(1);
}
const rows: (BenchRow & { group: string })[] = [];
for (const file of files) {
  const group = basename(file, '.bench.ts');
  console.log(`… ${group}`);
  const bench = (await import(pathToFileURL(resolve(file)).href)) as { run(): Promise<BenchRow[]> };
  for (const row of await bench.run()) {
    rows.push({ group, ...row });
    console.log(`  ${row.id}: ${row.figure} — ${row.verdict}`);
  }
}
console.table(
  rows.map(({ id, goal, figure, baseline, ratio, verdict }) => ({
    id,
    goal,
    figure,
    baseline,
    ratio,
    verdict,
  })),
);
const day = new Date().toISOString().slice(0, 10);
mkdirSync(join('bench', 'results'), { recursive: true });
const report = {
  date: day,
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  rows,
};
writeFileSync(join('bench', 'results', `${day}.json`), `${JSON.stringify(report, null, 2)}\n`);
process.exit(0);

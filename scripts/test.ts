// Every check of the repository, in two lanes for two cores; the last line is `N passed, N failed, N skipped`.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { prepareWorld } from '../e2e/support/world.ts';
import { check, componentTests, nodeTests, type StepResult } from './steps.ts';

const only = process.argv.slice(2);
const wanted = (name: string) => only.length === 0 || only.some((word) => name.includes(word));
const bin = (name: string) => join('node_modules', '.bin', name);
const results: StepResult[] = [];

async function step(name: string, run: () => Promise<StepResult>): Promise<void> {
  if (!wanted(name)) return;
  const result = await run();
  results.push(result);
  const verdict = result.failed > 0 ? 'FAILED' : 'ok';
  const counts = `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`;
  if (result.failed > 0 || only.length > 0) console.log(result.output);
  for (const line of result.output.split('\n').filter((text) => /# SKIP/.test(text))) {
    console.log(`  ${line.trim()}`);
  }
  console.log(`[${verdict}] ${name}: ${counts} (${result.seconds.toFixed(1)} s)`);
}

const tests = (...patterns: string[]) => globSync(patterns).sort();
const shared = ['--test-isolation=none', '--test-timeout=300000'];

async function laneOne(): Promise<void> {
  await step('types', () =>
    check('types', bin('tsc'), ['-p', 'tsconfig.json', '--singleThreaded']),
  );
  await step('lint', () => check('lint', bin('oxlint'), ['--type-aware', '--quiet']));
  await step('format', () => check('format', bin('biome'), ['ci', '--colors=off', '.']));
  await step('dead code', () => check('dead code', bin('knip'), ['--no-progress']));
  await step('guards', () => nodeTests('guards', tests('scripts/guards/*.test.ts'), shared));
  const pure = 'packages/{kernel,levy,contract,channel,cli,treasury-simulator}';
  await step('libraries', () =>
    nodeTests('libraries', tests(`${pure}/src/**/*.test.ts`, `${pure}/test/**/*.test.ts`), [
      '--test-timeout=300000',
    ]),
  );
  await step('components', () => componentTests('components', 'packages/web'));
  await step('client build', () =>
    check('client build', process.execPath, ['scripts/build-client.ts']),
  );
}

async function laneTwo(): Promise<void> {
  await step('server', () =>
    nodeTests('server', tests('packages/server/src/**/*.test.ts'), [
      '--test-timeout=300000',
      '--test-concurrency=1',
    ]),
  );
  await step('simulation', () =>
    nodeTests('simulation', tests('packages/server/simulation/**/*.test.ts'), [
      '--test-timeout=300000',
    ]),
  );
}

const startedAt = performance.now();
await Promise.all([laneOne(), laneTwo()]);
await step('browser', async () => {
  const dropWorld = await prepareWorld();
  const result = await nodeTests('browser', tests('e2e/**/*.test.ts'), [
    '--test-timeout=600000',
    '--test-concurrency=1',
  ]);
  dropWorld();
  return result;
});

const total = (key: 'passed' | 'failed' | 'skipped') =>
  results.reduce((sum, result) => sum + result[key], 0);
const seconds = (performance.now() - startedAt) / 1000;
console.log(`all steps took ${seconds.toFixed(0)} s`);
console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
process.exit(total('failed') > 0 || results.length === 0 ? 1 : 0);

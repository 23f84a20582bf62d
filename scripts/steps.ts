import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How one step of the test run ended. */
export interface StepResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  readonly output: string;
}

interface Finished {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

/** Runs a command to its end and keeps all it printed. */
function runCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Finished> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const finish = (code: number) => {
      const seconds = (performance.now() - startedAt) / 1000;
      resolve({ code, seconds, output: Buffer.concat(chunks).toString('utf8') });
    };
    child.on('error', (error) => {
      chunks.push(Buffer.from(String(error)));
      finish(1);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}

/** A check that either holds or not: counts as one test. */
export async function check(
  name: string,
  command: string,
  args: readonly string[],
): Promise<StepResult> {
  const run = await runCommand(command, args, process.env);
  const held = run.code === 0;
  return {
    name,
    passed: held ? 1 : 0,
    failed: held ? 0 : 1,
    skipped: 0,
    seconds: run.seconds,
    output: run.output,
  };
}

/** Reads the closing counts of a TAP report of node:test. */
function tapCount(tap: string, what: string): number {
  return Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
}

/** Runs test files under node:test and counts what they report. An empty selection counts as failed. */
export async function nodeTests(
  name: string,
  files: readonly string[],
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'shebao-test-'));
  const report = join(folder, 'report.tap');
  const args = [
    '--test',
    ...flags,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=tap',
    `--test-reporter-destination=${report}`,
    ...files,
  ];
  const run = await runCommand(process.execPath, args, { ...process.env, ...env });
  let tap = '';
  try {
    tap = readFileSync(report, 'utf8');
  } catch {
    // No report at all: the run broke before its first test.
  }
  rmSync(folder, { recursive: true, force: true });
  const passed = tapCount(tap, 'pass');
  const failed = tapCount(tap, 'fail') + tapCount(tap, 'cancelled');
  const broken = failed === 0 && (run.code !== 0 || passed === 0 || files.length === 0) ? 1 : 0;
  return {
    name,
    passed,
    failed: failed + broken,
    skipped: tapCount(tap, 'skipped') + tapCount(tap, 'todo'),
    seconds: run.seconds,
    output: run.output,
  };
}

/** Runs the component tests of the client and counts what vitest reports. */
export async function componentTests(name: string, folder: string): Promise<StepResult> {
  const temporary = mkdtempSync(join(tmpdir(), 'shebao-vitest-'));
  const report = join(temporary, 'report.json');
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--root', folder, '--reporter=default', '--reporter=json'];
  const run = await runCommand(
    process.execPath,
    [...args, `--outputFile.json=${report}`],
    process.env,
  );
  let counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  try {
    counts = JSON.parse(readFileSync(report, 'utf8')) as typeof counts;
  } catch {
    // Counted as broken below.
  }
  rmSync(temporary, { recursive: true, force: true });
  const broken = counts.numFailedTests === 0 && run.code !== 0 ? 1 : 0;
  return {
    name,
    passed: counts.numPassedTests,
    failed: counts.numFailedTests + broken,
    skipped: counts.numPendingTests,
    seconds: run.seconds,
    output: run.output,
  };
}

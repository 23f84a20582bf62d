import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One published case: a question and the fields its answer must have. */
export interface ConformanceCase {
  readonly file: string;
  readonly title: string;
  readonly name: string;
  readonly ask: Readonly<Record<string, unknown>>;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** A case that an implementation answered otherwise. */
export interface ConformanceFailure {
  readonly case: ConformanceCase;
  readonly answer: unknown;
  /** Where the answer differs: a path into it. */
  readonly path: string;
}

interface Scenario {
  readonly title: string;
  readonly source: string;
  readonly cases: readonly Pick<ConformanceCase, 'name' | 'ask' | 'answer'>[];
}

/** Reads every scenario of a folder; throws where one lacks its title, source or cases. */
export function readCases(folder: string): readonly ConformanceCase[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  return files.flatMap((file) => {
    const scenario = parse(readFileSync(join(folder, file), 'utf8')) as Scenario;
    if (!scenario.title || !scenario.source || !scenario.cases?.length) {
      throw new Error(`${file}: a scenario has a title, a source and cases`);
    }
    return scenario.cases.map((each) => ({ file, title: scenario.title, ...each }));
  });
}

/**
 * Questions a program over JSON Lines and compares its answers. The program gets all questions on its
 * standard input and must end when that ends.
 */
export async function questionProgram(
  cases: readonly ConformanceCase[],
  command: string,
  args: readonly string[],
): Promise<readonly ConformanceFailure[]> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const spawned = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  // A program that ends early closes its input: its missing answers tell, not the broken pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(cases.map((each, id) => `${JSON.stringify({ id, ...each.ask })}\n`).join(''));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  await spawned;
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return compareAnswers(cases, lines);
}

/** Compares answer lines with the cases they belong to, in order. */
export function compareAnswers(
  cases: readonly ConformanceCase[],
  lines: readonly string[],
): readonly ConformanceFailure[] {
  return cases.flatMap((each, at) => {
    const answer = readAnswer(lines[at]);
    const path = difference({ id: at, ...each.answer }, answer, '');
    return path === undefined ? [] : [{ case: each, answer, path }];
  });
}

function readAnswer(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '');
  } catch {
    return line;
  }
}

/** The path of the first difference: named fields must agree, lists must have the same members. */
function difference(expected: unknown, actual: unknown, path: string): string | undefined {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return path || '.';
    const left = [...(actual as readonly unknown[])];
    for (const [at, member] of expected.entries()) {
      const found = left.findIndex((each) => difference(member, each, '') === undefined);
      if (found < 0) return `${path}[${at}]`;
      left.splice(found, 1);
    }
    return undefined;
  }
  if (typeof expected !== 'object' || expected === null) {
    return Object.is(expected, actual) ? undefined : path || '.';
  }
  if (typeof actual !== 'object' || actual === null) return path || '.';
  for (const [name, value] of Object.entries(expected)) {
    const found = difference(value, (actual as Record<string, unknown>)[name], `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

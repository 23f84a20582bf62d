import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fen, formatYuan } from '@shebao/kernel';
import type { BenchRow } from './row.ts';

const questions = 600_000;
const goal = 200_000;

/** `shebao levy` as a process of its own, asked `amount` through its pipe; what it says of its own speed. */
export async function pipeRow(): Promise<BenchRow> {
  const lines: string[] = [];
  for (let id = 0; id < questions; id++) {
    const base = formatYuan(fen(300_000 + ((id * 101) % 2_000_000)));
    lines.push(JSON.stringify({ id, ask: 'amount', base, rate: '0.16' }));
  }
  const input = `${lines.join('\n')}\n`;
  let rate = 0;
  for (let run = 0; run < 3; run++) rate = Math.max(rate, await ask(input));
  return {
    id: 'S1',
    goal: '`shebao levy` ≥ 200,000 `amount` questions/s through the pipe',
    figure: `${Math.round(rate)} questions/s`,
    baseline: `best of 3 × ${questions} questions`,
    ratio: '-',
    verdict: rate >= goal ? 'met' : 'missed',
  };
}

async function ask(input: string): Promise<number> {
  const main = 'packages/cli/src/main.ts';
  const levy = spawn(process.execPath, [main, 'levy', '--time'], { stdio: 'pipe' });
  let told = '';
  let answers = 0;
  levy.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  levy.stdout.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 10) answers += 1;
  });
  levy.stdin.end(input);
  await once(levy, 'close');
  const rate = /([\d.]+) questions\/s/.exec(told)?.[1];
  if (rate === undefined || answers !== questions) throw new Error(`${answers} answers: ${told}`);
  return Number(rate);
}

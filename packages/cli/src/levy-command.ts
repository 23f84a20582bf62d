import { performance } from 'node:perf_hooks';
import { knownPolicy } from '@shebao/levy/packs';
import type { Command } from 'commander';
import { answerStream } from './levy.ts';

/** Adds `shebao levy`: questions on standard input, answers on standard output. */
export function addLevyCommand(program: Command): void {
  program
    .command('levy')
    .description('回答核定问题：标准输入每行一个 JSON 问题，标准输出每行一个 JSON 答案')
    .option('--time', '在标准错误输出每秒回答的问题数')
    .action(async (options: { time?: boolean }) => {
      const started = performance.now();
      const context = { policy: knownPolicy, today: todayInShanghai() };
      const questions = await answerStream(process.stdin, process.stdout, context);
      if (options.time) {
        const seconds = (performance.now() - started) / 1000;
        const perSecond = Math.round(questions / Math.max(seconds, 1e-6));
        process.stderr.write(`${questions} questions, ${perSecond} questions/s\n`);
      }
    });
}

/** The business time zone is Asia/Shanghai, always eight hours ahead of UTC. */
function todayInShanghai(): string {
  const eightHoursMs = 8 * 3600 * 1000;
  return new Date(Date.now() + eightHoursMs).toISOString().slice(0, 10);
}

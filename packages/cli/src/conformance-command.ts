import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { questionProgram, readCases } from './conformance.ts';

const published = fileURLToPath(new URL('../../../conformance/cases', import.meta.url));
const ours = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Adds `shebao conformance`: questions an implementation of the levy rules with the published cases. */
export function addConformanceCommand(program: Command): void {
  program
    .command('conformance')
    .description('用公布的案例核对任何一个核定程序（按行问答 JSON）；不给程序则核对自己')
    .option('--cases <folder>', '案例所在目录', published)
    .argument('[command...]', '被核对的程序和参数，写在 -- 之后')
    .action(async (given: readonly string[], options: { cases: string }) => {
      const [command = process.execPath, ...args] = given;
      const cases = readCases(options.cases);
      const used = given.length > 0 ? args : [ours, 'levy'];
      const failures = await questionProgram(cases, command, used);
      for (const { case: each, path, answer } of failures) {
        process.stdout.write(
          `不符 ${each.file}「${each.name}」${path}：${JSON.stringify(answer)}\n`,
        );
      }
      process.stdout.write(`${cases.length} 个案例，${failures.length} 个不符\n`);
      process.exitCode = failures.length === 0 ? 0 : 1;
    });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';

// The operator's work needs the database and the keys: it is the server's, in a process of its own.
const program = fileURLToPath(new URL('../../server/src/operate.ts', import.meta.url));

/** Adds `shebao operate verify | backup | restore | rotate-keys`. */
export function addOperateCommand(parent: Command): void {
  parent
    .command('operate')
    .description('运维：verify 核验审计，backup 备份，restore 恢复，rotate-keys 更换密钥')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: string[]) => {
      const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' });
      const [code] = (await once(child, 'exit')) as [number | null];
      process.exitCode = code ?? 1;
    });
}

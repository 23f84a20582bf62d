import { Command } from 'commander';
import { verifyAuditLog } from './audit/index.ts';
import { checkLevied } from './declaration/index.ts';
import { encryptedColumns } from './encrypted-columns.ts';
import { checkFeed } from './feed/index.ts';
import { checkPayments } from './payment/index.ts';
import { type Attached, attachDatabase, requireAlone } from './platform/attach.ts';
import { readBackup, writeBackup } from './platform/backup.ts';
import { type Config, ConfigError, loadConfig } from './platform/config.ts';
import { openPools, readDatabase } from './platform/database.ts';
import { loadKeys } from './platform/field-crypto.ts';
import { rotateKeys } from './platform/rotate-keys.ts';
import { checkRefunds } from './refund/index.ts';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function withDatabase(
  work: (attached: Attached, config: Config) => Promise<void>,
  options: { readonly mayBeEmpty?: boolean } = {},
): Promise<void> {
  const config = loadConfig(process.env, { demo: true, directory: process.cwd() });
  const attached = await attachDatabase(config, options);
  try {
    await work(attached, config);
  } finally {
    await attached.close();
  }
}

async function verify(attached: Attached): Promise<void> {
  const pools = openPools(attached.url, { write: 1, pipelined: 1, read: 2 }, () => undefined);
  try {
    const db = readDatabase(pools);
    const verdict = await verifyAuditLog(db);
    const { chains, entries, seals, breaks } = verdict;
    say(`审计链 ${chains} 条，记录 ${entries} 条，封存 ${seals} 次`);
    for (const text of breaks) say(text);
    say(verdict.intact ? '核验通过，未发现改动' : '核验未通过：审计记录被改动或缺失，请保全现场');
    const findings = [
      ...(await checkLevied(db.q)),
      ...(await checkPayments(db.q)),
      ...(await checkRefunds(db.q)),
      ...(await checkFeed(db.q)),
    ];
    for (const { unitNo, subject, text: what } of findings) say(`${unitNo} ${subject}：${what}`);
    say(
      findings.length === 0
        ? '申报、账单与缴费核对一致'
        : `申报、账单与缴费有 ${findings.length} 项不符`,
    );
    if (!verdict.intact || findings.length > 0) process.exitCode = 1;
  } finally {
    await pools.end();
  }
}

const program = new Command('operate').description('运维：核验、备份、恢复、更换密钥');
program
  .command('verify')
  .description('核验审计链与封存链，核对申报与账单，可在服务运行时执行')
  .action(() => withDatabase(verify));
program
  .command('backup')
  .description('把全部数据写入一个加密文件，可在服务运行时执行；密钥文件须另行保存')
  .argument('<file>', '备份文件')
  .action((file: string) =>
    withDatabase(async (attached, config) => {
      const summary = await writeBackup(attached.url, await loadKeys(config.keyFile), file);
      say(`已备份 ${summary.tables} 张表、${summary.rows} 行到 ${file}`);
      say(`恢复时还需要密钥文件 ${config.keyFile}，请与备份分开妥善保存`);
    }),
  );
program
  .command('restore')
  .description('从备份恢复到空的数据目录；先把原密钥文件放到 SHEBAO_KEY_FILE')
  .argument('<file>', '备份文件')
  .action((file: string) =>
    withDatabase(
      async (attached, config) => {
        requireAlone(attached);
        const summary = await readBackup(attached.url, await loadKeys(config.keyFile), file);
        say(`已恢复 ${summary.tables} 张表、${summary.rows} 行`);
      },
      { mayBeEmpty: true },
    ),
  );
program
  .command('rotate-keys')
  .description('启用新的加密密钥并重新加密全部证件号码、账号和私钥；须先停止服务')
  .action(() =>
    withDatabase(async (attached, config) => {
      requireAlone(attached);
      const done = await rotateKeys(attached.url, config.keyFile, encryptedColumns);
      say(`已启用第 ${done.key} 号密钥，重新加密 ${done.values} 个值；请重新备份密钥文件`);
    }),
  );

program.parseAsync().catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : String(error);
  process.stderr.write(`未能完成：${text}\n`);
  process.exit(1);
});

import { parseArgs } from 'node:util';
import { buildDemoWorld } from './demo/index.ts';
import { type Config, ConfigError, loadConfig } from './platform/config.ts';
import { createLogger } from './platform/logging.ts';
import { startService } from './service.ts';

function readConfig(): Config {
  const { values } = parseArgs({
    options: { demo: { type: 'boolean' }, empty: { type: 'boolean' } },
  });
  if (values.demo && values.empty) {
    throw new ConfigError('--demo 与 --empty 不能同时使用');
  }
  return loadConfig(process.env, { demo: !values.empty, directory: process.cwd() });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.logLevel);
  const service = await startService({
    config,
    log,
    prepare: async (_, platform) => {
      if (config.demo) await buildDemoWorld(platform.services);
    },
  });
  let stopping = false;
  const stop = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    try {
      await service.stop();
      process.exit(code);
    } catch (error) {
      log.error({ err: error }, 'not stopped cleanly');
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop(0));
  }
  // Started by a script that was killed: nobody could stop this process later.
  process.once('disconnect', () => void stop(0));
  void service.databaseGone.then(() => {
    if (stopping) return;
    say('内置数据库意外停止，服务随之停止；重新启动即可恢复，已确认的办理不会丢失');
    void stop(1);
  });
  say(`社保费服务已就绪：${config.publicUrl}`);
  if (service.setupLink !== undefined) {
    say(`尚无征收人员，请用此一次性链接建立首个账户：${service.setupLink}`);
  }
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) {
    process.stderr.write(`无法启动：${error.message}\n`);
    process.exit(2);
  }
  process.stderr.write(
    `无法启动：${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});

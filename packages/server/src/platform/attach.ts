import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from './config.ts';
import { ConfigError } from './config.ts';
import { type DataLock, lockDataDirectory } from './data-lock.ts';
import { databaseName, reachDatabase } from './platform.ts';

export interface Attached {
  readonly url: string;
  /** True when no service runs on this data directory. */
  readonly alone: boolean;
  close(): Promise<void>;
}

/** Reaches the database for an operator's command, beside a running service or without one. */
export async function attachDatabase(
  config: Config,
  options: { readonly mayBeEmpty?: boolean } = {},
): Promise<Attached> {
  const cluster = path.join(config.dataDir, 'postgres', 'cluster');
  if (!options.mayBeEmpty && config.databaseUrl === undefined && !existsSync(cluster)) {
    throw new ConfigError(`数据目录 ${config.dataDir} 中没有数据，请检查 SHEBAO_DATA_DIR`);
  }
  let lock: DataLock;
  try {
    lock = await lockDataDirectory(config.dataDir);
  } catch (error) {
    const url = config.databaseUrl ?? (await runningServer(config.dataDir));
    if (url === undefined) throw error;
    return { url, alone: false, close: async () => undefined };
  }
  try {
    const database = await reachDatabase(config);
    const close = async (): Promise<void> => {
      await database.stop();
      await lock.release();
    };
    return { url: database.url, alone: true, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Refuses while a service runs: what follows must have the data for itself. */
export function requireAlone(attached: Attached): void {
  if (!attached.alone) throw new ConfigError('服务正在运行，请先停止服务再执行此命令');
}

/** The socket of the embedded server that another process runs, from its pid file. */
async function runningServer(dataDir: string): Promise<string | undefined> {
  const file = path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const folder = lines[4];
  if (folder === undefined || folder === '') return undefined;
  return `postgresql://shebao@localhost/${databaseName}?host=${encodeURIComponent(folder)}`;
}

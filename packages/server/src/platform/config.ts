import path from 'node:path';
import * as z from 'zod';

/** The settings of one service process, read once at start. Paths are absolute. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** Set: an outside PostgreSQL; absent: the embedded one inside `dataDir`. */
  readonly databaseUrl?: string;
  /** Set: an outside treasury channel; absent: the simulator. */
  readonly treasuryUrl?: string;
  /** The instant at which a demo world's clock starts (ISO 8601 with offset). */
  readonly now?: string;
  readonly publicUrl: string;
  readonly keyFile: string;
  readonly fontDir?: string;
  readonly demo: boolean;
  readonly passwordProfile: 'ASVS' | 'MLPS3';
  /** Whether X-Forwarded-For of a proxy in front may be believed. */
  readonly trustProxy: boolean;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  readonly taskSlots: number;
}

/** A setting that cannot be used; the message names the setting and what to do, in Chinese. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  SHEBAO_HOST: z.string().min(1).default('127.0.0.1'),
  SHEBAO_DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  SHEBAO_TREASURY_URL: z.url({ protocol: /^https?$/ }).optional(),
  SHEBAO_NOW: z.iso.datetime({ offset: true }).optional(),
  SHEBAO_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  SHEBAO_KEY_FILE: z.string().min(1).optional(),
  SHEBAO_FONT_DIR: z.string().min(1).optional(),
  SHEBAO_PASSWORD_PROFILE: z.enum(['ASVS', 'MLPS3']).default('ASVS'),
  SHEBAO_TRUST_PROXY: z.enum(['0', '1']).default('0'),
  SHEBAO_LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  SHEBAO_TASK_SLOTS: z.coerce.number().int().min(0).max(64).default(6),
});

/** Reads the settings from the environment. Throws ConfigError with every setting that is wrong. */
export function loadConfig(
  environment: Readonly<Record<string, string | undefined>>,
  options: { readonly demo: boolean; readonly directory: string },
): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const read = settings.safeParse(given);
  if (!read.success) {
    const wrong = read.error.issues.map((issue) => `${issue.path.join('.')}（${issue.message}）`);
    throw new ConfigError(`以下环境变量的值无法使用，请更正后重新启动：${wrong.join('、')}`);
  }
  const value = read.data;
  if (value.SHEBAO_NOW !== undefined && !options.demo) {
    throw new ConfigError('SHEBAO_NOW 只能用于演示数据（npm start -- --demo），请去掉后重新启动');
  }
  const dataDir = path.resolve(options.directory, value.SHEBAO_DATA_DIR);
  const inDirectory = (file: string): string => path.resolve(options.directory, file);
  return {
    port: value.PORT,
    host: value.SHEBAO_HOST,
    dataDir,
    ...optional('databaseUrl', value.DATABASE_URL),
    ...optional('treasuryUrl', value.SHEBAO_TREASURY_URL),
    ...optional('now', value.SHEBAO_NOW),
    publicUrl: (value.SHEBAO_PUBLIC_URL ?? `http://127.0.0.1:${value.PORT}`).replace(/\/+$/, ''),
    keyFile: inDirectory(value.SHEBAO_KEY_FILE ?? path.join(dataDir, 'keys')),
    ...optional('fontDir', value.SHEBAO_FONT_DIR && inDirectory(value.SHEBAO_FONT_DIR)),
    demo: options.demo,
    passwordProfile: value.SHEBAO_PASSWORD_PROFILE,
    trustProxy: value.SHEBAO_TRUST_PROXY === '1',
    logLevel: value.SHEBAO_LOG_LEVEL,
    taskSlots: value.SHEBAO_TASK_SLOTS,
  };
}

function optional<Key extends string>(
  key: Key,
  value: string | undefined,
): Partial<Record<Key, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, string>);
}

import type pg from 'pg';
import { ConfigError } from './config.ts';
import { fieldCrypto, type KeyFile } from './field-crypto.ts';

/**
 * Compares the keys with those the database was made with. Without this a lost key file would be
 * replaced by a new one, and nobody would be found by number any more.
 */
export async function checkKeys(pool: pg.Pool, keys: KeyFile, file: string): Promise<void> {
  const check = Buffer.from(fieldCrypto(keys).searchHash('the keys of this installation'));
  await pool.query(
    `insert into installation (key_check, newest_key) values ($1, $2) on conflict do nothing`,
    [check, keys.current],
  );
  const { rows } = await pool.query<{ key_check: Buffer; newest_key: number }>(
    'select key_check, newest_key from installation',
  );
  const stored = rows[0];
  if (
    !stored?.key_check.equals(check) ||
    keys.encryption[String(stored.newest_key)] === undefined
  ) {
    throw new ConfigError(
      `密钥文件 ${file} 与数据库不符，已停止启动以保护数据：请放回建立该数据时的密钥文件（SHEBAO_KEY_FILE）`,
    );
  }
  if (keys.current > stored.newest_key) await recordKey(pool, keys.current);
}

/** From now on the database may hold values of this key. */
export async function recordKey(pool: pg.Pool | pg.Client, key: number): Promise<void> {
  await pool.query('update installation set newest_key = greatest(newest_key, $1)', [key]);
}

import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import pg from 'pg';
import { quoteIdentifier } from './copy.ts';
import { fieldCrypto, type KeyFile, loadKeys, withNewKey } from './field-crypto.ts';
import { recordKey } from './installation.ts';

/** A column of encrypted values, and what each of them is bound to. */
export interface EncryptedColumn {
  readonly table: string;
  readonly key: string;
  readonly column: string;
  /** The same text that the value was encrypted with. */
  aad(key: string): string;
}

const batch = 500;

/**
 * Adds a new key, uses it from now on and encrypts every stored value with it. Interrupted anywhere,
 * all values stay readable, and running it again finishes the work. The service must not run.
 */
export async function rotateKeys(
  url: string,
  file: string,
  columns: readonly EncryptedColumn[],
): Promise<{ readonly key: number; readonly values: number }> {
  const keys = withNewKey(await loadKeys(file));
  await replaceKeyFile(file, keys);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await recordKey(client, keys.current);
    let values = 0;
    for (const column of columns) values += await encryptAnew(client, keys, column);
    return { key: keys.current, values };
  } finally {
    await client.end();
  }
}

async function replaceKeyFile(file: string, keys: KeyFile): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const text = `${JSON.stringify(keys, null, 2)}\n`;
    await writeFile(draft, text, { mode: 0o600, flush: true });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

async function encryptAnew(
  client: pg.Client,
  keys: KeyFile,
  place: EncryptedColumn,
): Promise<number> {
  const crypto = fieldCrypto(keys);
  const table = quoteIdentifier(place.table);
  const key = quoteIdentifier(place.key);
  const column = quoteIdentifier(place.column);
  // The second and third byte of a value name its key.
  const mark = Buffer.from([keys.current >> 8, keys.current & 0xff]);
  let done = 0;
  for (;;) {
    const { rows } = await client.query<{ key: string; value: Buffer }>(
      `select ${key}::text as key, ${column} as value from ${table}
       where ${column} is not null and substring(${column} from 2 for 2) <> $1 limit ${batch}`,
      [mark],
    );
    if (rows.length === 0) return done;
    const values = rows.map((row) => {
      const aad = place.aad(row.key);
      return crypto.encrypt(crypto.decrypt(row.value, aad), aad);
    });
    await client.query(
      `update ${table} set ${column} = fresh.value
       from unnest($1::text[], $2::bytea[]) as fresh(key, value)
       where ${table}.${key}::text = fresh.key`,
      [rows.map((row) => row.key), values],
    );
    done += rows.length;
  }
}

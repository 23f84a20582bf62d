import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { ConfigError } from './config.ts';
import type { FieldCrypto } from './types.ts';

const formatVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 3;

const key32 = z.base64().refine((text) => Buffer.from(text, 'base64').length === 32);
const keyFile = z.strictObject({
  /** New values are encrypted with this one; the others still open older values. */
  current: z.number().int().min(1).max(65_535),
  encryption: z.record(z.string().regex(/^\d+$/), key32),
  search: key32,
});
export type KeyFile = z.infer<typeof keyFile>;

/** Reads the keys for encryption at rest; makes the file, for its owner only, at the first start. */
export async function loadKeys(file: string): Promise<KeyFile> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new ConfigError(`密钥文件 ${file} 无法读取：${error.message}`);
  });
  if (text === undefined) return createKeys(file);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new ConfigError(`密钥文件 ${file} 已损坏，请从备份恢复`);
  }
  const parsed = keyFile.safeParse(content);
  if (!parsed.success || parsed.data.encryption[String(parsed.data.current)] === undefined) {
    throw new ConfigError(`密钥文件 ${file} 内容不完整，请从备份恢复`);
  }
  return parsed.data;
}

async function createKeys(file: string): Promise<KeyFile> {
  const keys: KeyFile = {
    current: 1,
    encryption: { 1: randomBytes(32).toString('base64') },
    search: randomBytes(32).toString('base64'),
  };
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, file);
    return keys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return loadKeys(file);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Keys with one more encryption key, used from now on. Older values stay readable. */
export function withNewKey(keys: KeyFile): KeyFile {
  const next = Math.max(...Object.keys(keys.encryption).map(Number)) + 1;
  const encryption = { ...keys.encryption, [next]: randomBytes(32).toString('base64') };
  return { ...keys, current: next, encryption };
}

/** Value: version (1 byte), key number (2), nonce (12), text, tag (16). */
export function fieldCrypto(keys: KeyFile): FieldCrypto {
  const byNumber = new Map(
    Object.entries(keys.encryption).map(([id, key]) => [Number(id), Buffer.from(key, 'base64')]),
  );
  const current = byNumber.get(keys.current) as Buffer;
  const search = Buffer.from(keys.search, 'base64');
  return {
    encrypt(plain, aad) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', current, nonce);
      cipher.setAAD(Buffer.from(aad, 'utf8'));
      const head = Buffer.from([formatVersion, keys.current >> 8, keys.current & 0xff]);
      const body = cipher.update(plain, 'utf8');
      return Buffer.concat([head, nonce, body, cipher.final(), cipher.getAuthTag()]);
    },
    decrypt(value, aad) {
      const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      if (bytes.length < headBytes + nonceBytes + tagBytes || bytes[0] !== formatVersion) {
        throw new Error('encrypted value of an unknown form');
      }
      const key = byNumber.get(bytes.readUInt16BE(1));
      if (!key) throw new Error(`encrypted with key ${bytes.readUInt16BE(1)}, which is missing`);
      const nonce = bytes.subarray(headBytes, headBytes + nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce);
      decipher.setAAD(Buffer.from(aad, 'utf8'));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      const body = bytes.subarray(headBytes + nonceBytes, -tagBytes);
      return decipher.update(body, undefined, 'utf8') + decipher.final('utf8');
    },
    searchHash: (plain) => createHmac('sha256', search).update(plain, 'utf8').digest(),
  };
}

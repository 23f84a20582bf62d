import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2) as (
  algorithm: 'argon2id',
  parameters: Argon2Parameters,
) => Promise<Buffer>;

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** 19 MiB and two passes: the floor of OWASP for argon2id. */
const currentCost: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const tagLength = 32;

/** Hashes a password for storage, in the PHC text form. */
export async function hashPassword(
  password: string,
  salt: Uint8Array = randomBytes(16),
): Promise<string> {
  const tag = await run(password, salt, currentCost);
  const { memory, passes, parallelism } = currentCost;
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(tag)}`;
}

function run(password: string, salt: Uint8Array, cost: Cost): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFC'), 'utf8');
  return derive('argon2id', { message, nonce: salt, tagLength, ...cost });
}

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;

// Checked in place of a user that does not exist, so that both take equally long.
let standIn: Promise<string> | undefined;

/** Whether the password is right. Without a stored hash it takes as long and is wrong. */
export async function verifyPassword(
  password: string,
  stored: string | undefined,
): Promise<boolean> {
  standIn ??= hashPassword(randomBytes(18).toString('base64url'));
  const match = form.exec(stored ?? (await standIn));
  if (!match) throw new Error('stored password hash of an unknown form');
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  const cost = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  };
  const found = await run(password, Buffer.from(salt, 'base64url'), cost);
  return timingSafeEqual(found, Buffer.from(tag, 'base64url')) && stored !== undefined;
}

/** Whether a stored hash was made with another cost than today's. */
export function isOutdated(stored: string): boolean {
  const { memory, passes, parallelism } = currentCost;
  return !stored.startsWith(`$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$`);
}

let common: Promise<ReadonlySet<string>> | undefined;

/** The list of passwords that everybody tries first; read when a password is first changed. */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common']),
  );
  return common;
}

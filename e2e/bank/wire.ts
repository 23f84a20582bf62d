// The bytes of the treasury channel, written from its documentation alone (sections 2, 3 and 6).
import iconv from 'iconv-lite';
import { sm2 } from 'sm-crypto-v2';

const userId = '1234567812345678';
const declaration = '<?xml version="1.0" encoding="GBK"?>';

/** A key pair: the private key 64, the public key (x, y) 128 hexadecimal digits. */
export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

export function newKeyPair(): KeyPair {
  const made = sm2.generateKeyPairHex();
  return { privateKey: made.privateKey, publicKey: made.publicKey.slice(-128) };
}

/** Fields of a message in the order in which they are written; a list is a block that repeats. */
export interface Fields {
  readonly [name: string]: string | Fields | readonly Fields[];
}

/** Writes and signs a message. */
export function writeMessage(head: Fields, body: Fields, own: KeyPair): Buffer {
  const text = `${declaration}<CFX><HEAD>${inner(head)}</HEAD><MSG>${inner(body)}</MSG></CFX>`;
  const signed = iconv.encode(text, 'cp936');
  const signature = sm2.doSignature(signed, own.privateKey, {
    hash: true,
    publicKey: `04${own.publicKey}`,
    userId,
  });
  const comment = `<!--${Buffer.from(signature, 'hex').toString('base64')}-->`;
  return Buffer.concat([signed, Buffer.from(comment, 'latin1')]);
}

function inner(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      if (Array.isArray(value))
        return value.map((one) => `<${name}>${inner(one)}</${name}>`).join('');
      const content = typeof value === 'string' ? escaped(value) : inner(value as Fields);
      return `<${name}>${content}</${name}>`;
    })
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Where the signed part ends: after the only `</CFX>`. Null: there is not exactly one. */
function signedEnd(bytes: Buffer): number | null {
  const at = bytes.indexOf('</CFX>');
  return at < 0 || bytes.indexOf('</CFX>', at + 1) >= 0 ? null : at + '</CFX>'.length;
}

/** Whether the received bytes, as they are, bear a valid signature of this key. */
export function isSignedBy(bytes: Buffer, publicKey: string): boolean {
  const end = signedEnd(bytes);
  if (end === null) return false;
  const found = /^\s*<!--\s*([A-Za-z0-9+/]{86}==)\s*-->\s*$/.exec(
    bytes.subarray(end).toString('latin1'),
  );
  if (!found?.[1]) return false;
  const signature = Buffer.from(found[1], 'base64').toString('hex');
  const key = `04${publicKey}`;
  const options = { hash: true, publicKey: key, userId };
  return sm2.doVerifySignature(bytes.subarray(0, end), signature, key, options);
}

/** Reads one field anywhere in a message; '' when it is absent. */
export function readField(bytes: Buffer, name: string): string {
  const end = signedEnd(bytes) ?? bytes.length;
  const text = iconv.decode(bytes.subarray(0, end), 'cp936');
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
  return found
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

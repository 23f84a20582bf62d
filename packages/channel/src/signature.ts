import { createHash } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';

/** The user id that enters every SM2 signature of the channel. */
export const SIGNATURE_USER_ID = '1234567812345678';

const CURVE_ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const SIGNATURE_TEXT = /^[A-Za-z0-9+/]{86}==$/;
const PUBLIC_KEY = /^[0-9a-f]{128}$/;

/** Signs bytes as one node of the channel. A port: a simulation may put something cheaper in its place. */
export interface Signer {
  /** x ‖ y in 128 lower-case hex digits. */
  readonly publicKey: string;
  /** Returns the 88 base64 characters that stand in the trailing comment. */
  sign(bytes: Uint8Array): string;
}

/** Tells whether a signature of some bytes was made by the holder of a public key. Never throws. */
export type Verify = (bytes: Uint8Array, signature: string, publicKey: string) => boolean;

/** Signs with SM2 over SM3. The key is 64 hex digits. */
export function createSigner(privateKey: string): Signer {
  const publicKey = sm2.getPublicKeyFromPrivateKey(privateKey).slice(-128).toLowerCase();
  return {
    publicKey,
    sign: (bytes) => {
      const digest = signatureDigest(bytes, publicKey);
      return Buffer.from(sm2.doSignature(digest, privateKey, { hash: false }), 'hex').toString(
        'base64',
      );
    },
  };
}

/** Makes a new key pair from the system's randomness; both as hex, the public key without `04`. */
export function createKeyPair(): { readonly privateKey: string; readonly publicKey: string } {
  const pair = sm2.generateKeyPairHex();
  return {
    privateKey: pair.privateKey.padStart(64, '0'),
    publicKey: pair.publicKey.slice(-128).toLowerCase(),
  };
}

/** Verifies an SM2 signature in base64 (r ‖ s); false for anything that is not exactly one. */
export const verifySignature: Verify = (bytes, signature, publicKey) => {
  if (!SIGNATURE_TEXT.test(signature) || !isPublicKey(publicKey)) return false;
  const raw = Buffer.from(signature, 'base64');
  if (raw.length !== 64 || raw.toString('base64') !== signature) return false;
  const hex = raw.toString('hex');
  if (!inRange(hex.slice(0, 64)) || !inRange(hex.slice(64))) return false;
  try {
    const digest = signatureDigest(bytes, publicKey);
    return sm2.doVerifySignature(digest, hex, pointOf(publicKey), { hash: false });
  } catch {
    // The library throws on points and scalars outside the curve: hostile input, not our error.
    return false;
  }
};

/** SM3 of Z_A and the bytes, the number that SM2 signs. */
export function signatureDigest(bytes: Uint8Array, publicKey: string): Buffer {
  const identity = sm2.getZ(`04${publicKey}`, SIGNATURE_USER_ID);
  return createHash('sm3').update(identity).update(bytes).digest();
}

/** The public key document that a node serves: 128 hex digits and one LF. */
export function keyDocument(publicKey: string): string {
  return `${publicKey}\n`;
}

/** Reads a public key document; null when it is not exactly a point of the curve and one LF. */
export function parseKeyDocument(document: string): string | null {
  const text = document.endsWith('\n') ? document.slice(0, -1) : document;
  return isPublicKey(text) ? text : null;
}

/** What people compare: the first 16 hex digits of SM3 over the 64 bytes of the key. */
export function keyFingerprint(publicKey: string): string {
  return createHash('sm3').update(Buffer.from(publicKey, 'hex')).digest('hex').slice(0, 16);
}

type Point = ReturnType<typeof sm2.precomputePublicKey>;
const points = new Map<string, Point>();

// Two keys are in use at a time; a bound keeps a hostile peer from filling memory with keys.
function pointOf(publicKey: string): Point {
  const known = points.get(publicKey);
  if (known) return known;
  const point = sm2.precomputePublicKey(`04${publicKey}`);
  if (points.size >= 64) points.clear();
  points.set(publicKey, point);
  return point;
}

function isPublicKey(text: string): boolean {
  if (!PUBLIC_KEY.test(text)) return false;
  try {
    return sm2.verifyPublicKey(`04${text}`);
  } catch {
    return false;
  }
}

function inRange(hex: string): boolean {
  const value = BigInt(`0x${hex}`);
  return value > 0n && value < CURVE_ORDER;
}

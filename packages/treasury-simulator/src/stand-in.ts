import { createHash } from 'node:crypto';
import type { Signer, Verify } from '@shebao/channel';

/**
 * Stands in for SM2 where thousands of messages pass within one process and one second: a digest that only shows
 * whether bytes changed on the way. It proves nothing about the sender, so it never leaves a simulation.
 */
export function createStandInSigner(name: string): Signer {
  const publicKey = createHash('sha512').update(name).digest('hex');
  return { publicKey, sign: (bytes) => standIn(bytes, publicKey) };
}

/** Verifies what a stand-in signed. */
export const standInVerify: Verify = (bytes, signature, publicKey) =>
  signature === standIn(bytes, publicKey);

function standIn(bytes: Uint8Array, publicKey: string): string {
  return createHash('sha512').update(publicKey).update(bytes).digest('base64');
}

import { createKeyPair, createSigner, keyFingerprint, type Signer } from '@shebao/channel';
import { type Reader, type Transact, transactFirst } from './records.ts';
import { keys } from './tables.ts';

const aad = 'treasury_key.private';

/** Our signing key; made at the first start and kept encrypted. */
export async function ownSigner(
  transact: Transact,
  read: Reader,
  open: (cipher: Uint8Array, aad: string) => string,
): Promise<Signer> {
  const known = await read.of(keys).get({ owner: 'own' });
  if (known?.privateCipher) return createSigner(open(known.privateCipher, aad));
  const pair = createKeyPair();
  const step = { name: 'treasury.makeKey', chain: 'agency:treasury', subject: 'key' };
  const kept = await transactFirst(transact, step, async (store) => {
    const before = await store.of(keys).get({ owner: 'own' });
    if (before?.privateCipher) return store.open(before.privateCipher, aad);
    await store.of(keys).insert({
      publicKey: pair.publicKey,
      owner: 'own',
      privateCipher: store.seal(pair.privateKey, aad),
      fingerprint: keyFingerprint(pair.publicKey),
      pinnedAt: store.at.iso,
    });
    return pair.privateKey;
  });
  return createSigner(kept);
}

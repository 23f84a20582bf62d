import type { Result } from '@shebao/kernel';
import { sql } from 'kysely';
import type { Command, Services } from '../platform/index.ts';
import { loadFonts } from './fonts.ts';
import type { FormDocument } from './form.ts';
import { createRenderer, type MissingGlyph } from './render.ts';
import { createSigner, createSigningKey, type SigningKey } from './signer.ts';

/** Where documents are made: drawn by one template, signed with the installation's key. */
export interface Press {
  /** A PDF without a signature: notices and vouchers. */
  draw(form: FormDocument): Promise<Result<Buffer, MissingGlyph>>;
  /** A signed PDF: certificates and receipts. `reason` stands in the signature. */
  issue(form: FormDocument, reason: string): Promise<Result<Buffer, MissingGlyph>>;
}

interface StoredKey {
  readonly cipher: Uint8Array;
  readonly certificate: Uint8Array<ArrayBuffer>;
}

interface NewKey {
  readonly cipherHex: string;
  readonly certificateHex: string;
}

/** Stores a signing key unless there is one already. */
const storeSigningKey: Command<NewKey, { stored: boolean }> = {
  name: 'document.storeSigningKey',
  chain: () => 'agency:installation',
  describe: () => ({ subject: 'signing key', detail: {} }),
  async run(tx, input, context) {
    const done = await sql`
      INSERT INTO signing_key (private_cipher, certificate, created_at)
      SELECT ${Buffer.from(input.cipherHex, 'hex')}, ${Buffer.from(input.certificateHex, 'hex')},
        ${context.at.iso}
      WHERE NOT EXISTS (SELECT FROM signing_key)`.execute(tx.q);
    return { ok: true, value: { stored: (done.numAffectedRows ?? 0n) > 0n } };
  },
};

const associated = 'signing_key.private';

async function readKey(services: Services): Promise<SigningKey | undefined> {
  const found = await sql<StoredKey>`
    SELECT private_cipher AS cipher, certificate FROM signing_key ORDER BY id DESC LIMIT 1`.execute(
    services.db.q,
  );
  const stored = found.rows[0];
  if (!stored) return undefined;
  const privateKey = Buffer.from(services.crypto.decrypt(stored.cipher, associated), 'base64');
  return {
    privateKey: new Uint8Array(privateKey),
    certificate: new Uint8Array(stored.certificate),
  };
}

async function signingKey(services: Services, name: string): Promise<SigningKey> {
  const existing = await readKey(services);
  if (existing) return existing;
  const made = await createSigningKey(name, new Date(services.clock.now().epochMs));
  const plain = Buffer.from(made.privateKey).toString('base64');
  const input: NewKey = {
    cipherHex: Buffer.from(services.crypto.encrypt(plain, associated)).toString('hex'),
    certificateHex: Buffer.from(made.certificate).toString('hex'),
  };
  const actor = { kind: 'system', name: 'document' } as const;
  await services.execute(storeSigningKey, input, { actor });
  const stored = await readKey(services);
  if (!stored) throw new Error('the signing key was not stored');
  return stored;
}

/** Opens the press; fonts, compiler and key are loaded with the first document. */
export function openPress(services: Services, signerName: string): Press {
  let renderer: ReturnType<typeof createRenderer> | undefined;
  let signer: ReturnType<typeof createSigner> | undefined;
  const draw = (form: FormDocument) => {
    renderer ??= createRenderer(loadFonts(services.config.fontDir));
    return renderer.render(form);
  };
  const openSigner = async () => createSigner(await signingKey(services, signerName), signerName);
  return {
    draw: (form) => Promise.resolve(draw(form)),
    async issue(form, reason) {
      const drawn = draw(form);
      if (!drawn.ok) return drawn;
      signer ??= openSigner();
      const at = new Date(services.clock.now().epochMs);
      return { ok: true, value: await (await signer).sign(drawn.value, { reason, at }) };
    },
  };
}

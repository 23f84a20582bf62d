import { type Kysely, sql } from 'kysely';
import type { FieldCrypto, Tx } from '../platform/index.ts';

/** An identity document: its kind (`居民身份证` …) and number as delivered, upper case, no spaces. */
export interface Document {
  readonly documentType: string;
  readonly number: string;
}

/** The kinds of documents that are accepted, first the usual one. */
export const documentTypes = [
  '居民身份证',
  '军官证',
  '武警警官证',
  '士兵证',
  '外国护照',
  '港澳居民来往内地通行证',
  '台湾居民来往大陆通行证',
  '外国人永久居留身份证',
  '港澳居民居住证',
  '台湾居民居住证',
  '外国人工作许可证',
] as const;

const aad = (personId: string): string => `identity.number_cipher:${personId}`;

/** The number of a resident's card is the same whoever writes it; other numbers only count with their kind. */
function hashKey({ documentType, number }: Document): string {
  return `${documentType}:${number}`;
}

/**
 * The person ids of documents, in their order; unknown people are entered. The same document is
 * the same person at every unit.
 */
export async function resolveIdentities(
  tx: Tx,
  crypto: FieldCrypto,
  documents: readonly Document[],
): Promise<string[]> {
  const byKey = new Map<string, { document: Document; hash: Buffer; personId?: string }>();
  const keys = documents.map((document) => {
    const key = hashKey(document);
    if (!byKey.has(key)) byKey.set(key, { document, hash: Buffer.from(crypto.searchHash(key)) });
    return key;
  });
  const entries = [...byKey.values()];
  const known = await idsByHash(
    tx.q,
    entries.map((entry) => entry.hash),
  );
  const missing: typeof entries = [];
  for (const entry of entries) {
    const personId = known.get(entry.hash.toString('hex'));
    if (personId === undefined) missing.push(entry);
    else entry.personId = personId;
  }
  await enterPeople(tx, crypto, missing);
  return keys.map((key) => {
    const personId = byKey.get(key)?.personId;
    if (personId === undefined) throw new Error('a document got no person id');
    return personId;
  });
}

async function enterPeople(
  tx: Tx,
  crypto: FieldCrypto,
  entries: { document: Document; hash: Buffer; personId?: string }[],
): Promise<void> {
  if (entries.length === 0) return;
  const drawn = await sql<{ id: string }>`
    SELECT nextval(pg_get_serial_sequence('identity', 'person_id'))::text AS id
    FROM generate_series(1, ${entries.length})`.execute(tx.q);
  entries.forEach((entry, at) => {
    entry.personId = drawn.rows[at]?.id ?? '';
  });
  function* rows(): Iterable<[string, string, Uint8Array, Uint8Array]> {
    for (const { document, hash, personId = '' } of entries) {
      const cipher = crypto.encrypt(document.number, aad(personId));
      yield [personId, document.documentType, hash, cipher];
    }
  }
  const columns = ['person_id', 'document_type', 'number_hash', 'number_cipher'];
  await tx.copy('identity', columns, rows());
}

async function idsByHash(
  q: Kysely<unknown>,
  hashes: readonly Buffer[],
): Promise<Map<string, string>> {
  const found = await sql<{ hash: string; id: string }>`
    SELECT encode(number_hash, 'hex') AS hash, person_id::text AS id
    FROM identity WHERE number_hash = ANY(${hashes}::bytea[])`.execute(q);
  return new Map(found.rows.map((row) => [row.hash, row.id]));
}

/** A person's document in clear, for files and certificates. */
export interface PersonDocument extends Document {
  readonly personId: string;
}

/** The documents of people in clear, by person id. Only for files, certificates and masking. */
export async function personDocuments(
  q: Kysely<unknown>,
  crypto: FieldCrypto,
  personIds: readonly string[],
): Promise<Map<string, PersonDocument>> {
  const found = await sql<{ id: string; documentType: string; cipher: Uint8Array }>`
    SELECT person_id::text AS id, document_type AS "documentType", number_cipher AS cipher
    FROM identity WHERE person_id = ANY(${personIds}::bigint[])`.execute(q);
  return new Map(
    found.rows.map(({ id, documentType, cipher }) => [
      id,
      { personId: id, documentType, number: crypto.decrypt(cipher, aad(id)) },
    ]),
  );
}

/** The identity numbers of people in clear, by person id. */
export async function identityNumbers(
  q: Kysely<unknown>,
  crypto: FieldCrypto,
  personIds: readonly string[],
): Promise<Map<string, string>> {
  const documents = await personDocuments(q, crypto, personIds);
  return new Map([...documents].map(([id, document]) => [id, document.number]));
}

/** The people whose whole identity number is this text (spaces and case aside); empty: none. */
export async function findByIdentity(
  q: Kysely<unknown>,
  crypto: FieldCrypto,
  text: string,
): Promise<string[]> {
  const number = normaliseNumber(text);
  if (number === '') return [];
  const hashes = documentTypes.map((documentType) =>
    Buffer.from(crypto.searchHash(hashKey({ documentType, number }))),
  );
  return [...(await idsByHash(q, hashes)).values()];
}

/** A document number as it is stored: upper case, without any space. */
export function normaliseNumber(text: string): string {
  return text.replaceAll(/\s/g, '').toUpperCase();
}

/** Hides the middle of a number: the first three and the last four characters stay (110***********1234). */
export function maskIdentity(number: string): string {
  if (number.length <= 7) return '*'.repeat(number.length);
  return `${number.slice(0, 3)}${'*'.repeat(number.length - 7)}${number.slice(-4)}`;
}

/** 人员编号 as written in files: ten digits. */
export function personNumber(personId: string): string {
  return personId.padStart(10, '0');
}

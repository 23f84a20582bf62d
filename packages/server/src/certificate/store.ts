import { type Kysely, sql } from 'kysely';
import type { CertificateState, DocumentKind } from './certificate.ts';

/** A certificate as it is archived, without its bytes. */
export interface CertificateRow {
  readonly id: string;
  readonly taxpayerId: string;
  readonly certificateNo: string;
  readonly kind: DocumentKind;
  readonly state: CertificateState;
  readonly issuedAt: string;
  readonly issuedOn: string;
  readonly requestHash: string;
  readonly codeHash: Uint8Array;
  readonly holder: string;
  readonly periods: string;
  readonly insurances: readonly string[];
  readonly totalFen: number;
  readonly sha256: string;
  readonly sm3: string;
  readonly pageTexts: readonly string[];
  readonly prints: number;
  readonly verified: number;
}

const columns = sql`
  id, taxpayer_id AS "taxpayerId", certificate_no AS "certificateNo", kind, state,
  to_char(issued_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"') AS "issuedAt",
  to_char(issued_on, 'YYYY-MM-DD') AS "issuedOn", request_hash AS "requestHash",
  code_hash AS "codeHash", holder, periods, insurances, total_fen::float8 AS "totalFen", sha256, sm3,
  page_texts AS "pageTexts", prints, verified`;

/** The certificate with this id of this taxpayer, else undefined. */
export async function certificateById(
  q: Kysely<unknown>,
  taxpayerId: string,
  id: string,
): Promise<CertificateRow | undefined> {
  const found = await sql<CertificateRow>`
    SELECT ${columns} FROM certificate
    WHERE taxpayer_id = ${taxpayerId} AND id = ${id}`.execute(q);
  return found.rows[0];
}

/** The certificate with this number, else undefined; for the public check. */
export async function certificateByNumber(
  q: Kysely<unknown>,
  certificateNo: string,
): Promise<CertificateRow | undefined> {
  const found = await sql<CertificateRow>`
    SELECT ${columns} FROM certificate
    WHERE certificate_no = ${certificateNo} AND state <> 'reserved'`.execute(q);
  return found.rows[0];
}

/** The archived bytes. */
export async function certificateBytes(
  q: Kysely<unknown>,
  taxpayerId: string,
  id: string,
): Promise<Uint8Array | undefined> {
  const found = await sql<{ pdf: Uint8Array }>`
    SELECT pdf FROM certificate
    WHERE taxpayer_id = ${taxpayerId} AND id = ${id} AND state <> 'reserved'`.execute(q);
  return found.rows[0]?.pdf;
}

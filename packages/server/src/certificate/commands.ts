import { err, ok } from '@shebao/kernel';
import { sql } from 'kysely';
import { billStates } from '../payment/index.ts';
import type { Command, Tx } from '../platform/index.ts';
import { type DocumentKind, documentNumber, numberPrefix } from './certificate.ts';
import { certificateById } from './store.ts';

export interface Reservation {
  readonly id: string;
  readonly taxpayerId: string;
  readonly agency: string;
  readonly kind: DocumentKind;
  readonly requestHash: string;
  readonly codeHashHex: string;
}

/** Gives a certificate its number. The same id gets the same number again; another request is refused. */
export const reserveCertificate: Command<Reservation, { certificateNo: string }> = {
  name: 'certificate.reserve',
  chain: (input) => `taxpayer:${input.taxpayerId}`,
  describe: (input, output) => ({
    subject: `certificate:${input.id}`,
    detail: { kind: input.kind, certificateNo: output?.certificateNo ?? null },
  }),
  async run(tx, input, context) {
    const existing = await certificateById(tx.q, input.taxpayerId, input.id);
    if (existing) {
      return existing.requestHash === input.requestHash
        ? ok({ certificateNo: existing.certificateNo })
        : err({ code: 'IDEMPOTENCY_MISMATCH' });
    }
    // One number at a time, whoever asks: the lock ends with the transaction.
    await sql`SELECT pg_advisory_xact_lock(hashtext('certificate number'))`.execute(tx.q);
    const sequence = await sql<{ next: string }>`
      SELECT coalesce(max(substring(certificate_no FROM 19 FOR 8)::bigint), 0) + 1 AS next
      FROM certificate WHERE issued_on = ${context.at.date}
        AND certificate_no LIKE ${`${numberPrefix(input.kind)}${input.agency.slice(0, 6)}%`}`.execute(
      tx.q,
    );
    const next = Number(sequence.rows[0]?.next ?? 1);
    const certificateNo = documentNumber(input.kind, input.agency, context.at.date, next);
    await sql`
      INSERT INTO certificate (taxpayer_id, id, certificate_no, kind, state, issued_at, issued_on,
        request_hash, code_hash)
      VALUES (${input.taxpayerId}, ${input.id}, ${certificateNo}, ${input.kind}, 'reserved',
        ${context.at.iso}, ${context.at.date}, ${input.requestHash},
        ${Buffer.from(input.codeHashHex, 'hex')})`.execute(tx.q);
    return ok({ certificateNo });
  },
};

export interface Archive {
  readonly id: string;
  readonly taxpayerId: string;
  readonly holder: string;
  readonly periods: string;
  readonly insurances: readonly string[];
  readonly totalFen: number;
  readonly pdfBase64: string;
  readonly sha256: string;
  readonly sm3: string;
  readonly pageTexts: readonly string[];
  /** The declarations that it vouches for. */
  readonly declarationIds: readonly string[];
  /** Whether it says that they are paid: then they must be, at this very moment. */
  readonly saysPaid: boolean;
  /** How much of them it says went back; null: it says nothing of that. */
  readonly refundedFen: number | null;
}

/** Archives the signed bytes; a certificate that is archived already keeps its first bytes. */
export const archiveCertificate: Command<Archive, { archived: boolean }> = {
  name: 'certificate.archive',
  chain: (input) => `taxpayer:${input.taxpayerId}`,
  describe: (input) => ({
    subject: `certificate:${input.id}`,
    detail: { sha256: input.sha256, totalFen: input.totalFen },
  }),
  async run(tx, input) {
    if (input.saysPaid && !(await standAs(tx, input.declarationIds, input.refundedFen))) {
      return err({ code: 'NOT_CERTIFIABLE' });
    }
    const done = await sql`
      UPDATE certificate SET state = 'issued', holder = ${input.holder}, periods = ${input.periods},
        insurances = ${[...input.insurances]}, total_fen = ${input.totalFen},
        pdf = ${Buffer.from(input.pdfBase64, 'base64')}, sha256 = ${input.sha256},
        sm3 = ${input.sm3}, page_texts = ${[...input.pageTexts]}
      WHERE taxpayer_id = ${input.taxpayerId} AND id = ${input.id} AND state = 'reserved'`.execute(
      tx.q,
    );
    const archived = (done.numAffectedRows ?? 0n) > 0n;
    if (archived) {
      await sql`
        INSERT INTO certificate_bill (taxpayer_id, certificate_id, declaration_id)
        SELECT ${input.taxpayerId}, ${input.id}, unnest(${[...input.declarationIds]}::uuid[])
        ON CONFLICT DO NOTHING`.execute(tx.q);
    }
    return ok({ archived });
  },
};

async function standAs(
  tx: Tx,
  declarationIds: readonly string[],
  refundedFen: number | null,
): Promise<boolean> {
  if (declarationIds.length === 0) return true;
  const bills = await billStates(tx.q, { declarationIds });
  const back = bills.reduce((sum, bill) => sum + bill.refundedFen, 0);
  return (refundedFen ?? back) === back && bills.every(({ state }) => paidStates.has(state));
}

const paidStates: ReadonlySet<string> = new Set(['PAID', 'TREASURED', 'REFUNDED']);

export interface Withdrawal {
  readonly taxpayerId: string;
  /** Also the id of the bill. */
  readonly declarationId: string;
  /** When the payment ceased to stand: what was issued later is not meant. */
  readonly at: string;
}

/** A payment was undone: documents that vouch for it are withdrawn, the public page says 已作废. */
export const withdrawDocuments: Command<Withdrawal, { withdrawn: string[] }> = {
  name: 'certificate.withdraw',
  chain: (input) => `taxpayer:${input.taxpayerId}`,
  describe: (input, output) => ({
    subject: `declaration:${input.declarationId}`,
    detail: { withdrawn: output?.withdrawn ?? [] },
  }),
  async run(tx, input) {
    return ok({ withdrawn: await endDocuments(tx, input, 'revoked') });
  },
};

/** A part of a payment went back: certificates of it are 已换开, a new one shows the part in parentheses. */
export const supersedeCertificates: Command<Withdrawal, { superseded: string[] }> = {
  name: 'certificate.supersede',
  chain: (input) => `taxpayer:${input.taxpayerId}`,
  describe: (input, output) => ({
    subject: `declaration:${input.declarationId}`,
    detail: { superseded: output?.superseded ?? [] },
  }),
  async run(tx, input) {
    return ok({ superseded: await endDocuments(tx, input, 'superseded') });
  },
};

/** Ends the documents of a payment that were issued before; a receipt still says what is true of a part that stayed. */
async function endDocuments(
  tx: Tx,
  { taxpayerId, declarationId, at }: Withdrawal,
  state: 'revoked' | 'superseded',
): Promise<string[]> {
  const kinds = state === 'revoked' ? ['unit', 'person', 'payment'] : ['unit', 'person'];
  const done = await sql<{ certificateNo: string }>`
    UPDATE certificate SET state = ${state}
    WHERE taxpayer_id = ${taxpayerId} AND state = 'issued' AND issued_at <= ${at}::timestamptz
      AND kind = ANY(${kinds}::text[])
      AND id IN (SELECT certificate_id FROM certificate_bill
        WHERE taxpayer_id = ${taxpayerId} AND declaration_id = ${declarationId}::uuid)
    RETURNING certificate_no AS "certificateNo"`.execute(tx.q);
  const ended = done.rows.map((row) => row.certificateNo).toSorted();
  if (ended.length > 0) {
    const data = { withdrawn: ended.length };
    tx.publish({ audience: `taxpayer:${taxpayerId}`, type: 'certificate', data });
  }
  return ended;
}

/** Counts a print of an issued certificate. */
export const recordPrint: Command<{ id: string; taxpayerId: string }, { prints: number }> = {
  name: 'certificate.print',
  chain: (input) => `taxpayer:${input.taxpayerId}`,
  describe: (input, output) => ({
    subject: `certificate:${input.id}`,
    detail: { prints: output?.prints ?? null },
  }),
  async run(tx, input) {
    const done = await sql<{ prints: number }>`
      UPDATE certificate SET prints = prints + 1
      WHERE taxpayer_id = ${input.taxpayerId} AND id = ${input.id} AND state = 'issued'
      RETURNING prints`.execute(tx.q);
    const row = done.rows[0];
    return row ? ok({ prints: row.prints }) : err({ code: 'NOT_FOUND' });
  },
};

/** Counts a successful public check. */
export const recordCheck: Command<{ id: string; taxpayerId: string }, { verified: number }> = {
  name: 'certificate.check',
  chain: (input) => `taxpayer:${input.taxpayerId}`,
  describe: (input) => ({ subject: `certificate:${input.id}`, detail: {} }),
  async run(tx, input) {
    const done = await sql<{ verified: number }>`
      UPDATE certificate SET verified = verified + 1
      WHERE taxpayer_id = ${input.taxpayerId} AND id = ${input.id} RETURNING verified`.execute(
      tx.q,
    );
    const row = done.rows[0];
    return row ? ok(row) : err({ code: 'NOT_FOUND' });
  },
};

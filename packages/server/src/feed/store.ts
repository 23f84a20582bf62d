import type { Agency } from '@shebao/contract';
import type { Insurance } from '@shebao/levy';
import { type Kysely, sql } from 'kysely';
import { personTotals } from '../declaration/index.ts';
import { billStates } from '../payment/index.ts';
import { paidBack } from '../refund/index.ts';
import { type FeedEvent, wasPaid } from './feed.ts';

type Q = Kysely<unknown>;

/** One entry of a feed, without the person's name and number. */
export interface FeedRow {
  readonly seq: number;
  readonly event: FeedEvent;
  readonly at: string;
  readonly unitId: number;
  readonly declarationId: string;
  readonly personId: string;
  readonly insurance: Insurance;
  readonly period: number;
  readonly wageFen: number;
  readonly baseFen: number;
  readonly employerFen: number;
  readonly employeeFen: number;
  readonly paidOn: string | null;
  readonly taxVoucherNo: string | null;
}

/** Entries after a cursor, in their order. */
export async function feedAfter(
  q: Q,
  agency: Agency,
  after: number,
  limit: number,
): Promise<readonly FeedRow[]> {
  const found = await sql<FeedRow>`
    SELECT seq, event, at, unit_id AS "unitId", declaration_id::text AS "declarationId",
      person_id::text AS "personId", insurance, period, wage_fen AS "wageFen",
      base_fen AS "baseFen", employer_fen AS "employerFen", employee_fen AS "employeeFen",
      paid_on AS "paidOn", tax_vou_no AS "taxVoucherNo"
    FROM person_feed WHERE agency = ${agency} AND seq > ${after} ORDER BY seq
    LIMIT ${limit}`.execute(q);
  return found.rows;
}

/** The last entry of a feed; 0: it is empty. */
export async function lastSeq(q: Q, agency: Agency): Promise<number> {
  const found = await sql<{ last: number }>`
    SELECT last_seq AS last FROM person_feed_head WHERE agency = ${agency}`.execute(q);
  return found.rows[0]?.last ?? 0;
}

/** Up to where an agency has receipted its feed by cursor. */
export async function receiptedThrough(q: Q, agency: Agency): Promise<number> {
  const found = await sql<{ through: number }>`
    SELECT coalesce(max(to_seq), 0)::bigint AS through FROM person_feed_receipt
    WHERE agency = ${agency} AND by_cursor`.execute(q);
  return found.rows[0]?.through ?? 0;
}

/** What stands paid of a person, and whether his agency has booked it. */
export interface Credit {
  readonly agency: Agency;
  readonly personId: string;
  readonly insurance: Insurance;
  readonly period: number;
  readonly amountFen: number;
  readonly creditedAt: string | null;
}

/** What stands paid in a declaration, with the entries that say so. */
const standing = (unitId: number, declarationId: string) => sql`
  SELECT agency, person_id, insurance, period, array_agg(seq) AS seqs,
    sum(employer_fen + employee_fen)::bigint AS amount_fen
  FROM person_feed WHERE unit_id = ${unitId} AND declaration_id = ${declarationId}::uuid
  GROUP BY agency, person_id, insurance, period
  HAVING sum(employer_fen + employee_fen) > 0`;

/** When the last of these entries was receipted; null while one is not. */
const receiptedAt = sql`
  SELECT CASE WHEN count(*) = count(r.at) THEN max(r.at) END AS credited_at
  FROM unnest(credit.seqs) AS entry (seq)
  LEFT JOIN LATERAL (SELECT min(at) AS at FROM person_feed_receipt r
    WHERE r.agency = credit.agency AND r.to_seq >= entry.seq AND r.from_seq <= entry.seq) r ON true`;

/** A page of what stands paid in a declaration, person by person. */
export async function creditsOf(
  q: Q,
  unitId: number,
  declarationId: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<readonly Credit[]> {
  const found = await sql<Credit>`
    WITH credit AS (
      SELECT * FROM (${standing(unitId, declarationId)}) AS all_of_them
      ORDER BY person_id, period, insurance OFFSET ${page.offset} LIMIT ${page.limit}
    )
    SELECT agency, person_id::text AS "personId", insurance, period, amount_fen AS "amountFen",
      credited_at AS "creditedAt"
    FROM credit CROSS JOIN LATERAL (${receiptedAt}) AS booked
    ORDER BY person_id, period, insurance`.execute(q);
  return found.rows;
}

export interface AgencyCredits {
  readonly agency: Agency;
  readonly sent: number;
  readonly credited: number;
  readonly creditedAt: string | null;
}

/** How much of a declaration each agency was told and has booked. */
export async function creditSums(
  q: Q,
  unitId: number,
  declarationId: string,
): Promise<readonly AgencyCredits[]> {
  const spans = await sql<{ agency: Agency; sent: number; last: number; corrected: boolean }>`
    SELECT agency, count(*)::int AS sent, max(seq) AS last,
      bool_or(event <> 'paid') AS corrected
    FROM person_feed WHERE unit_id = ${unitId} AND declaration_id = ${declarationId}::uuid
    GROUP BY agency ORDER BY agency`.execute(q);
  const sums: AgencyCredits[] = [];
  for (const { agency, sent, last, corrected } of spans.rows) {
    // Usually all of it was receipted by one cursor: nobody has to look entry by entry.
    const at = corrected ? null : await cursorPassed(q, agency, last);
    if (at !== null) sums.push({ agency, sent, credited: sent, creditedAt: at });
    else sums.push(...(await countedCredits(q, agency, unitId, declarationId)));
  }
  return sums;
}

async function cursorPassed(q: Q, agency: Agency, last: number): Promise<string | null> {
  const found = await sql<{ at: string | null }>`
    SELECT min(at) AS at FROM person_feed_receipt
    WHERE agency = ${agency} AND by_cursor AND to_seq >= ${last}`.execute(q);
  return found.rows[0]?.at ?? null;
}

async function countedCredits(
  q: Q,
  agency: Agency,
  unitId: number,
  declarationId: string,
): Promise<readonly AgencyCredits[]> {
  const found = await sql<AgencyCredits>`
    SELECT credit.agency, count(*)::int AS sent, count(credited_at)::int AS credited,
      CASE WHEN count(*) = count(credited_at) THEN max(credited_at) END AS "creditedAt"
    FROM (${standing(unitId, declarationId)}) AS credit
    CROSS JOIN LATERAL (${receiptedAt}) AS booked
    WHERE credit.agency = ${agency} GROUP BY credit.agency`.execute(q);
  return found.rows;
}

/** A declaration whose feed does not say what stands paid, for the operator. */
export interface FeedFinding {
  readonly unitNo: string;
  readonly subject: string;
  readonly text: string;
}

/** Adds the feed up, declaration by declaration, and compares it with bills and lines. Empty: all is well. */
export async function checkFeed(q: Q): Promise<FeedFinding[]> {
  const found = await sql<{ id: string; sumFen: number; totalFen: number }>`
    SELECT f.declaration_id::text AS id, f.sum_fen AS "sumFen",
      (coalesce(t.total_fen, 0) - coalesce(b.back_fen, 0))::bigint AS "totalFen"
    FROM (SELECT declaration_id, sum(employer_fen + employee_fen)::bigint AS sum_fen
      FROM person_feed GROUP BY declaration_id) AS f
    LEFT JOIN (${personTotals()}) AS t ON t.id = f.declaration_id
    LEFT JOIN (SELECT bill_id, sum(amount_fen)::bigint AS back_fen FROM (${paidBack()}) AS line
      WHERE person_id <> 0 GROUP BY bill_id) AS b ON b.bill_id = f.declaration_id`.execute(q);
  const bills = await billStates(q, { declarationIds: found.rows.map(({ id }) => id) });
  const states = new Map(bills.map((bill) => [bill.declarationId, bill.state]));
  return found.rows.flatMap(({ id, sumFen, totalFen }) => {
    const state = states.get(id);
    const expected = wasPaid(state) ? totalFen : 0;
    if (sumFen === expected) return [];
    const text = `反馈合计 ${sumFen} 分，按缴费状态应为 ${expected} 分`;
    return [{ unitNo: '', subject: `申报 ${id} 的个人缴费反馈`, text }];
  });
}

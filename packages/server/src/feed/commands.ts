import type { Agency } from '@shebao/contract';
import { err, ok } from '@shebao/kernel';
import { type RawBuilder, sql } from 'kysely';
import { personShares } from '../declaration/index.ts';
import { type BillStatus, billStates } from '../payment/index.ts';
import type { Command, Moment, Tx } from '../platform/index.ts';
import { paidBack } from '../refund/index.ts';
import { agencies, insurancesOf } from '../registry/index.ts';
import { type FeedEvent, nextEvent, wasPaid } from './feed.ts';

/** The payment of a declaration stands differently: the feeds say so. */
export const publish: Command<{ declarationId: string }, { entries: number }> = {
  name: 'feed.publish',
  chain: () => 'agency:feed',
  describe: ({ declarationId }, output) => ({
    subject: declarationId,
    detail: { entries: output?.entries ?? 0 },
  }),
  async run(tx, { declarationId }, { at }) {
    // One feed grows under one lock, in the same order everywhere: what a cursor has passed never gets company.
    await sql`SELECT FROM person_feed_head ORDER BY agency FOR UPDATE`.execute(tx.q);
    const [bill] = await billStates(tx.q, { declarationIds: [declarationId] });
    if (!bill) return ok({ entries: 0 });
    const event = nextEvent(bill.state, await standsPaid(tx, bill));
    let entries = 0;
    for (const agency of agencies) {
      if (event !== null)
        entries += await append(tx, agency, event, payment(agency, event, bill), at);
      if (wasPaid(bill.state)) {
        entries += await append(tx, agency, 'refunded', wentBack(agency, bill), at);
      }
    }
    return ok({ entries });
  },
};

async function standsPaid(tx: Tx, { unitId, declarationId }: BillStatus): Promise<boolean> {
  const found = await sql<{ sumFen: number }>`
    SELECT coalesce(sum(employer_fen + employee_fen), 0)::bigint AS "sumFen" FROM person_feed
    WHERE unit_id = ${unitId} AND declaration_id = ${declarationId}::uuid
      AND event <> 'refunded'`.execute(tx.q);
  return (found.rows[0]?.sumFen ?? 0) !== 0;
}

/** The entries of an event: what was paid from the declaration's lines, a correction from the feed itself. */
function payment(agency: Agency, event: 'paid' | 'undone', bill: BillStatus): RawBuilder<unknown> {
  const of = sql`${bill.declarationId}::uuid AS declaration_id, ${bill.paidOn}::date AS paid_on,
    ${bill.taxVoucherNo}::text AS tax_vou_no`;
  if (event === 'paid') {
    return sql`SELECT share.*, ${of} FROM (${personShares(bill.declarationId)}) AS share
      WHERE insurance = ANY(${[...insurancesOf(agency)]}::text[])
        AND (employer_fen <> 0 OR employee_fen <> 0)`;
  }
  return sql`SELECT unit_id, person_id, insurance, period, max(wage_fen) AS wage_fen,
      max(base_fen) AS base_fen, -sum(employer_fen)::bigint AS employer_fen,
      -sum(employee_fen)::bigint AS employee_fen, ${of}
    FROM person_feed WHERE agency = ${agency} AND unit_id = ${bill.unitId}
      AND declaration_id = ${bill.declarationId}::uuid AND event <> 'refunded'
    GROUP BY unit_id, person_id, insurance, period
    HAVING sum(employer_fen) <> 0 OR sum(employee_fen) <> 0`;
}

/** What went back of a bill and is not told yet; `paid_on` is the day on which it went back. */
function wentBack(agency: Agency, { unitId, declarationId }: BillStatus): RawBuilder<unknown> {
  return sql`SELECT unit_id, person_id, insurance, period, wage_fen, base_fen,
      -back.employer_fen - coalesce(told.employer_fen, 0) AS employer_fen,
      -back.employee_fen - coalesce(told.employee_fen, 0) AS employee_fen,
      ${declarationId}::uuid AS declaration_id, refunded_on AS paid_on, tax_vou_no
    FROM (
      SELECT unit_id, person_id, insurance, period, max(wage_fen) AS wage_fen,
        max(base_fen) AS base_fen, max(refunded_on) AS refunded_on, max(tax_vou_no) AS tax_vou_no,
        coalesce(sum(amount_fen) FILTER (WHERE payer = 'employer'), 0)::bigint AS employer_fen,
        coalesce(sum(amount_fen) FILTER (WHERE payer = 'employee'), 0)::bigint AS employee_fen
      FROM (${paidBack()}) AS line
      WHERE unit_id = ${unitId} AND bill_id = ${declarationId}::uuid AND person_id <> 0
        AND insurance = ANY(${[...insurancesOf(agency)]}::text[])
      GROUP BY unit_id, person_id, insurance, period
    ) AS back LEFT JOIN (
      SELECT person_id, insurance, period, sum(employer_fen)::bigint AS employer_fen,
        sum(employee_fen)::bigint AS employee_fen
      FROM person_feed WHERE agency = ${agency} AND unit_id = ${unitId}
        AND declaration_id = ${declarationId}::uuid AND event = 'refunded'
      GROUP BY person_id, insurance, period
    ) AS told USING (person_id, insurance, period)
    WHERE (back.employer_fen, back.employee_fen)
      <> (-coalesce(told.employer_fen, 0), -coalesce(told.employee_fen, 0))`;
}

/** Adds entries to the feed of an agency, in the order of their people. */
async function append(
  tx: Tx,
  agency: Agency,
  event: FeedEvent,
  shares: RawBuilder<unknown>,
  at: Moment,
): Promise<number> {
  const done = await sql<{ added: number }>`
    WITH head AS (SELECT last_seq FROM person_feed_head WHERE agency = ${agency}),
    added AS (
      INSERT INTO person_feed (agency, seq, event, at, unit_id, declaration_id, person_id,
        insurance, period, wage_fen, base_fen, employer_fen, employee_fen, paid_on, tax_vou_no)
      SELECT ${agency}, head.last_seq + row_number() OVER
          (ORDER BY share.person_id, share.period, share.insurance), ${event},
        ${at.iso}::timestamptz, share.unit_id, share.declaration_id, share.person_id,
        share.insurance, share.period, share.wage_fen, share.base_fen, share.employer_fen,
        share.employee_fen, share.paid_on, share.tax_vou_no
      FROM head CROSS JOIN (${shares}) AS share
      RETURNING seq
    ), moved AS (
      UPDATE person_feed_head SET last_seq = last_seq + (SELECT count(*) FROM added)
      WHERE agency = ${agency}
    )
    SELECT count(*)::int AS added FROM added`.execute(tx.q);
  return done.rows[0]?.added ?? 0;
}

export interface ReadReceipt {
  readonly agency: Agency;
  readonly by: string;
  /** Everything up to this entry; or single entries. */
  readonly through?: number;
  readonly seqs?: readonly number[];
}

/** An agency has booked entries with its people. Repeats add nothing. */
export const receipt: Command<ReadReceipt, { receipted: number }> = {
  name: 'feed.receipt',
  chain: ({ agency }) => `agency:${agency}`,
  describe: ({ through, seqs }, output) => ({
    subject: through === undefined ? `${seqs?.length ?? 0} entries` : `through ${through}`,
    detail: { receipted: output?.receipted ?? 0 },
  }),
  async run(tx, { agency, by, through, seqs }, { at }) {
    const head = await sql<{ lastSeq: number }>`
      SELECT last_seq AS "lastSeq" FROM person_feed_head WHERE agency = ${agency} FOR UPDATE`.execute(
      tx.q,
    );
    const lastSeq = head.rows[0]?.lastSeq ?? 0;
    const wanted = through === undefined ? (seqs ?? []) : [through];
    if (wanted.some((seq) => seq > lastSeq)) return err({ code: 'FEED_AHEAD' });
    const ranges =
      through === undefined
        ? sql`SELECT seq AS from_seq, seq AS to_seq FROM unnest(${[...new Set(wanted)]}::bigint[])
            AS seq WHERE NOT EXISTS (SELECT FROM person_feed_receipt r WHERE r.agency = ${agency}
              AND seq BETWEEN r.from_seq AND r.to_seq)`
        : sql`SELECT from_seq, ${through}::bigint AS to_seq FROM (
            SELECT coalesce(max(to_seq), 0) + 1 AS from_seq FROM person_feed_receipt
            WHERE agency = ${agency} AND by_cursor) AS next
            WHERE from_seq <= ${through}`;
    const done = await sql<{ size: number }>`
      INSERT INTO person_feed_receipt (agency, from_seq, to_seq, at, receipted_by, by_cursor)
      SELECT ${agency}, from_seq, to_seq, ${at.iso}::timestamptz, ${by},
        ${through !== undefined} FROM (${ranges}) AS range
      ON CONFLICT DO NOTHING RETURNING (to_seq - from_seq + 1)::int AS size`.execute(tx.q);
    return ok({ receipted: done.rows.reduce((sum, row) => sum + row.size, 0) });
  },
};

import type { Agency } from '@shebao/contract';
import type { Month } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { leviedFor, openOverpayments } from '../declaration/index.ts';
import { billStates, paidParts } from '../payment/index.ts';
import { insurancesOf } from '../registry/index.ts';

/** What is asked for: both months inclusive; `personIds` null: everybody. */
export interface RefundWish {
  readonly unitId: number;
  readonly agency: Agency;
  readonly from: Month;
  readonly to: Month;
  readonly personIds: readonly string[] | null;
}

/** An overpaid month of one insurance and payer, with the payment that it came with. */
export interface RefundLine {
  readonly personId: string;
  readonly insurance: Insurance;
  readonly payer: 'employer' | 'employee';
  readonly period: Month;
  readonly baseFen: number;
  readonly amountFen: number;
  readonly taxVouNo: string;
  readonly paidOn: string;
}

/**
 * As a relation, every open overpayment split over the payments it came with: the latest first, less what other
 * applications took of them. `held` says why a part can't be asked back; null: it can.
 */
async function splitOver(q: Kysely<unknown>, wish: RefundWish): Promise<RawBuilder<unknown>> {
  const bills = (await billStates(q, { unitIds: [wish.unitId] })).filter(
    ({ state }) => state === 'PAID' || state === 'TREASURED',
  );
  const span = {
    unitId: wish.unitId,
    insurances: insurancesOf(wish.agency),
    from: wish.from,
    to: wish.to,
    paidDeclarations: bills.map(({ declarationId }) => declarationId),
  };
  const treasured = bills.filter(({ state }) => state === 'TREASURED');
  const only =
    wish.personIds === null
      ? sql``
      : sql`WHERE over.person_id = ANY(${[...wish.personIds]}::bigint[])`;
  // Fresh tables have no statistics, and 100,000 people declared a minute ago would be compared with each other:
  // FULL JOIN is never a nested loop, and what is scanned again and again is small.
  return sql`(
    WITH over AS MATERIALIZED (SELECT * FROM (${openOverpayments(span)}) AS over ${only}),
    people AS MATERIALIZED (SELECT DISTINCT person_id FROM over),
    months AS MATERIALIZED (SELECT DISTINCT insurance, payer, period FROM over),
    claims AS (
      SELECT *, sum(open_fen) OVER claim - open_fen AS lo, sum(open_fen) OVER claim AS hi FROM over
      WINDOW claim AS (PARTITION BY person_id, insurance, payer, period ORDER BY overpayment_no)
    ), asked AS (
      SELECT line.bill_id, line.person_id, line.insurance, line.payer, line.period,
        sum(line.amount_fen) AS fen
      FROM refund_line AS line JOIN refund_application AS a ON a.id = line.application_id
      LEFT JOIN ${paidParts()} AS part USING (application_id, tax_vou_no)
      WHERE line.unit_id = ${wish.unitId}
        AND (a.state NOT IN ('不予通过', '已撤回') OR part.refunded_on IS NOT NULL)
      GROUP BY line.bill_id, line.person_id, line.insurance, line.payer, line.period
    ), levied AS (
      SELECT levied.*, levied.amount_fen - coalesce(asked.fen, 0) AS open_fen
      FROM (${leviedFor(wish.unitId, sql`people`, sql`months`)}) AS levied
      LEFT JOIN asked USING (bill_id, person_id, insurance, payer, period)
      WHERE levied.amount_fen > coalesce(asked.fen, 0)
    ), sources AS (
      SELECT *, sum(open_fen) OVER source - open_fen AS lo, sum(open_fen) OVER source AS hi
      FROM levied WINDOW source AS
        (PARTITION BY person_id, insurance, payer, period ORDER BY declaration_no DESC)
    ), paid AS (
      SELECT * FROM unnest(${treasured.map((one) => one.declarationId)}::uuid[],
        ${treasured.map((one) => one.taxVoucherNo)}::text[],
        ${treasured.map((one) => one.paidOn)}::date[]) AS paid (bill_id, tax_vou_no, paid_on)
    )
    SELECT claims.overpayment_no, person_id, insurance, payer, period,
      claims.wage_fen, claims.base_fen, claims.rate_ppm, sources.bill_id, paid.tax_vou_no,
      paid.paid_on, (least(claims.hi, sources.hi) - greatest(claims.lo, sources.lo))::bigint
        AS amount_fen,
      CASE WHEN sources.bill_id IS NULL THEN '由原系统征收，请到办税服务厅办理'
        WHEN paid.bill_id IS NULL THEN '缴款尚未入库，入库后可申请' END AS held
    FROM claims FULL JOIN sources USING (person_id, insurance, payer, period)
    LEFT JOIN paid ON paid.bill_id = sources.bill_id
    WHERE coalesce(claims.lo < sources.hi AND sources.lo < claims.hi, false)
  )`;
}

/** The lines that an application for this would have, as a relation ready to be stored. */
export async function refundableLines(
  q: Kysely<unknown>,
  wish: RefundWish,
): Promise<RawBuilder<unknown>> {
  return sql`(SELECT * FROM ${await splitOver(q, wish)} AS split WHERE held IS NULL)`;
}

export interface Refundable {
  /** People, over all pages. */
  readonly total: number;
  readonly amountFen: number;
  readonly held: readonly { reason: string; amountFen: number; people: number }[];
  /** Of the people of the page, in their order. */
  readonly lines: readonly RefundLine[];
}

/** What may be asked back, a page of people at a time. */
export async function findRefundable(
  q: Kysely<unknown>,
  wish: RefundWish,
  page: { readonly offset: number; readonly limit: number },
): Promise<Refundable> {
  const found = await sql<Refundable>`
    WITH split AS MATERIALIZED (SELECT * FROM ${await splitOver(q, wish)} AS split),
    people AS (
      SELECT person_id, sum(amount_fen) AS fen FROM split WHERE held IS NULL GROUP BY person_id
    ), page AS (
      SELECT person_id FROM people ORDER BY person_id LIMIT ${page.limit} OFFSET ${page.offset}
    )
    SELECT (SELECT count(*) FROM people)::int AS total,
      (SELECT coalesce(sum(fen), 0) FROM people)::bigint AS "amountFen",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('reason', held, 'amountFen', fen,
          'people', people) ORDER BY held), '[]') FROM (
        SELECT held, sum(amount_fen)::bigint AS fen, count(DISTINCT person_id) AS people
        FROM split WHERE held IS NOT NULL GROUP BY held) AS held) AS held,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('personId', person_id::text,
          'insurance', insurance, 'payer', payer, 'period', period, 'baseFen', base_fen,
          'amountFen', amount_fen, 'taxVouNo', tax_vou_no, 'paidOn', paid_on)
          ORDER BY person_id, period, insurance, payer DESC, tax_vou_no), '[]')
        FROM split JOIN page USING (person_id) WHERE held IS NULL) AS lines`.execute(q);
  return found.rows[0] ?? { total: 0, amountFen: 0, held: [], lines: [] };
}

/** The first and last month in which a 险种归属 has something open; null: none. */
export async function refundableMonths(
  q: Kysely<unknown>,
  unitId: number,
  agency: Agency,
): Promise<{ readonly from: Month; readonly to: Month } | null> {
  const bills = await billStates(q, { unitIds: [unitId] });
  const span = {
    unitId,
    insurances: insurancesOf(agency),
    from: 0,
    to: 100_000,
    paidDeclarations: bills
      .filter(({ state }) => state === 'PAID' || state === 'TREASURED')
      .map(({ declarationId }) => declarationId),
  };
  const found = await sql<{ from: Month | null; to: Month | null }>`
    SELECT min(period) AS "from", max(period) AS "to"
    FROM (${openOverpayments(span)}) AS over`.execute(q);
  const [row] = found.rows;
  return row?.from && row.to ? { from: row.from, to: row.to } : null;
}

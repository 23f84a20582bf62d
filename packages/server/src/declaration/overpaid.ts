import { assert } from '@shebao/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../platform/index.ts';

/** Which overpaid months are asked about; both ends inclusive. */
export interface OverpaidSpan {
  readonly unitId: number;
  readonly insurances: readonly string[];
  readonly from: number;
  readonly to: number;
  /** Declarations that are paid, so that nobody can void them any more: only payment knows them. */
  readonly paidDeclarations: readonly string[];
}

/**
 * As a subquery, what was levied too much and is not asked back yet: person_id, insurance, payer, period,
 * overpayment_no, open_fen (positive), and the wage, base and rate that hold for the month now.
 */
export function openOverpayments(span: OverpaidSpan): RawBuilder<unknown> {
  return sql`
    SELECT over.person_id, over.insurance, over.payer, over.period,
      over.declaration_no AS overpayment_no, -over.amount_fen - over.claimed_fen AS open_fen,
      over.wage_fen, over.base_fen, over.rate_ppm
    FROM overpayment AS over JOIN declaration AS d USING (unit_id, declaration_no)
    WHERE over.unit_id = ${span.unitId} AND over.insurance = ANY(${[...span.insurances]}::text[])
      AND over.period BETWEEN ${span.from} AND ${span.to}
      AND d.id = ANY(${[...span.paidDeclarations]}::uuid[]) AND d.status = '全部申报成功'
      AND -over.amount_fen > over.claimed_fen`;
}

/**
 * As a subquery, what was levied on `people` (a relation with person_id) for `months` (with insurance, payer, period):
 * person_id, insurance, payer, period, declaration_no, bill_id and amount_fen. Shares on total payroll (person_id 0) come
 * along unasked. Months that were taken over have declaration_no 0 and no bill.
 */
export function leviedFor(
  unitId: number,
  people: RawBuilder<unknown>,
  months: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const among = sql`(SELECT person_id FROM ${people} AS people)`;
  const items = sql`
    FROM declaration_item AS item JOIN declaration AS d ON d.unit_id = item.unit_id
      AND d.declaration_no = item.declaration_no AND d.status = '全部申报成功'`;
  const where = sql`
    WHERE item.unit_id = ${unitId} AND (item.insurance, item.payer, item.period) IN
      (SELECT insurance, payer, period FROM ${months} AS months)`;
  return sql`
    SELECT line.person_id, item.insurance, item.payer, item.period, d.declaration_no,
      d.id AS bill_id, sum(line.amount_fen)::bigint AS amount_fen
    ${items}
    JOIN declaration_line AS line ON line.unit_id = item.unit_id
      AND line.declaration_no = item.declaration_no AND line.item_no = item.item_no
      AND line.person_id IN ${among}
    ${where} AND NOT item.aggregate
    GROUP BY line.person_id, item.insurance, item.payer, item.period, d.declaration_no, d.id
    UNION ALL
    SELECT 0, item.insurance, item.payer, item.period, d.declaration_no, d.id,
      sum(item.amount_fen)::bigint
    ${items}
    ${where} AND item.aggregate
    GROUP BY item.insurance, item.payer, item.period, d.declaration_no, d.id
    UNION ALL
    SELECT span.person_id, span.insurance, span.payer, months.period, 0, NULL,
      sum(span.amount_fen)::bigint
    FROM levied_span AS span JOIN ${months} AS months
      ON months.insurance = span.insurance AND months.payer = span.payer
      AND months.period BETWEEN span.from_period AND span.to_period
    WHERE span.unit_id = ${unitId} AND span.person_id IN ${among}
    GROUP BY span.person_id, span.insurance, span.payer, months.period`;
}

/**
 * Marks overpayments as asked back (`take`), or free again (`give`). `lines` is a relation with overpayment_no,
 * person_id, insurance, payer, period and amount_fen.
 */
export async function claimOverpaid(
  tx: Tx,
  unitId: number,
  lines: RawBuilder<unknown>,
  act: 'take' | 'give',
): Promise<void> {
  const sign = act === 'take' ? 1 : -1;
  const done = await sql<{ wanted: number; moved: number }>`
    WITH asked AS (
      SELECT overpayment_no, person_id, insurance, payer, period, sum(amount_fen)::bigint AS fen
      FROM ${lines} AS line GROUP BY overpayment_no, person_id, insurance, payer, period
    ), moved AS (
      UPDATE overpayment AS over SET claimed_fen = over.claimed_fen + ${sign} * asked.fen
      FROM asked WHERE over.unit_id = ${unitId} AND over.declaration_no = asked.overpayment_no
        AND over.insurance = asked.insurance AND over.payer = asked.payer
        AND over.period = asked.period AND over.person_id = asked.person_id
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM asked)::int AS wanted, (SELECT count(*) FROM moved)::int AS moved`.execute(
    tx.q,
  );
  const [counts] = done.rows;
  assert(counts !== undefined && counts.wanted === counts.moved, 'an overpayment is missing');
}

/** Whether overpayments that this declaration recorded are asked back, or went back. */
export async function holdsClaims(
  tx: Tx,
  { unitId, declarationNo }: { readonly unitId: number; readonly declarationNo: number },
): Promise<boolean> {
  const found = await sql`
    SELECT FROM overpayment WHERE unit_id = ${unitId} AND declaration_no = ${declarationNo}
      AND claimed_fen > 0 LIMIT 1`.execute(tx.q);
  return found.rows.length > 0;
}

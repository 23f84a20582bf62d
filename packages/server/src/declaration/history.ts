import type { Fen, Month } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import { type Kysely, sql } from 'kysely';

/** What is levied on one person for one month, over all insurances and both payers. */
export interface PersonMonth {
  readonly personId: string;
  /** The highest base among the insurances. */
  readonly baseFen: Fen;
  readonly amountFen: Fen;
}

/** What a unit's people are levied for a month: live declarations, overpayments, take-over. */
export async function leviedByPerson(
  q: Kysely<unknown>,
  unitId: number,
  period: Month,
): Promise<PersonMonth[]> {
  const found = await sql<PersonMonth>`
    WITH live AS (
      SELECT declaration_no FROM declaration
      WHERE unit_id = ${unitId} AND status IN ('全部申报成功', '作废中')
    )
    SELECT person_id::text AS "personId", max(base_fen) AS "baseFen",
      sum(amount_fen)::bigint AS "amountFen"
    FROM (
      SELECT person_id, line.base_fen, line.amount_fen
      FROM declaration_item AS item JOIN live USING (declaration_no)
      JOIN declaration_line AS line USING (unit_id, declaration_no, item_no)
      WHERE item.unit_id = ${unitId} AND period = ${period}
      UNION ALL
      SELECT person_id, base_fen, amount_fen FROM overpayment JOIN live USING (declaration_no)
      WHERE unit_id = ${unitId} AND period = ${period} AND person_id <> 0
      UNION ALL
      SELECT person_id, base_fen, amount_fen FROM levied_span
      WHERE unit_id = ${unitId} AND person_id <> 0
        AND ${period} BETWEEN from_period AND to_period
    ) AS levied GROUP BY person_id ORDER BY person_id`.execute(q);
  return found.rows;
}

/** Sums of a unit by month and insurance. */
export interface InsuranceMonth {
  readonly period: Month;
  readonly insurance: Insurance;
  readonly amountFen: Fen;
}

/** What a unit is levied from month to month, both inclusive, by insurance. */
export async function leviedByInsurance(
  q: Kysely<unknown>,
  unitId: number,
  from: Month,
  to: Month,
): Promise<InsuranceMonth[]> {
  const found = await sql<InsuranceMonth>`
    WITH live AS (
      SELECT declaration_no FROM declaration
      WHERE unit_id = ${unitId} AND status IN ('全部申报成功', '作废中')
    )
    SELECT period, insurance, sum(amount_fen)::bigint AS "amountFen"
    FROM (
      SELECT period, insurance, amount_fen FROM declaration_item JOIN live USING (declaration_no)
      WHERE unit_id = ${unitId} AND period BETWEEN ${from} AND ${to}
      UNION ALL
      SELECT period, insurance, amount_fen FROM overpayment JOIN live USING (declaration_no)
      WHERE unit_id = ${unitId} AND period BETWEEN ${from} AND ${to}
      UNION ALL
      SELECT period, insurance, amount_fen FROM levied_span
      CROSS JOIN generate_series(greatest(from_period, ${from}::int),
        least(to_period, ${to}::int)) AS period
      WHERE unit_id = ${unitId} AND to_period >= ${from} AND from_period <= ${to}
    ) AS levied GROUP BY period, insurance ORDER BY period, insurance`.execute(q);
  return found.rows;
}

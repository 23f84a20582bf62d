import type { Fen, Month, Ppm } from '@shebao/kernel';
import type { Insurance, Payer } from '@shebao/levy';
import { type Kysely, sql } from 'kysely';

/** What is levied for one month and not voided; corrections of the same key come as further rows. */
export interface LeviedMonth {
  /** null: the unit's share on total payroll. */
  readonly personId: string | null;
  readonly insurance: Insurance;
  readonly payer: Payer;
  readonly period: Month;
  readonly wageFen: Fen;
  readonly baseFen: Fen;
  readonly ratePpm: Ppm;
  readonly amountFen: Fen;
}

/**
 * What is levied on these people from their month on, month by month, oldest declaration first:
 * lines of live declarations, recorded overpayments (negative), and the take-over.
 */
export async function leviedOn(
  q: Kysely<unknown>,
  unitId: number,
  people: ReadonlyMap<string, Month>,
): Promise<LeviedMonth[]> {
  if (people.size === 0) return [];
  const ids = [...people.keys()];
  const months = [...people.values()];
  const earliest = months.reduce((least, month) => (month < least ? month : least));
  const found = await sql<LeviedMonth>`
    WITH asked AS (
      SELECT * FROM unnest(${ids}::bigint[], ${months}::int[]) AS asked (person_id, from_period)
    ), live AS (
      SELECT declaration_no FROM declaration
      WHERE unit_id = ${unitId} AND status IN ('全部申报成功', '作废中')
    ), items AS (
      SELECT item.* FROM declaration_item AS item JOIN live USING (declaration_no)
      WHERE item.unit_id = ${unitId} AND item.period >= ${earliest} AND NOT item.aggregate
    )
    SELECT person_id::text AS "personId", insurance, payer, period, wage_fen AS "wageFen",
      base_fen AS "baseFen", rate_ppm AS "ratePpm", amount_fen AS "amountFen"
    FROM (
      SELECT line.person_id, item.insurance, item.payer, item.period, line.wage_fen, line.base_fen,
        item.rate_ppm, line.amount_fen, item.declaration_no
      FROM asked JOIN items AS item ON item.period >= asked.from_period
      JOIN declaration_line AS line ON line.unit_id = ${unitId}
        AND line.declaration_no = item.declaration_no AND line.item_no = item.item_no
        AND line.person_id = asked.person_id
      UNION ALL
      SELECT over.person_id, insurance, payer, period, wage_fen, base_fen, rate_ppm, amount_fen,
        over.declaration_no
      FROM overpayment AS over JOIN live USING (declaration_no)
      JOIN asked ON asked.person_id = over.person_id AND over.period >= asked.from_period
      WHERE over.unit_id = ${unitId}
      UNION ALL
      SELECT span.person_id, insurance, payer, period, wage_fen, base_fen, rate_ppm, amount_fen, 0
      FROM asked JOIN levied_span AS span ON span.unit_id = ${unitId}
        AND span.person_id = asked.person_id AND span.to_period >= asked.from_period
      CROSS JOIN generate_series(greatest(span.from_period, asked.from_period), span.to_period)
        AS period
    ) AS levied ORDER BY person_id, insurance, payer, period, declaration_no`.execute(q);
  return found.rows;
}

/** What is levied on the unit's total payroll from a month on, month by month, oldest first. */
export async function leviedOnPayroll(
  q: Kysely<unknown>,
  unitId: number,
  from: Month,
): Promise<LeviedMonth[]> {
  const found = await sql<LeviedMonth>`
    WITH live AS (
      SELECT declaration_no FROM declaration
      WHERE unit_id = ${unitId} AND status IN ('全部申报成功', '作废中')
    )
    SELECT NULL AS "personId", insurance, payer, period, wage_fen AS "wageFen",
      base_fen AS "baseFen", rate_ppm AS "ratePpm", amount_fen AS "amountFen"
    FROM (
      SELECT insurance, payer, period, base_fen AS wage_fen, base_fen, rate_ppm, amount_fen,
        declaration_no
      FROM declaration_item JOIN live USING (declaration_no)
      WHERE unit_id = ${unitId} AND aggregate AND period >= ${from}
      UNION ALL
      SELECT insurance, payer, period, wage_fen, base_fen, rate_ppm, amount_fen, declaration_no
      FROM overpayment JOIN live USING (declaration_no)
      WHERE unit_id = ${unitId} AND person_id = 0 AND period >= ${from}
      UNION ALL
      SELECT insurance, payer, period, wage_fen, base_fen, rate_ppm, amount_fen, 0
      FROM levied_span
      CROSS JOIN generate_series(greatest(from_period, ${from}::int), to_period) AS period
      WHERE unit_id = ${unitId} AND person_id = 0 AND to_period >= ${from}
    ) AS levied ORDER BY insurance, payer, period, declaration_no`.execute(q);
  return found.rows;
}

/** By person, the last month the take-over holds; people without one are absent. */
export async function takenOverThrough(
  q: Kysely<unknown>,
  unitId: number,
  personIds: readonly string[],
): Promise<Map<string, Month>> {
  const found = await sql<{ personId: string; through: Month }>`
    SELECT person_id::text AS "personId", max(to_period) AS through FROM levied_span
    WHERE unit_id = ${unitId} AND person_id = ANY(${personIds}::bigint[])
    GROUP BY person_id`.execute(q);
  return new Map(found.rows.map((row) => [row.personId, row.through]));
}

import type { Fen, Month } from '@shebao/kernel';
import type { Insurance, Payer } from '@shebao/levy';
import { type Kysely, sql } from 'kysely';

/** Which paid months are asked for; both ends inclusive. */
export interface PaidRange {
  readonly unitIds: readonly number[];
  readonly from: Month;
  readonly to: Month;
  /** Ids of declarations whose bills are paid: only payment knows them. */
  readonly paidDeclarations: readonly string[];
  /** Absent: everybody. */
  readonly personIds?: readonly string[];
}

/** A paid month of a unit, by 征收品目. `declarationId` null: taken over from the former system. */
export interface PaidUnitRow {
  readonly unitId: number;
  readonly declarationId: string | null;
  readonly period: Month;
  readonly insurance: Insurance;
  readonly payer: Payer;
  readonly people: number;
  readonly baseFen: Fen;
  readonly amountFen: Fen;
  /** Who collected a month that was taken over. */
  readonly collectedBy: string | null;
}

/** A paid month of a person, by insurance. The unit's share on total payroll is in no person's row. */
export interface PaidPersonRow {
  readonly unitId: number;
  readonly declarationId: string | null;
  readonly personId: string;
  readonly period: Month;
  readonly insurance: Insurance;
  readonly wageFen: Fen;
  readonly baseFen: Fen;
  readonly employerFen: Fen;
  readonly employeeFen: Fen;
  readonly collectedBy: string | null;
}

/** What was paid for whole units, by unit, period, insurance and payer. */
export async function paidUnitRows(
  q: Kysely<unknown>,
  { unitIds, from, to, paidDeclarations }: PaidRange,
): Promise<PaidUnitRow[]> {
  const found = await sql<PaidUnitRow>`
    SELECT unit_id AS "unitId", declaration_id::text AS "declarationId", period, insurance, payer,
      people, base_fen AS "baseFen", amount_fen AS "amountFen", collected_by AS "collectedBy"
    FROM (
      SELECT item.unit_id, paid.id AS declaration_id, item.period, item.insurance, item.payer,
        sum(item.people)::int AS people, sum(item.base_fen)::bigint AS base_fen,
        sum(item.amount_fen)::bigint AS amount_fen, NULL AS collected_by
      FROM declaration AS paid JOIN declaration_item AS item USING (unit_id, declaration_no)
      WHERE paid.unit_id = ANY(${unitIds}::int[]) AND paid.id = ANY(${paidDeclarations}::uuid[])
        AND item.period BETWEEN ${from} AND ${to}
      GROUP BY item.unit_id, paid.id, item.period, item.insurance, item.payer
      UNION ALL
      SELECT unit_id, NULL, period, insurance, payer, sum(people)::int, sum(base_fen)::bigint,
        sum(amount_fen)::bigint, min(collected_by)
      FROM levied_span CROSS JOIN generate_series(greatest(from_period, ${from}::int),
        least(to_period, ${to}::int)) AS period
      WHERE unit_id = ANY(${unitIds}::int[]) AND to_period >= ${from} AND from_period <= ${to}
      GROUP BY unit_id, period, insurance, payer
    ) AS paid ORDER BY unit_id, period, insurance, payer, declaration_id NULLS FIRST`.execute(q);
  return found.rows;
}

/** What was paid for people, by unit, person, period and insurance. */
export async function paidPersonRows(
  q: Kysely<unknown>,
  { unitIds, from, to, paidDeclarations, personIds }: PaidRange,
): Promise<PaidPersonRow[]> {
  const only = personIds ? sql`AND person_id = ANY(${personIds}::bigint[])` : sql``;
  const found = await sql<PaidPersonRow>`
    SELECT unit_id AS "unitId", declaration_id::text AS "declarationId",
      person_id::text AS "personId", period, insurance, max(wage_fen) AS "wageFen",
      max(base_fen) AS "baseFen",
      coalesce(sum(amount_fen) FILTER (WHERE payer = 'employer'), 0)::bigint AS "employerFen",
      coalesce(sum(amount_fen) FILTER (WHERE payer = 'employee'), 0)::bigint AS "employeeFen",
      min(collected_by) AS "collectedBy"
    FROM (
      SELECT item.unit_id, paid.id AS declaration_id, line.person_id, item.period, item.insurance,
        item.payer, line.wage_fen, line.base_fen, line.amount_fen, NULL AS collected_by
      FROM declaration AS paid
      JOIN declaration_item AS item USING (unit_id, declaration_no)
      JOIN declaration_line AS line USING (unit_id, declaration_no, item_no)
      WHERE paid.unit_id = ANY(${unitIds}::int[]) AND paid.id = ANY(${paidDeclarations}::uuid[])
        AND item.period BETWEEN ${from} AND ${to} ${only}
      UNION ALL
      SELECT unit_id, NULL, person_id, period, insurance, payer, wage_fen, base_fen, amount_fen,
        collected_by
      FROM levied_span CROSS JOIN generate_series(greatest(from_period, ${from}::int),
        least(to_period, ${to}::int)) AS period
      WHERE unit_id = ANY(${unitIds}::int[]) AND person_id <> 0 AND to_period >= ${from}
        AND from_period <= ${to} ${only}
    ) AS paid
    GROUP BY unit_id, declaration_id, person_id, period, insurance
    ORDER BY unit_id, person_id, period, insurance, declaration_id NULLS FIRST`.execute(q);
  return found.rows;
}

import { type RawBuilder, sql } from 'kysely';

/** A person's part of a declaration, by insurance and month; the unit's share on total payroll is nobody's. */
export interface PersonShare {
  readonly unitId: number;
  readonly personId: string;
  readonly insurance: string;
  readonly period: number;
  readonly wageFen: number;
  readonly baseFen: number;
  readonly employerFen: number;
  readonly employeeFen: number;
}

/** The shares of a declaration as a subquery, so that who needs them for ten thousand people stays in the database. */
export function personShares(declarationId: string): RawBuilder<PersonShare> {
  return sql<PersonShare>`
    SELECT d.unit_id, line.person_id, item.insurance, item.period,
      max(line.wage_fen) AS wage_fen, max(line.base_fen) AS base_fen,
      coalesce(sum(line.amount_fen) FILTER (WHERE item.payer = 'employer'), 0)::bigint
        AS employer_fen,
      coalesce(sum(line.amount_fen) FILTER (WHERE item.payer = 'employee'), 0)::bigint
        AS employee_fen
    FROM declaration AS d
    JOIN declaration_item AS item USING (unit_id, declaration_no)
    JOIN declaration_line AS line USING (unit_id, declaration_no, item_no)
    WHERE d.id = ${declarationId}::uuid
    GROUP BY d.unit_id, line.person_id, item.insurance, item.period`;
}

/** What people pay and are paid in whole declarations, by id, as a subquery. */
export function personTotals(): RawBuilder<{ id: string; totalFen: number }> {
  return sql<{ id: string; totalFen: number }>`
    SELECT d.id, sum(line.amount_fen)::bigint AS total_fen
    FROM declaration AS d JOIN declaration_line AS line USING (unit_id, declaration_no)
    GROUP BY d.id`;
}

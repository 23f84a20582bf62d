import type { Fen, Month } from '@shebao/kernel';
import type { Insurance, Payer } from '@shebao/levy';
import { type Kysely, sql } from 'kysely';

/** What is paid for a unit and month, by 征收品目. */
export interface PaidUnitRow {
  readonly unitId: number;
  readonly period: Month;
  readonly insurance: Insurance;
  readonly payer: Payer;
  readonly people: number;
  readonly baseFen: Fen;
  readonly amountFen: Fen;
  /** The declaration it was paid with; null: collected before take-over. */
  readonly declarationId: string | null;
}

/** What is paid for a person and month, by insurance, both shares. */
export interface PaidPersonRow {
  readonly unitId: number;
  readonly personId: string;
  readonly period: Month;
  readonly insurance: Insurance;
  readonly wageFen: Fen;
  readonly baseFen: Fen;
  readonly employerFen: Fen;
  readonly employeeFen: Fen;
  readonly declarationId: string | null;
}

interface Range {
  readonly unitIds: readonly number[];
  readonly from: Month;
  readonly to: Month;
  /** Ids of the declarations that are paid (the payment capability knows them). */
  readonly paidDeclarations: readonly string[];
}

/** Paid lines of units, oldest month first: of paid declarations and of the take-over. */
export async function paidUnitRows(q: Kysely<unknown>, range: Range): Promise<PaidUnitRow[]> {
  const found = await sql<PaidUnitRow>`
    WITH paid AS (
      SELECT item.unit_id, item.period, item.insurance, item.payer, item.people,
        item.base_fen, item.amount_fen, declaration.id AS declaration_id
      FROM declaration JOIN declaration_item AS item USING (unit_id, declaration_no)
      WHERE declaration.unit_id = ANY(${[...range.unitIds]}::int[])
        AND declaration.id = ANY(${[...range.paidDeclarations]}::uuid[])
        AND item.period BETWEEN ${range.from} AND ${range.to}
      UNION ALL
      SELECT unit_id, period, insurance, payer, sum(people), sum(base_fen), sum(amount_fen), NULL
      FROM levied_span CROSS JOIN generate_series(
        greatest(from_period, ${range.from}::int), least(to_period, ${range.to}::int)) AS period
      WHERE unit_id = ANY(${[...range.unitIds]}::int[])
        AND from_period <= ${range.to} AND to_period >= ${range.from}
      GROUP BY unit_id, period, insurance, payer
    )
    SELECT unit_id AS "unitId", period, insurance, payer, people::int AS people,
      base_fen::float8 AS "baseFen", amount_fen::float8 AS "amountFen",
      declaration_id AS "declarationId"
    FROM paid WHERE amount_fen <> 0
    ORDER BY unit_id, period, insurance, payer`.execute(q);
  return found.rows;
}

/** Paid lines of people, oldest month first, in the order of their ids. */
export async function paidPersonRows(
  q: Kysely<unknown>,
  range: Range & { readonly personIds?: readonly string[] },
): Promise<PaidPersonRow[]> {
  const everybody = range.personIds === undefined;
  const people = [...(range.personIds ?? [])];
  const found = await sql<PaidPersonRow>`
    WITH paid AS (
      SELECT item.unit_id, line.person_id, item.period, item.insurance, item.payer,
        line.wage_fen, line.base_fen, line.amount_fen, declaration.id AS declaration_id
      FROM declaration JOIN declaration_item AS item USING (unit_id, declaration_no)
      JOIN declaration_line AS line USING (unit_id, declaration_no, item_no)
      WHERE declaration.unit_id = ANY(${[...range.unitIds]}::int[])
        AND declaration.id = ANY(${[...range.paidDeclarations]}::uuid[])
        AND item.period BETWEEN ${range.from} AND ${range.to}
        AND (${everybody} OR line.person_id = ANY(${people}::bigint[]))
      UNION ALL
      SELECT unit_id, person_id, period, insurance, payer, wage_fen, base_fen, amount_fen, NULL
      FROM levied_span CROSS JOIN generate_series(
        greatest(from_period, ${range.from}::int), least(to_period, ${range.to}::int)) AS period
      WHERE unit_id = ANY(${[...range.unitIds]}::int[]) AND person_id <> 0
        AND from_period <= ${range.to} AND to_period >= ${range.from}
        AND (${everybody} OR person_id = ANY(${people}::bigint[]))
    )
    SELECT unit_id AS "unitId", person_id::text AS "personId", period, insurance,
      max(wage_fen)::float8 AS "wageFen", max(base_fen)::float8 AS "baseFen",
      coalesce(sum(amount_fen) FILTER (WHERE payer = 'employer'), 0)::float8 AS "employerFen",
      coalesce(sum(amount_fen) FILTER (WHERE payer = 'employee'), 0)::float8 AS "employeeFen",
      (array_agg(declaration_id))[1] AS "declarationId"
    FROM paid GROUP BY unit_id, person_id, period, insurance
    ORDER BY unit_id, period, person_id, insurance`.execute(q);
  return found.rows;
}

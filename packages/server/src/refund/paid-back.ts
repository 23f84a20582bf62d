import type { Month } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { paidParts } from '../payment/index.ts';

/**
 * As a subquery, what was paid back: unit_id, bill_id, person_id, insurance, payer, period, wage_fen, base_fen,
 * amount_fen (positive), tax_vou_no and refunded_on. Only payouts that arrived.
 */
export function paidBack(): RawBuilder<unknown> {
  return sql`
    SELECT line.unit_id, line.bill_id, line.person_id, line.insurance, line.payer, line.period,
      line.wage_fen, line.base_fen, line.amount_fen, tax_vou_no, part.refunded_on
    FROM refund_line AS line JOIN ${paidParts()} AS part USING (application_id, tax_vou_no)`;
}

interface Range {
  readonly unitIds: readonly number[];
  readonly from: Month;
  readonly to: Month;
  /** Absent: everybody. */
  readonly personIds?: readonly string[];
}

interface Refunded {
  readonly unitId: number;
  readonly declarationId: string;
  readonly period: Month;
  readonly insurance: Insurance;
  readonly taxVouNo: string;
  /** The day on which it went back. */
  readonly refundedOn: string;
}

/** What went back of a unit's month, by 征收品目; amounts positive. */
export interface UnitRefund extends Refunded {
  readonly payer: 'employer' | 'employee';
  readonly people: number;
  readonly amountFen: number;
}

/** What went back to units in a range of months. */
export async function unitRefunds(
  q: Kysely<unknown>,
  { unitIds, from, to }: Range,
): Promise<readonly UnitRefund[]> {
  const found = await sql<UnitRefund>`
    SELECT unit_id AS "unitId", bill_id::text AS "declarationId", period, insurance, payer,
      count(DISTINCT person_id)::int AS people, sum(amount_fen)::bigint AS "amountFen",
      tax_vou_no AS "taxVouNo", refunded_on AS "refundedOn"
    FROM (${paidBack()}) AS back
    WHERE unit_id = ANY(${[...unitIds]}::int[]) AND period BETWEEN ${from} AND ${to}
    GROUP BY unit_id, bill_id, period, insurance, payer, tax_vou_no, refunded_on
    ORDER BY unit_id, period, insurance, payer, refunded_on, tax_vou_no`.execute(q);
  return found.rows;
}

/** What went back of a person's month, by insurance; amounts positive. */
export interface PersonRefund extends Refunded {
  readonly personId: string;
  readonly employerFen: number;
  readonly employeeFen: number;
}

/** What went back for people in a range of months; the unit's share on total payroll is nobody's. */
export async function personRefunds(
  q: Kysely<unknown>,
  { unitIds, from, to, personIds }: Range,
): Promise<readonly PersonRefund[]> {
  const only = personIds ? sql`AND person_id = ANY(${[...personIds]}::bigint[])` : sql``;
  const found = await sql<PersonRefund>`
    SELECT unit_id AS "unitId", bill_id::text AS "declarationId", person_id::text AS "personId",
      period, insurance,
      coalesce(sum(amount_fen) FILTER (WHERE payer = 'employer'), 0)::bigint AS "employerFen",
      coalesce(sum(amount_fen) FILTER (WHERE payer = 'employee'), 0)::bigint AS "employeeFen",
      tax_vou_no AS "taxVouNo", refunded_on AS "refundedOn"
    FROM (${paidBack()}) AS back
    WHERE unit_id = ANY(${[...unitIds]}::int[]) AND period BETWEEN ${from} AND ${to}
      AND person_id <> 0 ${only}
    GROUP BY unit_id, bill_id, person_id, period, insurance, tax_vou_no, refunded_on
    ORDER BY unit_id, person_id, period, insurance, refunded_on, tax_vou_no`.execute(q);
  return found.rows;
}

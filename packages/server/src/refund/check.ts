import { formatMonth, type Month } from '@shebao/kernel';
import { type Kysely, sql } from 'kysely';
import { allUnits } from '../employer/index.ts';
import { paidParts } from '../payment/index.ts';

/** An application that does not agree with what it was made of or what was paid out, for the operator. */
export interface RefundFinding {
  readonly unitNo: string;
  readonly subject: string;
  /** A Chinese sentence. */
  readonly text: string;
}

/**
 * Compares applications with their lines, lines with the payouts that arrived, and what overpayments say was asked of
 * them with the lines that ask. Empty: all is well.
 */
export async function checkRefunds(q: Kysely<unknown>): Promise<RefundFinding[]> {
  return [...(await applicationsAgree(q)), ...(await payoutsAgree(q)), ...(await claimsAgree(q))];
}

async function applicationsAgree(q: Kysely<unknown>): Promise<readonly RefundFinding[]> {
  const found = await sql<RefundFinding>`
    SELECT a.unit_no AS "unitNo", '退费申请 ' || a.application_no AS subject,
      '申请金额 ' || a.amount_fen || ' 分，明细合计 ' || coalesce(line.fen, 0) || ' 分' AS text
    FROM refund_application AS a LEFT JOIN (
      SELECT application_id, sum(amount_fen) AS fen FROM refund_line GROUP BY application_id) AS line
      ON line.application_id = a.id
    WHERE a.amount_fen IS DISTINCT FROM line.fen`.execute(q);
  return found.rows;
}

async function payoutsAgree(q: Kysely<unknown>): Promise<readonly RefundFinding[]> {
  const found = await sql<RefundFinding>`
    SELECT coalesce(a.unit_no, '') AS "unitNo",
      '退费申请 ' || coalesce(a.application_no, part.application_id::text) AS subject,
      '税票 ' || part.tax_vou_no || ' 已退 ' || part.amount_fen || ' 分，申请 '
        || coalesce(line.fen, 0) || ' 分' AS text
    FROM ${paidParts()} AS part LEFT JOIN refund_application AS a ON a.id = part.application_id
    LEFT JOIN (SELECT application_id, tax_vou_no, sum(amount_fen) AS fen FROM refund_line
      GROUP BY application_id, tax_vou_no) AS line USING (application_id, tax_vou_no)
    WHERE part.amount_fen IS DISTINCT FROM line.fen`.execute(q);
  return found.rows;
}

async function claimsAgree(q: Kysely<unknown>): Promise<readonly RefundFinding[]> {
  const found = await sql<{ unitId: number; period: Month; heldFen: number; askedFen: number }>`
    WITH asked AS (
      SELECT line.unit_id, line.overpayment_no AS declaration_no, line.person_id, line.insurance,
        line.payer, line.period, sum(line.amount_fen) AS fen
      FROM refund_line AS line JOIN refund_application AS a ON a.id = line.application_id
      LEFT JOIN ${paidParts()} AS part USING (application_id, tax_vou_no)
      WHERE a.state NOT IN ('不予通过', '已撤回') OR part.refunded_on IS NOT NULL
      GROUP BY line.unit_id, line.overpayment_no, line.person_id, line.insurance, line.payer,
        line.period
    ), held AS (
      SELECT unit_id, declaration_no, person_id, insurance, payer, period, claimed_fen
      FROM overpayment WHERE claimed_fen > 0
    )
    SELECT unit_id AS "unitId", period, coalesce(sum(claimed_fen), 0)::bigint AS "heldFen",
      coalesce(sum(fen), 0)::bigint AS "askedFen"
    FROM held FULL JOIN asked
      USING (unit_id, declaration_no, person_id, insurance, payer, period)
    WHERE claimed_fen IS DISTINCT FROM fen
    GROUP BY unit_id, period ORDER BY unit_id, period`.execute(q);
  if (found.rows.length === 0) return [];
  const numbers = new Map((await allUnits(q)).map((unit) => [unit.id, unit.unitNo]));
  return found.rows.map(({ unitId, period, heldFen, askedFen }) => ({
    unitNo: numbers.get(unitId) ?? String(unitId),
    subject: `${formatMonth(period)} 多缴费款`,
    text: `已占用 ${heldFen} 分，退费申请合计 ${askedFen} 分`,
  }));
}

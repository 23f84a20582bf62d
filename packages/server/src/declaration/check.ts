import { type Kysely, sql } from 'kysely';
import { liveDeclarations } from '../assessment/index.ts';
import { allUnits } from '../employer/index.ts';
import { billStates } from '../payment/index.ts';

/** Something that does not add up, for the operator. No personal data. */
export interface Finding {
  readonly unitNo: string;
  readonly subject: string;
  /** A Chinese sentence. */
  readonly text: string;
}

/**
 * Recomputes what is derived and compares: lines = items = declaration = bill, nothing levied twice
 * for a person, insurance, payer and month, holds on wages only where a declaration stands. Empty:
 * all is well.
 */
export async function checkLevied(q: Kysely<unknown>): Promise<Finding[]> {
  const units = await allUnits(q);
  const numbers = new Map(units.map((unit) => [unit.id, unit.unitNo]));
  const found: Finding[] = [];
  for (const rows of [await lineSums(q), await itemSums(q), await doubles(q)]) {
    for (const { unitId, subject, text } of rows) {
      found.push({ unitNo: numbers.get(unitId) ?? String(unitId), subject, text });
    }
  }
  for (const unit of units) {
    for (const finding of await checkBills(q, unit.id)) {
      found.push({ unitNo: unit.unitNo, ...finding });
    }
  }
  return found;
}

interface Row {
  readonly unitId: number;
  readonly subject: string;
  readonly text: string;
}

/** Items whose people do not add up to them. */
async function lineSums(q: Kysely<unknown>): Promise<Row[]> {
  const found = await sql<Row>`
    SELECT item.unit_id AS "unitId", item.declaration_no || ':' || item.item_no AS subject,
      '人员明细合计与该行不一致' AS text
    FROM declaration_item AS item LEFT JOIN (
      SELECT unit_id, declaration_no, item_no, count(*) AS people, sum(base_fen) AS base_fen,
        sum(amount_fen) AS amount_fen
      FROM declaration_line GROUP BY unit_id, declaration_no, item_no
    ) AS lines USING (unit_id, declaration_no, item_no)
    WHERE CASE WHEN item.aggregate THEN lines.people IS NOT NULL
      ELSE (lines.people, lines.base_fen, lines.amount_fen)
        IS DISTINCT FROM (item.people, item.base_fen, item.amount_fen) END`.execute(q);
  return found.rows;
}

/** Declarations whose items do not add up to them, and items without a declaration that stands. */
async function itemSums(q: Kysely<unknown>): Promise<Row[]> {
  const found = await sql<Row>`
    SELECT unit_id AS "unitId", id::text AS subject, '申报表合计与各行不一致' AS text
    FROM declaration LEFT JOIN (
      SELECT unit_id, declaration_no, sum(amount_fen) AS amount_fen,
        sum(late_fee_fen) AS late_fee_fen
      FROM declaration_item GROUP BY unit_id, declaration_no
    ) AS items USING (unit_id, declaration_no)
    WHERE (coalesce(items.amount_fen, 0), coalesce(items.late_fee_fen, 0))
      IS DISTINCT FROM (declaration.amount_fen, declaration.late_fee_fen)`.execute(q);
  return found.rows;
}

/**
 * Months levied twice: more than one full levy (a line that is no difference) of the same person,
 * insurance, payer and month that stands, the take-over included.
 */
async function doubles(q: Kysely<unknown>): Promise<Row[]> {
  const found = await sql<Row>`
    WITH live AS (
      SELECT unit_id, declaration_no FROM declaration WHERE status IN ('全部申报成功', '作废中')
    ), declared AS (
      SELECT item.unit_id, line.person_id, item.insurance, item.payer, item.period,
        count(*) AS times, sum(line.amount_fen) AS amount_fen,
        max(line.base_fen) AS base_fen, max(item.rate_ppm) AS rate_ppm
      FROM declaration_item AS item JOIN live USING (unit_id, declaration_no)
      JOIN declaration_line AS line USING (unit_id, declaration_no, item_no)
      GROUP BY item.unit_id, line.person_id, item.insurance, item.payer, item.period
    ), levied AS (
      SELECT declared.*, coalesce(span.amount_fen, 0) AS taken_fen,
        greatest(declared.base_fen, coalesce(span.base_fen, 0)) AS most_fen,
        greatest(declared.rate_ppm, coalesce(span.rate_ppm, 0)) AS most_ppm
      FROM declared LEFT JOIN levied_span AS span
        ON span.unit_id = declared.unit_id AND span.person_id = declared.person_id
        AND span.insurance = declared.insurance AND span.payer = declared.payer
        AND declared.period BETWEEN span.from_period AND span.to_period
      WHERE declared.times > 1 OR span.person_id IS NOT NULL
    )
    SELECT unit_id AS "unitId",
      person_id || ':' || insurance || ':' || payer || ':' || period AS subject,
      '同一人同一月份重复征收' AS text
    FROM levied
    -- What stands may never exceed the highest base times the highest rate, rounded up.
    WHERE insurance <> 'largeMedical'
      AND amount_fen + taken_fen > ceil(most_fen::numeric * most_ppm / 1000000)
        + coalesce((SELECT -sum(over.amount_fen) FROM overpayment AS over
          JOIN live USING (unit_id, declaration_no)
          WHERE over.unit_id = levied.unit_id AND over.person_id = levied.person_id
            AND over.insurance = levied.insurance AND over.payer = levied.payer
            AND over.period = levied.period), 0)`.execute(q);
  return found.rows;
}

/** Bills against declarations, and holds on wages against what stands. */
async function checkBills(q: Kysely<unknown>, unitId: number): Promise<Omit<Finding, 'unitNo'>[]> {
  const declared = await sql<{ id: string; status: string; amountFen: number }>`
    SELECT id::text AS id, status, amount_fen AS "amountFen"
    FROM declaration WHERE unit_id = ${unitId}`.execute(q);
  const bills = new Map(
    (await billStates(q, { unitIds: [unitId] })).map((bill) => [bill.declarationId, bill]),
  );
  const holds = new Set(await liveDeclarations(q, unitId));
  const found: Omit<Finding, 'unitNo'>[] = [];
  for (const { id: subject, status, amountFen } of declared.rows) {
    const stands = status === '全部申报成功' || status === '作废中';
    const bill = bills.get(subject);
    const owes = bill !== undefined && bill.state !== 'VOIDED';
    if (stands !== owes) found.push({ subject, text: '申报表与应征凭证的状态不一致' });
    if (owes && bill.amountFen !== amountFen) {
      found.push({ subject, text: '应征凭证金额与申报表不一致' });
    }
    const unpaid = bill?.state === 'UNPAID' || bill?.state === 'LOCKED';
    const mustHold = status === '待反馈' || (stands && unpaid);
    if (mustHold && !holds.has(subject)) found.push({ subject, text: '未锁定缴费工资' });
    if (!stands && status !== '待反馈' && holds.has(subject)) {
      found.push({ subject, text: '已无申报表而仍锁定缴费工资' });
    }
  }
  return found;
}

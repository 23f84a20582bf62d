import { assert } from '@shebao/kernel';
import type { LevyLine } from '@shebao/levy';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../platform/index.ts';
import type { DeclarationStatus } from './declaration.ts';
import type { Dues } from './dues.ts';
import type { DueItem } from './dues-items.ts';

/** Which declaration is written. */
export interface DeclarationRef {
  readonly unitId: number;
  readonly declarationNo: number;
}

/**
 * Stores the dues as declared: items, the people behind them by COPY, overpayments where asked, and
 * the declaration's new status with its sums. Asserts that the lines add up to their items.
 */
export async function recordDues(
  tx: Tx,
  ref: DeclarationRef,
  dues: Dues,
  status: DeclarationStatus,
  withOverpaid: boolean,
): Promise<void> {
  const { items } = dues;
  const lineCount = items.reduce((sum, item) => sum + item.lines.length, 0);
  if (lineCount <= fewLines) recordSmall(tx, ref, dues, status);
  else {
    await sql`${insertItems(ref, items)}`.execute(tx.q);
    await tx.copy('declaration_line', lineColumns, lineRows(ref, items));
    await sql`${updateDeclaration(ref, dues, status)}`.execute(tx.q);
  }
  if (withOverpaid && dues.overpaid.length > 0) await insertOverpaid(tx, ref, dues.overpaid);
}

/** Up to here one statement with arrays is quicker than a COPY and its round trips. */
const fewLines = 1_000;
const lineColumns = [
  'unit_id',
  'declaration_no',
  'item_no',
  'person_id',
  'wage_fen',
  'base_fen',
  'amount_fen',
];

/** Everything of a small declaration in one statement: the deadline rush is made of these. */
function recordSmall(tx: Tx, ref: DeclarationRef, dues: Dues, status: DeclarationStatus): void {
  const rows = Array.from(lineRows(ref, dues.items), (row) => [...row]);
  const column = (at: number) => rows.map((row) => row[at]);
  const written = sql`
    WITH items AS (${insertItems(ref, dues.items)}), lines AS (
      INSERT INTO declaration_line (unit_id, declaration_no, item_no, person_id, wage_fen, base_fen,
        amount_fen)
      SELECT ${ref.unitId}::int, ${ref.declarationNo}::int, line.* FROM unnest(
        ${column(2)}::smallint[], ${column(3)}::bigint[], ${column(4)}::bigint[],
        ${column(5)}::bigint[], ${column(6)}::bigint[]) AS line
    ) ${updateDeclaration(ref, dues, status)}`.execute(tx.q);
  tx.defer(written);
}

function updateDeclaration(
  { unitId, declarationNo }: DeclarationRef,
  dues: Dues,
  status: DeclarationStatus,
): RawBuilder<unknown> {
  const periods = dues.items.map((item) => item.period);
  return sql`
    UPDATE declaration SET status = ${status}, policy_version = ${dues.policyVersion},
      open_from = ${dues.openFrom}, covers = ${[...dues.covers]}::text[],
      period_from = ${Math.min(...periods)}, period_to = ${Math.max(...periods)},
      people = ${dues.people}, amount_fen = ${dues.amountFen}, late_fee_fen = ${dues.lateFeeFen}
    WHERE unit_id = ${unitId} AND declaration_no = ${declarationNo}`;
}

function insertItems(
  { unitId, declarationNo }: DeclarationRef,
  items: readonly DueItem[],
): RawBuilder<unknown> {
  const column = <Key extends keyof DueItem>(key: Key) => items.map((item) => item[key]);
  return sql`
    INSERT INTO declaration_item (unit_id, declaration_no, item_no, insurance, payer, period, kind,
      due_date, aggregate, provisional, people, base_fen, rate_ppm, amount_fen, late_fee_fen)
    SELECT ${unitId}::int, ${declarationNo}::int, item.* FROM unnest(
      ${items.map((_, at) => at + 1)}::smallint[], ${column('insurance')}::text[],
      ${column('payer')}::text[], ${column('period')}::int[], ${column('kind')}::text[],
      ${column('dueDate')}::date[], ${column('aggregate')}::boolean[],
      ${column('provisional')}::boolean[], ${column('people')}::int[],
      ${column('baseFen')}::bigint[], ${column('ratePpm')}::int[],
      ${column('amountFen')}::bigint[], ${column('lateFeeFen')}::bigint[]) AS item`;
}

/** The rows one after the other in the same array: half a million of their own would only be waste. */
function* lineRows(
  { unitId, declarationNo }: DeclarationRef,
  items: readonly DueItem[],
): Iterable<readonly (string | number)[]> {
  const row: (string | number)[] = [unitId, declarationNo, 0, '', 0, 0, 0];
  for (const [index, item] of items.entries()) {
    const { personIds, wagesFen, basesFen, amountsFen } = item.lines;
    let sum = 0;
    row[2] = index + 1;
    for (let at = 0; at < personIds.length; at += 1) {
      const amount = amountsFen[at] as number;
      sum += amount;
      row[3] = personIds[at] as string;
      row[4] = wagesFen[at] as number;
      row[5] = basesFen[at] as number;
      row[6] = amount;
      yield row;
    }
    assert(item.aggregate || sum === item.amountFen, `the lines of ${item.key} do not add up`);
  }
}

async function insertOverpaid(
  tx: Tx,
  { unitId, declarationNo }: DeclarationRef,
  lines: readonly LevyLine[],
): Promise<void> {
  const columns = ['unit_id', 'declaration_no', 'person_id', 'insurance', 'payer', 'period'];
  const figures = ['wage_fen', 'base_fen', 'rate_ppm', 'amount_fen'];
  await tx.copy(
    'overpayment',
    [...columns, ...figures],
    lines.map((line) => {
      const { personId, insurance, payer, period } = line;
      const head = [unitId, declarationNo, personId ?? '0', insurance, payer, period];
      return [...head, line.wageFen, line.baseFen, line.ratePpm, line.deltaFen];
    }),
  );
}

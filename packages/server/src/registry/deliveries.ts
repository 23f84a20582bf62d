import { type Kysely, sql } from 'kysely';

/** A delivery as its record shows it. */
export interface DeliveryRecord {
  readonly id: string;
  readonly fileName: string;
  readonly receivedAt: string;
  readonly rows: number;
  readonly accepted: number;
  readonly unchanged: number;
  readonly rejected: number;
}

const recordsShown = 500;
const columns = sql`id::text, file_name AS "fileName", received_at AS "receivedAt", rows,
  accepted, unchanged, rejected`;

/** Deliveries, newest first. */
export async function readDeliveries(q: Kysely<unknown>): Promise<DeliveryRecord[]> {
  const found = await sql<DeliveryRecord>`
    SELECT ${columns} FROM delivery ORDER BY received_at DESC, id LIMIT ${recordsShown}`.execute(q);
  return found.rows;
}

export async function findDelivery(
  q: Kysely<unknown>,
  id: string,
): Promise<DeliveryRecord | undefined> {
  const found = await sql<DeliveryRecord>`
    SELECT ${columns} FROM delivery WHERE id::text = ${id}`.execute(q);
  return found.rows[0];
}

/** The verdict on a row of a delivery. */
export interface DeliveryVerdict {
  readonly row: number;
  readonly name: string;
  readonly unitNo: string;
  readonly verdict: '接受' | '无变化' | '拒绝';
  readonly column: string;
  readonly detail: string;
}

/** A page of verdicts in the order of the file. */
export async function readVerdicts(
  q: Kysely<unknown>,
  deliveryId: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly verdicts: DeliveryVerdict[] }> {
  const counted = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM delivery_verdict
    WHERE delivery_id = ${deliveryId}`.execute(q);
  const found = await sql<DeliveryVerdict>`
    SELECT row_no AS row, name, unit_no AS "unitNo", verdict, column_name AS column, detail
    FROM delivery_verdict WHERE delivery_id = ${deliveryId}
    ORDER BY row_no LIMIT ${page.limit} OFFSET ${page.offset}`.execute(q);
  return { total: counted.rows[0]?.total ?? 0, verdicts: found.rows };
}

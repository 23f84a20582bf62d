import { type Kysely, sql } from 'kysely';
import type { UpdateKind } from './commands.ts';

/** An update as its record shows it. */
export interface UpdateRecord {
  readonly id: string;
  readonly kind: UpdateKind;
  readonly state: 'running' | 'done' | 'failed';
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly failure: string | null;
  readonly added: number;
  readonly changed: number;
  readonly stopped: number;
}

const recordsShown = 200;
const columns = sql`id::text, kind, state, started_at AS "startedAt", finished_at AS "finishedAt",
  failure, added, changed, stopped`;

/** The updates of a taxpayer, newest first. */
export async function listUpdates(q: Kysely<unknown>, taxpayerId: string): Promise<UpdateRecord[]> {
  const found = await sql<UpdateRecord>`
    SELECT ${columns} FROM roster_update WHERE taxpayer_id = ${taxpayerId}
    ORDER BY started_at DESC, id LIMIT ${recordsShown}`.execute(q);
  return found.rows;
}

/** One update of a taxpayer. */
export async function findUpdate(
  q: Kysely<unknown>,
  taxpayerId: string,
  id: string,
): Promise<UpdateRecord | undefined> {
  const found = await sql<UpdateRecord>`
    SELECT ${columns} FROM roster_update
    WHERE taxpayer_id = ${taxpayerId} AND id::text = ${id}`.execute(q);
  return found.rows[0];
}

/** 更新数据明细: one row a person and changed field. */
export interface RosterChange {
  readonly personId: string;
  readonly name: string;
  readonly unitNo: string;
  readonly changeType: '新增' | '变更' | '停止';
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** A page of the change rows of an update, of the given units. */
export async function listChanges(
  q: Kysely<unknown>,
  updateId: string,
  units: readonly { readonly id: number; readonly unitNo: string }[],
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly changes: RosterChange[] }> {
  const numbers = new Map(units.map((unit) => [unit.id, unit.unitNo]));
  const where = sql`update_id = ${updateId} AND unit_id = ANY(${[...numbers.keys()]}::int[])`;
  const counted = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM roster_change WHERE ${where}`.execute(q);
  const found = await sql<Omit<RosterChange, 'unitNo'> & { unitId: number }>`
    SELECT unit_id AS "unitId", person_id::text AS "personId", name, change_type AS "changeType",
      field, before, after
    FROM roster_change WHERE ${where} ORDER BY unit_id, seq
    LIMIT ${page.limit} OFFSET ${page.offset}`.execute(q);
  const changes = found.rows.map(({ unitId, ...row }) => ({
    ...row,
    unitNo: numbers.get(unitId) ?? '',
  }));
  return { total: counted.rows[0]?.total ?? 0, changes };
}

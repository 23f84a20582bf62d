import { err, ok } from '@shebao/kernel';
import { sql } from 'kysely';
import { lockUnit } from '../assessment/index.ts';
import type { Command } from '../platform/index.ts';
import { lockRegistry } from '../registry/index.ts';
import { applyDiff, type DiffCounts } from './diff.ts';

export type UpdateKind = 'full' | 'incremental';

/** An update of the copy over the units that the user may see. The id is made by the sender. */
export interface StartUpdateInput {
  readonly id: string;
  readonly taxpayerId: string;
  readonly kind: UpdateKind;
  readonly unitIds: readonly number[];
}

export const updateTaskKind = 'roster.update';

/** 职工参保信息更新: accepted at once, done by a task. One at a time for a taxpayer. */
export const startUpdate: Command<
  StartUpdateInput,
  { taskId: string; id: string; receiptNo: string }
> = {
  name: 'roster.startUpdate',
  chain: (input) => `taxpayer:${input.taxpayerId}`,
  describe: (input) => ({
    subject: input.id,
    detail: { kind: input.kind, units: input.unitIds.length },
  }),
  async run(tx, input, { at }) {
    const { id, taxpayerId, kind, unitIds } = input;
    const made = await sql`
      INSERT INTO roster_update (id, taxpayer_id, kind, state, started_at)
      VALUES (${id}, ${taxpayerId}, ${kind}, 'running', ${at.iso})
      ON CONFLICT DO NOTHING`.execute(tx.q);
    if (made.numAffectedRows !== 1n) return err({ code: 'ROSTER_UPDATE_RUNNING' });
    await sql`
      INSERT INTO roster_update_unit (update_id, unit_id)
      SELECT ${id}::uuid, unnest(${[...unitIds]}::int[])`.execute(tx.q);
    const payload = { updateId: id };
    const taskId = await tx.enqueue({ kind: updateTaskKind, owner: taxpayerId, payload });
    const receiptNo = `CB${at.date.replaceAll('-', '')}${id.replaceAll('-', '').slice(0, 10)}`;
    return ok({ taskId, id, receiptNo: receiptNo.toUpperCase() });
  },
};

/** One unit of an update, whole or not at all; a unit already done is left alone. */
export const updateUnit: Command<
  { readonly updateId: string; readonly unitId: number; readonly unitNo: string },
  DiffCounts
> = {
  name: 'roster.updateUnit',
  chain: (input) => `unit:${input.unitNo}`,
  describe: (input, output) => ({ subject: input.updateId, detail: { ...output } }),
  async run(tx, input, { at }) {
    const { updateId, unitId } = input;
    await lockUnit(tx, unitId);
    const none = { added: 0, changed: 0, stopped: 0 };
    const taken = await sql<{ kind: UpdateKind }>`
      UPDATE roster_update_unit p SET done_at = ${at.iso} FROM roster_update u
      WHERE p.update_id = ${updateId} AND p.unit_id = ${unitId} AND p.done_at IS NULL
        AND u.id = p.update_id RETURNING u.kind`.execute(tx.q);
    const kind = taken.rows[0]?.kind;
    if (kind === undefined) return ok(none);
    const revision = await lockRegistry(tx, unitId);
    const held = await sql<{ revision: number }>`
      SELECT revision FROM roster_unit WHERE unit_id = ${unitId}`.execute(tx.q);
    const since = kind === 'full' ? null : (held.rows[0]?.revision ?? null);
    const counts = await applyDiff(tx, { unitId, updateId, since }, at.date);
    await sql`
      INSERT INTO roster_unit (unit_id, revision, updated_at)
      VALUES (${unitId}, ${revision}, ${at.iso}) ON CONFLICT (unit_id) DO UPDATE
      SET revision = excluded.revision, updated_at = excluded.updated_at`.execute(tx.q);
    await sql`
      UPDATE roster_update SET added = added + ${counts.added},
        changed = changed + ${counts.changed}, stopped = stopped + ${counts.stopped}
      WHERE id = ${updateId}`.execute(tx.q);
    return ok(counts);
  },
};

/** The end of an update: `failure` null when every unit was done. */
export const finishUpdate: Command<
  { readonly updateId: string; readonly taxpayerId: string; readonly failure: string | null },
  null
> = {
  name: 'roster.finishUpdate',
  chain: (input) => `taxpayer:${input.taxpayerId}`,
  describe: (input) => ({ subject: input.updateId, detail: { failed: input.failure !== null } }),
  async run(tx, input, { at }) {
    const { updateId, taxpayerId, failure } = input;
    const state = failure === null ? 'done' : 'failed';
    await sql`
      UPDATE roster_update SET state = ${state}, finished_at = ${at.iso}, failure = ${failure}
      WHERE id = ${updateId} AND state = 'running'`.execute(tx.q);
    const audience = `taxpayer:${taxpayerId}`;
    tx.publish({ audience, type: 'rosterUpdated', data: { id: updateId, state } });
    return ok(null);
  },
};

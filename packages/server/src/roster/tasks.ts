import { err, type Result } from '@shebao/kernel';
import { type Kysely, sql } from 'kysely';
import type { Refusal, RunningTask, Services, TaskHandler } from '../platform/index.ts';
import { finishUpdate, updateTaskKind, updateUnit } from './commands.ts';

interface Payload {
  readonly updateId: string;
}

interface PendingUnit {
  readonly unitId: number;
  readonly unitNo: string;
  readonly done: boolean;
}

/** A unit that fails this often is reported as failed; its old data stay. */
const attemptsBeforeFailing = 3;

/** Brings every unit of an update up to date, one transaction a unit; repeated runs skip those done. */
export const updateTask: TaskHandler<Payload> = {
  kind: updateTaskKind,
  async run(task, services) {
    const { updateId } = task.payload;
    const { taxpayerId, units } = await loadUpdate(services.db.q, updateId);
    if (taxpayerId === undefined) return;
    const failed: string[] = [];
    for (const [at, unit] of units.entries()) {
      await task.progress((100 * at) / units.length, `正在更新单位编号 ${unit.unitNo}`);
      if (unit.done) continue;
      const outcome = await tryUnit(task, services, unit);
      if (!outcome.ok) failed.push(unit.unitNo);
    }
    const failure =
      failed.length === 0
        ? null
        : `单位编号 ${failed.join('、')} 的参保信息读取失败，请稍后重新更新；如再次失败请联系征收机关`;
    const result = { updateId, failure };
    await task.execute(finishUpdate, { updateId, taxpayerId, failure }, { result });
  },
};

async function tryUnit(
  task: RunningTask<Payload>,
  services: Services,
  unit: PendingUnit,
): Promise<Result<unknown, Refusal>> {
  const { updateId } = task.payload;
  const { unitId, unitNo } = unit;
  try {
    return await task.execute(updateUnit, { updateId, unitId, unitNo });
  } catch (error) {
    if (task.attempt < attemptsBeforeFailing) throw error;
    services.log.error({ unitNo, err: error }, 'roster update of a unit failed');
    return err({ code: 'INTERNAL' });
  }
}

async function loadUpdate(
  q: Kysely<unknown>,
  updateId: string,
): Promise<{ taxpayerId: string | undefined; units: PendingUnit[] }> {
  const update = await sql<{ taxpayerId: string }>`
    SELECT taxpayer_id AS "taxpayerId" FROM roster_update
    WHERE id = ${updateId} AND state = 'running'`.execute(q);
  const units = await sql<PendingUnit>`
    SELECT p.unit_id AS "unitId", u.unit_no AS "unitNo", p.done_at IS NOT NULL AS done
    FROM roster_update_unit p JOIN unit u ON u.id = p.unit_id
    WHERE p.update_id = ${updateId} ORDER BY u.unit_no`.execute(q);
  return { taxpayerId: update.rows[0]?.taxpayerId, units: units.rows };
}

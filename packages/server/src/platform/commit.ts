import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { isConnectionLost } from './pg-errors.ts';
import type { Clock, Moment } from './types.ts';

/** A task's right to commit: it still holds its lease, and may finish in the same transaction. */
export interface Fence {
  readonly taskId: string;
  readonly fencing: number;
  readonly finish?: { readonly result: unknown };
}

/** The task that ran this was given to another worker meanwhile; nothing was written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The database did not answer in time and it is not known whether the change was made. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

export interface CommitPorts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Logger;
}

const resolveForMs = 30_000;

/** Makes sure that the task is still this run's, and finishes it when asked to. */
export async function holdFence(client: pg.PoolClient, fence: Fence, at: Moment): Promise<void> {
  const held = `id = $1 and fencing = $2 and state = 'running'`;
  const { rowCount } = fence.finish
    ? await client.query({
        name: 'task-finish',
        text: `update task set state = 'done', percent = 100, result = $3,
                 finished_at = $4::timestamptz where ${held}`,
        values: [fence.taskId, fence.fencing, JSON.stringify(fence.finish.result ?? null), at.iso],
      })
    : await client.query({
        name: 'task-fence',
        text: `select 1 from task where ${held} for share`,
        values: [fence.taskId, fence.fencing],
      });
  if (rowCount !== 1) throw new LeaseLost(`task ${fence.taskId}`);
}

/** Commits. When the answer is lost, the database itself is asked what became of the transaction. */
export async function commit(
  ports: CommitPorts,
  client: pg.PoolClient,
  xid: string,
): Promise<boolean> {
  try {
    await client.query('commit');
    return true;
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    ports.log.warn({ xid }, 'answer to commit lost; asking for the outcome');
  }
  const until = ports.clock.monotonicMs() + resolveForMs;
  while (ports.clock.monotonicMs() < until) {
    const status = await ports.pool
      .query<{ status: string | null }>('select pg_xact_status($1::xid8) as status', [xid])
      .then((answer) => answer.rows[0]?.status ?? 'in progress')
      .catch(() => 'unreachable');
    if (status === 'committed') return true;
    if (status === 'aborted') return false;
    await sleep(50);
  }
  throw new OutcomeUnknown(`transaction ${xid}`);
}

import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { isConnectionLost, isInvalidParameter } from './pg-errors.ts';
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

/** What a transaction leaves behind if it commits: its number, and the audit entry that only it wrote. */
export interface Evidence {
  readonly xid: string;
  readonly chain: string;
  readonly seq: number;
  readonly hash: Uint8Array;
}

/**
 * Commits. When the answer is lost, the database itself is asked what became of the transaction. Its number alone is no
 * proof: after a crash of the database a number of which nothing had reached the disk is given to another transaction.
 */
export async function commit(
  ports: CommitPorts,
  client: pg.ClientBase,
  written: Evidence,
): Promise<boolean> {
  const { xid } = written;
  try {
    await client.query('commit');
    return true;
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    ports.log.warn({ xid }, 'answer to commit lost; asking for the outcome');
  }
  const until = ports.clock.monotonicMs() + resolveForMs;
  while (ports.clock.monotonicMs() < until) {
    const outcome = await outcomeOf(ports.pool, written).catch(() => undefined);
    if (outcome !== undefined) return outcome;
    await sleep(50);
  }
  throw new OutcomeUnknown(`transaction ${xid}`);
}

/** Whether the transaction committed; undefined while it is under way. */
async function outcomeOf(pool: pg.Pool, written: Evidence): Promise<boolean | undefined> {
  const { xid, chain, seq, hash } = written;
  const status = await pool
    .query<{ status: string | null }>('select pg_xact_status($1::xid8) as status', [xid])
    .then((answer) => answer.rows[0]?.status)
    .catch((error: unknown) => {
      // A number that the database has yet to give out: it crashed, and knows nothing of this transaction.
      if (isInvalidParameter(error)) return undefined;
      throw error;
    });
  if (status === 'in progress') return undefined;
  // Asked for after the number, which nobody can be using for our transaction any more.
  const { rowCount } = await pool.query(
    'select 1 from audit_entry where chain = $1 and seq = $2 and hash = $3',
    [chain, seq, hash],
  );
  return rowCount === 1;
}

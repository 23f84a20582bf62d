import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import type { Moment, Refusal } from './types.ts';

/** A task taken by a worker: the token proves it until another worker takes the task over. */
export interface ClaimedTask {
  readonly id: string;
  readonly kind: string;
  readonly owner: string;
  readonly payload: unknown;
  readonly attempt: number;
  readonly fencing: number;
}

/** A task as its owner sees it. */
export interface TaskView {
  readonly id: string;
  readonly kind: string;
  readonly owner: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  readonly percent: number;
  readonly text: string;
  readonly result: unknown;
  readonly failure: Refusal | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

// A clock that was set back must not put a task off for long: what was queued "later" is due.
const due = `(run_after <= clock_timestamp() or queued_at > clock_timestamp() + interval '1 second')`;

/** Takes up to `count` tasks that are due; tasks other workers are taking are passed over. */
export async function claimTasks(
  pool: pg.Pool,
  worker: string,
  kinds: readonly string[],
  count: number,
): Promise<readonly ClaimedTask[]> {
  const { rows } = await pool.query<ClaimedTask>({
    name: 'task-claim',
    text: `update task set state = 'running', fencing = fencing + 1, attempt = attempt + 1,
        beat = beat + 1, worker = $1
      where id in (
        select id from task where state = 'queued' and kind = any($2) and ${due}
        order by run_after, created_at limit $3 for update skip locked)
      returning id, kind, owner, payload, attempt, fencing`,
    values: [worker, kinds, count],
  });
  return rows;
}

/** A sign of life for all tasks of a worker. */
export async function beatTasks(pool: pg.Pool, worker: string, ids: readonly string[]) {
  await pool.query({
    name: 'task-beat',
    text: `update task set beat = beat + 1
      where id = any($2::uuid[]) and worker = $1 and state = 'running'`,
    values: [worker, ids],
  });
}

/** Records progress; false when the task is no longer ours. */
export async function recordProgress(
  pool: pg.Pool,
  task: ClaimedTask,
  percent: number,
  text: string,
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'task-progress',
    text: `update task set percent = $3, progress_text = $4, beat = beat + 1
      where id = $1 and fencing = $2 and state = 'running'`,
    values: [task.id, task.fencing, percent, text],
  });
  return rowCount === 1;
}

/** Ends a task that its handler left open. */
export async function endTask(
  pool: pg.Pool,
  task: ClaimedTask,
  failure: Refusal | undefined,
  at: Moment,
): Promise<void> {
  await pool.query({
    name: 'task-end',
    text: `update task set state = case when $3::jsonb is null then 'done' else 'failed' end,
        percent = case when $3::jsonb is null then 100 else percent end,
        failure = $3::jsonb, finished_at = $4::timestamptz
      where id = $1 and fencing = $2 and state = 'running'`,
    values: [task.id, task.fencing, failure ? JSON.stringify(failure) : null, at.iso],
  });
}

/** Puts a task back after a failure, to be tried again `delayMs` later. */
export async function putBack(pool: pg.Pool, task: ClaimedTask, delayMs: number): Promise<void> {
  await pool.query({
    name: 'task-put-back',
    text: `update task set state = 'queued', worker = null, queued_at = clock_timestamp(),
        run_after = clock_timestamp() + $3 * interval '1 millisecond'
      where id = $1 and fencing = $2 and state = 'running'`,
    values: [task.id, task.fencing, delayMs],
  });
}

export interface RunningRow {
  readonly id: string;
  readonly fencing: number;
  readonly beat: number;
  readonly worker: string | null;
}

export async function runningTasks(pool: pg.Pool): Promise<readonly RunningRow[]> {
  const { rows } = await pool.query<RunningRow>(
    `select id, fencing, beat, worker from task where state = 'running'`,
  );
  return rows;
}

/** Takes tasks away from workers that show no life; their tokens become void at the next claim. */
export async function requeue(pool: pg.Pool, rows: readonly RunningRow[]): Promise<number> {
  const { rowCount } = await pool.query(
    `update task set state = 'queued', worker = null, fencing = task.fencing + 1,
        queued_at = clock_timestamp(), run_after = clock_timestamp()
      from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as seen(id, fencing, beat)
      where task.id = seen.id and task.state = 'running'
        and task.fencing = seen.fencing and task.beat = seen.beat`,
    [rows.map((row) => row.id), rows.map((row) => row.fencing), rows.map((row) => row.beat)],
  );
  return rowCount ?? 0;
}

const viewColumns = sql`id, kind, owner, state, percent, progress_text as text, result, failure,
  created_at as "createdAt", finished_at as "finishedAt"`;

export async function readTask(q: Kysely<unknown>, id: string): Promise<TaskView | undefined> {
  const { rows } = await sql<TaskView>`
    select ${viewColumns} from task where id = ${id}`.execute(q);
  return rows[0];
}

/** The newest tasks of an owner, for the tray. */
export async function readTasksOf(
  q: Kysely<unknown>,
  owner: string,
  limit: number,
): Promise<readonly TaskView[]> {
  const { rows } = await sql<TaskView>`select ${viewColumns} from task
    where owner = ${owner} order by created_at desc, id limit ${limit}`.execute(q);
  return rows;
}

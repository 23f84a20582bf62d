import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { LeaseLost } from './commit.ts';
import type { InternalExecute } from './execute.ts';
import { isOutOfSpace } from './pg-errors.ts';
import {
  beatTasks,
  type ClaimedTask,
  claimTasks,
  endTask,
  putBack,
  type RunningRow,
  recordProgress,
  requeue,
  runningTasks,
} from './tasks.ts';
import type { Refusal, RunningTask, Services, TaskHandler } from './types.ts';

export interface WorkerTimes {
  readonly pollMs: number;
  readonly beatMs: number;
  /** A task whose beat stands still this long is given to another worker. */
  readonly leaseMs: number;
}

const usualTimes: WorkerTimes = { pollMs: 1_000, beatMs: 3_000, leaseMs: 20_000 };
/** A task that failed this often is given up; the operator sees it as failed. */
const maxAttempts = 30;
/** How long a stop waits for tasks under way; what is cut off runs again after the next start. */
const patienceMs = 20_000;

export interface WorkerPorts {
  readonly pool: pg.Pool;
  readonly services: Services;
  readonly execute: InternalExecute;
  readonly handlers: readonly TaskHandler[];
  readonly slots: number;
  readonly times?: WorkerTimes;
}

export interface Worker {
  start(): void;
  /** Takes no more tasks and waits for those under way. */
  stop(): Promise<void>;
}

/** Runs tasks in this process: up to `slots` at a time, woken by the bus and by polling. */
export function createWorker(ports: WorkerPorts): Worker {
  const times = ports.times ?? usualTimes;
  const name = randomUUID();
  const { log, events, metrics } = ports.services;
  const running = new Map<string, Promise<void>>();
  const kinds = ports.handlers.map((handler) => handler.kind);
  let stopped = false;
  let filling = false;
  let woken = false;
  const timers: NodeJS.Timeout[] = [];
  let unsubscribe = (): void => undefined;

  const fill = async (): Promise<void> => {
    if (filling) {
      woken = true;
      return;
    }
    filling = true;
    try {
      do {
        woken = false;
        const free = ports.slots - running.size;
        if (stopped || free <= 0) break;
        const claimed = await claimTasks(ports.pool, name, kinds, free);
        for (const task of claimed) begin(task);
        if (claimed.length === free) woken = running.size < ports.slots;
      } while (woken);
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'cannot take tasks');
    } finally {
      filling = false;
    }
  };
  const begin = (task: ClaimedTask): void => {
    const work = runTask(ports, task)
      .catch((error: Error) => log.error({ task: task.id, error: error.message }, 'task unsettled'))
      .finally(() => {
        running.delete(task.id);
        metrics.tasksRunning.set(running.size);
        void fill();
      });
    running.set(task.id, work);
    metrics.tasksRunning.set(running.size);
  };
  const watch = createWatch(ports, times.leaseMs, running);
  const every = (ms: number, action: () => Promise<void>): void => {
    timers.push(repeat(ms, action, log));
  };
  return {
    start() {
      unsubscribe = events.onWake(() => void fill());
      every(times.pollMs, fill);
      every(times.beatMs, async () => {
        if (running.size > 0) await beatTasks(ports.pool, name, [...running.keys()]);
      });
      every(times.beatMs, async () => {
        if ((await watch()) > 0) await fill();
      });
      void fill();
    },
    async stop() {
      stopped = true;
      unsubscribe();
      const settle = async (): Promise<void> => {
        while (running.size > 0 || filling) await Promise.race([...running.values(), sleep(10)]);
      };
      await Promise.race([settle(), sleep(patienceMs, undefined, { ref: false })]);
      for (const timer of timers) clearInterval(timer);
    },
  };
}

function repeat(ms: number, action: () => Promise<void>, log: Services['log']): NodeJS.Timeout {
  const timer = setInterval(() => {
    action().catch((error: Error) => log.warn({ error: error.message }, 'task upkeep failed'));
  }, ms);
  return timer.unref();
}

/** Looks at the beats of others' tasks; gives back those that stood still for a whole lease. */
function createWatch(
  ports: WorkerPorts,
  leaseMs: number,
  mine: ReadonlyMap<string, unknown>,
): () => Promise<number> {
  const seen = new Map<string, { row: RunningRow; sinceMs: number }>();
  return async () => {
    const now = ports.services.clock.monotonicMs();
    const rows = (await runningTasks(ports.pool)).filter((row) => !mine.has(row.id));
    const present = new Set(rows.map((row) => row.id));
    for (const id of seen.keys()) if (!present.has(id)) seen.delete(id);
    const dead: RunningRow[] = [];
    for (const row of rows) {
      const before = seen.get(row.id);
      if (!before || before.row.beat !== row.beat || before.row.fencing !== row.fencing) {
        seen.set(row.id, { row, sinceMs: now });
      } else if (now - before.sinceMs >= leaseMs) {
        dead.push(row);
        seen.delete(row.id);
      }
    }
    return dead.length > 0 ? requeue(ports.pool, dead) : 0;
  };
}

/** Runs one claimed task and settles it: done, failed, or put back with a growing delay. */
export async function runTask(
  ports: Pick<WorkerPorts, 'pool' | 'services' | 'execute' | 'handlers'>,
  task: ClaimedTask,
  onError: 'retry' | 'throw' = 'retry',
): Promise<void> {
  const { log, metrics } = ports.services;
  const handler = ports.handlers.find((candidate) => candidate.kind === task.kind);
  if (!handler) throw new Error(`no handler for task ${task.kind}`);
  const count = (outcome: string): void => metrics.tasks.inc({ kind: task.kind, outcome });
  try {
    const open = runningTask(ports, task);
    const failure = await handler.run(open.task, ports.services);
    // What its command finished in the same transaction needs no second end.
    if (!open.finished()) {
      await endTask(ports.pool, task, failure ?? undefined, ports.services.clock.now());
    }
    if (failure) tellTask(ports.services, task, 0, '', 'failed');
    count(failure ? 'failed' : 'done');
  } catch (error) {
    if (error instanceof LeaseLost) {
      count('lease-lost');
      return;
    }
    if (onError === 'throw') throw error;
    log.error({ task: task.id, kind: task.kind, attempt: task.attempt, err: error }, 'task failed');
    count('retried');
    // A full disk is no fault of the task: it waits until there is room again.
    if (task.attempt >= maxAttempts && !isOutOfSpace(error)) {
      const internal: Refusal = { code: 'INTERNAL' };
      await endTask(ports.pool, task, internal, ports.services.clock.now());
      return;
    }
    await putBack(ports.pool, task, Math.min(30_000, 100 * 2 ** Math.min(task.attempt, 12)));
  }
}

function runningTask(
  ports: Pick<WorkerPorts, 'pool' | 'services' | 'execute'>,
  task: ClaimedTask,
): { readonly task: RunningTask<unknown>; finished(): boolean } {
  let finished = false;
  const actor = { kind: 'system', name: task.kind } as const;
  const fence = { taskId: task.id, fencing: task.fencing };
  const running: RunningTask<unknown> = {
    id: task.id,
    payload: task.payload,
    attempt: task.attempt,
    async progress(percent, text) {
      const held = await recordProgress(ports.pool, task, Math.trunc(percent), text);
      if (!held) throw new LeaseLost(`task ${task.id}`);
      tellTask(ports.services, task, percent, text, 'running');
    },
    async execute(command, input, finish) {
      const outcome = await ports.execute(command, input, {
        actor,
        fence: finish ? { ...fence, finish } : fence,
      });
      // Upkeep commits without the fence, so it cannot finish a task.
      if (finish && outcome.ok && !command.housekeeping) finished = true;
      if (finish && outcome.ok) tellTask(ports.services, task, 100, '', 'done');
      return outcome;
    },
  };
  return { task: running, finished: () => finished };
}

function tellTask(
  services: Services,
  task: ClaimedTask,
  percent: number,
  text: string,
  state: 'running' | 'done' | 'failed',
): void {
  const data = { id: task.id, kind: task.kind, percent, text, state };
  services.events.publish([{ audience: audienceOf(task.owner), type: 'task', data }]);
}

/** Whose browsers hear of a task. */
export function audienceOf(owner: string): string {
  return owner === 'office' ? 'office' : `taxpayer:${owner}`;
}

import { errorText, getTask, listTasks } from '@shebao/contract';
import { err, ok } from '@shebao/kernel';
import { type BoundRoute, type Caller, handle } from './http/binding.ts';
import { readTask, readTasksOf, type TaskView } from './tasks.ts';

const trayLength = 50;

/** 任务托盘: a caller sees the tasks of his taxpayer, an officer those of the office. */
export const taskRoutes: readonly BoundRoute[] = [
  handle(getTask, async ({ params, caller, services }) => {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(params.id)) {
      return err({ code: 'NOT_FOUND' });
    }
    const task = await readTask(services.db.q, params.id);
    if (!task || task.owner !== ownerOf(caller)) return err({ code: 'NOT_FOUND' });
    return ok(viewOf(task));
  }),
  handle(listTasks, async ({ caller, services }) => {
    const tasks = await readTasksOf(services.db.q, ownerOf(caller), trayLength);
    return ok({ tasks: tasks.map(viewOf) });
  }),
];

function ownerOf(caller: Caller): string {
  return caller.taxpayerId ?? 'office';
}

function viewOf(task: TaskView) {
  const { id, kind, state, percent, text, result, failure, createdAt, finishedAt } = task;
  return {
    id,
    kind,
    state,
    percent,
    text,
    createdAt,
    finishedAt,
    ...(result === null ? {} : { result }),
    failure: failure ? errorText(failure.code, failure.data) : null,
  };
}

import type { TaskHandler } from '../platform/index.ts';
import { processKind, processWages, type WageTask } from './commands.ts';

/** Judges a submission of wages and gives feedback. */
const judgeSubmission: TaskHandler = {
  kind: processKind,
  async run(task) {
    const payload = task.payload as WageTask;
    const { declarationId: id, unitNo } = payload;
    const done = await task.execute(processWages, payload, { result: { id, unitNo } });
    return done.ok ? undefined : done.error;
  },
};

/** The background work of wage declarations. */
export const wageTasks: readonly TaskHandler[] = [judgeSubmission];

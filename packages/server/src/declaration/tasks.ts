import type { TaskHandler } from '../platform/index.ts';
import {
  type DeclarationTask,
  processDeclaration,
  processKind,
  processVoid,
  voidKind,
} from './commands.ts';

/** Computes a submission again, stores it and gives feedback. */
const answerSubmission: TaskHandler = {
  kind: processKind,
  async run(task) {
    const payload = task.payload as DeclarationTask;
    const { id, unitNo } = payload;
    const done = await task.execute(processDeclaration, payload, { result: { id, unitNo } });
    return done.ok ? undefined : done.error;
  },
};

/** Voids a declaration and gives feedback. */
const answerVoid: TaskHandler = {
  kind: voidKind,
  async run(task) {
    const payload = task.payload as DeclarationTask;
    const { id, unitNo } = payload;
    const done = await task.execute(processVoid, payload, { result: { id, unitNo } });
    return done.ok ? undefined : done.error;
  },
};

/** The background work of contribution declarations. */
export const declarationTasks: readonly TaskHandler[] = [answerSubmission, answerVoid];

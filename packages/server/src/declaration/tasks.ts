import type { TaskHandler } from '../platform/index.ts';
import { hasAtMost } from '../roster/index.ts';
import {
  type DeclarationTask,
  processDeclaration,
  processKind,
  processSmall,
  processVoid,
  voidKind,
} from './commands.ts';

/** Up to here what a declaration writes is better sent in few statements than copied. */
const fewPeople = 200;

/** Computes a submission again, stores it and gives feedback. */
const answerSubmission: TaskHandler = {
  kind: processKind,
  async run(task, { db }) {
    const payload = task.payload as DeclarationTask;
    const { id, unitId, unitNo } = payload;
    const process = (await hasAtMost(db, unitId, fewPeople)) ? processSmall : processDeclaration;
    const done = await task.execute(process, payload, { result: { id, unitNo } });
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

import type { TaskHandler } from '../platform/index.ts';
import { settleCommand } from './decide.ts';

/** A payout of an application came to its end. */
export const refundTasks: readonly TaskHandler[] = [
  {
    kind: 'refund.settled',
    async run(task) {
      const { applicationId } = task.payload as Record<string, string>;
      const input = { applicationId: applicationId ?? '' };
      const done = await task.execute(settleCommand, input, { result: null });
      return done.ok ? undefined : done.error;
    },
  },
];

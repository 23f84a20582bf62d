import type { TaskHandler } from '../platform/index.ts';
import { type Withdrawal, withdrawDocuments } from './commands.ts';

/** Withdraws the documents of a payment that was undone. */
const withdraw: TaskHandler = {
  kind: 'certificate.withdraw',
  async run(task) {
    const { billId, taxpayerId, at } = task.payload as Record<string, string>;
    const input: Withdrawal = {
      taxpayerId: taxpayerId ?? '',
      declarationId: billId ?? '',
      at: at ?? '',
    };
    const done = await task.execute(withdrawDocuments, input, { result: null });
    return done.ok ? undefined : done.error;
  },
};

export const certificateTasks: readonly TaskHandler[] = [withdraw];

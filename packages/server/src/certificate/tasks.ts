import type { TaskHandler } from '../platform/index.ts';
import { supersedeCertificates, type Withdrawal, withdrawDocuments } from './commands.ts';

/** Withdraws the documents of a payment that was undone. */
const withdraw: TaskHandler = {
  kind: 'certificate.withdraw',
  async run(task) {
    const done = await task.execute(withdrawDocuments, paymentOf(task.payload), { result: null });
    return done.ok ? undefined : done.error;
  },
};

/** Marks the certificates of a payment that was partly paid back: a new one shows what went back. */
const supersede: TaskHandler = {
  kind: 'certificate.supersede',
  async run(task) {
    const done = await task.execute(supersedeCertificates, paymentOf(task.payload), {
      result: null,
    });
    return done.ok ? undefined : done.error;
  },
};

function paymentOf(payload: unknown): Withdrawal {
  const { billId, taxpayerId, at } = payload as Record<string, string>;
  return { taxpayerId: taxpayerId ?? '', declarationId: billId ?? '', at: at ?? '' };
}

export const certificateTasks: readonly TaskHandler[] = [withdraw, supersede];

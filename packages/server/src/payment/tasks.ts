import type { TaskHandler } from '../platform/index.ts';
import { login } from '../treasury/index.ts';
import { checkAgreement } from './agreement-check.ts';
import { alarmUnclear } from './alarms.ts';
import { askForList } from './lists.ts';
import { followPack } from './pack-sender.ts';
import { sendStop } from './pack-stop.ts';
import type { PaymentPorts } from './ports.ts';
import { followRefund } from './refund-sender.ts';
import { queryAttempt, reverseAttempt } from './resolver.ts';
import { apply, sendAttempt } from './sender.ts';
import { attempts } from './tables.ts';

/** What a task of payment carries. */
export type Payload = Readonly<Record<string, string | number>>;

/** The background work of payment, by the kind of task. */
export type Jobs = Readonly<Record<string, (payload: Payload) => Promise<unknown>>>;

/** All background work. Every job may run again at any time: states decide, not tasks. */
export function paymentJobs(ports: PaymentPorts): Jobs {
  const attemptOf = (payload: Payload): string => String(payload['attemptId']);
  const stepOf = (payload: Payload): number => Number(payload['step']);
  return {
    'payment.send': (payload) => sendAttempt(ports, attemptOf(payload)),
    'payment.resolve': (payload) => queryAttempt(ports, attemptOf(payload), stepOf(payload)),
    'payment.reverse': (payload) => reverseAttempt(ports, attemptOf(payload), stepOf(payload)),
    'payment.alarm': (payload) => alarmUnclear(ports, attemptOf(payload)),
    'payment.voucherDue': async (payload) => {
      const attempt = await ports.read.of(attempts).get({ id: attemptOf(payload) });
      if (attempt) await apply(ports, attempt, 'unclear', { source: 'clock', cause: 'notAfter' });
    },
    'batch.follow': (payload) => followPack(ports, String(payload['packId']), stepOf(payload)),
    'batch.stop': (payload) => sendStop(ports, String(payload['stopId']), stepOf(payload)),
    'refund.follow': (payload) => followRefund(ports, String(payload['refundId']), stepOf(payload)),
    'agreement.check': (payload) =>
      checkAgreement(
        ports,
        Number(payload['agreementId']),
        String(payload['msgId']),
        stepOf(payload),
      ),
    'treasury.login': () => login(ports),
    'treasury.lists': (payload) =>
      askForList(ports, {
        kind: String(payload['kind']),
        taxOrg: String(payload['taxOrg']),
        chkDate: String(payload['chkDate']),
        step: Number(payload['step'] ?? 0),
      }),
  };
}

/** The same for the worker. */
export function taskHandlers(jobs: Jobs): readonly TaskHandler[] {
  return Object.entries(jobs).map(([kind, job]) => ({
    kind,
    async run(task) {
      await job(task.payload as Payload);
    },
  }));
}

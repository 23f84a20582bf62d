import { onAttempt } from './advance.ts';
import { record } from './ledger.ts';
import type { PaymentPorts } from './ports.ts';
import { attempts } from './tables.ts';

/** An attempt is still unclear long after it became so: the operator and the officers are told, once. */
export async function alarmUnclear(ports: PaymentPorts, attemptId: string): Promise<void> {
  const attempt = await ports.read.of(attempts).get({ id: attemptId });
  if (attempt?.state !== 'UNKNOWN' && attempt?.state !== 'REVERSING') return;
  const minutes = Math.round(ports.times.alarmAfterMs / 60_000);
  const told = await onAttempt(ports, 'alarm', attempt, async (store, work) => {
    const { state } = work.attempt;
    if (state !== 'UNKNOWN' && state !== 'REVERSING') return false;
    await record(
      store,
      work.bill,
      {},
      {
        subject: attemptId,
        event: 'alarmed',
        before: state,
        after: state,
        cause: `+${minutes} min`,
        text: `超过 ${minutes} 分钟仍未核实，已提醒征收机关和运维人员`,
      },
    );
    store.tell('office', 'alarm', { attemptId });
    return true;
  });
  if (told) ports.warn('a debit is unclear for long', { attemptId, minutes });
}

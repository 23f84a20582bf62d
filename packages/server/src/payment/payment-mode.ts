import { err, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import type { Store } from '../treasury/index.ts';
import { unusableReason } from './agreement.ts';
import type { PaymentMode } from './batch.ts';
import { agreements, modes } from './tables.ts';

/** A unit chooses how its bills are paid from a month on. */
export async function chooseMode(
  store: Store,
  choice: {
    readonly unitId: number;
    readonly unitNo: string;
    readonly taxpayerId: string;
    readonly mode: PaymentMode;
    readonly agreementId: number | null;
    readonly effectiveMonth: number;
    readonly chosenBy: string;
  },
): Promise<Result<null, Refusal>> {
  const { mode, taxpayerId, unitId } = choice;
  const agreementId = mode === 'batch' ? choice.agreementId : null;
  if (mode === 'batch') {
    const agreement = await store.of(agreements).get({ id: agreementId ?? 0, taxpayerId });
    if (!agreement) return err({ code: 'NOT_FOUND' });
    const reason = unusableReason(agreement.state);
    if (reason !== null) return err({ code: 'AGREEMENT_UNUSABLE', data: { reason } });
  }
  const last = await store.of(modes).get({ unitId }, { order: ['-seq'], lock: true });
  await store
    .of(modes)
    .insert({ ...choice, agreementId, seq: (last?.seq ?? 0) + 1, chosenAt: store.at.iso });
  store.tell(`taxpayer:${taxpayerId}`, 'agreement', { unitNo: choice.unitNo });
  return ok(null);
}

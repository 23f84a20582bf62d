import { type Store, unattended } from '../treasury/index.ts';
import type { BillState } from './bill.ts';
import type { BillRecord } from './tables.ts';

const wasPaid = (state: BillState) =>
  state === 'PAID' || state === 'TREASURED' || state === 'REFUNDED';

/** What a bill's becoming paid, no longer being paid, or being paid back sets going elsewhere; in the same transaction. */
export async function followBill(
  store: Store,
  before: BillRecord,
  after: BillRecord,
): Promise<void> {
  const paid = wasPaid(after.state);
  const paidBack = before.refundedFen !== after.refundedFen;
  if (wasPaid(before.state) === paid && !paidBack) return;
  const payload = { billId: after.id, taxpayerId: after.taxpayerId, at: store.at.iso };
  // 人社 and 医保 learn it for each person.
  await store.later({ kind: 'feed.publish', owner: unattended, payload });
  // Nobody may show a document for a payment that does not stand; what was paid back stands on a new one.
  if (!paid) await store.later({ kind: 'certificate.withdraw', owner: unattended, payload });
  else if (paidBack) {
    await store.later({ kind: 'certificate.supersede', owner: unattended, payload });
  }
}

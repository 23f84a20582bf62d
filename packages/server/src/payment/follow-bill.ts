import { type Store, unattended } from '../treasury/index.ts';
import type { BillState } from './bill.ts';
import type { BillRecord } from './tables.ts';

const isPaid = (state: BillState) => state === 'PAID' || state === 'TREASURED';

/** What a bill's becoming paid, or no longer being paid, sets going elsewhere; in the same transaction. */
export async function followBill(
  store: Store,
  before: BillRecord,
  after: BillRecord,
): Promise<void> {
  const paid = isPaid(after.state);
  if (isPaid(before.state) === paid) return;
  const payload = { billId: after.id, taxpayerId: after.taxpayerId, at: store.at.iso };
  // 人社 and 医保 learn it for each person.
  await store.later({ kind: 'feed.publish', owner: unattended, payload });
  // Nobody may show a document for a payment that does not stand.
  if (!paid) await store.later({ kind: 'certificate.withdraw', owner: unattended, payload });
}

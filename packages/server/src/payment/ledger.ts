import type { Store } from '../treasury/index.ts';
import { followBill } from './follow-bill.ts';
import { chainHash, type Posting } from './payment.ts';
import { type BillRecord, bills, journal, type LedgerAccount, paymentEvents } from './tables.ts';

/** One thing that happened to a bill. */
export interface Happening {
  /** The bill, order or attempt. */
  readonly subject: string;
  readonly event: string;
  readonly before: string;
  readonly after: string;
  readonly cause: string;
  readonly text: string;
  readonly postings?: readonly Posting[];
}

/** Writes what happened: the bill's new values, one event in its chain, its postings. The bill is locked. */
export async function record(
  store: Store,
  bill: BillRecord,
  changes: Partial<BillRecord>,
  happening: Happening,
): Promise<BillRecord> {
  const seq = bill.eventSeq + 1;
  const { subject, event, before, after, cause, text } = happening;
  const hash = chainHash(bill.eventHash, [
    bill.id,
    seq,
    store.at.epochMs,
    subject,
    event,
    before,
    after,
    cause,
    text,
  ]);
  const next = await store.of(bills).update(bill, { ...changes, eventSeq: seq, eventHash: hash });
  await followBill(store, bill, next);
  const { unitId, id: billId } = bill;
  const at = store.at.iso;
  await store.of(paymentEvents).insert({
    unitId,
    billId,
    seq,
    at,
    subject,
    event,
    stateBefore: before,
    stateAfter: after,
    cause,
    text,
    hash,
  });
  const postings = happening.postings ?? [];
  await store
    .of(journal)
    .insert(...postings.map((posting, part) => ({ unitId, billId, seq, part, at, ...posting })));
  return next;
}

/** What the accounts hold, by bill: debits less credits, in fen. */
export type Balances = Readonly<Record<LedgerAccount, number>>;

/** What the accounts of a bill must hold, by its state and that of its live attempt. */
export function expectedBalances(
  bill: Pick<BillRecord, 'amountFen' | 'lateFeeFen' | 'refundedFen' | 'state'>,
  sent: boolean,
  overcollectedFen: number,
): Balances {
  const total = bill.amountFen + bill.lateFeeFen - bill.refundedFen;
  const nothing = {
    assessed: -total,
    receivable: 0,
    inTransit: 0,
    collected: overcollectedFen,
    treasury: 0,
    // A credit balance: owed to the payer.
    refundable: overcollectedFen === 0 ? 0 : -overcollectedFen,
  };
  switch (bill.state) {
    case 'UNPAID':
      return { ...nothing, receivable: total };
    case 'LOCKED':
      return sent ? { ...nothing, inTransit: total } : { ...nothing, receivable: total };
    case 'PAID':
      return { ...nothing, collected: total + overcollectedFen };
    case 'TREASURED':
      return { ...nothing, treasury: total };
    case 'REFUNDED':
    case 'VOIDED':
      return { ...nothing, assessed: 0 };
  }
}

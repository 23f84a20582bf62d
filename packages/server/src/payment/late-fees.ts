import { assert } from '@shebao/kernel';
import { type Store } from '../treasury/index.ts';
import { lateFees, totalLateFee } from './bills.ts';
import { type BillLineRecord, type BillRecord, billLines } from './tables.ts';

/**
 * Fixes the late fee of each insurance as a line of the bill that belongs to this order; the sum in fen. `known` are the
 * bill's own lines where they were read before.
 */
export async function fixLateFees(
  store: Store,
  bill: BillRecord,
  orderId: string,
  day: string = store.at.date,
  known?: readonly BillLineRecord[],
): Promise<number> {
  const lines = known ?? (await linesOf(store, bill));
  const fees = lateFees(bill.region, lines, day);
  if (fees.size === 0) return 0;
  const last = await store.of(billLines).get({ billId: bill.id }, { order: ['-lineNo'] });
  let lineNo = last?.lineNo ?? 0;
  for (const [insurance, amountFen] of fees) {
    const first = lines.find((line) => line.insurance === insurance);
    assert(first, 'a late fee belongs to a line');
    lineNo += 1;
    await store.of(billLines).insert({
      ...first,
      lineNo,
      orderId,
      payer: 'employer',
      kind: 'lateFee',
      people: 0,
      baseFen: 0,
      ratePpm: 0,
      amountFen,
    });
  }
  return totalLateFee(fees);
}

export async function linesOf(store: Store, bill: BillRecord): Promise<readonly BillLineRecord[]> {
  const where = { unitId: bill.unitId, billId: bill.id, orderId: null };
  return store.of(billLines).find(where, { order: ['lineNo'] });
}

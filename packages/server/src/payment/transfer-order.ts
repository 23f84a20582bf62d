import { err, fen, formatYuan, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import { authorities, type Store } from '../treasury/index.ts';
import { announce } from './advance.ts';
import { lateFees, lockReason, totalLateFee } from './bills.ts';
import { fixLateFees, linesOf } from './late-fees.ts';
import { record } from './ledger.ts';
import { billMove, orderMove } from './payment.ts';
import { type BillRecord, bills, type OrderRecord, orders } from './tables.ts';
import type { TransferRecord } from './transfer-tables.ts';
import { cancelVoucher } from './voucher.ts';

/** What a bill owes on a day, late fee included. */
export async function totalOn(store: Store, bill: BillRecord, day: string): Promise<number> {
  const lines = await linesOf(store, bill);
  return bill.amountFen + totalLateFee(lateFees(bill.region, lines, day));
}

/**
 * Keeps a bill for a transfer, like a voucher does: nobody pays it another way and nobody voids it before a second
 * officer has spoken. The bill must owe exactly what came, on the day it came. The voucher that the remark names gives way.
 */
export async function holdBill(
  store: Store,
  transfer: TransferRecord,
  billId: string,
  taxVouNo: string,
  cause: string,
  voucherNo: string | null = null,
): Promise<Result<OrderRecord, Refusal>> {
  const seen = await store.of(bills).get({ id: billId }, { lock: true });
  const authority = await store.of(authorities).get({ taxOrg: transfer.taxOrg });
  if (!seen || !authority || seen.taxOrg !== transfer.taxOrg) return err({ code: 'NOT_FOUND' });
  const total = await totalOn(store, seen, transfer.valueDate);
  if (total !== transfer.amountFen) {
    const [due, came] = [formatYuan(fen(total)), formatYuan(fen(transfer.amountFen))];
    return err({ code: 'TRANSFER_AMOUNT', data: { due, came } });
  }
  const named = { billId, way: 'voucher', state: 'OPEN', active: true } as const;
  const voucher =
    voucherNo === null ? undefined : await store.of(orders).get({ ...named, voucherNo });
  if (voucher) {
    const given = await cancelVoucher(store, voucher.id, 'voided', cause);
    if (!given.ok) return given;
  }
  const bill = voucher ? await store.of(bills).get({ id: billId }, { lock: true }) : seen;
  if (bill?.state !== 'UNPAID') {
    return err({ code: 'BILL_NOT_PAYABLE', data: { reason: lockReason(bill ?? seen) } });
  }
  const id = `${transfer.id}-${transfer.version}`;
  const lateFeeFen = await fixLateFees(store, bill, id, transfer.valueDate);
  const order = newOrder(store, bill, { id, taxVouNo, lateFeeFen, payee: authority.payee });
  await store.of(orders).insert(order);
  const next = await record(
    store,
    bill,
    { ...billMove(bill, 'locked'), lateFeeFen },
    {
      subject: id,
      event: 'transferMatched',
      before: bill.state,
      after: 'LOCKED',
      cause,
      text: `${transfer.valueDate} 转账到账，待确认，税票号码 ${taxVouNo}`,
      postings:
        lateFeeFen > 0 ? [{ debit: 'receivable', credit: 'assessed', amountFen: lateFeeFen }] : [],
    },
  );
  announce(store, next, null);
  return ok(order);
}

function newOrder(
  store: Store,
  bill: BillRecord,
  given: Pick<OrderRecord, 'id' | 'taxVouNo' | 'lateFeeFen' | 'payee'>,
): OrderRecord {
  return {
    ...given,
    paymentId: null,
    voucherNo: null,
    unitId: bill.unitId,
    billId: bill.id,
    taxpayerId: bill.taxpayerId,
    taxOrg: bill.taxOrg,
    way: 'transfer',
    amountFen: bill.amountFen + given.lateFeeFen,
    billDate: store.at.date,
    lastDay: null,
    state: 'OPEN',
    active: true,
    agreementId: null,
    snapshot: null,
    resultCode: null,
    addWord: null,
    paidOn: null,
    treasuredOn: null,
    createdAt: store.at.iso,
    changedAt: store.at.iso,
    version: 1,
  };
}

interface Held {
  readonly order: OrderRecord;
  readonly bill: BillRecord;
}

/** The order of a transfer and its bill, the bill locked first. */
export async function heldBy(store: Store, transfer: TransferRecord): Promise<Held | undefined> {
  if (transfer.orderId === null || transfer.billId === null) return undefined;
  const bill = await store.of(bills).get({ id: transfer.billId }, { lock: true });
  const order = await store.of(orders).get({ id: transfer.orderId }, { lock: true });
  return bill && order ? { bill, order } : undefined;
}

/** The transfer pays its bill. */
export async function payByTransfer(
  store: Store,
  { order, bill }: Held,
  paidOn: string,
  cause: string,
): Promise<void> {
  const started = { ...order, ...orderMove(order, 'started', store.at) };
  const paid = { ...orderMove(started, 'collected', store.at), paidOn, resultCode: '90000' };
  await store.of(orders).update(order, paid);
  const next = await record(
    store,
    bill,
    { ...billMove(bill, 'collected'), paidOn },
    {
      subject: order.id,
      event: 'transferConfirmed',
      before: bill.state,
      after: 'PAID',
      cause,
      text: `转账销号，到账日期 ${paidOn}`,
      postings: [{ debit: 'collected', credit: 'receivable', amountFen: order.amountFen }],
    },
  );
  announce(store, next, null);
}

/** The transfer does not pay the bill: it is payable again. */
export async function freeBill(store: Store, { order, bill }: Held, cause: string): Promise<void> {
  const { lateFeeFen } = order;
  const cancelled = { ...orderMove(order, 'cancelled', store.at), active: false };
  await store.of(orders).update(order, cancelled);
  const next = await record(
    store,
    bill,
    { ...billMove(bill, 'unlocked'), lateFeeFen: 0 },
    {
      subject: order.id,
      event: 'transferReleased',
      before: bill.state,
      after: 'UNPAID',
      cause,
      text: '转账退回认领，费款恢复为未缴',
      postings:
        lateFeeFen > 0 ? [{ debit: 'assessed', credit: 'receivable', amountFen: lateFeeFen }] : [],
    },
  );
  announce(store, next, null);
}

/** The money is in the treasury. */
export async function treasureBill(
  store: Store,
  { order, bill }: Held,
  treasuredOn: string,
  cause: string,
): Promise<void> {
  await store.of(orders).update(order, { ...orderMove(order, 'treasured', store.at), treasuredOn });
  const next = await record(store, bill, billMove(bill, 'treasured'), {
    subject: order.id,
    event: 'treasured',
    before: bill.state,
    after: 'TREASURED',
    cause,
    text: `已划缴国库，入库日期 ${treasuredOn}`,
    postings: [{ debit: 'treasury', credit: 'collected', amountFen: order.amountFen }],
  });
  announce(store, next, null);
}

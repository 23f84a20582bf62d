import { err, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import { authorities, type Store } from '../treasury/index.ts';
import { announce } from './advance.ts';
import { lateFees, lockReason, totalLateFee } from './bills.ts';
import { fixLateFees } from './late-fees.ts';
import { record } from './ledger.ts';
import { billMove, orderMove } from './payment.ts';
import {
  type BillLineRecord,
  type BillRecord,
  billLines,
  bills,
  type OrderRecord,
  orders,
} from './tables.ts';

export const voucherStates = [
  '凭证有效',
  '银行受理中',
  '待核实',
  '已缴款未入库',
  '已入库',
  '已失效',
  '已作废',
] as const;
export type VoucherState = (typeof voucherStates)[number];

/** How a voucher stands on a day. */
export function voucherState(order: OrderRecord, today: string): VoucherState {
  switch (order.state) {
    case 'OPEN':
      return order.lastDay !== null && today > order.lastDay ? '已失效' : '凭证有效';
    case 'PAYING':
      return '银行受理中';
    case 'PENDING_CHECK':
      return '待核实';
    case 'PAID':
      return '已缴款未入库';
    case 'TREASURED':
      return '已入库';
    case 'CANCELLED':
      return order.resultCode === 'EXPIRED' ? '已失效' : '已作废';
  }
}

export interface NewVoucher {
  readonly id: string;
  readonly taxpayerId: string;
  readonly billId: string;
  readonly version: number;
  readonly totalFen: number;
  readonly requestedBy: string;
}

/** Issues a voucher: locks the bill for the bank's counter, late fee as of today. */
export async function issueVoucher(
  store: Store,
  given: NewVoucher,
  numbers: { readonly voucherNo: string; readonly taxVouNo: string },
): Promise<Result<OrderRecord, Refusal>> {
  const bill = await store.of(bills).get({ id: given.billId }, { lock: true });
  if (!bill || bill.taxpayerId !== given.taxpayerId) return err({ code: 'NOT_FOUND' });
  const made = await store.of(orders).get({ id: given.id });
  if (made) return ok(made);
  if (bill.state !== 'UNPAID') {
    return err({ code: 'BILL_NOT_PAYABLE', data: { reason: lockReason(bill) } });
  }
  const lines = await linesOf(store, bill, null);
  const fee = totalLateFee(lateFees(bill.region, lines, store.at.date));
  if (given.version !== bill.version || given.totalFen !== bill.amountFen + fee) {
    return err({ code: 'BILL_CHANGED' });
  }
  const authority = await store.of(authorities).get({ taxOrg: bill.taxOrg });
  if (!authority) return err({ code: 'TREASURY_CLOSED' });
  const lateFeeFen = await fixLateFees(store, bill, given.id);
  const dueDates = lines.map((line) => line.dueDate).sort();
  const firstDue = dueDates[0] ?? bill.dueDate;
  const order: OrderRecord = {
    id: given.id,
    paymentId: null,
    voucherNo: numbers.voucherNo,
    unitId: bill.unitId,
    billId: bill.id,
    taxpayerId: bill.taxpayerId,
    taxOrg: bill.taxOrg,
    taxVouNo: numbers.taxVouNo,
    way: 'voucher',
    amountFen: bill.amountFen + lateFeeFen,
    lateFeeFen,
    billDate: store.at.date,
    // Overdue dues cost more tomorrow: such a voucher holds for today.
    lastDay: store.at.date <= firstDue ? firstDue : store.at.date,
    state: 'OPEN',
    active: true,
    agreementId: null,
    snapshot: null,
    payee: authority.payee,
    resultCode: null,
    addWord: null,
    paidOn: null,
    treasuredOn: null,
    createdAt: store.at.iso,
    changedAt: store.at.iso,
    version: 1,
  };
  await store.of(orders).insert(order);
  const next = await record(
    store,
    bill,
    { ...billMove(bill, 'locked'), lateFeeFen },
    {
      subject: order.id,
      event: 'voucherIssued',
      before: bill.state,
      after: 'LOCKED',
      cause: given.requestedBy,
      text: `开具银行端查询缴费凭证 ${numbers.voucherNo}`,
      postings:
        lateFeeFen > 0 ? [{ debit: 'receivable', credit: 'assessed', amountFen: lateFeeFen }] : [],
    },
  );
  announce(store, next, null);
  return ok(order);
}

/** Gives a voucher up (作废, or its last day is over): the bill is payable again. */
export async function cancelVoucher(
  store: Store,
  id: string,
  why: 'voided' | 'EXPIRED',
  cause: string,
): Promise<Result<OrderRecord, Refusal>> {
  const found = await store.of(orders).get({ id });
  const bill = found && (await store.of(bills).get({ id: found.billId }, { lock: true }));
  const order = found && (await store.of(orders).get({ id }, { lock: true }));
  if (!order || !bill || order.way !== 'voucher') return err({ code: 'NOT_FOUND' });
  if (order.state !== 'OPEN') {
    const reason = voucherState(order, store.at.date);
    return err({ code: 'BILL_NOT_PAYABLE', data: { reason } });
  }
  const next = await store.of(orders).update(order, {
    ...orderMove(order, 'cancelled', store.at),
    active: false,
    resultCode: why === 'EXPIRED' ? why : null,
  });
  const { lateFeeFen } = order;
  const freed = await record(
    store,
    bill,
    { ...billMove(bill, 'unlocked'), lateFeeFen: 0 },
    {
      subject: order.id,
      event: 'voucherCancelled',
      before: bill.state,
      after: 'UNPAID',
      cause,
      text: why === 'EXPIRED' ? '凭证已失效' : '凭证已作废',
      postings:
        lateFeeFen > 0 ? [{ debit: 'assessed', credit: 'receivable', amountFen: lateFeeFen }] : [],
    },
  );
  announce(store, freed, null);
  return ok(next);
}

export async function linesOf(
  store: Store,
  bill: BillRecord,
  orderId: string | null,
): Promise<readonly BillLineRecord[]> {
  const where = { unitId: bill.unitId, billId: bill.id };
  const found = await store.of(billLines).find(where, { order: ['lineNo'] });
  return found.filter((line) => line.orderId === null || line.orderId === orderId);
}

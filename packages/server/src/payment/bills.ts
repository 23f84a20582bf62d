import { err, type Fen, fen, ok, type Result } from '@shebao/kernel';
import { type Insurance, lateFeeOn } from '@shebao/levy';
import type { Refusal } from '../platform/index.ts';
import { policyFor } from '../policy/index.ts';
import type { Store } from '../treasury/index.ts';
import { announce } from './advance.ts';
import { record } from './ledger.ts';
import { billMove } from './payment.ts';
import { type BillLineRecord, type BillRecord, billLines, bills, type LineKind } from './tables.ts';

/** One line of a declaration that is to be paid: 单位编号 × 征收品目 × month × 业务类型 × due date. */
export interface NewBillLine {
  readonly insurance: Insurance;
  readonly payer: 'employer' | 'employee';
  readonly period: number;
  readonly kind: Exclude<LineKind, 'lateFee'>;
  readonly people: number;
  readonly baseFen: number;
  readonly ratePpm: number;
  readonly amountFen: number;
  /** The last day without late fee, YYYY-MM-DD. */
  readonly dueDate: string;
}

/** What a declaration owes. Its id becomes the bill's. */
export interface NewBill {
  readonly declarationId: string;
  readonly unitId: number;
  readonly unitNo: string;
  readonly unitName: string;
  readonly taxpayerId: string;
  readonly taxpayerName: string;
  readonly taxOrg: string;
  readonly region: string;
  readonly declaredOn: string;
  readonly dueDate: string;
  readonly periodFrom: number;
  readonly periodTo: number;
  readonly lines: readonly NewBillLine[];
}

/** Records a bill and its claim. Lines without an amount are left out. */
export async function addBill(store: Store, given: NewBill): Promise<void> {
  const lines = given.lines.filter((line) => line.amountFen > 0);
  const { lines: _given, declarationId: id, ...head } = given;
  const amountFen = fen(lines.reduce((total, line) => total + line.amountFen, 0));
  const bill: BillRecord = {
    ...head,
    id,
    amountFen,
    lateFeeFen: 0,
    state: 'UNPAID',
    paidOn: null,
    refundedFen: 0,
    eventSeq: 0,
    eventHash: '',
    version: 1,
  };
  await store.of(bills).insert(bill);
  await store.of(billLines).insert(
    ...lines.map((line, at) => ({
      ...line,
      unitId: given.unitId,
      billId: id,
      lineNo: at + 1,
      orderId: null,
    })),
  );
  const made = await record(
    store,
    bill,
    {},
    {
      subject: id,
      event: 'created',
      before: '',
      after: 'UNPAID',
      cause: id,
      text: '申报成功，生成应征凭证',
      postings: [{ debit: 'receivable', credit: 'assessed', amountFen }],
    },
  );
  announce(store, made, null);
}

/** Voids the bill of a declaration: only while nobody pays it. */
export async function voidBillOf(store: Store, id: string): Promise<Result<null, Refusal>> {
  const bill = await store.of(bills).get({ id }, { lock: true });
  if (!bill) return err({ code: 'NOT_FOUND' });
  if (bill.state !== 'UNPAID') {
    return err({ code: 'DECLARATION_NOT_VOIDABLE', data: { reason: lockReason(bill) } });
  }
  await record(store, bill, billMove(bill, 'voided'), {
    subject: id,
    event: 'voided',
    before: bill.state,
    after: 'VOIDED',
    cause: id,
    text: '申报表作废，应征凭证作废',
    postings: [{ debit: 'assessed', credit: 'receivable', amountFen: bill.amountFen }],
  });
  announce(store, bill, null);
  return ok(null);
}

/** Why a bill is not to be touched now, in Chinese. */
export function lockReason(bill: BillRecord): string {
  switch (bill.state) {
    case 'UNPAID':
      return '未缴费';
    case 'LOCKED':
      return '费款正在缴纳';
    case 'PAID':
    case 'TREASURED':
      return '费款已缴纳';
    case 'REFUNDED':
      return '费款已退费';
    case 'VOIDED':
      return '申报表已作废';
  }
}

/** The late fee of each insurance as of a day; insurances without one are left out. */
export function lateFees(
  region: string,
  lines: readonly BillLineRecord[],
  day: string,
): ReadonlyMap<Insurance, Fen> {
  const policy = policyFor(region);
  const totals = new Map<Insurance, Fen>();
  for (const line of lines) {
    if (line.kind === 'lateFee') continue;
    const fee = lateFeeOn(policy, region, fen(line.amountFen), line.dueDate, day);
    if (fee > 0) totals.set(line.insurance, fen((totals.get(line.insurance) ?? 0) + fee));
  }
  return totals;
}

/** Adds the late fees of a bill. */
export function totalLateFee(fees: ReadonlyMap<Insurance, Fen>): Fen {
  return fen([...fees.values()].reduce((total, fee) => total + fee, 0));
}

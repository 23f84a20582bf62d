import type { Bill } from '@shebao/contract';
import { type Fen, fen, formatMonth, formatYuan, type Month } from '@shebao/kernel';
import { type Insurance, insuranceName, insurances } from '@shebao/levy';
import { momentAt } from '../platform/index.ts';
import type { Reader } from '../treasury/index.ts';
import { type AgreementState, origins, remedyOf, unusableReason } from './agreement.ts';
import { isAmendable } from './agreements.ts';
import { lateFees, totalLateFee } from './bills.ts';
import { optionText } from './confirm.ts';
import { paidFrom, shownOutcome } from './outcome.ts';
import { type StateAndOrder, statusOf } from './status.ts';
import {
  type AgreementRecord,
  type AttemptRecord,
  agreements,
  attempts,
  type BillLineRecord,
  type BillRecord,
  billLines,
  bills,
  type OrderRecord,
  orders,
  payments,
} from './tables.ts';
import { voucherState } from './voucher.ts';

/** The bills of these 单位编号 that are not yet paid, oldest first, as of a day. */
export async function dueBills(
  read: Reader,
  taxpayerId: string,
  unitNos: readonly string[],
  today: string,
): Promise<readonly Bill[]> {
  const found = await read
    .of(bills)
    .find(
      { taxpayerId, unitNo: [...unitNos], state: ['UNPAID', 'LOCKED'] },
      { order: ['declaredOn', 'unitNo', 'id'] },
    );
  const ids = found.map((bill) => bill.id);
  const live = await read.of(orders).find({ billId: ids, active: true });
  const lines = await read.of(billLines).find({ billId: ids }, { order: ['lineNo'] });
  return found.map((bill) => {
    const order = live.find((one) => one.billId === bill.id);
    return billRow(
      bill,
      order,
      lines.filter((line) => line.billId === bill.id),
      today,
    );
  });
}

function billRow(
  bill: BillRecord,
  order: OrderRecord | undefined,
  lines: readonly BillLineRecord[],
  today: string,
): Bill {
  const own = lines.filter((line) => line.orderId === null);
  const fee =
    bill.state === 'UNPAID' ? totalLateFee(lateFees(bill.region, own, today)) : bill.lateFeeFen;
  const amounts = amountsByInsurance(own);
  const shown: StateAndOrder = { state: bill.state, orderState: order?.state ?? null };
  return {
    id: bill.id,
    declarationId: bill.id,
    unitNo: bill.unitNo,
    unitName: bill.unitName,
    declaredOn: bill.declaredOn,
    periodFrom: formatMonth(bill.periodFrom as Month),
    periodTo: formatMonth(bill.periodTo as Month),
    insuranceNames: [...amounts.keys()].map(insuranceName).join('、'),
    insurances: [...amounts].map(([insurance, amount]) => ({
      insurance,
      name: insuranceName(insurance),
      amount: formatYuan(amount),
    })),
    amount: formatYuan(fen(bill.amountFen)),
    lateFee: formatYuan(fen(fee)),
    total: formatYuan(fen(bill.amountFen + fee)),
    dueDate: bill.dueDate,
    status: statusOf(shown),
    payable: bill.state === 'UNPAID',
    note: order ? lockNote(order) : null,
    version: bill.version,
  };
}

function lockNote(order: OrderRecord): string {
  const since = minuteOf(order.createdAt);
  if (order.way === 'voucher') {
    return `${since} 起以银行端查询缴费凭证 ${order.voucherNo ?? ''} 缴纳`;
  }
  if (order.way === 'transfer') return `${since} 起转账已到账，待办税服务厅确认，请勿重复缴费`;
  const from = order.snapshot?.option ?? '';
  if (order.way === 'batch' && order.state !== 'PENDING_CHECK') {
    return `${since} 起列入批量扣款，从 ${from} 扣款，不能自行缴费`;
  }
  return order.state === 'PENDING_CHECK'
    ? `${since} 起从 ${from} 扣款，结果核实中，请勿重复缴费`
    : `${since} 起正在从 ${from} 扣款`;
}

/** `2021-03-10 09:05` of an instant, in Shanghai. */
function minuteOf(instant: string): string {
  return momentAt(Date.parse(instant)).iso.slice(0, 16).replace('T', ' ');
}

/** Amounts by insurance in the order in which insurances are always listed. */
function amountsByInsurance(lines: readonly BillLineRecord[]): ReadonlyMap<Insurance, Fen> {
  const totals = new Map<Insurance, Fen>();
  for (const insurance of insurances) {
    const own = lines.filter((line) => line.insurance === insurance && line.kind !== 'lateFee');
    if (own.length === 0) continue;
    totals.set(insurance, fen(own.reduce((total, line) => total + line.amountFen, 0)));
  }
  return totals;
}

/** An agreement as its taxpayer and the office see it. */
export function agreementRow(agreement: AgreementRecord) {
  const reason = unusableReason(agreement.state);
  return {
    id: String(agreement.id),
    protocolNo: agreement.protocolNo,
    bankName: agreement.bankName,
    option: optionText(agreement),
    accountMasked: `**** **** **** ${agreement.accountTail}`,
    holder: agreement.holder,
    openingBankNo: agreement.openingBankNo,
    clearingBankNo: agreement.clearingBankNo,
    origin: origins[agreement.origin],
    amendable: isAmendable(agreement),
    state: agreement.state as AgreementState,
    reason: reason === null ? null : (agreement.reason ?? reason),
    remedy: remedyOf(agreement.state, agreement.reason),
    usable: reason === null,
    verifiedAt: agreement.verifiedAt,
    createdAt: agreement.createdAt,
  };
}

/** A taxpayer's agreements in the order in which they were made. */
export async function agreementsOf(
  read: Reader,
  taxpayerId: string,
): Promise<readonly AgreementRecord[]> {
  return read.of(agreements).find({ taxpayerId }, { order: ['id'] });
}

/** The account that was chosen last: offered first the next time. */
export async function lastChosen(read: Reader, taxpayerId: string): Promise<string | null> {
  const where = { taxpayerId };
  const [last] = await read.of(payments).find(where, { order: ['-createdAt'], limit: 1 });
  return last ? String(last.agreementId) : null;
}

/** One payment with what became of each order; undefined when the taxpayer has no such payment. */
export async function paymentResultOf(read: Reader, taxpayerId: string, id: string) {
  const payment = await read.of(payments).get({ id, taxpayerId });
  if (!payment) return undefined;
  const made = await read.of(orders).find({ paymentId: id }, { order: ['id'] });
  const tries = await attemptsOf(read, made);
  const held = await read.of(bills).find({ id: made.map((order) => order.billId) });
  const rows = made.map((order) => {
    const { state, message, nextStep } = shownOutcome(order, tries.get(order.id)?.state ?? null);
    return {
      billId: order.billId,
      unitNo: held.find((bill) => bill.id === order.billId)?.unitNo ?? '',
      taxVoucherNo: order.taxVouNo,
      amount: formatYuan(fen(order.amountFen)),
      state,
      message,
      nextStep,
      paidOn: order.paidOn,
      receiptId: order.paidOn === null ? null : order.id,
    };
  });
  return {
    id,
    state: overall(rows.map((row) => row.state)),
    createdAt: payment.createdAt,
    total: formatYuan(fen(payment.totalFen)),
    account: payment.accountOption,
    orders: rows,
  };
}

type Shown = ReturnType<typeof shownOutcome>['state'];

function overall(states: readonly Shown[]) {
  if (states.includes('扣款中')) return 'processing' as const;
  const kinds = new Set(states);
  if (kinds.size > 1) return 'mixed' as const;
  if (kinds.has('缴费成功')) return 'succeeded' as const;
  return kinds.has('待核实') ? ('pendingCheck' as const) : ('failed' as const);
}

async function attemptsOf(
  read: Reader,
  made: readonly OrderRecord[],
): Promise<ReadonlyMap<string, AttemptRecord>> {
  const found = await read
    .of(attempts)
    .find({ orderId: made.map((order) => order.id) }, { order: ['createdAt', 'id'] });
  return new Map(found.map((attempt) => [attempt.orderId, attempt]));
}

/** 缴费记录 of these units, newest first. */
export async function paymentRows(read: Reader, taxpayerId: string, unitNos: readonly string[]) {
  const made = await read
    .of(orders)
    .find({ taxpayerId }, { order: ['-createdAt', '-id'], limit: 1_000 });
  const held = await read
    .of(bills)
    .find({ id: made.map((order) => order.billId), unitNo: [...unitNos] });
  const lines = await read.of(billLines).find({ billId: held.map((bill) => bill.id) });
  const tries = await attemptsOf(read, made);
  return made.flatMap((order) => {
    const bill = held.find((one) => one.id === order.billId);
    // A voucher that no bank has fetched yet, or that came to nothing, has a page of its own; a transfer that was
    // matched wrongly was nothing of the unit's.
    const idle =
      (order.way === 'voucher' && ['OPEN', 'CANCELLED'].includes(order.state)) ||
      (order.way === 'transfer' && order.state === 'CANCELLED');
    if (!bill || idle) return [];
    const own = lines.filter((line) => line.billId === bill.id);
    const shown = shownOutcome(order, tries.get(order.id)?.state ?? null);
    return [
      {
        paymentId: order.paymentId ?? order.id,
        taxVoucherNo: order.taxVouNo,
        unitNo: bill.unitNo,
        unitName: bill.unitName,
        periodFrom: formatMonth(bill.periodFrom as Month),
        periodTo: formatMonth(bill.periodTo as Month),
        insuranceNames: [...amountsByInsurance(own).keys()].map(insuranceName).join('、'),
        amount: formatYuan(fen(order.amountFen)),
        account: paidFrom(order),
        requestedAt: order.createdAt,
        paidOn: order.paidOn,
        treasuredOn: order.treasuredOn,
        orderId: order.id,
        receiptId: order.paidOn === null ? null : order.id,
        status: recordStatus(order),
        message: shown.state === '缴费失败' ? shown.message : '',
      },
    ];
  });
}

function recordStatus(order: OrderRecord) {
  if (order.state === 'CANCELLED') return '缴费失败' as const;
  if (order.state === 'PENDING_CHECK') return '待核实' as const;
  if (order.state === 'PAID') return '已缴款未入库' as const;
  return order.state === 'TREASURED' ? ('已入库' as const) : ('扣款中' as const);
}

/** A bank-side voucher as its unit sees it. */
export function voucherRow(order: OrderRecord, unitNo: string, today: string) {
  return {
    id: order.id,
    voucherNo: order.voucherNo ?? '',
    unitNo,
    billId: order.billId,
    amount: formatYuan(fen(order.amountFen)),
    lastDay: order.lastDay ?? order.billDate,
    state: voucherState(order, today),
    createdAt: order.createdAt,
  };
}

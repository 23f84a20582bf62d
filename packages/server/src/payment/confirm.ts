import { channelTime } from '@shebao/channel';
import { assert, err, fen, formatYuan, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import {
  type AuthorityRecord,
  authorities,
  type Store,
  sessions,
  type TreasuryDay,
  treasuryDay,
} from '../treasury/index.ts';
import { announce, type Times } from './advance.ts';
import { unusableReason } from './agreement.ts';
import { lateFees, lockReason, totalLateFee } from './bills.ts';
import { fixLateFees, linesOf } from './late-fees.ts';
import { record } from './ledger.ts';
import { billMove, orderMove } from './payment.ts';
import {
  type AgreementRecord,
  type AttemptRecord,
  agreements,
  attempts,
  type BillLineRecord,
  type BillRecord,
  bills,
  type OrderRecord,
  orders,
  type PaymentRecord,
  payments,
  type Snapshot,
} from './tables.ts';

/** 确认缴费 as the unit saw it. */
export interface PayOrder {
  /** Made and kept by the client before it sent. */
  readonly id: string;
  readonly taxpayerId: string;
  readonly requestedBy: string;
  readonly agreementId: number;
  readonly bills: readonly ShownBill[];
  readonly totalFen: number;
}
export interface ShownBill {
  readonly id: string;
  readonly version: number;
  readonly totalFen: number;
}

/** The numbers that one bill's order and debit will bear. */
export interface BillNumbers {
  readonly billId: string;
  readonly taxVouNo: string;
  readonly traNo: string;
  readonly msgId: string;
  /** Work date (YYYY-MM-DD) for which the TraNo was drawn. */
  readonly workDate: string;
}

/** What was accepted: one background task per order. */
export interface Accepted {
  readonly id: string;
  readonly taskId: string;
}

/**
 * Takes a pay order: checks bills, agreement and the treasury's day under locks, fixes the late fees, locks the bills and
 * makes order, attempt and sending task of each, all or nothing. Asked again with the same id it answers the same.
 */
export async function confirmPayment(
  store: Store,
  order: PayOrder,
  numbers: readonly BillNumbers[],
  times: Times,
): Promise<Result<Accepted, Refusal>> {
  const shown = order.bills.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  // Sent in this order: the bills are locked by their ids, the agreement after them, whoever pays what.
  const [found, before, session, agreement] = await Promise.all([
    Promise.all(shown.map(({ id }) => store.of(bills).get({ id }, { lock: true }))),
    store.of(payments).get({ id: order.id }),
    store.of(sessions).get({ id: 'session' }),
    store.of(agreements).get({ id: order.agreementId }, { lock: true }),
  ]);
  const locked = found.filter((bill) => bill?.taxpayerId === order.taxpayerId) as BillRecord[];
  if (locked.length < shown.length) return err({ code: 'NOT_FOUND' });
  if (before) return repeated(store, order, before);
  const day = treasuryDay(session, store.at.epochMs);
  const [lines, authorityOf] = await Promise.all([
    Promise.all(locked.map((bill) => linesOf(store, bill))),
    authoritiesOf(store, locked),
  ]);
  const refusal =
    (await billRefusal(store, shown, locked, lines)) ??
    agreementRefusal(agreement, order.taxpayerId) ??
    dayRefusal(day, numbers);
  if (refusal) return err(refusal);
  assert(agreement && session, 'checked above');
  const sum = shown.reduce((total, bill) => total + bill.totalFen, 0);
  if (sum !== order.totalFen) return err({ code: 'BILL_CHANGED' });
  await store.of(payments).insert({
    id: order.id,
    taxpayerId: order.taxpayerId,
    agreementId: agreement.id,
    accountOption: optionText(agreement),
    totalFen: order.totalFen,
    requestedBy: order.requestedBy,
    createdAt: store.at.iso,
  });
  const hubMs = store.at.epochMs + session.hubOffsetMs;
  const notAfter = channelTime(hubMs + times.validMs);
  let taskId = '';
  for (const [at, bill] of locked.entries()) {
    const number = numbers.find((one) => one.billId === bill.id);
    assert(number, `numbers were drawn for bill ${bill.id}`);
    const authority = authorityOf.get(bill.taxOrg);
    if (!authority) return err({ code: 'TREASURY_CLOSED' });
    const start = {
      order,
      agreement,
      bill,
      number,
      notAfter,
      at,
      authority,
      lines: lines[at] ?? [],
    };
    const task = await startOrder(store, start);
    taskId = taskId === '' ? task : taskId;
  }
  return ok({ id: order.id, taskId });
}

async function authoritiesOf(
  store: Store,
  some: readonly BillRecord[],
): Promise<ReadonlyMap<string, AuthorityRecord>> {
  const taxOrg = [...new Set(some.map((bill) => bill.taxOrg))];
  const found = await store.of(authorities).find({ taxOrg });
  return new Map(found.map((one) => [one.taxOrg, one]));
}

/** The text in 「扣款账号」. */
export function optionText(agreement: { bankName: string; accountTail: string }): string {
  return `${agreement.bankName}（尾号${agreement.accountTail}）`;
}

/** The same id again: the same answer for the same bills, account and sum, else a refusal. */
async function repeated(
  store: Store,
  order: PayOrder,
  before: PaymentRecord,
): Promise<Result<Accepted, Refusal>> {
  const made = await store.of(orders).find({ paymentId: before.id }, { order: ['id'] });
  const paidFor = made.map((one) => one.billId).sort((a, b) => a.localeCompare(b));
  const asked = order.bills.map((bill) => bill.id).sort((a, b) => a.localeCompare(b));
  const same =
    before.taxpayerId === order.taxpayerId &&
    before.totalFen === order.totalFen &&
    before.agreementId === order.agreementId &&
    paidFor.join() === asked.join();
  const last = made.at(-1);
  if (!same || !last) return err({ code: 'IDEMPOTENCY_MISMATCH' });
  return ok({ id: order.id, taskId: await sendTask(store, last) });
}

async function billRefusal(
  store: Store,
  shown: readonly ShownBill[],
  locked: readonly BillRecord[],
  lines: readonly (readonly BillLineRecord[])[],
): Promise<Refusal | null> {
  for (const bill of locked) {
    if (bill.state === 'UNPAID') continue;
    const live = await store.of(orders).get({ billId: bill.id, active: true });
    if (live?.state === 'PENDING_CHECK') return { code: 'PAYMENT_PENDING_CHECK' };
    if (live?.way === 'batch') return { code: 'BILL_IN_BATCH' };
    return { code: 'BILL_NOT_PAYABLE', data: { reason: lockReason(bill) } };
  }
  const errors: { path: string; code: string; detail: string }[] = [];
  for (const [at, bill] of locked.entries()) {
    const fee = totalLateFee(lateFees(bill.region, lines[at] ?? [], store.at.date));
    const total = bill.amountFen + fee;
    const seen = shown[at];
    if (seen?.version === bill.version && seen.totalFen === total) continue;
    const detail = `单位编号 ${bill.unitNo} 应缴费款现为 ${formatYuan(fen(total))} 元`;
    errors.push({ path: `bills[${at}].total`, code: 'BILL_CHANGED', detail });
  }
  return errors.length > 0 ? { code: 'BILL_CHANGED', errors } : null;
}

function agreementRefusal(
  agreement: AgreementRecord | undefined,
  taxpayerId: string,
): Refusal | null {
  if (!agreement || agreement.taxpayerId !== taxpayerId) return { code: 'NOT_FOUND' };
  const reason = unusableReason(agreement.state);
  return reason === null ? null : { code: 'AGREEMENT_UNUSABLE', data: { reason } };
}

function dayRefusal(day: TreasuryDay, numbers: readonly BillNumbers[]): Refusal | null {
  if (!day.open) return { code: day.code };
  // 日切 came between drawing the numbers and now: the next try has numbers of the new date.
  const current = numbers.every((one) => one.workDate === day.workDate);
  return current ? null : { code: 'TREASURY_CUTOFF' };
}

interface Start {
  readonly order: PayOrder;
  readonly agreement: AgreementRecord;
  readonly bill: BillRecord;
  readonly number: BillNumbers;
  readonly notAfter: string;
  readonly at: number;
  readonly authority: AuthorityRecord;
  /** The bill's own lines. */
  readonly lines: readonly BillLineRecord[];
}

/** Makes order, attempt and sending task of a bill; the id of the task. */
async function startOrder(store: Store, start: Start): Promise<string> {
  const { order, agreement, bill, number, authority } = start;
  const id = `${order.id}-${start.at + 1}`;
  const lateFeeFen = await fixLateFees(store, bill, id, store.at.date, start.lines);
  const made: OrderRecord = {
    id,
    paymentId: order.id,
    voucherNo: null,
    unitId: bill.unitId,
    billId: bill.id,
    taxpayerId: bill.taxpayerId,
    taxOrg: bill.taxOrg,
    taxVouNo: number.taxVouNo,
    way: 'agreement',
    amountFen: bill.amountFen + lateFeeFen,
    lateFeeFen,
    billDate: store.at.date,
    lastDay: null,
    state: 'OPEN',
    active: true,
    agreementId: agreement.id,
    snapshot: snapshotOf(agreement),
    payee: authority.payee,
    resultCode: null,
    addWord: null,
    paidOn: null,
    treasuredOn: null,
    createdAt: store.at.iso,
    changedAt: store.at.iso,
    version: 1,
  };
  await store.of(orders).insert({ ...made, ...orderMove(made, 'started', store.at) });
  await store
    .of(attempts)
    .insert({ ...newAttempt(made, number, store.at.iso), notAfter: start.notAfter });
  const next = await record(
    store,
    bill,
    { ...billMove(bill, 'locked'), lateFeeFen },
    {
      subject: id,
      event: 'confirmed',
      before: bill.state,
      after: 'LOCKED',
      cause: order.requestedBy,
      text: `确认缴费，税票号码 ${number.taxVouNo}`,
      postings:
        lateFeeFen > 0 ? [{ debit: 'receivable', credit: 'assessed', amountFen: lateFeeFen }] : [],
    },
  );
  announce(store, next, order.id);
  return sendTask(store, { id, taxpayerId: bill.taxpayerId });
}

/** The task that sends an order's first attempt; asked for again it is the same task. */
function sendTask(store: Store, order: Pick<OrderRecord, 'id' | 'taxpayerId'>): Promise<string> {
  return store.later({
    kind: 'payment.send',
    owner: order.taxpayerId,
    payload: { attemptId: `${order.id}-1` },
    dedupeKey: `${order.id}-1`,
  });
}

/** The first attempt of an order, not yet sent. */
export function newAttempt(
  order: OrderRecord,
  number: BillNumbers,
  createdAt: string,
  msgNo: AttemptRecord['msgNo'] = '1001',
) {
  return {
    id: `${order.id}-1`,
    orderId: order.id,
    unitId: order.unitId,
    billId: order.billId,
    msgNo,
    taxOrg: order.taxOrg,
    entrustDate: number.workDate,
    traNo: number.traNo,
    packNo: null,
    state: 'NEW',
    msgId: number.msgId,
    notAfter: null,
    bytesHash: null,
    bootId: null,
    sentAt: null,
    unclearAt: null,
    cancelNo: null,
    cancelDate: null,
    cancelMsgId: null,
    resultCode: null,
    addWord: null,
    taxDate: null,
    source: null,
    reconDate: null,
    reconClass: null,
    createdAt,
    version: 1,
  } as const;
}

/** The agreement as it stands, for an order to keep. */
export function snapshotOf(agreement: AgreementRecord): Snapshot {
  return {
    protocolNo: agreement.protocolNo,
    bankName: agreement.bankName,
    openingBankNo: agreement.openingBankNo,
    clearingBankNo: agreement.clearingBankNo,
    accountId: agreement.accountId,
    option: optionText(agreement),
    holder: agreement.holder,
  };
}

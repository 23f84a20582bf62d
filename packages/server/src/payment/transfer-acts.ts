import { err, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import type { Store } from '../treasury/index.ts';
import { accountIdOf } from './agreements.ts';
import { nextState } from './machine.ts';
import { bills, orders } from './tables.ts';
import {
  matchTransfer,
  namesIn,
  type Payable,
  type TransferEvent,
  transferMachine,
} from './transfer.ts';
import {
  freeBill,
  heldBy,
  holdBill,
  payByTransfer,
  totalOn,
  treasureBill,
} from './transfer-order.ts';
import { type TransferRecord, transferEvents, transfers } from './transfer-tables.ts';

/** One line of a bank statement, sound in itself. */
export interface StatementLine {
  readonly id: string;
  readonly taxOrg: string;
  readonly payeeAcct: string;
  readonly valueDate: string;
  readonly bankSerial: string;
  readonly payerName: string;
  readonly payerAccount: string;
  readonly payerBank: string;
  readonly amountFen: number;
  readonly remark: string;
}

export type Registered =
  | { readonly verdict: '接受'; readonly transfer: TransferRecord }
  | { readonly verdict: '无变化'; readonly transfer: TransferRecord }
  | { readonly verdict: '拒绝'; readonly transfer: TransferRecord };

const system = '系统';

/**
 * Registers money that came and matches it. The same line again changes nothing; another line under the same serial of
 * the same day is refused.
 */
export async function registerTransfer(
  store: Store,
  line: StatementLine,
  officer: string,
  taxVouNo: string,
): Promise<Registered> {
  const { payeeAcct, valueDate, bankSerial } = line;
  const known = await store.of(transfers).get({ payeeAcct, valueDate, bankSerial });
  if (known) {
    const same =
      known.amountFen === line.amountFen &&
      known.payerName === line.payerName &&
      known.remark === line.remark;
    return { verdict: same ? '无变化' : '拒绝', transfer: known };
  }
  const { payerAccount, ...rest } = line;
  const accountId = payerAccount === '' ? null : await accountIdOf(store, payerAccount);
  const made: TransferRecord = {
    ...rest,
    payerAccountId: accountId,
    payerTail: payerAccount.slice(-4),
    state: '待认领',
    unitNo: null,
    billId: null,
    orderId: null,
    reason: '',
    evidence: null,
    madeBy: officer,
    matchedBy: null,
    confirmedBy: null,
    passNo: null,
    passedOn: null,
    askedBy: null,
    closedBy: null,
    createdAt: store.at.iso,
    version: 1,
  };
  const match = matchTransfer(made, await payableBy(store, made));
  const reason = match.kind === 'waiting' ? match.reason : '';
  const waiting = { ...made, reason };
  await store.of(transfers).insert(waiting);
  await note(
    store,
    waiting,
    officer,
    'registered',
    '',
    reason === '' ? '到账登记' : `到账登记，挂账：${reason}`,
  );
  if (match.kind === 'waiting') return { verdict: '接受', transfer: waiting };
  const { billId, voucherNo } = match.bill;
  const order = await holdBill(store, waiting, billId, taxVouNo, system, voucherNo);
  if (!order.ok) {
    // Paid, voided or taken by somebody else between the look and the lock.
    const later = '匹配的费款已变化，请认领';
    const next = await store.of(transfers).update(waiting, { reason: later });
    return { verdict: '接受', transfer: next };
  }
  const text = `按${match.how}自动匹配单位编号 ${match.bill.unitNo}`;
  const changes = {
    unitNo: match.bill.unitNo,
    billId: match.bill.billId,
    orderId: order.value.id,
    matchedBy: system,
    reason: text,
  };
  return {
    verdict: '接受',
    transfer: await move(store, waiting, system, 'matched', changes, text),
  };
}

/** Unpaid bills, or bills with a valid voucher, of whoever the remark names, as of the day the money came. */
async function payableBy(store: Store, transfer: TransferRecord): Promise<readonly Payable[]> {
  const names = [...namesIn(transfer.remark)];
  if (names.length === 0) return [];
  const byVoucher = await store
    .of(orders)
    .find({ voucherNo: names, way: 'voucher', state: 'OPEN' });
  const ids = byVoucher.map((order) => order.billId);
  const found = [
    ...(await store.of(bills).find({ id: ids, taxOrg: transfer.taxOrg })),
    ...(await store.of(bills).find({ unitNo: names, taxOrg: transfer.taxOrg, state: 'UNPAID' })),
    ...(await store
      .of(bills)
      .find({ taxpayerId: names, taxOrg: transfer.taxOrg, state: 'UNPAID' })),
  ];
  const once = new Map(found.map((bill) => [bill.id, bill]));
  const payable: Payable[] = [];
  for (const bill of once.values()) {
    const voucher = byVoucher.find((order) => order.billId === bill.id);
    payable.push({
      billId: bill.id,
      unitNo: bill.unitNo,
      taxpayerId: bill.taxpayerId,
      voucherNo: voucher?.voucherNo ?? null,
      totalFen: await totalOn(store, bill, transfer.valueDate),
    });
  }
  return payable;
}

/** What an officer does with a transfer, as he saw it. */
export interface TransferOrder {
  readonly id: string;
  readonly version: number;
  readonly officer: string;
  readonly act: TransferAct;
  readonly billId: string | null;
  readonly reason: string;
  readonly evidence: string | null;
  readonly passNo: string | null;
  readonly passedOn: string | null;
}
export const transferActs = [
  'claim',
  'confirm',
  'release',
  'pass',
  'confirmPass',
  'rejectPass',
  'return',
  'confirmReturn',
  'rejectReturn',
] as const;
export type TransferAct = (typeof transferActs)[number];

const eventOf: Readonly<Record<TransferAct, TransferEvent>> = {
  claim: 'matched',
  confirm: 'confirmed',
  release: 'released',
  pass: 'passed',
  confirmPass: 'passConfirmed',
  rejectPass: 'passRejected',
  return: 'returned',
  confirmReturn: 'returnConfirmed',
  rejectReturn: 'returnRejected',
};

type Done = Result<TransferRecord, Refusal>;

/** Claims, confirms, gives up, passes on or sends back; what moves money or a bill takes two officers. */
export async function actOnTransfer(
  store: Store,
  order: TransferOrder,
  taxVouNo: string,
): Promise<Done> {
  const seen = await store.of(transfers).get({ id: order.id });
  if (!seen) return err({ code: 'NOT_FOUND' });
  // The bill is locked before the transfer, as everywhere.
  const held = await heldBy(store, seen);
  const found = await store.of(transfers).get({ id: order.id }, { lock: true });
  const event = eventOf[order.act];
  const possible = found && nextState(transferMachine, found.state, event) !== undefined;
  if (!found || !possible || found.version !== order.version)
    return err({ code: 'TRANSFER_CHANGED' });
  const { officer } = order;
  if (isSecond(order.act) && makersOf(found, order.act).includes(officer)) {
    return err({ code: 'TRANSFER_SAME_OFFICER' });
  }
  const done = await effectOf(store, found, held, order, taxVouNo);
  if (!done.ok) return done;
  return ok(await move(store, found, officer, event, done.value.changes, done.value.text));
}

interface Effect {
  readonly changes: Partial<Omit<TransferRecord, 'version'>>;
  readonly text: string;
}

/** What an act does to the bill, and what of the transfer it changes. */
async function effectOf(
  store: Store,
  found: TransferRecord,
  held: Awaited<ReturnType<typeof heldBy>>,
  order: TransferOrder,
  taxVouNo: string,
): Promise<Result<Effect, Refusal>> {
  const { officer, reason } = order;
  const cause = `${officer} ${found.id}`;
  switch (order.act) {
    case 'claim':
      return claim(store, found, order, taxVouNo);
    case 'confirm':
      if (!held) return err({ code: 'TRANSFER_CHANGED' });
      await payByTransfer(store, held, found.valueDate, cause);
      return ok({ changes: { confirmedBy: officer }, text: '复核确认，已销号' });
    case 'release': {
      if (held) await freeBill(store, held, cause);
      const empty = { unitNo: null, billId: null, orderId: null, matchedBy: null, evidence: null };
      return ok({ changes: { ...empty, reason }, text: `退回认领：${reason}` });
    }
    case 'pass': {
      const { passNo, passedOn } = order;
      const text = `划缴国库，缴款书 ${passNo ?? ''}，日期 ${passedOn ?? ''}`;
      return ok({ changes: { passNo, passedOn, askedBy: officer }, text });
    }
    case 'confirmPass':
      if (!held || found.passedOn === null) return err({ code: 'TRANSFER_CHANGED' });
      await treasureBill(store, held, found.passedOn, cause);
      return ok({ changes: { closedBy: officer }, text: '复核确认，已划缴国库' });
    case 'rejectPass': {
      const changes = { passNo: null, passedOn: null, askedBy: null };
      return ok({ changes, text: `划缴退回重办：${reason}` });
    }
    case 'return':
      return ok({ changes: { askedBy: officer, reason }, text: `申请退回付款人：${reason}` });
    case 'confirmReturn':
      return ok({ changes: { closedBy: officer }, text: '复核确认，已退回付款人' });
    case 'rejectReturn':
      return ok({ changes: { askedBy: null, reason }, text: `不予退回：${reason}` });
  }
}

async function claim(
  store: Store,
  found: TransferRecord,
  { billId, officer, reason, evidence }: TransferOrder,
  taxVouNo: string,
): Promise<Result<Effect, Refusal>> {
  const bill = billId === null ? undefined : await store.of(bills).get({ id: billId });
  if (!bill) return err({ code: 'NOT_FOUND' });
  const kept = await holdBill(store, found, bill.id, taxVouNo, `${officer} ${found.id}`);
  if (!kept.ok) return kept;
  const text = `认领到单位编号 ${bill.unitNo}：${reason}`;
  const claimed = { unitNo: bill.unitNo, billId: bill.id, orderId: kept.value.id, evidence };
  return ok({ changes: { ...claimed, matchedBy: officer, reason: text }, text });
}

function isSecond(act: TransferAct): boolean {
  return act === 'confirm' || act === 'confirmPass' || act === 'confirmReturn';
}

/** Who has already spoken: whoever matched it, or typed it where the system matched; whoever asked. */
function makersOf(found: TransferRecord, act: TransferAct): readonly (string | null)[] {
  if (act !== 'confirm') return [found.askedBy];
  return [found.matchedBy === system ? found.madeBy : found.matchedBy];
}

async function move(
  store: Store,
  found: TransferRecord,
  actor: string,
  event: TransferEvent,
  changes: Partial<Omit<TransferRecord, 'version'>>,
  text: string,
): Promise<TransferRecord> {
  const state = nextState(transferMachine, found.state, event) ?? found.state;
  const next = await store.of(transfers).update(found, { ...changes, state });
  await note(store, next, actor, event, found.state, text);
  return next;
}

async function note(
  store: Store,
  transfer: TransferRecord,
  actor: string,
  event: string,
  stateBefore: string,
  text: string,
): Promise<void> {
  const before = await store.of(transferEvents).find({ transferId: transfer.id });
  await store.of(transferEvents).insert({
    transferId: transfer.id,
    seq: before.length + 1,
    at: store.at.iso,
    actor,
    event,
    stateBefore,
    stateAfter: transfer.state,
    text,
  });
  store.tell('office', 'transfer', { id: transfer.id });
}

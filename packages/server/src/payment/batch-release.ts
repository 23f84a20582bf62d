import { assert, err, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import { authorities, type Reader, type Store, sessions, treasuryDay } from '../treasury/index.ts';
import { announce } from './advance.ts';
import { packsOf, planBatch, reasonToLeaveOut } from './batch.ts';
import { decided } from './batch-acts.ts';
import { newAttempt, snapshotOf } from './confirm.ts';
import { fixLateFees } from './late-fees.ts';
import { record } from './ledger.ts';
import { billMove, orderMove } from './payment.ts';
import {
  type AgreementRecord,
  agreements,
  attempts,
  type BatchLineRecord,
  type BatchRecord,
  type BillRecord,
  batches,
  batchLines,
  billLines,
  bills,
  type OrderRecord,
  orders,
  type PackRecord,
  packs,
} from './tables.ts';

/** The numbers of one line, drawn before. */
export interface LineNumbers {
  readonly billId: string;
  readonly traNo: string;
  readonly taxVouNo: string;
}

/** One pack as it was planned: its numbers, its lines in their order. */
export interface PackNumbers {
  readonly packNo: string;
  readonly msgId: string;
  readonly taxOrg: string;
  readonly lines: readonly LineNumbers[];
}

/** The packs of a batch as its lines and their agreements say, to draw numbers for. */
export async function packPlan(
  store: Reader,
  batchId: string,
  most?: number,
): Promise<readonly { readonly taxOrg: string; readonly billIds: readonly string[] }[]> {
  const lines = await store
    .of(batchLines)
    .find({ batchId, state: '待发出' }, { order: ['unitId', 'billId'] });
  const held = await store
    .of(agreements)
    .find({ id: lines.flatMap((line) => line.agreementId ?? []) });
  const due = await store.of(bills).find({ id: lines.map((line) => line.billId) });
  const packable = lines.flatMap((line) => {
    const agreement = held.find((one) => one.id === line.agreementId);
    const bill = due.find((one) => one.id === line.billId);
    if (!agreement || !bill) return [];
    const { clearingBankNo, openingBankNo } = agreement;
    return [{ billId: line.billId, taxOrg: bill.taxOrg, clearingBankNo, openingBankNo }];
  });
  return packsOf(packable, most).map((pack) => ({
    taxOrg: pack[0]?.taxOrg ?? '',
    billIds: pack.map((line) => line.billId),
  }));
}

/**
 * Another officer releases a batch: each bill that still stands as shown gets its order and its debit, and every pack its
 * sending task, all in one transaction. A bill that changed meanwhile is left out, with the reason.
 */
export async function releaseBatch(
  store: Store,
  act: {
    readonly id: string;
    readonly version: number;
    readonly officer: string;
    readonly workDate: string;
    readonly packs: readonly PackNumbers[];
  },
): Promise<Result<BatchRecord, Refusal>> {
  const batch = await store.of(batches).get({ id: act.id }, { lock: true });
  if (!batch) return err({ code: 'NOT_FOUND' });
  if (batch.state !== '待复核' || batch.version !== act.version) {
    return err({ code: 'BATCH_CHANGED' });
  }
  if (batch.madeBy === act.officer) return err({ code: 'BATCH_SAME_OFFICER' });
  const session = await store.of(sessions).get({ id: 'session' });
  const day = treasuryDay(session, store.at.epochMs);
  if (!day.open) return err({ code: day.code });
  if (day.workDate !== act.workDate) return err({ code: 'TREASURY_CUTOFF' });
  const ids = act.packs.flatMap((pack) => pack.lines.map((line) => line.billId));
  // Locked in one order by everybody.
  const locked = new Map<string, BillRecord>();
  for (const id of ids.toSorted((a, b) => a.localeCompare(b))) {
    const bill = await store.of(bills).get({ id }, { lock: true });
    if (bill) locked.set(id, bill);
  }
  const lines = await store.of(batchLines).find({ batchId: batch.id, state: '待发出' });
  for (const line of lines) {
    if (!ids.includes(line.billId)) await leaveOut(store, line, '没有选定扣款协议');
  }
  for (const [at, numbers] of act.packs.entries()) {
    await releasePack(store, { batch, numbers, lines, locked, officer: act.officer, at });
  }
  return ok(await decided(store, batch, '已发出', act.officer));
}

interface Release {
  readonly batch: BatchRecord;
  readonly numbers: PackNumbers;
  readonly lines: readonly BatchLineRecord[];
  readonly locked: ReadonlyMap<string, BillRecord>;
  readonly officer: string;
  readonly at: number;
}

async function releasePack(store: Store, release: Release): Promise<void> {
  const { batch, numbers, at } = release;
  const session = await store.of(sessions).get({ id: 'session' });
  const entrustDate = session?.workDate ?? store.at.date;
  const packId = `${batch.id}-${at + 1}`;
  let first: AgreementRecord | undefined;
  let lineCount = 0;
  let amountFen = 0;
  for (const number of numbers.lines) {
    const line = release.lines.find((one) => one.billId === number.billId);
    const bill = release.locked.get(number.billId);
    assert(line, 'numbers are drawn for lines of the batch');
    const agreement = await store.of(agreements).get({ id: line.agreementId ?? 0 }, { lock: true });
    const reason = bill ? await changedReason(store, line, bill, agreement) : '应征凭证不存在';
    if (reason !== null || !bill || !agreement) {
      await leaveOut(store, line, reason ?? '没有选定扣款协议');
      continue;
    }
    const context = { packId, packNo: numbers.packNo, msgId: numbers.msgId, entrustDate };
    const order = await startLine(store, release, { bill, agreement, number, ...context });
    await store.of(batchLines).update(line, { state: '已发出' });
    first ??= agreement;
    lineCount += 1;
    amountFen += order.amountFen;
  }
  if (!first) return;
  const pack: PackRecord = {
    id: packId,
    batchId: batch.id,
    taxOrg: numbers.taxOrg,
    entrustDate,
    packNo: numbers.packNo,
    returnTerm: batch.returnTerm,
    clearingBankNo: first.clearingBankNo,
    openingBankNo: first.openingBankNo,
    bankName: first.bankName,
    state: 'NEW',
    msgId: numbers.msgId,
    lineCount,
    amountFen,
    resultCode: null,
    addWord: null,
    sentAt: null,
    answeredAt: null,
    createdAt: store.at.iso,
    version: 1,
  };
  await store.of(packs).insert(pack);
  await store.later({
    kind: 'batch.follow',
    owner: 'office',
    payload: { packId, step: 0 },
    dedupeKey: `${packId}:0`,
  });
}

async function changedReason(
  store: Store,
  line: BatchLineRecord,
  bill: BillRecord,
  agreement: AgreementRecord | undefined,
): Promise<string | null> {
  const reason = reasonToLeaveOut(bill, agreement);
  if (reason !== null) return reason;
  if (!(await store.of(authorities).get({ taxOrg: bill.taxOrg }))) return '征收机关没有收款账户';
  const where = { unitId: bill.unitId, billId: bill.id, orderId: null };
  const lines = await store.of(billLines).find(where);
  const [now] = planBatch([{ bill, lines, agreement }], store.at.date);
  return now?.amountFen === line.amountFen ? null : '应缴费款已变化';
}

async function leaveOut(store: Store, line: BatchLineRecord, reason: string): Promise<void> {
  await store.of(batchLines).update(line, { state: '未列入', reason });
}

interface LineStart {
  readonly bill: BillRecord;
  readonly agreement: AgreementRecord;
  readonly number: LineNumbers;
  readonly packId: string;
  readonly packNo: string;
  readonly msgId: string;
  readonly entrustDate: string;
}

async function startLine(store: Store, release: Release, start: LineStart): Promise<OrderRecord> {
  const { bill, agreement, number } = start;
  const authority = await store.of(authorities).get({ taxOrg: bill.taxOrg });
  assert(authority, 'checked before');
  const id = `${start.packId}-${number.traNo}`;
  const lateFeeFen = await fixLateFees(store, bill, id);
  const made: OrderRecord = {
    id,
    paymentId: null,
    voucherNo: null,
    unitId: bill.unitId,
    billId: bill.id,
    taxpayerId: bill.taxpayerId,
    taxOrg: bill.taxOrg,
    taxVouNo: number.taxVouNo,
    way: 'batch',
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
  const numbers = { ...number, msgId: start.msgId, workDate: start.entrustDate };
  const attempt = newAttempt(made, numbers, store.at.iso, '1102');
  await store.of(attempts).insert({ ...attempt, packNo: start.packNo });
  const next = await record(
    store,
    bill,
    { ...billMove(bill, 'locked'), lateFeeFen },
    {
      subject: id,
      event: 'batched',
      before: bill.state,
      after: 'LOCKED',
      cause: release.officer,
      text: `列入批量扣款，税票号码 ${number.taxVouNo}`,
      postings:
        lateFeeFen > 0 ? [{ debit: 'receivable', credit: 'assessed', amountFen: lateFeeFen }] : [],
    },
  );
  announce(store, next, null);
  return made;
}

import { assert, err, fen, formatYuan, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import { authorities, type Store, unattended } from '../treasury/index.ts';
import { announce, loadWork } from './advance.ts';
import { accountIdOf } from './agreements.ts';
import { openListCase } from './cases.ts';
import { record } from './ledger.ts';
import { nextState, stepOf } from './machine.ts';
import { billMove } from './payment.ts';
import { type RefundEvent, refundMachine } from './refund.ts';
import { mayPay, type RefundRecord, refundEvents, refunds } from './refund-tables.ts';
import { accounts, bills, cases, orders } from './tables.ts';

/** Where a refund goes. */
export interface Payee {
  readonly bankNo: string;
  readonly account: string;
  readonly name: string;
}

export interface NewRefund {
  readonly id: string;
  readonly caseId: string;
  /** null: back to the account from which it was debited. */
  readonly payee: Payee | null;
  readonly reasonCode: string;
  readonly reason: string;
  readonly officer: string;
}

type Done = Result<RefundRecord, Refusal>;

/** One officer asks for the payout of what a closed case owes. */
export async function askRefund(store: Store, given: NewRefund): Promise<Done> {
  // The case is the lock: two officers cannot both begin.
  const found = await store.of(cases).get({ id: given.caseId }, { lock: true });
  if (!found || found.state !== '已处理' || found.refundFen === null)
    return err({ code: 'NOT_FOUND' });
  const live = await store.of(refunds).find({ caseId: found.id });
  if (live.some(({ state }) => mayPay(state))) {
    return err({ code: 'REFUND_RUNNING' });
  }
  const work = found.attemptId === null ? undefined : await loadWork(store, found.attemptId);
  const taxOrg = work?.order.taxOrg ?? found.facts.taxOrg;
  const oriTaxVouNo = work?.order.taxVouNo ?? found.facts.taxVouNo;
  const authority = taxOrg === undefined ? undefined : await store.of(authorities).get({ taxOrg });
  if (!authority || oriTaxVouNo === undefined) return err({ code: 'NOT_FOUND' });
  const payee = await payeeOf(store, given.payee, work?.order.snapshot ?? null);
  if (!payee) {
    const detail = '不知道原扣款账户，请填写收款账户';
    return err({ code: 'INPUT_INVALID', errors: [{ path: 'payee', code: 'missing', detail }] });
  }
  const made: RefundRecord = {
    ...payee,
    id: given.id,
    caseId: found.id,
    applicationId: null,
    taxOrg: authority.taxOrg,
    treCode: authority.payee.treCode,
    oriTaxVouNo,
    amountFen: found.refundFen,
    reasonCode: given.reasonCode,
    state: '待复核',
    drawBackVouNo: null,
    traNo: null,
    entrustDate: null,
    msgId: null,
    reason: given.reason,
    askedBy: given.officer,
    confirmedBy: null,
    resultCode: null,
    addWord: null,
    createdAt: store.at.iso,
    changedAt: store.at.iso,
    version: 1,
  };
  await store.of(refunds).insert(made);
  await note(store, made, given.officer, 'asked', '', `申请退库：${given.reason}`);
  return ok(made);
}

async function payeeOf(
  store: Store,
  payee: Payee | null,
  snapshot: {
    readonly openingBankNo: string;
    readonly accountId: number;
    readonly holder: string;
  } | null,
): Promise<
  Pick<RefundRecord, 'payeeBankNo' | 'payeeAccountId' | 'payeeTail' | 'payeeName'> | undefined
> {
  if (payee) {
    const payeeAccountId = await accountIdOf(store, payee.account);
    const payeeTail = payee.account.slice(-4);
    return { payeeBankNo: payee.bankNo, payeeAccountId, payeeTail, payeeName: payee.name };
  }
  if (!snapshot) return undefined;
  const account = await store.of(accounts).get({ id: snapshot.accountId });
  return {
    payeeBankNo: snapshot.openingBankNo,
    payeeAccountId: snapshot.accountId,
    payeeTail: account?.tail ?? '',
    payeeName: snapshot.holder,
  };
}

/** The numbers under which a refund travels. */
export interface RefundNumbers {
  readonly drawBackVouNo: string;
  readonly traNo: string;
  readonly entrustDate: string;
  readonly msgId: string;
}

/** Another officer agrees, and it is sent; or it is withdrawn. */
export async function decideRefund(
  store: Store,
  act: {
    readonly id: string;
    readonly version: number;
    readonly officer: string;
    readonly reason: string;
  },
  numbers: RefundNumbers | null,
): Promise<Done> {
  const found = await store.of(refunds).get({ id: act.id }, { lock: true });
  if (!found) return err({ code: 'NOT_FOUND' });
  if (found.state !== '待复核' || found.version !== act.version)
    return err({ code: 'REFUND_CHANGED' });
  if (numbers === null) {
    return ok(await moveRefund(store, found, 'withdrawn', act.officer, `撤回：${act.reason}`));
  }
  if (found.askedBy === act.officer) return err({ code: 'REFUND_SAME_OFFICER' });
  const changes = { ...numbers, confirmedBy: act.officer };
  const text = `复核通过，退库凭证号 ${numbers.drawBackVouNo}`;
  return ok(await sendOff(store, found, act.officer, text, changes));
}

/** A second officer has agreed: the payout is sent as soon as this transaction ends. */
export async function sendOff(
  store: Store,
  found: RefundRecord,
  officer: string,
  text: string,
  numbers: RefundNumbers & { readonly confirmedBy: string },
): Promise<RefundRecord> {
  const next = await moveRefund(store, found, 'confirmed', officer, text, numbers);
  await store.later({
    kind: 'refund.follow',
    owner: 'office',
    payload: { refundId: found.id, step: 0 },
    dedupeKey: `${found.id}:0`,
  });
  return next;
}

/** Moves a refund where its machine allows; what contradicts it becomes a case, and nothing moves. */
export async function moveRefund(
  store: Store,
  found: RefundRecord,
  event: RefundEvent,
  actor: string,
  text: string,
  changes: Partial<Omit<RefundRecord, 'version'>> = {},
): Promise<RefundRecord> {
  const step = stepOf(refundMachine, found.state, event);
  if (step === 'exception') {
    await openListCase(
      store,
      `refund:${found.id}:${event}`,
      `退库 ${found.drawBackVouNo ?? ''} 的结果前后矛盾`,
      null,
    );
    return found;
  }
  const state = nextState(refundMachine, found.state, event);
  if (state === undefined || state === found.state) return found;
  const next = await store
    .of(refunds)
    .update(found, { ...changes, state, changedAt: store.at.iso });
  await note(store, next, actor, event, found.state, text);
  if (state === '已退') await bookPaidOut(store, next);
  if (refundMachine.final.includes(state) && next.applicationId !== null) {
    const payload = { applicationId: next.applicationId };
    await store.later({ kind: 'refund.settled', owner: unattended, payload });
  }
  return next;
}

/** The books after money went back, and who waits for it. */
async function bookPaidOut(store: Store, refund: RefundRecord): Promise<void> {
  if (refund.caseId === null) await bookPaidBack(store, refund);
  else await bookOverpaid(store, refund, refund.caseId);
}

/** What was owed to the payer of a bill's second debit is owed no more. */
async function bookOverpaid(store: Store, refund: RefundRecord, caseId: string): Promise<void> {
  const owed = await store.of(cases).get({ id: caseId });
  const work = owed?.attemptId ? await loadWork(store, owed.attemptId) : undefined;
  if (work?.attempt.state !== 'OVERCOLLECTED') return;
  await record(
    store,
    work.bill,
    {},
    {
      subject: work.attempt.id,
      event: 'refunded',
      before: work.attempt.state,
      after: work.attempt.state,
      cause: refund.id,
      text: `多收款项已退回，退库凭证号 ${refund.drawBackVouNo ?? ''}`,
      postings: [{ debit: 'refundable', credit: 'collected', amountFen: refund.amountFen }],
    },
  );
}

/** A bill's payment is less by what was paid back; nothing of it left: 已退费. */
async function bookPaidBack(store: Store, refund: RefundRecord): Promise<void> {
  const order = await store.of(orders).get({ taxVouNo: refund.oriTaxVouNo });
  const bill = order && (await store.of(bills).get({ id: order.billId }, { lock: true }));
  assert(order && bill, 'an application pays back our own orders');
  const { amountFen } = refund;
  const refundedFen = bill.refundedFen + amountFen;
  const whole = refundedFen === bill.amountFen + bill.lateFeeFen;
  const moved = whole ? billMove(bill, 'refunded') : { state: bill.state };
  const next = await record(
    store,
    bill,
    { ...moved, refundedFen },
    {
      subject: order.id,
      event: 'refunded',
      before: bill.state,
      after: moved.state,
      cause: refund.id,
      text: `退费 ${formatYuan(fen(amountFen))} 元已退回，退库凭证号 ${refund.drawBackVouNo ?? ''}`,
      postings: [
        {
          debit: 'assessed',
          credit: bill.state === 'TREASURED' ? 'treasury' : 'collected',
          amountFen,
        },
      ],
    },
  );
  announce(store, next, order.paymentId);
}

export async function note(
  store: Store,
  refund: RefundRecord,
  actor: string,
  event: string,
  stateBefore: string,
  text: string,
): Promise<void> {
  const before = await store.of(refundEvents).find({ refundId: refund.id });
  await store.of(refundEvents).insert({
    refundId: refund.id,
    seq: before.length + 1,
    at: store.at.iso,
    actor,
    event,
    stateBefore,
    stateAfter: refund.state,
    text,
  });
  store.tell('office', 'refund', { id: refund.id });
}

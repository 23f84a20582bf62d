import { createHash } from 'node:crypto';
import { assert, err, ok, type Result } from '@shebao/kernel';
import { type AttemptEvent, type AttemptState, attemptMachine } from './attempt.ts';
import { type BillEvent, billMachine } from './bill.ts';
import { nextState, stepOf } from './machine.ts';
import { type OrderEvent, orderMachine } from './order.ts';
import type { AttemptRecord, BillRecord, CaseFacts, LedgerAccount, OrderRecord } from './tables.ts';

/** What belongs together when one attempt moves: read under the bill's lock. */
export interface Work {
  readonly bill: BillRecord;
  readonly order: OrderRecord;
  readonly attempt: AttemptRecord;
}

/** What is known about an event. */
export interface Facts {
  readonly source: 'answer' | 'query' | 'reversal' | 'list' | 'clock' | 'case' | 'sender';
  /** The message, the list or the person behind it. */
  readonly cause: string;
  readonly code?: string;
  readonly addWord?: string;
  /** Work date (YYYY-MM-DD) on which the money moved. */
  readonly taxDate?: string;
  /** What the day's list says of it, for a case. */
  readonly listed?: CaseFacts;
}

/** One row of the journal: `debit` grows, `credit` shrinks by the same amount. */
export interface Posting {
  readonly debit: LedgerAccount;
  readonly credit: LedgerAccount;
  readonly amountFen: number;
}

/** What one event changes. */
export interface Outcome {
  readonly before: AttemptState;
  readonly after: AttemptState;
  readonly moved: boolean;
  readonly attempt: Partial<AttemptRecord>;
  readonly order: Partial<OrderRecord>;
  readonly bill: Partial<BillRecord>;
  readonly postings: readonly Posting[];
  readonly text: string;
  /** A contradiction that people must look at. */
  readonly alarm: boolean;
  /** Work that begins with the new state. */
  readonly next: 'resolve' | 'reverse' | null;
}

type At = { readonly iso: string };

/** Decides what an event does to an attempt, its order and its bill. Refused: it is not allowed in this state. */
export function decide(
  work: Work,
  event: AttemptEvent,
  facts: Facts,
  at: At,
): Result<Outcome, 'refused'> {
  const { attempt } = work;
  const step = stepOf(attemptMachine, attempt.state, event);
  if (step === 'refused') return err('refused');
  const base = {
    before: attempt.state,
    after: attempt.state,
    moved: false,
    attempt: {},
    order: {},
    bill: {},
    postings: [],
    text: eventText(event, facts),
    alarm: step === 'exception' || (typeof step !== 'string' && step.alarm === true),
    next: null,
  } as const;
  if (typeof step === 'string' || step.to === attempt.state) return ok(base);
  // The day's list has spoken of it and left it to two officers: answers are recorded, they decide nothing.
  if (attempt.reconDate !== null && !decidesAfterList(facts)) return ok(base);
  const effect = effectOf(work, step.to, event, facts, at);
  return ok({ ...base, ...effect, after: step.to, moved: true });
}

function decidesAfterList({ source }: Facts): boolean {
  return source === 'list' || source === 'case';
}

type Effect = Pick<Outcome, 'attempt' | 'order' | 'bill' | 'postings' | 'next'>;

function effectOf(work: Work, to: AttemptState, event: AttemptEvent, facts: Facts, at: At): Effect {
  const result = {
    state: to,
    ...(facts.code === undefined ? {} : { resultCode: facts.code }),
    ...(facts.addWord === undefined ? {} : { addWord: facts.addWord }),
    source: facts.source,
  };
  const quiet = { order: {}, bill: {}, postings: [], next: null } as const;
  switch (to) {
    case 'SENT':
      return {
        ...quiet,
        attempt: { state: to, sentAt: at.iso },
        postings: [entry('inTransit', 'receivable', work.order.amountFen)],
      };
    case 'UNKNOWN':
      return {
        ...quiet,
        attempt: { ...result, unclearAt: at.iso },
        order: orderMove(work.order, 'unclear', at),
        next: work.attempt.msgNo === '1008' ? null : 'resolve',
      };
    case 'REVERSING':
      return { ...quiet, attempt: { state: to }, next: 'reverse' };
    case 'SUCCEEDED':
      // A debit that is still open holds its bill; one that we had given up takes it again.
      return event === 'bookedByCase' && work.bill.state !== 'LOCKED'
        ? booked(work, result, facts, at)
        : paid(work, result, facts, at);
    case 'REVERSED_BY_RECON':
      return undone(work, result, at);
    case 'OVERCOLLECTED':
      return {
        ...quiet,
        attempt: result,
        postings: [entry('collected', 'refundable', work.order.amountFen)],
      };
    case 'DECLINED':
    case 'REVERSED':
    case 'NOT_SENT':
      return failed(work, result, at);
    case 'NEW':
      throw new Error('an attempt never becomes new again');
  }
}

function paid(work: Work, result: Partial<AttemptRecord>, facts: Facts, at: At): Effect {
  const { taxDate } = facts;
  assert(taxDate !== undefined, 'a success has the date on which the money moved');
  return {
    attempt: { ...result, taxDate },
    order: { ...orderMove(work.order, 'collected', at), paidOn: taxDate, resultCode: '90000' },
    bill: { ...billMove(work.bill, 'collected'), paidOn: taxDate },
    postings: [entry('collected', 'inTransit', work.order.amountFen)],
    next: null,
  };
}

function failed(work: Work, result: Partial<AttemptRecord>, at: At): Effect {
  const { order, bill, attempt } = work;
  const back = attempt.state === 'NEW' ? [] : [entry('receivable', 'inTransit', order.amountFen)];
  const outcome = { resultCode: result.resultCode ?? null, addWord: result.addWord ?? null };
  // A bank that gives a voucher back leaves it payable: the bill stays locked by it.
  if (order.way === 'voucher') {
    return {
      attempt: result,
      order: { ...orderMove(order, 'released', at), ...outcome },
      bill: {},
      postings: back,
      next: null,
    };
  }
  return {
    attempt: result,
    order: { ...orderMove(order, 'failed', at), ...outcome, active: false },
    bill: { ...billMove(bill, 'unlocked'), lateFeeFen: 0 },
    postings: [...back, ...lateFeeBack(order)],
    next: null,
  };
}

function undone(work: Work, result: Partial<AttemptRecord>, at: At): Effect {
  const { order, bill } = work;
  const from = bill.state === 'TREASURED' ? 'treasury' : 'collected';
  return {
    attempt: result,
    order: { ...orderMove(order, 'undone', at), active: false, paidOn: null, treasuredOn: null },
    bill: { ...billMove(bill, 'undone'), lateFeeFen: 0, paidOn: null },
    postings: [entry('receivable', from, order.amountFen), ...lateFeeBack(order)],
    next: null,
  };
}

function booked(work: Work, result: Partial<AttemptRecord>, facts: Facts, at: At): Effect {
  const { order, bill } = work;
  assert(facts.taxDate !== undefined, 'a success has the date on which the money moved');
  return {
    attempt: { ...result, taxDate: facts.taxDate },
    order: { ...orderMove(order, 'bookedByCase', at), active: true, paidOn: facts.taxDate },
    bill: {
      ...billMove(bill, 'bookedByCase'),
      lateFeeFen: order.lateFeeFen,
      paidOn: facts.taxDate,
    },
    postings: [
      ...(order.lateFeeFen > 0 ? [entry('receivable', 'assessed', order.lateFeeFen)] : []),
      entry('collected', 'receivable', order.amountFen),
    ],
    next: null,
  };
}

function lateFeeBack(order: OrderRecord): readonly Posting[] {
  return order.lateFeeFen > 0 ? [entry('assessed', 'receivable', order.lateFeeFen)] : [];
}

/** The order after an event that must be possible: otherwise the program is wrong. */
export function orderMove(
  order: OrderRecord,
  event: OrderEvent,
  at: At,
): { readonly state: OrderRecord['state']; readonly changedAt: string } {
  const state = nextState(orderMachine, order.state, event);
  assert(state !== undefined, `order ${order.state} cannot ${event}`);
  return { state, changedAt: at.iso };
}

/** The bill after an event that must be possible: otherwise the program is wrong. */
export function billMove(
  bill: BillRecord,
  event: BillEvent,
): { readonly state: BillRecord['state'] } {
  const state = nextState(billMachine, bill.state, event);
  assert(state !== undefined, `bill ${bill.state} cannot ${event}`);
  return { state };
}

function entry(debit: LedgerAccount, credit: LedgerAccount, amountFen: number): Posting {
  return { debit, credit, amountFen };
}

/** What the officer reads of an event. */
function eventText(event: AttemptEvent, facts: Facts): string {
  const code = facts.code === undefined ? '' : `（${facts.code} ${facts.addWord ?? ''}）`;
  return `${EVENT_TEXT[event]}${code}`.replace(' ）', '）');
}

const EVENT_TEXT: Readonly<Record<AttemptEvent, string>> = {
  taken: '已发出扣款指令',
  expired: '扣款指令未发出，已过有效时间',
  neverConnected: '与税库银始终未能连接，扣款指令未发出',
  answeredSuccess: '银行回执：扣款成功',
  answeredReversed: '银行回执：业务已撤销',
  answeredDeclined: '银行回执：扣款被拒绝',
  unclear: '未收到明确回执，转待核实',
  answerContradicts: '银行回执与扣款指令不符',
  queriedSuccess: '查询结果：扣款成功',
  queriedReversed: '查询结果：业务已撤销',
  queriedDeclined: '查询结果：扣款被拒绝',
  queriedNotFound: '查询结果：无此交易，发起冲正',
  queriedUnclear: '查询结果：尚不明确',
  reversalDue: '到时仍无明确结果，发起冲正',
  cancelledNothing: '冲正结果：未扣款或已退回',
  cancelStands: '冲正结果：扣款已成立',
  cancelUnclear: '冲正尚无结果',
  listed: '对账清单：有此笔扣款',
  notListed: '对账清单：无此笔扣款',
  listedDiffers: '对账清单：金额或税票号码不符',
  listedRefused: '对账清单：扣款未成功',
  bookedByCase: '经复核补记为已缴款',
  overcollected: '该笔费款已另行缴纳，多收款项转退费',
  undoneByCase: '经复核撤销该笔缴款，款项转退费',
};

/** The head of a bill's chain after one more event. */
export function chainHash(before: string, row: readonly (string | number)[]): string {
  return createHash('sm3').update(before).update(JSON.stringify(row)).digest('hex');
}

import { type Store, unattended } from '../treasury/index.ts';
import { agreementMachine } from './agreement.ts';
import type { AttemptEvent } from './attempt.ts';
import { doubtsAgreement } from './codes.ts';
import { record } from './ledger.ts';
import { nextState } from './machine.ts';
import { decide, type Facts, type Outcome, type Work } from './payment.ts';
import type { PaymentPorts } from './ports.ts';
import { attemptNames } from './state-names.ts';
import {
  type AttemptRecord,
  agreements,
  attempts,
  type BillRecord,
  bills,
  cases,
  newCase,
  orders,
} from './tables.ts';

/** How long after UNKNOWN the state is asked for, then the debit is reversed; all in milliseconds. */
export interface Times {
  readonly queryAfterMs: readonly number[];
  readonly reversalAgainMs: number;
  readonly reversalAtMostMs: number;
  /** From the pay order to `notAfter`. */
  readonly validMs: number;
  /** Between two tries while no connection stands. */
  readonly connectAgainMs: number;
  /** Unclear for so long: the operator is told. */
  readonly alarmAfterMs: number;
}

/** The times of the channel, section 12. */
export const usualTimes: Times = {
  queryAfterMs: [5_000, 15_000, 45_000, 120_000, 300_000],
  reversalAgainMs: 30_000,
  reversalAtMostMs: 600_000,
  validMs: 90_000,
  connectAgainMs: 5_000,
  alarmAfterMs: 900_000,
};

/** What never changes of an attempt: itself, its order and its bill. */
export type AttemptKey = Pick<AttemptRecord, 'id' | 'orderId' | 'billId'>;

/**
 * Runs a step on an attempt, its order and bill, the bill locked first. It stands in the audit chain of the taxpayer:
 * a chain of the treasury for all would let only one payment at a time commit.
 */
export async function onAttempt<T>(
  ports: Pick<PaymentPorts, 'transact'>,
  name: string,
  attempt: AttemptKey,
  act: (store: Store, work: Work) => Promise<T>,
): Promise<T | undefined> {
  let chain = 'agency:treasury';
  const step = { name: `payment.${name}`, chain: () => chain, subject: attempt.id };
  return ports.transact(step, async (store) => {
    const work = await loadKnown(store, attempt);
    if (!work) return undefined;
    chain = `taxpayer:${work.bill.taxpayerId}`;
    return act(store, work);
  });
}

/** Reads an attempt with its order and bill, the bill locked first: one change after the other. */
export async function loadWork(store: Store, attemptId: string): Promise<Work | undefined> {
  const found = await store.of(attempts).get({ id: attemptId });
  return found && loadKnown(store, found);
}

async function loadKnown(store: Store, known: AttemptKey): Promise<Work | undefined> {
  // Sent in this order, so the bill is locked first.
  const [bill, attempt, order] = await Promise.all([
    store.of(bills).get({ id: known.billId }, { lock: true }),
    store.of(attempts).get({ id: known.id }, { lock: true }),
    store.of(orders).get({ id: known.orderId }, { lock: true }),
  ]);
  return bill && order && attempt ? { bill, order, attempt } : undefined;
}

/**
 * Applies one event to an attempt: states, journal, chain of events, exception case, follow-up work, news for browsers.
 * Undefined: the event is not possible in this state, nothing changed.
 */
export async function advance(
  store: Store,
  work: Work,
  event: AttemptEvent,
  facts: Facts,
  times: Times,
): Promise<{ readonly work: Work; readonly outcome: Outcome } | undefined> {
  const decision = decide(work, event, facts, store.at);
  if (!decision.ok) return undefined;
  const outcome = decision.value;
  const { attempt, order, bill } = work;
  const nextAttempt = outcome.moved
    ? await store.of(attempts).update(attempt, outcome.attempt)
    : attempt;
  const nextOrder =
    Object.keys(outcome.order).length > 0
      ? await store.of(orders).update(order, outcome.order)
      : order;
  const nextBill = await record(store, bill, outcome.bill, {
    subject: attempt.id,
    event,
    before: outcome.before,
    after: outcome.after,
    cause: facts.cause,
    text: outcome.text,
    postings: outcome.postings,
  });
  const next = { attempt: nextAttempt, order: nextOrder, bill: nextBill };
  if (outcome.alarm) await openCase(store, work, event, facts, outcome.text);
  if (outcome.next) await follow(store, next, outcome.next, times);
  if (outcome.moved && outcome.after === 'UNKNOWN') await alarmLater(store, next, times);
  if (facts.code !== undefined && doubtsAgreement(facts.code) && outcome.moved) {
    await doubtAgreement(store, next, facts);
  }
  if (outcome.moved) announce(store, nextBill, next.order.paymentId);
  return { work: next, outcome };
}

/** Tells the unit's browsers that a bill stands differently. */
export function announce(store: Store, bill: BillRecord, paymentId: string | null): void {
  store.tell(`taxpayer:${bill.taxpayerId}`, 'payment', {
    billId: bill.id,
    unitNo: bill.unitNo,
    ...(paymentId === null ? {} : { paymentId }),
  });
  store.tell('office', 'payment', { billId: bill.id });
}

async function openCase(
  store: Store,
  work: Work,
  event: AttemptEvent,
  facts: Facts,
  text: string,
): Promise<void> {
  const id = `${work.attempt.id}:${event}:${facts.cause}`;
  if (await store.of(cases).get({ id })) return;
  const { attempt, order } = work;
  await store.of(cases).insert(
    newCase({
      id,
      at: store.at.iso,
      kind: event,
      attemptId: attempt.id,
      amountFen: order.amountFen,
      text: `${text}；原状态 ${attemptNames[attempt.state]}，税票号码 ${order.taxVouNo}`,
      facts: facts.listed ?? {
        taxOrg: attempt.taxOrg,
        taxVouNo: order.taxVouNo,
        ...(facts.taxDate === undefined ? {} : { taxDate: facts.taxDate }),
      },
    }),
  );
  store.tell('office', 'exception', { id });
}

async function follow(
  store: Store,
  { attempt, bill }: Work,
  what: 'resolve' | 'reverse',
  times: Times,
): Promise<void> {
  const first = times.queryAfterMs[0] ?? 0;
  await store.later({
    kind: what === 'resolve' ? 'payment.resolve' : 'payment.reverse',
    owner: bill.taxpayerId,
    payload: { attemptId: attempt.id, step: 0 },
    dedupeKey: `${attempt.id}:0`,
    afterMs: what === 'resolve' ? first : 0,
  });
}

async function alarmLater(store: Store, { attempt }: Work, times: Times): Promise<void> {
  await store.later({
    kind: 'payment.alarm',
    owner: unattended,
    payload: { attemptId: attempt.id },
    dedupeKey: attempt.id,
    afterMs: times.alarmAfterMs,
  });
}

async function doubtAgreement(store: Store, { order }: Work, facts: Facts): Promise<void> {
  if (order.agreementId === null) return;
  const agreement = await store.of(agreements).get({ id: order.agreementId }, { lock: true });
  if (!agreement) return;
  const state = nextState(agreementMachine, agreement.state, 'doubted');
  if (state === undefined || state === agreement.state) return;
  const reason = facts.addWord || '银行扣款时提示协议或账户有误';
  await store.of(agreements).update(agreement, { state, reason });
}

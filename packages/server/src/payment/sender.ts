import { bytesDigest, type MessageOf, parseChannelTime } from '@shebao/channel';
import { assert } from '@shebao/kernel';
import {
  type Asking,
  ask,
  compact,
  compose,
  dashed,
  noteIncoming,
  noteOutgoing,
  outgoing,
  type Ready,
  readSession,
  type Step,
  type Store,
} from '../treasury/index.ts';
import { type AttemptKey, advance, onAttempt } from './advance.ts';
import type { AttemptEvent } from './attempt.ts';
import { classOf } from './codes.ts';
import { debitBody } from './debit.ts';
import type { Facts, Work } from './payment.ts';
import { accountAad, type PaymentPorts } from './ports.ts';
import { type AttemptRecord, accounts, attempts, billLines, bills, orders } from './tables.ts';

/** A step that only asks for work on an attempt. */
export function stepOfAttempt(name: string, attemptId: string): Step {
  return { name: `payment.${name}`, chain: 'agency:treasury', subject: attemptId };
}

/**
 * Sends the debit of an attempt. SENT is committed with the bytes before the first byte leaves; the outcome is a second
 * transaction. Run again after a break it never sends a second debit: what may have left becomes UNKNOWN.
 */
export async function sendAttempt(ports: PaymentPorts, attemptId: string): Promise<void> {
  if (ports.inFlight.has(attemptId)) return;
  ports.inFlight.add(attemptId);
  try {
    const attempt = await ports.read.of(attempts).get({ id: attemptId });
    if (attempt?.state === 'NEW') await sendFirst(ports, attempt);
    else if (attempt?.state === 'SENT') await sendAgain(ports, attempt);
  } finally {
    ports.inFlight.delete(attemptId);
  }
}

async function sendFirst(ports: PaymentPorts, attempt: AttemptRecord): Promise<void> {
  const facts = { source: 'sender', cause: attempt.msgId } as const;
  const [past, ready] = await Promise.all([isPast(ports, attempt), composeDebit(ports, attempt)]);
  if (past) return apply(ports, attempt, 'expired', facts);
  if (!ready.ok) {
    // Nothing was sent: the reason names the field or the character that the channel cannot carry.
    const addWord = ready.error.slice(0, 100);
    return apply(ports, attempt, 'expired', { ...facts, addWord });
  }
  const taken = await onAttempt(ports, 'take', attempt, async (store, work) => {
    if (work.attempt.state !== 'NEW') return false;
    await noteOutgoing(store, ready.value, attempt.id);
    const moved = await advance(store, work, 'taken', facts, ports.times);
    assert(moved, 'a new attempt can be taken');
    const bytesHash = bytesDigest(ready.value.bytes);
    await store.of(attempts).update(moved.work.attempt, { bytesHash, bootId: ports.bootId });
    return true;
  });
  if (taken) await deliver(ports, attempt, ready.value);
}

/** The same bytes again: only while it is certain that none of them ever left. */
async function sendAgain(ports: PaymentPorts, attempt: AttemptRecord): Promise<void> {
  const certain = attempt.bootId === ports.bootId && ports.unconnected.has(attempt.id);
  ports.unconnected.delete(attempt.id);
  const facts = { source: 'sender', cause: attempt.msgId } as const;
  if (!certain) return apply(ports, attempt, 'unclear', facts);
  if (await isPast(ports, attempt)) return apply(ports, attempt, 'neverConnected', facts);
  const kept = await ports.read.of(outgoing).get({ msgId: attempt.msgId });
  assert(kept, 'what was sent is kept');
  const bytes = Buffer.from(kept.bytes);
  await deliver(ports, attempt, { msgNo: '1001', msgId: attempt.msgId, bytes });
}

async function deliver(ports: PaymentPorts, attempt: AttemptKey, ready: Ready): Promise<void> {
  const asking = await ask(ports, ready);
  const { id: attemptId } = attempt;
  if (asking.kind === 'none' && !asking.connected) {
    ports.unconnected.add(attemptId);
    await ports.transact({ ...stepOfAttempt('wait', attemptId), quiet: true }, async (store) => {
      await store.later({
        kind: 'payment.send',
        owner: 'office',
        payload: { attemptId },
        afterMs: ports.times.connectAgainMs,
      });
    });
    return;
  }
  await settle(ports, attempt, asking, ready.msgId);
}

async function settle(
  ports: PaymentPorts,
  attempt: AttemptKey,
  asking: Asking,
  msgId: string,
): Promise<void> {
  await onAttempt(ports, 'answer', attempt, async (store, work) => {
    if (asking.kind !== 'answer') {
      const addWord = asking.kind === 'none' ? asking.detail : '';
      await advance(
        store,
        work,
        'unclear',
        { source: 'sender', cause: msgId, addWord },
        ports.times,
      );
      return;
    }
    const { message } = asking;
    await noteIncoming(store, message, 'answer');
    if (message.msgNo === '2001') return applyDebitAnswer(store, ports, work, message);
    const code = message.msgNo === '9120' ? message.body.CommonReturn.Result : message.msgNo;
    const cause = message.head.msgId;
    await advance(store, work, 'unclear', { source: 'answer', cause, code }, ports.times);
  });
}

/** What a 2001 means for the attempt that it names; another identity is no answer at all. */
export async function applyDebitAnswer(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  work: Work,
  message: MessageOf<'2001'>,
): Promise<void> {
  const told = message.body.SingleReturn;
  const cause = message.head.msgId;
  const { attempt, order } = work;
  const ours =
    told.OriTaxOrgCode === attempt.taxOrg &&
    told.OriTraNo === attempt.traNo &&
    told.OriEntrustDate === compact(attempt.entrustDate);
  if (!ours) {
    await advance(store, work, 'unclear', { source: 'answer', cause }, ports.times);
    return;
  }
  const facts: Facts = {
    source: 'answer',
    cause,
    code: told.Result,
    addWord: told.AddWord,
    ...(told.TaxDate === '' ? {} : { taxDate: dashed(told.TaxDate) }),
  };
  if (told.Result === '92011') {
    await store.later({ kind: 'treasury.login', owner: 'office', payload: {} });
  }
  const event = eventOfAnswer(told.Result, told.TaxVouNo === order.taxVouNo);
  await advance(store, work, event, facts, ports.times);
}

function eventOfAnswer(code: string, rightVoucher: boolean): AttemptEvent {
  switch (classOf(code)) {
    case 'success':
      return rightVoucher ? 'answeredSuccess' : 'answerContradicts';
    case 'reversed':
      return 'answeredReversed';
    case 'declined':
      return 'answeredDeclined';
    case 'unknown':
      return 'unclear';
  }
}

/** Applies one event in a transaction of its own. */
export async function apply(
  ports: PaymentPorts,
  attempt: AttemptKey,
  event: AttemptEvent,
  facts: Facts,
): Promise<void> {
  await onAttempt(ports, event, attempt, (store, work) =>
    advance(store, work, event, facts, ports.times),
  );
}

/** After a restart nobody knows whether a byte left: everything that was being sent becomes UNKNOWN. */
export async function recoverSent(ports: PaymentPorts): Promise<number> {
  const sent = await ports.read.of(attempts).find({ state: 'SENT' });
  const cut = sent.filter((attempt) => attempt.bootId !== ports.bootId && attempt.msgNo === '1001');
  for (const attempt of cut) {
    await apply(ports, attempt, 'unclear', { source: 'sender', cause: ports.bootId });
  }
  return cut.length;
}

/**
 * Takes up debits that nobody follows any more, whatever became of their task: what was never sent is sent or ends as
 * not sent, what may have been sent is unclear. Run now and then, so that nobody waits for the day's list.
 */
export async function takeUpForgotten(ports: PaymentPorts): Promise<void> {
  const { epochMs } = ports.now();
  const open = await ports.read.of(attempts).find({ state: ['NEW', 'SENT'], msgNo: '1001' });
  for (const attempt of open) {
    const sinceMs = Date.parse(attempt.sentAt ?? attempt.createdAt);
    if (epochMs - sinceMs < forgottenAfterMs || ports.inFlight.has(attempt.id)) continue;
    if (attempt.state === 'SENT') {
      const cause = `+${forgottenAfterMs} ms`;
      await apply(ports, attempt, 'unclear', { source: 'clock', cause });
      continue;
    }
    await ports.transact({ ...stepOfAttempt('again', attempt.id), quiet: true }, (store) =>
      store.later({
        kind: 'payment.send',
        owner: 'office',
        payload: { attemptId: attempt.id },
        dedupeKey: `${attempt.id}:forgotten`,
      }),
    );
  }
}

// Longer than an instruction is valid and an answer is waited for.
const forgottenAfterMs = 300_000;

/**
 * Takes up what a stopped worker left unclear: the jobs look at the state first, so one that is
 * still queued besides does no harm.
 */
export async function resumeUnclear(ports: PaymentPorts): Promise<void> {
  const kinds = { UNKNOWN: 'payment.resolve', REVERSING: 'payment.reverse' } as const;
  for (const state of ['UNKNOWN', 'REVERSING'] as const) {
    const unclear = await ports.read.of(attempts).find({ state, msgNo: ['1001', '1102'] });
    for (const attempt of unclear) {
      const order = await ports.read.of(orders).get({ id: attempt.orderId });
      assert(order, 'an attempt has an order');
      await ports.transact(stepOfAttempt('resume', attempt.id), async (store) => {
        await store.later({
          kind: kinds[state],
          owner: order.taxpayerId,
          payload: { attemptId: attempt.id, step: 0 },
          dedupeKey: `${attempt.id}:${ports.bootId}`,
          afterMs: 0,
        });
      });
    }
  }
}

async function isPast(ports: PaymentPorts, attempt: AttemptRecord): Promise<boolean> {
  const session = await readSession(ports);
  const hubMs = ports.now().epochMs + (session?.hubOffsetMs ?? 0);
  const endMs = attempt.notAfter === null ? null : parseChannelTime(attempt.notAfter);
  return endMs === null || hubMs > endMs + 999;
}

async function composeDebit(
  ports: PaymentPorts,
  attempt: AttemptRecord,
): Promise<{ ok: true; value: Ready } | { ok: false; error: string }> {
  const { unitId, billId } = attempt;
  const [order, bill, found] = await Promise.all([
    ports.read.of(orders).get({ id: attempt.orderId }),
    ports.read.of(bills).get({ id: billId }),
    ports.read.of(billLines).find({ unitId, billId }, { order: ['lineNo'] }),
  ]);
  assert(order?.snapshot && bill, 'an attempt has an order and a bill');
  const lines = found.filter((line) => line.orderId === null || line.orderId === order.id);
  const account = await ports.read.of(accounts).get({ id: order.snapshot.accountId });
  assert(account, 'an agreement has an account');
  const number = ports.open(account.cipher, accountAad(account.id));
  const ready = compose(ports, {
    msgNo: '1001',
    msgId: attempt.msgId,
    workDate: compact(attempt.entrustDate),
    body: debitBody(attempt, order, bill, lines, number),
  });
  if (ready.ok) return ready;
  ports.warn('a debit cannot be written', { attempt: attempt.id, path: ready.error.path });
  return { ok: false, error: `${ready.error.path} ${ready.error.detail}` };
}

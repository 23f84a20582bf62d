import type { MessageOf } from '@shebao/channel';
import { assert } from '@shebao/kernel';
import {
  type Asking,
  ask,
  compact,
  compose,
  dashed,
  eightDigits,
  newMessageId,
  noteIncoming,
  noteOutgoing,
  outgoing,
  type Ready,
  readSession,
  type Store,
} from '../treasury/index.ts';
import { advance, onAttempt } from './advance.ts';
import type { AttemptEvent } from './attempt.ts';
import { classOf } from './codes.ts';
import type { Facts, Work } from './payment.ts';
import type { PaymentPorts } from './ports.ts';
import { stepOfAttempt } from './sender.ts';
import { type AttemptRecord, attempts } from './tables.ts';

/** Asks what became of an unclear debit (9003). After the last question without an answer it is reversed. */
export async function queryAttempt(
  ports: PaymentPorts,
  attemptId: string,
  step: number,
): Promise<void> {
  const attempt = await ports.read.of(attempts).get({ id: attemptId });
  // Once the day's list has spoken, no answer decides any more.
  if (attempt?.state !== 'UNKNOWN' || attempt.reconDate !== null) return;
  const ready = await composeQuery(ports, attempt);
  await ports.transact({ ...stepOfAttempt('query', attemptId), quiet: true }, (store) =>
    noteOutgoing(store, ready, attemptId),
  );
  const asking = await ask(ports, ready);
  await onAttempt(ports, 'queried', attempt, async (store, found) => {
    let work = found;
    if (work.attempt.state !== 'UNKNOWN') return;
    if (asking.kind === 'answer') {
      await noteIncoming(store, asking.message, 'answer');
      if (asking.message.msgNo === '9004') {
        work = await applyStateAnswer(store, ports, work, asking.message);
      }
    }
    if (work.attempt.state === 'UNKNOWN') await askOnOrReverse(store, ports, work, step);
  });
}

async function askOnOrReverse(
  store: Store,
  ports: PaymentPorts,
  work: Work,
  step: number,
): Promise<void> {
  const { queryAfterMs } = ports.times;
  const next = queryAfterMs[step + 1];
  if (next === undefined) {
    const facts = { source: 'clock', cause: `+${queryAfterMs.at(-1) ?? 0} ms` } as const;
    await advance(store, work, 'reversalDue', facts, ports.times);
    return;
  }
  await store.later({
    kind: 'payment.resolve',
    owner: work.bill.taxpayerId,
    payload: { attemptId: work.attempt.id, step: step + 1 },
    dedupeKey: `${work.attempt.id}:${step + 1}`,
    afterMs: next - (queryAfterMs[step] ?? 0),
  });
}

/** What a 9004 means; one that repeats another question changes nothing. */
export async function applyStateAnswer(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  work: Work,
  message: MessageOf<'9004'>,
): Promise<Work> {
  const told = message.body.StateReturn;
  const { attempt } = work;
  const ours =
    told.SendOrgCode === attempt.taxOrg &&
    told.OriEntrustDate === compact(attempt.entrustDate) &&
    told.OriTraNo === attempt.traNo &&
    told.OriPackNo === (attempt.packNo ?? '') &&
    told.OriMsgNo === attempt.msgNo;
  if (!ours) return work;
  const facts: Facts = {
    source: 'query',
    cause: message.head.msgId,
    code: told.OpStat,
    ...(told.ChkDate === '' ? {} : { taxDate: dashed(told.ChkDate) }),
  };
  const moved = await advance(store, work, eventOfState(told.OpStat), facts, ports.times);
  return moved?.work ?? work;
}

function eventOfState(opStat: string): AttemptEvent {
  if (opStat === '80099') return 'queriedNotFound';
  switch (classOf(opStat)) {
    case 'success':
      return 'queriedSuccess';
    case 'reversed':
      return 'queriedReversed';
    case 'declined':
      return 'queriedDeclined';
    case 'unknown':
      return 'queriedUnclear';
  }
}

/** Reverses a debit (1021): a tombstone, the same bytes again and again until an answer or the day's list decides. */
export async function reverseAttempt(
  ports: PaymentPorts,
  attemptId: string,
  step: number,
): Promise<void> {
  const attempt = await ports.read.of(attempts).get({ id: attemptId });
  if (attempt?.state !== 'REVERSING' || attempt.reconDate !== null) return;
  const ready =
    attempt.cancelMsgId === null
      ? await firstReversal(ports, attempt)
      : await sameReversal(ports, attempt.cancelMsgId);
  if (!ready) return;
  const asking = await ask(ports, ready);
  await onAttempt(ports, 'reversed', attempt, async (store, found) => {
    if (found.attempt.state !== 'REVERSING') return;
    const work = await applyReversalAsking(store, ports, found, asking);
    if (work.attempt.state !== 'REVERSING') return;
    const { reversalAgainMs, reversalAtMostMs } = ports.times;
    await store.later({
      kind: 'payment.reverse',
      owner: work.bill.taxpayerId,
      payload: { attemptId, step: step + 1 },
      dedupeKey: `${attemptId}:${step + 1}`,
      afterMs: Math.min(reversalAgainMs * 2 ** Math.min(step, 20), reversalAtMostMs),
    });
  });
}

async function applyReversalAsking(
  store: Store,
  ports: PaymentPorts,
  work: Work,
  asking: Asking,
): Promise<Work> {
  if (asking.kind !== 'answer') return work;
  await noteIncoming(store, asking.message, 'answer');
  if (asking.message.msgNo !== '2021') return work;
  return applyReversalAnswer(store, ports, work, asking.message);
}

/** What a 2021 means for the attempt whose tombstone it answers. */
export async function applyReversalAnswer(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  work: Work,
  message: MessageOf<'2021'>,
): Promise<Work> {
  const told = message.body.RushReturn;
  const { attempt } = work;
  const ours =
    told.TaxOrgCode === attempt.taxOrg &&
    told.OriTraNo === attempt.traNo &&
    told.OriEntrustDate === compact(attempt.entrustDate) &&
    told.OriCancelNo === attempt.cancelNo &&
    attempt.cancelDate !== null &&
    told.OriCancelDate === compact(attempt.cancelDate);
  if (!ours) return work;
  const events = ['cancelledNothing', 'cancelStands', 'cancelUnclear'] as const;
  const event = events[Number(told.CancelAnswer)] ?? 'cancelUnclear';
  const facts: Facts = {
    source: 'reversal',
    cause: message.head.msgId,
    addWord: told.AddWord,
    ...(event === 'cancelStands' ? { taxDate: attempt.entrustDate } : {}),
  };
  const moved = await advance(store, work, event, facts, ports.times);
  return moved?.work ?? work;
}

async function composeQuery(ports: PaymentPorts, attempt: AttemptRecord): Promise<Ready> {
  const session = await readSession(ports);
  const ready = compose(ports, {
    msgNo: '9003',
    msgId: await newMessageId(ports, '9003'),
    workDate: session?.workDate ? compact(session.workDate) : null,
    body: {
      StateQuery: {
        SendOrgCode: attempt.taxOrg,
        SearchType: '1',
        OriMsgNo: attempt.msgNo,
        OriEntrustDate: compact(attempt.entrustDate),
        ...(attempt.packNo === null ? {} : { OriPackNo: attempt.packNo }),
        OriTraNo: attempt.traNo,
      },
    },
  });
  assert(ready.ok, 'a query can be written');
  return ready.value;
}

async function firstReversal(ports: PaymentPorts, attempt: AttemptRecord): Promise<Ready | null> {
  const session = await readSession(ports);
  const cancelDate = session?.workDate ?? attempt.entrustDate;
  const [number = 0] = await ports.numbers.take('cancel', attempt.taxOrg, cancelDate);
  const cancelNo = eightDigits(number);
  const ready = compose(ports, {
    msgNo: '1021',
    msgId: await newMessageId(ports, '1021'),
    workDate: compact(cancelDate),
    body: {
      RushApply: {
        TaxOrgCode: attempt.taxOrg,
        EntrustDate: compact(cancelDate),
        CancelNo: cancelNo,
        OriEntrustDate: compact(attempt.entrustDate),
        OriTraNo: attempt.traNo,
        CancelReason: '未收到回执',
      },
    },
  });
  assert(ready.ok, 'a reversal can be written');
  const cancelMsgId = ready.value.msgId;
  const kept = await onAttempt(ports, 'reverse', attempt, async (store, work) => {
    if (work.attempt.state !== 'REVERSING' || work.attempt.cancelNo !== null) return false;
    await noteOutgoing(store, ready.value, attempt.id);
    await store.of(attempts).update(work.attempt, { cancelNo, cancelDate, cancelMsgId });
    return true;
  });
  return kept ? ready.value : null;
}

async function sameReversal(ports: PaymentPorts, msgId: string): Promise<Ready> {
  const kept = await ports.read.of(outgoing).get({ msgId });
  assert(kept, 'a reversal under way is kept');
  return { msgNo: '1021', msgId, bytes: Buffer.from(kept.bytes) };
}

import type { MessageOf } from '@shebao/channel';
import { assert, err, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import {
  ask,
  compact,
  compose,
  noteIncoming,
  noteOutgoing,
  outgoing,
  type Ready,
  type Store,
} from '../treasury/index.ts';
import { openListCase } from './cases.ts';
import { namesPack } from './pack-result.ts';
import { linesOfPack, stepOfPack } from './pack-store.ts';
import type { PaymentPorts } from './ports.ts';
import { attempts, type PackRecord, packs, type StopRecord, stops } from './tables.ts';

/** 止付: an officer asks the bank not to debit a pack, or one line of it. */
export interface StopOrder {
  readonly id: string;
  readonly packId: string;
  /** Null: the whole pack. */
  readonly attemptId: string | null;
  readonly reason: string;
  readonly officer: string;
  readonly numbers: { readonly stopNo: string; readonly stopDate: string; readonly msgId: string };
}

/** Keeps a stop notice and queues it. It moves no money and no state: only what the bank says does. */
export async function askToStop(
  store: Store,
  order: StopOrder,
): Promise<Result<StopRecord, Refusal>> {
  const pack = await store.of(packs).get({ id: order.packId }, { lock: true });
  if (!pack) return err({ code: 'NOT_FOUND' });
  const own = await linesOfPack(store, pack);
  const meant = own.filter(({ id }) => order.attemptId === null || id === order.attemptId);
  if (meant.length === 0) return err({ code: 'NOT_FOUND' });
  if (!meant.some(({ state }) => state === 'SENT')) return err({ code: 'STOP_TOO_LATE' });
  const running = await store.of(stops).find({ packId: pack.id, state: ['已申请', '已止付'] });
  if (running.some((one) => one.attemptId === null || one.attemptId === order.attemptId)) {
    return err({ code: 'STOP_RUNNING' });
  }
  const { numbers, officer, id, packId, attemptId, reason } = order;
  const stop: StopRecord = {
    id,
    packId,
    attemptId,
    reason,
    ...numbers,
    taxOrg: pack.taxOrg,
    askedBy: officer,
    askedAt: store.at.iso,
    state: '已申请',
    addWord: null,
    answeredAt: null,
    version: 1,
  };
  await store.of(stops).insert(stop);
  await store.later({
    kind: 'batch.stop',
    owner: 'office',
    payload: { stopId: id, step: 0 },
    dedupeKey: `${id}:0`,
  });
  store.tell('office', 'batch', { id: pack.batchId });
  return ok(stop);
}

/** Sends a stop notice (1123), the same bytes again until it is answered or its pack is. */
export async function sendStop(ports: PaymentPorts, stopId: string, step: number): Promise<void> {
  const stop = await ports.read.of(stops).get({ id: stopId });
  const pack = stop && (await ports.read.of(packs).get({ id: stop.packId }));
  if (stop?.state !== '已申请' || !pack) return;
  const open = pack.state === 'SENT' || pack.state === 'RECEIVED';
  if (!open) return closeStop(ports, stop, '未能止付', '批量扣款已有结果');
  const ready = await composeStop(ports, stop, pack);
  if (!ready.ok) return closeStop(ports, stop, '未发出', ready.error);
  const audit = { ...stepOfPack('stopSend', pack.id), quiet: true } as const;
  await ports.transact(audit, (store) => noteOutgoing(store, ready.value, `stop:${stop.id}`));
  const asking = await ask(ports, ready.value);
  await ports.transact(stepOfPack('stopAnswer', pack.id), async (store) => {
    if (asking.kind === 'answer') {
      await noteIncoming(store, asking.message, 'answer');
      if (asking.message.msgNo === '2123') await applyStopAnswer(store, asking.message);
    }
    const now = await store.of(stops).get({ id: stopId });
    if (now?.state !== '已申请') return;
    const { reversalAgainMs, reversalAtMostMs } = ports.times;
    await store.later({
      kind: 'batch.stop',
      owner: 'office',
      payload: { stopId, step: step + 1 },
      dedupeKey: `${stopId}:${step + 1}`,
      afterMs: Math.min(reversalAgainMs * 2 ** Math.min(step, 20), reversalAtMostMs),
    });
  });
}

/** What a 2123 means. It promises, or says that it is too late; each line's outcome comes by 2102. */
export async function applyStopAnswer(store: Store, message: MessageOf<'2123'>): Promise<void> {
  const told = message.body.DelApply;
  const stop = await store.of(stops).get({ msgId: message.head.msgRef }, { lock: true });
  const pack = stop && (await store.of(packs).get({ id: stop.packId }));
  if (!stop || !pack) return;
  const line =
    stop.attemptId === null ? null : await store.of(attempts).get({ id: stop.attemptId });
  const ours =
    told.TaxOrgCode === stop.taxOrg &&
    told.EntrustDate === compact(stop.stopDate) &&
    told.OriStopNo === stop.stopNo &&
    told.OriTraNo === (line?.traNo ?? '') &&
    namesPack(told, pack);
  if (!ours) return;
  const state = told.StopAnswer === '0' ? '已止付' : '未能止付';
  if (stop.state === '已申请') {
    const changes = { state, addWord: told.AddWord, answeredAt: store.at.iso } as const;
    await store.of(stops).update(stop, changes);
    store.tell('office', 'batch', { id: pack.batchId });
  }
  const contradicts = stop.state !== '已申请' && stop.state !== state;
  const collected = state === '已止付' && (await anyCollected(store, pack, stop));
  if (!contradicts && !collected) return;
  const text = `止付申请 ${stop.stopNo} 的回执为“${state}”，与已有结果不符`;
  await openListCase(store, `stop:${stop.id}:${message.head.msgId}`, text, null, stop.attemptId);
}

async function anyCollected(store: Store, pack: PackRecord, stop: StopRecord): Promise<boolean> {
  const own = await linesOfPack(store, pack);
  const meant = own.filter(({ id }) => stop.attemptId === null || id === stop.attemptId);
  return meant.some(({ state }) => state === 'SUCCEEDED');
}

async function closeStop(
  ports: PaymentPorts,
  stop: StopRecord,
  state: StopRecord['state'],
  addWord: string,
): Promise<void> {
  await ports.transact(stepOfPack('stopEnd', stop.packId), async (store) => {
    const now = await store.of(stops).get({ id: stop.id }, { lock: true });
    if (now?.state === '已申请') await store.of(stops).update(now, { state, addWord });
  });
}

async function composeStop(
  ports: PaymentPorts,
  stop: StopRecord,
  pack: PackRecord,
): Promise<Result<Ready, string>> {
  const { msgId } = stop;
  const kept = await ports.read.of(outgoing).get({ msgId });
  if (kept) return ok({ msgNo: '1123', msgId, bytes: Buffer.from(kept.bytes) });
  const line =
    stop.attemptId === null ? null : await ports.read.of(attempts).get({ id: stop.attemptId });
  assert(line !== undefined, 'a stopped line is kept');
  const ready = compose(ports, {
    msgNo: '1123',
    msgId,
    workDate: compact(stop.stopDate),
    body: {
      StopApply: {
        TaxOrgCode: stop.taxOrg,
        EntrustDate: compact(stop.stopDate),
        StopNo: stop.stopNo,
        OriPackNo: pack.packNo,
        ...(line === null ? {} : { OriTraNo: line.traNo }),
        OriEntrustDate: compact(pack.entrustDate),
        StopReason: stop.reason,
      },
    },
  });
  return ready.ok ? ready : err(ready.error.detail);
}

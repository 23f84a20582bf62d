import { bytesDigest, type Message } from '@shebao/channel';
import { assert } from '@shebao/kernel';
import {
  ask,
  compact,
  compose,
  newMessageId,
  noteIncoming,
  noteOutgoing,
  outgoing,
  type Ready,
  readSession,
  type Store,
} from '../treasury/index.ts';
import { termOver } from './absence.ts';
import { classOf } from './codes.ts';
import { packBody } from './pack-body.ts';
import { advanceLines, contentOfPack, linesOfPack, movePack, stepOfPack } from './pack-store.ts';
import type { Facts } from './payment.ts';
import type { PaymentPorts } from './ports.ts';
import { attempts, type PackRecord, packs } from './tables.ts';

/** A result that has not come is asked for (9111) after this, doubling, at most an hour. */
const resultAfterMs = 600_000;
const resultAtMostMs = 3_600_000;

/**
 * Takes a pack one step further: sends it, sends the same bytes again until they are receipted, asks for its result, and
 * when ReturnTerm is over makes unclear what has none. Run again after a break it does the same: states decide.
 */
export async function followPack(ports: PaymentPorts, packId: string, step: number): Promise<void> {
  const pack = await ports.read.of(packs).get({ id: packId });
  if (!pack) return;
  if (pack.state === 'NEW') await sendFirst(ports, pack);
  else if (pack.state === 'SENT') await sendAgain(ports, pack);
  else if (pack.state === 'RECEIVED' || pack.state === 'OVERDUE') await askResult(ports, pack);
  await ports.transact({ ...stepOfPack('packNext', packId), quiet: true }, async (store) => {
    const now = await store.of(packs).get({ id: packId }, { lock: true });
    if (!now || !(await isOpen(store, now))) return;
    const over = await termOver(store, now);
    if (over && now.state !== 'NEW') await makeUnclear(store, ports, now);
    await store.later({
      kind: 'batch.follow',
      owner: 'office',
      payload: { packId, step: step + 1 },
      dedupeKey: `${packId}:${step + 1}`,
      afterMs: pauseMs(ports, now, step),
    });
  });
}

async function isOpen(store: Store, pack: PackRecord): Promise<boolean> {
  if (pack.state === 'REFUSED' || pack.state === 'NOT_SENT') return false;
  const lines = await linesOfPack(store, pack);
  return lines.some(({ state }) => state === 'NEW' || state === 'SENT' || state === 'UNKNOWN');
}

function pauseMs(ports: PaymentPorts, { state }: PackRecord, step: number): number {
  const doubling = 2 ** Math.min(step, 10);
  const { connectAgainMs, reversalAgainMs, reversalAtMostMs } = ports.times;
  if (state === 'NEW') return connectAgainMs;
  if (state === 'SENT') return Math.min(reversalAgainMs * doubling, reversalAtMostMs);
  return Math.min(resultAfterMs * doubling, resultAtMostMs);
}

async function makeUnclear(store: Store, ports: PaymentPorts, pack: PackRecord): Promise<void> {
  await movePack(store, pack, 'overdue', 'ReturnTerm');
  const facts = { source: 'clock', cause: 'ReturnTerm' } as const;
  await advanceLines(store, pack, ['SENT'], 'unclear', facts, ports.times);
}

async function sendFirst(ports: PaymentPorts, pack: PackRecord): Promise<void> {
  const session = await readSession(ports);
  const late = session?.workDate !== pack.entrustDate;
  const ready = late
    ? ({ ok: false, error: '税库银已切换工作日期' } as const)
    : await composePack(ports, pack);
  const cause = pack.msgId;
  if (!ready.ok) {
    // Nothing left: the reason names the field or the character that the channel cannot carry.
    const addWord = ready.error.slice(0, 100);
    await ports.transact(stepOfPack('packExpired', pack.id), async (store) => {
      const now = await store.of(packs).get({ id: pack.id }, { lock: true });
      if (now?.state !== 'NEW') return;
      await movePack(store, now, 'expired', cause, { addWord });
      const facts = { source: 'sender', cause, addWord } as const;
      await advanceLines(store, now, ['NEW'], 'expired', facts, ports.times);
    });
    return;
  }
  const taken = await ports.transact(stepOfPack('packTake', pack.id), async (store) => {
    const now = await store.of(packs).get({ id: pack.id }, { lock: true });
    if (now?.state !== 'NEW') return false;
    await noteOutgoing(store, ready.value, `pack:${pack.id}`);
    await movePack(store, now, 'taken', cause, { sentAt: store.at.iso });
    const facts = { source: 'sender', cause } as const;
    await advanceLines(store, now, ['NEW'], 'taken', facts, ports.times);
    const bytesHash = bytesDigest(ready.value.bytes);
    for (const attempt of await linesOfPack(store, now)) {
      await store.of(attempts).update(attempt, { bytesHash, bootId: ports.bootId });
    }
    return true;
  });
  if (taken) await deliver(ports, pack, ready.value);
}

/** The same bytes under the same PackNo: the hub keeps them once and repeats its receipt. */
async function sendAgain(ports: PaymentPorts, pack: PackRecord): Promise<void> {
  const kept = await ports.read.of(outgoing).get({ msgId: pack.msgId });
  assert(kept, 'what was sent is kept');
  const bytes = Buffer.from(kept.bytes);
  await deliver(ports, pack, { msgNo: '1102', msgId: pack.msgId, bytes });
}

async function deliver(ports: PaymentPorts, pack: PackRecord, ready: Ready): Promise<void> {
  const asking = await ask(ports, ready);
  if (asking.kind !== 'answer') return;
  await ports.transact(stepOfPack('packReceipt', pack.id), async (store) => {
    await noteIncoming(store, asking.message, 'answer');
    await applyReceipt(store, ports, asking.message);
  });
}

/** What a 9121 for a pack means. A code that is not final says nothing: the same bytes are sent again. */
export async function applyReceipt(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  message: Message,
): Promise<void> {
  if (message.msgNo !== '9121' || message.body.ReceiptReturn.OriMsgNo !== '1102') return;
  const told = message.body.ReceiptReturn;
  const msgId = message.head.msgRef;
  const pack = await store.of(packs).get({ msgId }, { lock: true });
  const ours =
    pack !== undefined &&
    told.OriSendOrgCode === pack.taxOrg &&
    told.OriEntrustDate === compact(pack.entrustDate) &&
    told.OriRequestNo === pack.packNo;
  if (!ours) return;
  const cause = message.head.msgId;
  const code = told.Result;
  if (code === '92011') await store.later({ kind: 'treasury.login', owner: 'office', payload: {} });
  const result = classOf(code);
  const changes = { resultCode: code, addWord: told.AddWord };
  if (result === 'success') await movePack(store, pack, 'received', cause, changes);
  if (result === 'unknown' || result === 'success') return;
  const next = await movePack(store, pack, 'refused', cause, {
    ...changes,
    answeredAt: store.at.iso,
  });
  if (next.state !== 'REFUSED' || next === pack) return;
  const facts: Facts = { source: 'answer', cause, code, addWord: told.AddWord };
  const event = result === 'reversed' ? 'answeredReversed' : 'answeredDeclined';
  await advanceLines(store, next, ['SENT', 'UNKNOWN', 'REVERSING'], event, facts, ports.times);
}

/** Asks for the result once more (9111); it is pushed to us. */
async function askResult(ports: PaymentPorts, pack: PackRecord): Promise<void> {
  const session = await readSession(ports);
  const ready = compose(ports, {
    msgNo: '9111',
    msgId: await newMessageId(ports, '9111'),
    workDate: session?.workDate ? compact(session.workDate) : null,
    body: {
      ResendPack: {
        SendOrgCode: pack.taxOrg,
        OriMsgNo: '2102',
        OriEntrustDate: compact(pack.entrustDate),
        OriPackNo: pack.packNo,
      },
    },
  });
  assert(ready.ok, 'a request can be written');
  const audit = { ...stepOfPack('packAsk', pack.id), quiet: true } as const;
  await ports.transact(audit, (store) => noteOutgoing(store, ready.value, `pack:${pack.id}`));
  const asking = await ask(ports, ready.value);
  if (asking.kind !== 'answer') return;
  const { message } = asking;
  await ports.transact(audit, (store) => noteIncoming(store, message, 'answer'));
}

async function composePack(
  ports: PaymentPorts,
  pack: PackRecord,
): Promise<{ ok: true; value: Ready } | { ok: false; error: string }> {
  const ready = compose(ports, {
    msgNo: '1102',
    msgId: pack.msgId,
    workDate: compact(pack.entrustDate),
    body: packBody(pack, await contentOfPack(ports, pack)),
  });
  if (ready.ok) return ready;
  ports.warn('a pack cannot be written', { pack: pack.id, path: ready.error.path });
  return { ok: false, error: `${ready.error.path} ${ready.error.detail}` };
}

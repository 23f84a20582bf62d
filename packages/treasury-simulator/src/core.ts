import {
  bytesDigest,
  checkNodes,
  classifyRepeat,
  codeText,
  contentDigest,
  type Envelope,
  fieldOf,
  identityKey,
  identityOf,
  laneRefusal,
  MAX_BYTES,
  openEnvelope,
  PEER_NODE,
  parseKeyDocument,
  type Repeat,
} from '@shebao/channel';
import { answerTo, refuseIdentity } from './answers.ts';
import { corrupted, takeFault } from './faults.ts';
import type { Handled } from './handle-debit.ts';
import { type Hub, pack64, record, stateOf, step, unpack64, writeCommon } from './hub.ts';
import type { Fault, FaultKind } from './model.ts';
import { enqueue } from './outbox.ts';
import type { Step } from './store.ts';

/** A request as it came in. */
export interface Arrival {
  readonly lane: 'online' | 'batch';
  readonly bytes: Uint8Array;
  /** The key document of a sender that was met for the first time. */
  readonly candidateKey?: string;
}

/** What goes back over HTTP. The changes of the step must be durable before anything of it is sent. */
export type Reply =
  | { readonly kind: 'answer'; readonly bytes: Uint8Array; readonly delayMs: number }
  | { readonly kind: 'accepted' }
  /** The connection is closed without an answer. */
  | { readonly kind: 'none' }
  | { readonly kind: 'status'; readonly status: number }
  /** The process dies here: `before` nothing was stored, `after` everything was. */
  | { readonly kind: 'crash'; readonly when: 'before' | 'after' };

const REQUEST_FAULTS: readonly FaultKind[] = [
  'dropRequest',
  'dropAnswer',
  'delay',
  'late',
  'double',
  'reorder',
  'corrupt',
  'answerAfterReversal',
  'crashBefore',
  'crashAfter',
  'httpError',
];

/** Takes one request in: everything from the bytes to the answer, in the order of section 4. Never throws. */
export function receive(hub: Hub, arrival: Arrival): Step<Reply> {
  const opened = openEnvelope(arrival.bytes, {
    maxBytes: MAX_BYTES[arrival.lane],
    trustedKeys: trustedKeys(hub, arrival),
    verify: hub.ports.verify,
  });
  if (!opened.ok) {
    return step(hub, () => refuseBytes(hub, arrival, opened.error.code, opened.error.detail));
  }
  const envelope = opened.value;
  const chosen = step(hub, () => takeFault(hub, envelope.head.msgNo, REQUEST_FAULTS));
  const fault = chosen.value;
  if (fault?.kind === 'dropRequest') return { value: { kind: 'none' }, changes: chosen.changes };
  if (fault?.kind === 'crashBefore') {
    return { value: { kind: 'crash', when: 'before' }, changes: chosen.changes };
  }
  const done = step(hub, () => {
    trust(hub, envelope.head.src, arrival);
    const handled = handle(hub, envelope, arrival.lane);
    note(hub, envelope, handled.answer);
    return toReply(hub, envelope, handled.answer, fault);
  });
  return { value: done.value, changes: [...chosen.changes, ...done.changes] };
}

/** Whether the sender of these bytes has no pinned key yet, so that its key must be fetched first. */
export function isStranger(hub: Hub, sender: string): boolean {
  const { node } = stateOf(hub);
  return (node === null || node === sender) && !hub.store.get('trusted', sender);
}

/** Pins the keys of a node, in place of those before: an operator's act. */
export function pinKeys(hub: Hub, node: string, keys: readonly string[]): void {
  hub.store.put('trusted', node, { keys });
}

function handle(hub: Hub, envelope: Envelope, lane: Arrival['lane']): Handled {
  const { head } = envelope;
  // A 9120 is never answered, whatever is wrong with it.
  if (head.msgNo === '9120') return { answer: null, keep: false };
  const nodes = checkNodes(envelope, stateOf(hub).node ?? head.src, PEER_NODE);
  if (nodes) return passing(writeCommon(hub, nodes.code, nodes.detail, head));
  const seenKey = `${head.src}:${head.msgId}`;
  const seen = hub.store.get('seen', seenKey);
  const digests = {
    bytesDigest: bytesDigest(envelope.bytes),
    contentDigest: contentDigest(envelope),
  };
  if (seen && seen.bytesDigest !== digests.bytesDigest) {
    return passing(writeCommon(hub, '94053', codeText('94053'), head));
  }
  if (seen?.answer) return { answer: unpack64(seen.answer), keep: false };
  const wrongLane = laneRefusal(envelope, lane);
  if (wrongLane) return passing(writeCommon(hub, wrongLane.code, wrongLane.detail, head));
  const handled = handleOnce(hub, envelope, digests);
  const answer = handled.keep && handled.answer ? pack64(handled.answer) : null;
  hub.store.put('seen', seenKey, { bytesDigest: digests.bytesDigest, answer });
  return handled;
}

function handleOnce(
  hub: Hub,
  envelope: Envelope,
  digests: { readonly bytesDigest: string; readonly contentDigest: string },
): Handled {
  const identity = storedIdentity(envelope);
  const used = identity === null ? undefined : hub.store.get('used', identity);
  const repeat: Repeat = classifyRepeat(digests, {
    bytesDigest: null,
    contentDigest: used?.contentDigest ?? null,
  });
  if (repeat === 'identityReused') return refuseIdentity(hub, envelope);
  const handled = answerTo(hub, envelope);
  if (identity !== null && repeat === 'new') {
    const { msgNo } = envelope.head;
    hub.store.put('used', identity, { contentDigest: digests.contentDigest, msgNo });
  }
  return handled;
}

// A 1001 whose voucher number cannot be read has no 2001 to be stored as.
function storedIdentity(envelope: Envelope): string | null {
  const identity = identityOf(envelope);
  if (!identity) return null;
  const { msgNo } = envelope.head;
  const voucher = msgNo === '1001' ? fieldOf(envelope, 'Payment', 'TaxVouNo') : '0'.repeat(18);
  // The number of a 1008 was drawn by the initiator for a bill that a bank fetched: see the counter.
  if (msgNo === '1008') return null;
  return /^\d{18}$/.test(voucher ?? '') ? identityKey(identity) : null;
}

function toReply(hub: Hub, envelope: Envelope, answer: Buffer | null, fault: Fault | null): Reply {
  if (!answer)
    return fault?.kind === 'httpError' ? { kind: 'status', status: 503 } : { kind: 'accepted' };
  const msgNo = answerNo(answer);
  const direct: Reply = { kind: 'answer', bytes: answer, delayMs: 0 };
  switch (fault?.kind) {
    case 'dropAnswer':
      return { kind: 'none' };
    case 'crashAfter':
      return { kind: 'crash', when: 'after' };
    case 'httpError':
      return { kind: 'status', status: 503 };
    case 'delay':
      return { ...direct, delayMs: fault.ms };
    case 'late':
    case 'reorder':
      enqueue(hub, msgNo, answer, fault.ms, false);
      return { kind: 'accepted' };
    case 'double':
      enqueue(hub, msgNo, answer, 0, false);
      return direct;
    case 'corrupt':
      return { ...direct, bytes: corrupted(answer) };
    case 'answerAfterReversal':
      return holdBack(hub, envelope, answer);
    default:
      return direct;
  }
}

function answerNo(answer: Buffer): string {
  return /<MsgNo>(\d{4})</.exec(answer.toString('latin1'))?.[1] ?? '';
}

function holdBack(hub: Hub, envelope: Envelope, answer: Buffer): Reply {
  const identity = identityOf(envelope);
  if (envelope.head.msgNo !== '1001' || !identity) {
    return { kind: 'answer', bytes: answer, delayMs: 0 };
  }
  const key = `${identity.owner}:${identity.date}:${identity.number}`;
  hub.store.put('held', key, { bytes: pack64(answer), msgNo: '2001' });
  return { kind: 'accepted' };
}

function refuseBytes(hub: Hub, arrival: Arrival, code: string, detail: string): Reply {
  const bytes = pack64(arrival.bytes);
  record(hub, { direction: 'in', msgNo: '', msgId: '', note: `${code} ${detail}`, bytes });
  if (code === '413') return { kind: 'status', status: 413 };
  return { kind: 'answer', bytes: writeCommon(hub, code, detail, null), delayMs: 0 };
}

function note(hub: Hub, envelope: Envelope, answer: Buffer | null): void {
  const { msgNo, msgId } = envelope.head;
  record(hub, { direction: 'in', msgNo, msgId, note: '', bytes: pack64(envelope.bytes) });
  if (!answer) return;
  const text = answer.toString('latin1');
  const find = (name: string): string => text.split(`<${name}>`)[1]?.split('<')[0] ?? '';
  const result = find('Result') || find('OpStat') || find('CancelAnswer') || find('VCResult');
  record(hub, {
    direction: 'out',
    msgNo: find('MsgNo'),
    msgId: find('MsgID'),
    note: result,
    bytes: pack64(answer),
  });
}

function passing(answer: Buffer): Handled {
  return { answer, keep: false };
}

function trustedKeys(hub: Hub, arrival: Arrival): readonly string[] {
  const { node } = stateOf(hub);
  const known = hub.store
    .entries('trusted')
    .filter(([sender]) => node === null || sender === node)
    .flatMap(([, trusted]) => trusted.keys);
  const candidate = parseKeyDocument(arrival.candidateKey ?? '');
  return candidate === null ? known : [...known, candidate];
}

function trust(hub: Hub, sender: string, arrival: Arrival): void {
  const candidate = parseKeyDocument(arrival.candidateKey ?? '');
  if (candidate !== null && isStranger(hub, sender)) pinKeys(hub, sender, [candidate]);
}

import {
  type Asked,
  type BuildProblem,
  buildMessage,
  type ExchangeOutcome,
  laneOf,
  MAX_BYTES,
  type Message,
  type MessageBody,
  type MsgNo,
  messageId,
  NO_WORK_DATE,
  PEER_NODE,
  readAnswer,
  type Signer,
  type Verify,
  waitMsOf,
} from '@shebao/channel';
import { err, ok, type Result } from '@shebao/kernel';
import type { Day8 } from './dates.ts';
import { compact } from './dates.ts';
import { eightDigits, type Numbers } from './numbers.ts';
import type { Reader, Store, Transact } from './records.ts';
import { incoming, keys, outgoing, refused, type SessionRecord, sessions } from './tables.ts';

/** What the port to the channel needs from outside: everything that a simulation replaces. */
export interface TreasuryPorts {
  readonly transact: Transact;
  readonly read: Reader;
  readonly numbers: Numbers;
  now(): Store['at'];
  /** One exchange with the peer on a lane. */
  send(lane: 'online' | 'batch', bytes: Uint8Array, waitMs: number): Promise<ExchangeOutcome>;
  /** The peer's public key document; null when it cannot be fetched. */
  fetchPeerKey(): Promise<string | null>;
  readonly signer: Signer;
  readonly verify: Verify;
  /** Our own address, where the peer pushes to. */
  readonly replyTo: string;
  /** Our node code, 12 digits. */
  readonly node: string;
  /** Names this run of the process. */
  readonly bootId: string;
  warn(text: string, detail: Readonly<Record<string, unknown>>): void;
}

/** A message ready to leave. */
export interface Ready<N extends MsgNo = MsgNo> {
  readonly msgNo: N;
  readonly msgId: string;
  readonly bytes: Buffer;
}

/** What a request came to. `none` says nothing about the request, except that unconnected it never left. */
export type Asking =
  | { readonly kind: 'answer'; readonly message: Message }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'none'; readonly connected: boolean; readonly detail: string };

/** The session as last committed; before the first start of the channel there is none. */
export function readSession(ports: TreasuryPorts): Promise<SessionRecord | undefined> {
  return ports.read.of(sessions).get({ id: 'session' });
}

/** A fresh MsgID: calendar date, message number, sequence. */
export async function newMessageId(ports: TreasuryPorts, msgNo: MsgNo): Promise<string> {
  const { date } = ports.now();
  const [sequence = 0] = await ports.numbers.take('message', ports.node, date);
  return messageId(compact(date), msgNo, sequence);
}

/** Builds and signs a message of ours. `msgRef`: the message it answers, else its own id. */
export function compose<N extends MsgNo>(
  ports: TreasuryPorts,
  given: {
    readonly msgNo: N;
    readonly msgId: string;
    readonly msgRef?: string;
    readonly des?: string;
    /** YYYYMMDD; null while none is known. */
    readonly workDate: Day8 | null;
    readonly body: MessageBody<N>;
  },
): Result<Ready<N>, BuildProblem> {
  const { msgNo, msgId, body } = given;
  const built = buildMessage(
    {
      msgNo,
      head: {
        src: ports.node,
        des: given.des ?? PEER_NODE,
        msgId,
        msgRef: given.msgRef ?? msgId,
        workDate: given.workDate ?? NO_WORK_DATE,
      },
      body,
    },
    ports.signer,
  );
  return built.ok ? ok({ msgNo, msgId, bytes: built.value }) : err(built.error);
}

/** Keeps a message before its first byte leaves, so that answers can be matched and bytes repeated. */
export async function noteOutgoing(store: Store, ready: Ready, subject: string): Promise<void> {
  const { msgId, msgNo, bytes } = ready;
  await store.of(outgoing).insertNew({ msgId, msgNo, subject, bytes, at: store.at.iso });
}

/** Keeps an answer that was understood. */
export async function noteIncoming(store: Store, message: Message, outcome: string): Promise<void> {
  const { src, msgId, msgNo, msgRef } = message.head;
  await store.of(incoming).insertNew({
    src,
    msgId,
    msgNo,
    msgRef,
    bytes: message.bytes,
    answer: null,
    outcome,
    at: store.at.iso,
  });
}

/**
 * Sends a message and reads its answer. An answer that does not verify, is for another node or another request
 * counts as none and is kept as a security event.
 */
export async function ask(ports: TreasuryPorts, ready: Ready): Promise<Asking> {
  const outcome = await ports.send(laneOf(ready.msgNo), ready.bytes, waitMsOf(ready.msgNo));
  if (outcome.kind === 'accepted') return { kind: 'accepted' };
  if (outcome.kind === 'none') {
    return { kind: 'none', connected: outcome.connected, detail: outcome.detail };
  }
  const asked: Asked = {
    msgNo: ready.msgNo,
    msgId: ready.msgId,
    node: ports.node,
    peer: PEER_NODE,
  };
  const trustedKeys = await peerKeys(ports);
  const answer = readAnswer(outcome.bytes, asked, {
    maxBytes: MAX_BYTES.inbox,
    trustedKeys,
    verify: ports.verify,
  });
  if (answer.ok) return { kind: 'answer', message: answer.value };
  const { reason, detail } = answer.error;
  await keepRefused(ports, 'answer', reason, `${ready.msgId}: ${detail}`, outcome.bytes);
  return { kind: 'none', connected: true, detail };
}

/** The keys that count at present. */
export async function peerKeys(ports: TreasuryPorts): Promise<readonly string[]> {
  const pinned = await ports.read.of(keys).find({ owner: 'peer' });
  return pinned.map((key) => key.publicKey);
}

/** Keeps bytes that were refused, for the security officer. */
export async function keepRefused(
  ports: TreasuryPorts,
  direction: 'in' | 'answer',
  code: string,
  reason: string,
  bytes: Uint8Array,
): Promise<void> {
  ports.warn('treasury message refused', { direction, code, reason });
  const [number = 0] = await ports.numbers.take('message', ports.node, ports.now().date);
  const id = `${compact(ports.now().date)}-${eightDigits(number)}`;
  const step = { name: 'treasury.refused', chain: 'agency:treasury', subject: id };
  await ports.transact(step, (store) =>
    store.of(refused).insert({ id, at: store.at.iso, direction, code, reason, bytes }),
  );
}

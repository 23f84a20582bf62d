import {
  bytesDigest,
  checkNodes,
  codeText,
  type Envelope,
  laneRefusal,
  MAX_BYTES,
  type Message,
  type MessageBody,
  type MsgNo,
  NO_MESSAGE,
  NO_NODE,
  openEnvelope,
  PEER_NODE,
  readBody,
} from '@shebao/channel';
import { compact } from './dates.ts';
import {
  compose,
  keepRefused,
  newMessageId,
  peerKeys,
  readSession,
  type TreasuryPorts,
} from './ports.ts';
import type { Store } from './records.ts';
import { applyStateNotice, applyStopNotice } from './session.ts';
import { authorities, incoming } from './tables.ts';

/** What goes back over HTTP. */
export interface Reply {
  readonly status: 200 | 202 | 413;
  readonly bytes?: Buffer;
}

/** Writes the answer to the message in hand; only messages that have an answer get one. */
export type Answer = <N extends MsgNo>(msgNo: N, body: MessageBody<N>) => Buffer;

/** Takes one message inside the transaction that also keeps it; the bytes it gives back are the answer. */
export type Handler = (
  store: Store,
  message: Message,
  answer: Answer,
  /** A fresh TraNo, for the one message (2090) whose answer begins a debit; else 0. */
  debitNumber: number,
) => Promise<Buffer | null>;
export type Handlers = Readonly<Partial<Record<MsgNo, Handler>>>;

/**
 * Takes what the peer sent to our inbox, in the order of the channel's section 4: size, closing root, signature,
 * form, nodes, repeats, lane, fields, business. The message and what follows from it are kept in one transaction.
 */
export async function receive(
  ports: TreasuryPorts,
  handlers: Handlers,
  bytes: Uint8Array,
): Promise<Reply> {
  const opened = openEnvelope(bytes, {
    maxBytes: MAX_BYTES.inbox,
    trustedKeys: await peerKeys(ports),
    verify: ports.verify,
  });
  if (!opened.ok) {
    const { code, detail } = opened.error;
    if (code === '413') return { status: 413 };
    await keepRefused(ports, 'in', code, detail, bytes);
    return refuse(ports, null, code);
  }
  const envelope = opened.value;
  const { src, msgId } = envelope.head;
  const nodes = checkNodes(envelope, PEER_NODE, ports.node);
  if (nodes) return refuseAndKeep(ports, envelope, nodes.code, nodes.detail);
  const known = await ports.read.of(incoming).get({ src, msgId });
  if (known) {
    if (bytesDigest(known.bytes) !== bytesDigest(bytes)) {
      return refuseAndKeep(ports, envelope, '94053', '同一报文标识内容不同');
    }
    return known.answer ? { status: 200, bytes: Buffer.from(known.answer) } : { status: 202 };
  }
  const lane = laneRefusal(envelope, 'inbox');
  if (lane) return refuseAndKeep(ports, envelope, lane.code, lane.detail);
  const read = readBody(envelope);
  if (!read.ok) {
    return refuseAndKeep(
      ports,
      envelope,
      read.error.code,
      `${read.error.path} ${read.error.detail}`,
    );
  }
  return take(ports, handlers, read.value);
}

async function take(ports: TreasuryPorts, handlers: Handlers, message: Message): Promise<Reply> {
  const { head, msgNo } = message;
  const session = await readSession(ports);
  const answerId = await answerIdFor(ports, msgNo);
  const workDate = session?.workDate ? compact(session.workDate) : null;
  const debitNumber = await debitNumberFor(ports, message, session?.workDate ?? null);
  const answer: Answer = (number, body) => {
    const ready = compose(ports, {
      msgNo: number,
      msgId: answerId ?? head.msgId,
      msgRef: head.msgId,
      workDate,
      body,
    });
    if (!ready.ok) throw new Error(`${number} cannot be written: ${ready.error.detail}`);
    return ready.value.bytes;
  };
  const handler = handlers[msgNo] ?? ownHandlers[msgNo];
  const step = { name: `treasury.in${msgNo}`, chain: 'agency:treasury', subject: head.msgId };
  const reply = await ports.transact(step, async (store) => {
    if (session?.loggedIn && workDate !== null && head.workDate > workDate && msgNo !== '9101') {
      await store.later({ kind: 'treasury.login', owner: 'office', payload: {} });
    }
    const answered = handler ? await handler(store, message, answer, debitNumber) : null;
    await store.of(incoming).insert({
      src: head.src,
      msgId: head.msgId,
      msgNo,
      msgRef: head.msgRef,
      bytes: message.bytes,
      answer: answered,
      outcome: handler ? 'taken' : 'kept',
      at: store.at.iso,
    });
    return answered;
  });
  return reply ? { status: 200, bytes: reply } : { status: 202 };
}

/** What the session itself takes. */
const ownHandlers: Handlers = {
  '9005': async (_store, _message, answer) =>
    answer('9120', {
      CommonReturn: { OriMsgNo: '9005', Result: '90000', AddWord: '连接测试成功' },
    }),
  '9101': async (store, message) => {
    if (message.msgNo === '9101') await applyStateNotice(store, message);
    return null;
  },
  '9104': async (store, message) => {
    if (message.msgNo === '9104') await applyStopNotice(store, message);
    return null;
  },
};

const answered: Partial<Record<MsgNo, MsgNo>> = {
  '9005': '9120',
  '2090': '1008',
  '2091': '1009',
  '3111': '2111',
};

async function debitNumberFor(
  ports: TreasuryPorts,
  message: Message,
  workDate: string | null,
): Promise<number> {
  if (message.msgNo !== '2090' || workDate === null) return 0;
  const { TaxOrgCode } = message.body.LevyApply;
  const known = await ports.read.of(authorities).get({ taxOrg: TaxOrgCode });
  const [number = 0] = known ? await ports.numbers.take('debit', TaxOrgCode, workDate) : [];
  return number;
}

async function answerIdFor(ports: TreasuryPorts, msgNo: MsgNo): Promise<string | null> {
  const number = answered[msgNo];
  return number === undefined ? null : newMessageId(ports, number);
}

async function refuseAndKeep(
  ports: TreasuryPorts,
  envelope: Envelope,
  code: string,
  detail: string,
): Promise<Reply> {
  await keepRefused(ports, 'in', code, `${envelope.head.msgId}: ${detail}`, envelope.bytes);
  // A 9120 is never answered.
  if (envelope.head.msgNo === '9120') return { status: 202 };
  return refuse(ports, envelope, code);
}

async function refuse(
  ports: TreasuryPorts,
  envelope: Envelope | null,
  code: string,
): Promise<Reply> {
  const session = await readSession(ports);
  const ready = compose(ports, {
    msgNo: '9120',
    msgId: await newMessageId(ports, '9120'),
    msgRef: envelope?.head.msgId ?? NO_MESSAGE,
    des: envelope?.head.src ?? NO_NODE,
    workDate: session?.workDate ? compact(session.workDate) : null,
    body: {
      CommonReturn: {
        OriMsgNo: envelope?.head.msgNo ?? '0000',
        Result: code,
        AddWord: codeText(code),
      },
    },
  });
  if (!ready.ok) throw new Error(`9120 cannot be written: ${ready.error.detail}`);
  return { status: 200, bytes: ready.value.bytes };
}

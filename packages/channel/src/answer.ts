import { err, ok, type Result } from '@shebao/kernel';
import { type Message, readBody } from './body.ts';
import { ANSWERS, type MsgNo, NO_MESSAGE, NO_NODE } from './catalogue.ts';
import { openEnvelope, type Receiver } from './envelope.ts';

/** The request that an answer in an HTTP response must belong to. */
export interface Asked {
  readonly msgNo: MsgNo;
  readonly msgId: string;
  /** The node that asked. */
  readonly node: string;
  /** The node that was asked. */
  readonly peer: string;
}

/** Why an answer counts as no answer. It is recorded as a security event; nothing follows for the request. */
export interface AnswerProblem {
  readonly reason: 'signature' | 'malformed' | 'node' | 'reference' | 'kind';
  readonly detail: string;
}

/**
 * Reads what came back in an HTTP response. Anything that does not verify, is not for the asking node,
 * does not name the request or is no answer to it is a problem: the request may still have been processed.
 */
export function readAnswer(
  bytes: Uint8Array,
  asked: Asked,
  receiver: Receiver,
): Result<Message, AnswerProblem> {
  const envelope = openEnvelope(bytes, receiver);
  if (!envelope.ok) {
    const reason = envelope.error.code === '91005' ? 'signature' : 'malformed';
    return err({ reason, detail: envelope.error.detail });
  }
  const message = readBody(envelope.value);
  if (!message.ok) return err({ reason: 'malformed', detail: message.error.detail });
  const { head, msgNo } = message.value;
  const zeros = msgNo === '9120' && head.des === NO_NODE && head.msgRef === NO_MESSAGE;
  if (head.src !== asked.peer || (head.des !== asked.node && !zeros)) {
    return err({ reason: 'node', detail: '应答的节点代码不符' });
  }
  if (head.msgRef !== asked.msgId && !zeros) {
    return err({ reason: 'reference', detail: '应答不是对该请求的应答' });
  }
  const kinds: readonly MsgNo[] =
    (ANSWERS as Partial<Record<MsgNo, readonly MsgNo[]>>)[asked.msgNo] ?? [];
  if (msgNo !== '9120' && !kinds.includes(msgNo)) {
    return err({ reason: 'kind', detail: `报文 ${msgNo} 不是 ${asked.msgNo} 的应答` });
  }
  return ok(message.value);
}

import { err, ok, type Result } from '@shebao/kernel';
import { HEAD_FIELDS, type Head } from './catalogue.ts';
import { fieldProblem } from './fields.ts';
import { decodeGbk } from './gbk.ts';
import type { Verify } from './signature.ts';
import { parseXml, type XmlNode } from './xml.ts';

/** A message whose signature holds and whose head is readable; its body is not looked at yet. */
export interface Envelope {
  readonly head: Head;
  /** The MSG element. */
  readonly msg: XmlNode;
  /** The bytes as received, kept for repeats and for the record. */
  readonly bytes: Uint8Array;
}

/** Why received bytes are refused before their content counts. `413` is an HTTP status, the others answer by 9120. */
export interface EnvelopeRefusal {
  readonly code: '413' | '92004' | '91005' | '92014';
  readonly detail: string;
}

/** What a receiver knows when bytes arrive. */
export interface Receiver {
  readonly maxBytes: number;
  /** Keys that count at present: one, or two while a change is under way. */
  readonly trustedKeys: readonly string[];
  readonly verify: Verify;
}

const CLOSING = Buffer.from('</CFX>');
const TRAILER = /^<!--[ \t\r\n]*([A-Za-z0-9+/]{86}==)[ \t\r\n]*-->[ \t\r\n]*$/;
// A signature, two delimiters and white space: more behind the root cannot be a signature comment.
const MAX_TRAILER_BYTES = 1024;

/**
 * The first steps of receiving, in this order: size, exactly one closing root, signature over the received bytes,
 * GBK, XML subset, head. Every refusal is a value; hostile input never throws.
 */
export function openEnvelope(
  bytes: Uint8Array,
  receiver: Receiver,
): Result<Envelope, EnvelopeRefusal> {
  if (bytes.byteLength > receiver.maxBytes) return refuse('413', '报文超过大小上限');
  const parts = splitSigned(bytes);
  if (!parts) return refuse('92004', '报文必须恰有一个 </CFX>');
  const signature = TRAILER.exec(parts.trailer)?.[1];
  const signed =
    signature !== undefined &&
    receiver.trustedKeys.some((key) => receiver.verify(parts.signed, signature, key));
  if (!signed) return refuse('91005', '校验电子签名错');
  const text = decodeGbk(parts.signed);
  if (text === null) return refuse('92004', '报文不是有效的 GBK 编码');
  const root = parseXml(text);
  if (!root) return refuse('92004', '报文不是允许的 XML 格式');
  return readRoot(root, bytes);
}

/** Checks that a message goes from one node to the other. */
export function checkNodes(
  envelope: Envelope,
  source: string,
  destination: string,
): EnvelopeRefusal | null {
  if (envelope.head.src === source && envelope.head.des === destination) return null;
  return { code: '92014', detail: '发起节点或接收节点代码不符' };
}

/**
 * The sender of a message read without checking its signature: for one purpose only,
 * that a test peer finds the key of a sender it meets for the first time. Null when unreadable.
 */
export function unverifiedSender(bytes: Uint8Array): string | null {
  const parts = splitSigned(bytes);
  if (!parts) return null;
  const text = decodeGbk(parts.signed);
  const root = text === null ? null : parseXml(text);
  const opened = root ? readRoot(root, bytes) : null;
  return opened?.ok ? opened.value.head.src : null;
}

function splitSigned(bytes: Uint8Array): { signed: Uint8Array; trailer: string } | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = buffer.indexOf(CLOSING);
  if (at < 0 || buffer.indexOf(CLOSING, at + 1) >= 0) return null;
  const end = at + CLOSING.length;
  const rest = buffer.subarray(end);
  const trailer = rest.length > MAX_TRAILER_BYTES ? '' : rest.toString('latin1');
  return { signed: buffer.subarray(0, end), trailer };
}

function readRoot(root: XmlNode, bytes: Uint8Array): Result<Envelope, EnvelopeRefusal> {
  const [head, msg] = root.children;
  const shaped =
    root.name === 'CFX' &&
    root.children.length === 2 &&
    head?.name === 'HEAD' &&
    msg?.name === 'MSG';
  if (!shaped) return refuse('92004', '报文缺少 HEAD 或 MSG');
  const values = headValues(head);
  if (!values) return refuse('92004', '报文头字段不符');
  return ok({
    head: {
      src: values['SRC'] ?? '',
      des: values['DES'] ?? '',
      msgNo: values['MsgNo'] ?? '',
      msgId: values['MsgID'] ?? '',
      msgRef: values['MsgRef'] ?? '',
      workDate: values['WorkDate'] ?? '',
    },
    msg,
    bytes,
  });
}

function headValues(head: XmlNode): Record<string, string> | null {
  const values: Record<string, string> = {};
  for (const child of head.children) {
    const known = Object.hasOwn(HEAD_FIELDS, child.name);
    if (!known || Object.hasOwn(values, child.name) || child.children.length > 0) return null;
    values[child.name] = child.text;
  }
  for (const [name, spec] of Object.entries(HEAD_FIELDS)) {
    if (fieldProblem(values[name] ?? '', spec)) return null;
  }
  return values['VER'] === '1.0' && values['APP'] === 'TIPS' ? values : null;
}

function refuse(
  code: EnvelopeRefusal['code'],
  detail: string,
): { readonly ok: false; readonly error: EnvelopeRefusal } {
  return err({ code, detail });
}

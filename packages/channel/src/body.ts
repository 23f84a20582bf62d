import { err, ok, type Result } from '@shebao/kernel';
import { type Head, isMsgNo, isOnLane, type MsgNo, type ReadBody, specOf } from './catalogue.ts';
import { contentProblem } from './checks.ts';
import type { Envelope } from './envelope.ts';
import { fieldProblem } from './fields.ts';
import type { BlockSpec, Blocks, Lane } from './spec.ts';
import { WHITE_SPACE, type XmlNode } from './xml.ts';

/** A message that was read whole: number, head and typed body belong together. */
export type Message = { [N in MsgNo]: MessageOf<N> }[MsgNo];

/** One kind of message as read. */
export interface MessageOf<N extends MsgNo> {
  readonly msgNo: N;
  readonly head: Head;
  readonly body: ReadBody<N>;
  readonly bytes: Uint8Array;
}

/** Why a readable message is refused: unknown here (92001) or its fields, counts or sums do not fit (92010). */
export interface BodyRefusal {
  readonly code: '92001' | '92010';
  /** The path of the field, such as `Payment/TraAmt`; '' where it is the whole. */
  readonly path: string;
  readonly detail: string;
}

type ReadValue = string | null | ReadRecord | readonly ReadRecord[];
interface ReadRecord {
  readonly [name: string]: ReadValue;
}
type Step<T> = Result<T, BodyRefusal>;

/** Whether the number is in the catalogue and may arrive on this lane; null means yes. */
export function laneRefusal(envelope: Envelope, lane: Lane): BodyRefusal | null {
  const { msgNo } = envelope.head;
  if (isMsgNo(msgNo) && isOnLane(msgNo, lane)) return null;
  return { code: '92001', path: '', detail: `无法识别的报文 ${msgNo}` };
}

/** Reads the body by the catalogue, then checks counts and sums. */
export function readBody(envelope: Envelope): Result<Message, BodyRefusal> {
  const { msgNo } = envelope.head;
  if (!isMsgNo(msgNo)) return err({ code: '92001', path: '', detail: `无法识别的报文 ${msgNo}` });
  const blank = envelope.msg.children.length === 0 && !WHITE_SPACE.test(envelope.msg.text);
  if (blank) return fieldError('', '报文体不应有文字');
  const values = readBlocks(envelope.msg.children, specOf(msgNo).blocks, msgNo, '');
  if (!values.ok) return values;
  // The catalogue that typed the body has just been walked field by field.
  const message = {
    msgNo,
    head: envelope.head,
    body: values.value,
    bytes: envelope.bytes,
  } as unknown as Message;
  const problem = contentProblem(message);
  return problem ? fieldError(problem.path, problem.detail) : ok(message);
}

/** Reads without lane or order of repeats: what an answer in a response needs. */
function readBlocks(
  nodes: readonly XmlNode[],
  blocks: Blocks,
  msgNo: string,
  path: string,
): Step<ReadRecord> {
  const record: Record<string, ReadValue> = {};
  let at = 0;
  for (const [name, spec] of Object.entries(blocks)) {
    const found: ReadRecord[] = [];
    while (nodes[at]?.name === `${name}${msgNo}`) {
      const node = nodes[at] as XmlNode;
      at += 1;
      const block = readBlock(node, spec, msgNo, `${path}${name}`);
      if (!block.ok) return block;
      found.push(block.value);
    }
    const value = repeated(spec, found);
    if (value === undefined) return fieldError(`${path}${name}`, `${name} 的个数不符`);
    record[name] = value;
  }
  const extra = nodes[at];
  return extra ? fieldError(`${path}${extra.name}`, '不认识或次序不符的数据块') : ok(record);
}

function repeated(spec: BlockSpec, found: readonly ReadRecord[]): ReadValue | undefined {
  if (spec.times === 'any') return found;
  if (spec.times === 'some') return found.length > 0 ? found : undefined;
  if (found.length > 1) return undefined;
  return found[0] ?? (spec.times === 'optional' ? null : undefined);
}

function readBlock(node: XmlNode, spec: BlockSpec, msgNo: string, path: string): Step<ReadRecord> {
  if (node.children.length === 0 && !WHITE_SPACE.test(node.text)) {
    return fieldError(path, '数据块不应有文字');
  }
  const record: Record<string, ReadValue> = {};
  const inner: XmlNode[] = [];
  for (const child of node.children) {
    if (!Object.hasOwn(spec.fields, child.name)) {
      inner.push(child);
      continue;
    }
    if (Object.hasOwn(record, child.name)) return fieldError(`${path}/${child.name}`, '字段重复');
    if (child.children.length > 0) return fieldError(`${path}/${child.name}`, '字段内有子元素');
    record[child.name] = child.text;
  }
  for (const [name, type] of Object.entries(spec.fields)) {
    const value = record[name];
    const text = typeof value === 'string' ? value : '';
    const problem = fieldProblem(text, type);
    if (problem) return fieldError(`${path}/${name}`, FIELD_TEXT[problem]);
    record[name] = text;
  }
  const blocks = readBlocks(inner, spec.inner ?? {}, msgNo, `${path}/`);
  return blocks.ok ? ok({ ...record, ...blocks.value }) : blocks;
}

const FIELD_TEXT = {
  missing: '必填字段为空',
  format: '字段格式不符',
  width: '字段超长',
  spaces: '字段首尾有空白',
  control: '字段含控制字符',
} as const;

function fieldError(path: string, detail: string): Step<never> {
  return err({ code: '92010', path, detail });
}

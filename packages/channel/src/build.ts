import { err, ok, type Result } from '@shebao/kernel';
import { HEAD_FIELDS, type Head, type MessageBody, type MsgNo, specOf } from './catalogue.ts';
import { contentProblem } from './checks.ts';
import { type FieldProblem, type FieldSpec, fieldProblem, textWidth } from './fields.ts';
import { cutToGbkWidth, encodeGbk } from './gbk.ts';
import type { Signer } from './signature.ts';
import type { BlockSpec, Blocks } from './spec.ts';
import { escapeXml, type XmlNode } from './xml.ts';

/** A message to be written. */
export interface Draft<N extends MsgNo> {
  readonly msgNo: N;
  readonly head: Omit<Head, 'msgNo'>;
  readonly body: MessageBody<N>;
}

/** Why a message cannot be written. Nothing has been sent. */
export interface BuildProblem {
  readonly kind: FieldProblem | 'character' | 'block' | 'unknown' | 'content';
  /** The path of the field, such as `Payment/HandOrgName`. */
  readonly path: string;
  /** The character without a GBK code, where that is the reason. */
  readonly character?: string;
  /** The reason in Chinese. */
  readonly detail: string;
}

type Built = Result<readonly XmlNode[], BuildProblem>;
type Values = Readonly<Record<string, unknown>>;

/**
 * Writes and signs a message: declaration, head and body without white space, signature comment.
 * Refuses characters without a GBK code (by name), texts that are too wide, missing and wrong values, counts and
 * sums that do not hold. Only AddWord is cut to its width, between characters.
 */
export function buildMessage<N extends MsgNo>(
  draft: Draft<N>,
  signer: Signer,
): Result<Buffer, BuildProblem> {
  const head = buildHead(draft.msgNo, draft.head);
  if (!head.ok) return head;
  const body = buildBlocks(draft.body as Values, specOf(draft.msgNo).blocks, draft.msgNo, '');
  if (!body.ok) return body;
  const wrong = contentProblem({ msgNo: draft.msgNo, body: filled(draft) });
  if (wrong) return problem('content', wrong.path, wrong.detail);
  const text = `<?xml version="1.0" encoding="GBK"?><CFX><HEAD>${head.value
    .map(write)
    .join('')}</HEAD><MSG>${body.value.map(write).join('')}</MSG></CFX>`;
  const bytes = encodeGbk(text);
  if (!bytes.ok) return problem('character', '', `字符“${bytes.error.character}”不能用 GBK 表示`);
  return ok(signBytes(bytes.value, signer));
}

/** Appends the signature comment to the bytes of a message that ends with its closing root. */
export function signBytes(signed: Uint8Array, signer: Signer): Buffer {
  return Buffer.concat([signed, Buffer.from(`<!--${signer.sign(signed)}-->`, 'latin1')]);
}

function buildHead(msgNo: string, head: Omit<Head, 'msgNo'>): Built {
  const values: Record<string, string> = {
    VER: '1.0',
    SRC: head.src,
    DES: head.des,
    APP: 'TIPS',
    MsgNo: msgNo,
    MsgID: head.msgId,
    MsgRef: head.msgRef,
    WorkDate: head.workDate,
  };
  const { Reserve: _empty, ...written } = HEAD_FIELDS;
  return buildFields(values, written, 'HEAD/');
}

function buildBlocks(values: Values, blocks: Blocks, msgNo: string, path: string): Built {
  const nodes: XmlNode[] = [];
  for (const [name, spec] of Object.entries(blocks)) {
    const value = values[name];
    const list = (Array.isArray(value) ? value : [value ?? []].flat()) as readonly Values[];
    if (!fits(spec, list.length)) return problem('block', `${path}${name}`, `${name} 的个数不符`);
    for (const item of list) {
      const inside = buildBlock(item, spec, msgNo, `${path}${name}/`);
      if (!inside.ok) return inside;
      nodes.push({ name: `${name}${msgNo}`, children: inside.value, text: '' });
    }
  }
  return ok(nodes);
}

function buildBlock(values: Values, spec: BlockSpec, msgNo: string, path: string): Built {
  const inner = spec.inner ?? {};
  for (const name of Object.keys(values)) {
    const known = Object.hasOwn(spec.fields, name) || Object.hasOwn(inner, name);
    if (!known) return problem('unknown', `${path}${name}`, '报文没有这个字段');
  }
  const fields = buildFields(values, spec.fields, path);
  if (!fields.ok) return fields;
  const blocks = buildBlocks(values, inner, msgNo, path);
  return blocks.ok ? ok([...fields.value, ...blocks.value]) : blocks;
}

function buildFields(
  values: Values,
  fields: Readonly<Record<string, FieldSpec>>,
  path: string,
): Built {
  const nodes: XmlNode[] = [];
  for (const [name, spec] of Object.entries(fields)) {
    const value = values[name] ?? '';
    if (typeof value !== 'string') return problem('format', `${path}${name}`, '字段不是文字');
    const text = name === 'AddWord' ? cutToGbkWidth(value, textWidth(spec)) : value;
    const foreign = foreignCharacter(text);
    if (foreign !== null) {
      const detail = `字符“${foreign}”不能用 GBK 表示`;
      return err({ kind: 'character', path: `${path}${name}`, character: foreign, detail });
    }
    const wrong = fieldProblem(text, spec);
    if (wrong) return problem(wrong, `${path}${name}`, DETAILS[wrong]);
    nodes.push({ name, children: [], text });
  }
  return ok(nodes);
}

function foreignCharacter(text: string): string | null {
  const encoded = encodeGbk(text);
  return encoded.ok ? null : encoded.error.character;
}

const DETAILS = {
  missing: '必填字段为空',
  format: '字段格式不符',
  width: '字段超长',
  spaces: '字段首尾有空白',
  control: '字段含控制字符',
} as const;

function fits(spec: BlockSpec, count: number): boolean {
  if (spec.times === 'any') return true;
  if (spec.times === 'some') return count > 0;
  return count === 1 || (spec.times === 'optional' && count === 0);
}

// The checks read bodies as received, where every field and list is there.
function filled(draft: Draft<MsgNo>): unknown {
  return fillBlocks(draft.body as Values, specOf(draft.msgNo).blocks);
}

function fillBlocks(values: Values, blocks: Blocks): Values {
  return Object.fromEntries(
    Object.entries(blocks).map(([name, spec]) => {
      const value = values[name];
      if (Array.isArray(value)) return [name, value.map((item) => fillBlock(item, spec))];
      if (value) return [name, fillBlock(value as Values, spec)];
      return [name, spec.times === 'any' ? [] : null];
    }),
  );
}

function fillBlock(values: Values, spec: BlockSpec): Values {
  const fields = Object.keys(spec.fields).map((name) => [name, values[name] ?? '']);
  return { ...Object.fromEntries(fields), ...fillBlocks(values, spec.inner ?? {}) };
}

function write(node: XmlNode): string {
  const content =
    node.children.length > 0 ? node.children.map(write).join('') : escapeXml(node.text);
  return `<${node.name}>${content}</${node.name}>`;
}

function problem(
  kind: BuildProblem['kind'],
  path: string,
  detail: string,
): Result<never, BuildProblem> {
  return err({ kind, path, detail });
}

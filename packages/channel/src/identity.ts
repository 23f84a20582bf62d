import { createHash } from 'node:crypto';
import type { MsgNo } from './catalogue.ts';
import type { Envelope } from './envelope.ts';
import { isDate } from './fields.ts';
import type { XmlNode } from './xml.ts';

/** What a message is about: the same identity means the same business, however often it arrives. */
export interface Identity {
  /** Numbers of one kind are drawn from one sequence. */
  readonly kind: 'debit' | 'reversal' | 'pack' | 'agreement' | 'stop' | 'query' | 'fetch';
  /** 征收机关代码, or the bank's number for what a bank numbers. */
  readonly owner: string;
  /** 委托日期 YYYYMMDD. */
  readonly date: string;
  /** The 8 digits of the sequence. */
  readonly number: string;
}

const PLACES: { readonly [N in MsgNo]?: readonly [Identity['kind'], string, string, string] } = {
  '1001': ['debit', 'RealHead', 'TaxOrgCode', 'TraNo'],
  '1104': ['debit', 'DrawBack', 'TaxOrgCode', 'TraNo'],
  '1008': ['debit', 'RealHead', 'TaxOrgCode', 'TraNo'],
  '1021': ['reversal', 'RushApply', 'TaxOrgCode', 'CancelNo'],
  '1102': ['pack', 'BatchHead', 'TaxOrgCode', 'PackNo'],
  '9114': ['agreement', 'ProveInfo', 'SendOrgCode', 'VCNo'],
  '1123': ['stop', 'StopApply', 'TaxOrgCode', 'StopNo'],
  '2091': ['query', 'QueryApply', 'BankNo', 'QueryNo'],
  '2090': ['fetch', 'LevyApply', 'BankNo', 'LevyNo'],
};

/**
 * The identity of a message, read even from a body that is wrong elsewhere.
 * Null when the message has none or its identity is not well-formed.
 */
export function identityOf(envelope: Envelope): Identity | null {
  const { msgNo } = envelope.head;
  const place = Object.hasOwn(PLACES, msgNo) ? PLACES[msgNo as MsgNo] : undefined;
  if (!place) return null;
  const [kind, block, ownerField, numberField] = place;
  const owner = fieldOf(envelope, block, ownerField);
  const date = fieldOf(envelope, block, 'EntrustDate');
  const number = fieldOf(envelope, block, numberField);
  const formed = /^\d{12}$/.test(owner ?? '') && isDate(date ?? '') && /^\d{8}$/.test(number ?? '');
  return formed ? { kind, owner: owner ?? '', date: date ?? '', number: number ?? '' } : null;
}

/** One value of a block that stands once, as received and unchecked; null unless it is there exactly once. */
export function fieldOf(envelope: Envelope, block: string, field: string): string | null {
  const name = `${block}${envelope.head.msgNo}`;
  const [node, second] = envelope.msg.children.filter((child) => child.name === name);
  if (!node || second) return null;
  const [value, again] = node.children.filter((child) => child.name === field);
  return value && !again && value.children.length === 0 ? value.text : null;
}

/** An identity as one key, usable in maps and unique columns. */
export function identityKey(identity: Identity): string {
  return `${identity.kind}:${identity.owner}:${identity.date}:${identity.number}`;
}

/**
 * What two messages with the same identity must share to be repeats: number and all values.
 * The order of fields within a block and absent or empty elements make no difference. 64 hex digits.
 */
export function contentDigest(envelope: Envelope): string {
  const content = JSON.stringify([envelope.head.msgNo, canonical(envelope.msg)]);
  return createHash('sha256').update(content).digest('hex');
}

/** SHA-256 of the bytes of a message, 64 hex digits: what tells repeat (a) from misuse (b). */
export function bytesDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** How an arriving message stands to what was stored: section 5 of the specification. */
export type Repeat =
  | 'new'
  /** Same MsgID, same bytes: the stored answer again. */
  | 'sameMessage'
  /** Same MsgID, other bytes: 9120 with 94053. */
  | 'messageIdReused'
  /** New MsgID, same identity and content: the stored outcome in a new answer. */
  | 'sameContent'
  /** Same identity, other content: 94052, nothing is done. */
  | 'identityReused';

/** Compares an arriving message with what is stored under its MsgID and under its identity. */
export function classifyRepeat(
  arriving: { readonly bytesDigest: string; readonly contentDigest: string },
  stored: { readonly bytesDigest: string | null; readonly contentDigest: string | null },
): Repeat {
  if (stored.bytesDigest !== null) {
    return stored.bytesDigest === arriving.bytesDigest ? 'sameMessage' : 'messageIdReused';
  }
  if (stored.contentDigest === null) return 'new';
  return stored.contentDigest === arriving.contentDigest ? 'sameContent' : 'identityReused';
}

type Canonical = readonly [string, string | readonly Canonical[]];

function canonical(node: XmlNode): readonly Canonical[] {
  const parts: Canonical[] = [];
  for (const child of node.children) {
    if (child.children.length > 0) {
      const inside = canonical(child);
      if (inside.length > 0) parts.push([child.name, inside]);
    } else if (child.text.trim() !== '') parts.push([child.name, child.text]);
  }
  // Stable: repeated blocks keep their order, fields of a block lose theirs.
  return parts.toSorted((left, right) => (left[0] < right[0] ? -1 : left[0] > right[0] ? 1 : 0));
}

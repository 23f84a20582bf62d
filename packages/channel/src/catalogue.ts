import type { FieldSpec } from './fields.ts';
import { DEBIT_MESSAGES } from './messages-debit.ts';
import { LIST_MESSAGES } from './messages-list.ts';
import { SESSION_MESSAGES } from './messages-session.ts';
import type { Lane, MessageSpec, ReadBlocks, WrittenBlocks } from './spec.ts';

/** Every message of the channel: blocks in order, fields in order with type and width. */
export const CATALOGUE = { ...DEBIT_MESSAGES, ...SESSION_MESSAGES, ...LIST_MESSAGES } as const;

type Catalogue = typeof CATALOGUE;

/** The number of a message of the catalogue. */
export type MsgNo = keyof Catalogue;

/** What a sender fills in: required fields and blocks, optional ones where they have a value. */
export type MessageBody<N extends MsgNo> = WrittenBlocks<Catalogue[N]['blocks']>;

/** What a receiver reads: every field is there, empty ones as ''. */
export type ReadBody<N extends MsgNo> = ReadBlocks<Catalogue[N]['blocks']>;

/** The head in the order in which it is written. */
export const HEAD_FIELDS = {
  VER: 't3',
  SRC: 'n12',
  DES: 'n12',
  APP: 't4',
  MsgNo: 'n4',
  MsgID: 'n20',
  MsgRef: 'n20',
  WorkDate: 'n8',
  Reserve: 't60?',
} as const satisfies Record<string, FieldSpec>;

/** The head of a message without its constants. */
export interface Head {
  /** The sending node, 12 digits. */
  readonly src: string;
  /** The receiving node, 12 digits. */
  readonly des: string;
  readonly msgNo: string;
  /** Unique per sender for ever. */
  readonly msgId: string;
  /** In an answer the MsgID of the request, else the own one. */
  readonly msgRef: string;
  /** The hub's work date YYYYMMDD as the sender knows it, `00000000` while it knows none. */
  readonly workDate: string;
}

/** Whoever speaks behind the peer, its node is this one. */
export const PEER_NODE = '100000000000';
/** The work date of a sender that knows none. */
export const NO_WORK_DATE = '00000000';
/** The node and the MsgRef of an answer to a message that could not be read. */
export const NO_NODE = '000000000000';
export const NO_MESSAGE = '00000000000000000000';

export const CONTENT_TYPE = 'application/xml; charset=GBK';
export const REPLY_TO_HEADER = 'Shebao-Reply-To';
/** Paths below the peer's address and below the initiator's. */
export const PEER_PATHS = {
  online: '/online',
  batch: '/batch',
  certificate: '/certificate',
} as const;
export const INITIATOR_PATHS = {
  inbox: '/treasury/inbox',
  certificate: '/treasury/certificate',
} as const;
/** The largest message of each lane in bytes. */
export const MAX_BYTES: Readonly<Record<Lane, number>> = {
  online: 1 << 20,
  batch: 8 << 20,
  inbox: 8 << 20,
};
/** How long an initiator waits, in milliseconds. */
export const CONNECT_MS = 5_000;
export const DEBIT_WAIT_MS = 60_000;
export const WAIT_MS = 10_000;
/** The most lines a pack or a part of a list holds. */
export const MAX_LINES = 1000;

/** The answers that close a request; a 9120 may always stand in their place. */
export const ANSWERS = {
  '1001': ['2001'],
  '1021': ['2021'],
  '1102': ['9121'],
  '1104': ['9121'],
  '1123': ['2123'],
  '9003': ['9004'],
  '9005': [],
  '9006': ['9007'],
  '9008': ['9009'],
  '9111': [],
  '9112': [],
  '9114': ['9115'],
  '9117': [],
  '2090': ['1008'],
  '2091': ['1009'],
  '3111': ['2111'],
} as const satisfies Partial<Record<MsgNo, readonly MsgNo[]>>;

/** Whether a number is in the catalogue. */
export function isMsgNo(text: string): text is MsgNo {
  return Object.hasOwn(CATALOGUE, text);
}

/** The specification of a message. */
export function specOf(msgNo: MsgNo): MessageSpec {
  return CATALOGUE[msgNo];
}

/** Whether a message may stand in a request body of a lane. */
export function isOnLane(msgNo: MsgNo, lane: Lane): boolean {
  return specOf(msgNo).lanes.includes(lane);
}

/** How long to wait for the answer to a message, in milliseconds. */
export function waitMsOf(msgNo: MsgNo): number {
  return msgNo === '1001' || msgNo === '1102' || msgNo === '1104' ? DEBIT_WAIT_MS : WAIT_MS;
}

/** A message id: the sender's calendar date YYYYMMDD, the message number, and its sequence. */
export function messageId(date: string, msgNo: MsgNo, sequence: number): string {
  return `${date}${msgNo}${String(sequence).padStart(8, '0')}`;
}

/** The lane of the peer on which the initiator sends a message. */
export function laneOf(msgNo: MsgNo): 'online' | 'batch' {
  return isOnLane(msgNo, 'batch') ? 'batch' : 'online';
}

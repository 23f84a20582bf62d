import { table } from './records.ts';

/** What the hub told us last. One record. */
export interface SessionRecord {
  readonly id: 'session';
  /** Our node code, 12 digits. */
  readonly node: string;
  readonly workDate: string | null;
  /** 0 日间, 2 停运 */
  readonly sysStat: number | null;
  readonly loggedIn: boolean;
  /** Whether the last exchange reached the peer. */
  readonly connected: boolean;
  /** hhmmss of the announced 日切. */
  readonly cutTime: string | null;
  /** Hub time minus our business time, in milliseconds. */
  readonly hubOffsetMs: number;
  readonly loggedInAt: string | null;
  readonly contactAt: string | null;
  readonly stopNotice: string | null;
  readonly version: number;
}
export const sessions = table<SessionRecord>({
  name: 'treasury_session',
  key: ['id'],
  columns: {
    id: 'text',
    node: 'text',
    workDate: 'date',
    sysStat: 'number',
    loggedIn: 'boolean',
    connected: 'boolean',
    cutTime: 'text',
    hubOffsetMs: 'number',
    loggedInAt: 'instant',
    contactAt: 'instant',
    stopNotice: 'text',
    version: 'number',
  },
});

export interface KeyRecord {
  readonly publicKey: string;
  readonly owner: 'own' | 'peer';
  readonly privateCipher: Uint8Array | null;
  readonly fingerprint: string;
  readonly pinnedAt: string;
}
export const keys = table<KeyRecord>({
  name: 'treasury_key',
  key: ['publicKey'],
  columns: {
    publicKey: 'text',
    owner: 'text',
    privateCipher: 'bytes',
    fingerprint: 'text',
    pinnedAt: 'instant',
  },
});

/** The account of a treasury that takes the money of an authority. */
export interface Payee {
  readonly treCode: string;
  readonly payeeBankNo: string;
  readonly payeeOrgCode: string;
  readonly payeeAcct: string;
  readonly payeeName: string;
}
export interface AuthorityRecord {
  readonly taxOrg: string;
  readonly name: string;
  readonly payee: Payee;
  readonly version: number;
}
export const authorities = table<AuthorityRecord>({
  name: 'treasury_authority',
  key: ['taxOrg'],
  columns: { taxOrg: 'text', name: 'text', payee: 'json', version: 'number' },
});

export interface NumberRecord {
  readonly kind: string;
  readonly scope: string;
  readonly onDate: string;
  readonly last: number;
  readonly version: number;
}
export const numbers = table<NumberRecord>({
  name: 'treasury_number',
  key: ['kind', 'scope', 'onDate'],
  columns: { kind: 'text', scope: 'text', onDate: 'date', last: 'number', version: 'number' },
});

export interface OutRecord {
  readonly msgId: string;
  readonly msgNo: string;
  /** What it is about: an attempt, an agreement, a list. */
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly at: string;
}
export const outgoing = table<OutRecord>({
  name: 'treasury_out',
  key: ['msgId'],
  columns: { msgId: 'text', msgNo: 'text', subject: 'text', bytes: 'bytes', at: 'instant' },
});

export interface InRecord {
  readonly src: string;
  readonly msgId: string;
  readonly msgNo: string;
  readonly msgRef: string;
  readonly bytes: Uint8Array;
  readonly answer: Uint8Array | null;
  readonly outcome: string;
  readonly at: string;
}
export const incoming = table<InRecord>({
  name: 'treasury_in',
  key: ['src', 'msgId'],
  columns: {
    src: 'text',
    msgId: 'text',
    msgNo: 'text',
    msgRef: 'text',
    bytes: 'bytes',
    answer: 'bytes',
    outcome: 'text',
    at: 'instant',
  },
});

export interface RefusedRecord {
  readonly id: string;
  readonly at: string;
  readonly direction: 'in' | 'answer';
  readonly code: string;
  readonly reason: string;
  readonly bytes: Uint8Array;
}
export const refused = table<RefusedRecord>({
  name: 'treasury_refused',
  key: ['id'],
  columns: {
    id: 'text',
    at: 'instant',
    direction: 'text',
    code: 'text',
    reason: 'text',
    bytes: 'bytes',
  },
});

/** One part of a list, as received. */
export interface ListPartRecord {
  readonly kind: string;
  readonly taxOrg: string;
  readonly chkDate: string;
  readonly curPackNo: number;
  readonly packNo: string;
  readonly head: Readonly<Record<string, string>>;
  readonly lines: readonly Readonly<Record<string, string>>[];
  readonly msgId: string;
  readonly at: string;
}
export const listParts = table<ListPartRecord>({
  name: 'treasury_list_part',
  key: ['kind', 'taxOrg', 'chkDate', 'curPackNo'],
  columns: {
    kind: 'text',
    taxOrg: 'text',
    chkDate: 'date',
    curPackNo: 'number',
    packNo: 'text',
    head: 'json',
    lines: 'json',
    msgId: 'text',
    at: 'instant',
  },
});

export interface ListRecord {
  readonly kind: string;
  readonly taxOrg: string;
  readonly chkDate: string;
  readonly packNo: string;
  readonly state: 'collecting' | 'applied' | 'exception';
  readonly summary: Readonly<Record<string, number | string>>;
  readonly firstAt: string;
  readonly appliedAt: string | null;
  readonly version: number;
}
export const lists = table<ListRecord>({
  name: 'treasury_list',
  key: ['kind', 'taxOrg', 'chkDate'],
  columns: {
    kind: 'text',
    taxOrg: 'text',
    chkDate: 'date',
    packNo: 'text',
    state: 'text',
    summary: 'json',
    firstAt: 'instant',
    appliedAt: 'instant',
    version: 'number',
  },
});

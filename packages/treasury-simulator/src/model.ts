/** What hub, banks and treasury remember. Every record is replaced whole, never changed in place. */

/** The hub as such. */
export interface HubState {
  /** The work date YYYYMMDD: moved only by the cut-off, never by a clock. */
  readonly workDate: string;
  /** `0` open on the work date, `2` stopped. */
  readonly sysStat: '0' | '2';
  readonly loggedIn: boolean;
  /** Where pushes go; null until the first accepted login. */
  readonly replyTo: string | null;
  /** The initiator's node; null while none is agreed, then any sender may introduce itself. */
  readonly node: string | null;
  readonly password: string;
  /** Planned cut-off hhmmss, '' when none is announced. */
  readonly cutTime: string;
  /** The hub's calendar day on which the planned cut-off last ran, YYYYMMDD. */
  readonly cutOn: string;
  /** Hub time minus the machine's time: whole days, so that a demo at another date has a clock. */
  readonly clockOffsetMs: number;
  /** The last sequence used for message ids, list numbers and the like. */
  readonly sequence: number;
  /** How long a pack or a refund takes, in milliseconds. */
  readonly processMs: number;
  /** How long after the cut-off the treasury books, in milliseconds. */
  readonly entryMs: number;
  /** The most lines in one part of a list. */
  readonly linesPerPart: number;
}

export interface TaxOrg {
  readonly code: string;
  readonly name: string;
}

/** A treasury and its account; what was collected and not refunded stands on it. */
export interface Treasury {
  readonly treCode: string;
  readonly payeeBankNo: string;
  readonly payeeOrgCode: string;
  readonly payeeAcct: string;
  readonly payeeName: string;
  readonly balanceFen: number;
}

export interface Bank {
  readonly bankNo: string;
  readonly clearingBankNo: string;
  readonly name: string;
}

export interface Account {
  readonly bankNo: string;
  readonly acct: string;
  readonly holder: string;
  readonly balanceFen: number;
  readonly state: 'open' | 'frozen' | 'closed';
}

export interface Agreement {
  readonly protocolNo: string;
  readonly taxOrgCode: string;
  readonly taxPayCode: string;
  readonly taxPayName: string;
  readonly payOpBkCode: string;
  readonly payBkCode: string;
  readonly payAcct: string;
  readonly handOrgName: string;
  readonly state: 'valid' | 'terminated';
}

/** What a debit is to do, from 1001, a line of 1102, or a 1008 that a bank fetched. */
export interface DebitOrder {
  readonly voucher: string;
  readonly amountFen: number;
  readonly bankNo: string;
  readonly clearingBankNo: string;
  readonly acct: string;
  readonly holder: string;
  readonly taxPayCode: string;
  readonly taxPayName: string;
  readonly protocolNo: string;
  readonly payeeBankNo: string;
  readonly payeeAcct: string;
  readonly payeeOrgCode: string;
  /** Hub time in milliseconds after which nothing may be debited; null when none is given. */
  readonly notAfterMs: number | null;
  readonly items: readonly DebitItem[];
}

export interface DebitItem {
  readonly projectId: string;
  readonly subject: string;
  readonly level: string;
  readonly amountFen: number;
}

/** A debit by its identity: 征收机关, 委托日期, 交易流水号. */
export interface Debit {
  readonly key: string;
  readonly org: string;
  readonly entrustDate: string;
  readonly traNo: string;
  readonly via: '1001' | '1102' | '1008';
  /** The pack of a line, '' otherwise. */
  readonly packNo: string;
  /** `unknown`: the bank's core did not say; it will be reversed there. */
  readonly state: 'waiting' | 'collected' | 'refused' | 'reversed' | 'unknown';
  readonly code: string;
  readonly addWord: string;
  /** The work date on which money moved, '' where none did. */
  readonly taxDate: string;
  readonly voucher: string;
  /** Null for a request that could not be read beyond its identity. */
  readonly order: DebitOrder | null;
  /** When a bank whose core is silent will have reversed, in hub milliseconds. */
  readonly settleAtMs: number;
}

/** A reversal by its own identity. `target` is the key of the debit. */
export interface Reversal {
  readonly target: string;
  readonly answer: '0' | '1';
  readonly addWord: string;
}

export interface Pack {
  readonly key: string;
  readonly org: string;
  readonly entrustDate: string;
  readonly packNo: string;
  readonly code: string;
  readonly addWord: string;
  /** Work dates after the present one on which the lines may still be debited. */
  readonly datesLeft: number;
  readonly dueAtMs: number;
  /** The debit keys of its lines in order. */
  readonly lines: readonly string[];
  /** The MsgID that asked, for the MsgRef of the result. */
  readonly msgId: string;
  /** The 2102 as sent, base64; null until then. */
  readonly result: string | null;
}

export interface AgreementCheck {
  readonly passed: boolean;
  readonly addWord: string;
}

export interface Stop {
  readonly answer: '0' | '1';
  readonly addWord: string;
}

export interface Refund {
  readonly key: string;
  readonly org: string;
  readonly entrustDate: string;
  readonly traNo: string;
  /** The code of its 9121. */
  readonly code: string;
  readonly addWord: string;
  readonly state: 'waiting' | 'paidOut' | 'refused';
  /** The code of its 9122 once there is one. */
  readonly resultCode: string;
  readonly date: string;
  readonly dueAtMs: number;
  readonly msgId: string;
  readonly order: RefundOrder | null;
}

export interface RefundOrder {
  readonly treCode: string;
  readonly refundVoucher: string;
  readonly voucher: string;
  readonly amountFen: number;
  readonly bankNo: string;
  readonly acct: string;
  readonly holder: string;
}

/** A bill that a bank asked for or fetched at its counter (2091, 2090). */
export interface CounterCase {
  readonly key: string;
  readonly kind: 'query' | 'fetch';
  readonly clearingBankNo: string;
  readonly entrustDate: string;
  readonly number: string;
  readonly taxOrgCode: string;
  readonly outerLevyNo: string;
  readonly msgId: string;
  readonly state: 'asked' | 'answered' | 'fetched' | 'paid' | 'givenUp' | 'refused';
  readonly code: string;
  readonly text: string;
  /** Whether the bank collects as soon as the bill is there. */
  readonly payAtOnce: boolean;
  readonly payType: string;
  readonly payAcct: string;
  readonly bankNo: string;
  /** The debit that the initiator numbered, '' before. */
  readonly debit: string;
}

/** One part of a list as sent; it is sent again with the same bytes. */
export interface ListPart {
  readonly msgNo: string;
  /** 征收机关代码; '' for the lists of banks. */
  readonly org: string;
  readonly chkDate: string;
  readonly packNo: string;
  readonly part: number;
  readonly bytes: string;
}

/** A message on its way to the initiator. */
export interface Push {
  readonly id: string;
  readonly msgNo: string;
  readonly bytes: string;
  /** Hub milliseconds. */
  readonly dueAtMs: number;
  readonly since: number;
  readonly tries: number;
  /** How often the receiver refused it by 91005 or 92004. */
  readonly refusals: number;
  /** Whether the next attempt goes out with a broken signature. */
  readonly corrupt: boolean;
}

/** What a sender's message id was used for. */
export interface Seen {
  readonly bytesDigest: string;
  /** The stored answer in base64; null while there is none that counts. */
  readonly answer: string | null;
}

/** What an identity was used for. */
export interface Used {
  readonly contentDigest: string;
  readonly msgNo: string;
}

/** One line of the record of everything that came and went. */
export interface Traffic {
  readonly at: string;
  readonly direction: 'in' | 'out';
  readonly msgNo: string;
  readonly msgId: string;
  readonly note: string;
  readonly bytes: string;
}

/** A switch that makes something go wrong. */
export interface Fault {
  readonly id: string;
  /** A message number, or `*`. */
  readonly msgNo: string;
  readonly kind: FaultKind;
  readonly times: 'once' | 'always' | 'seed';
  /** For `seed`: where the sequence starts and how many in a thousand are hit. */
  readonly seed: number;
  readonly perMille: number;
  readonly count: number;
  /** Milliseconds, where a time belongs to the fault. */
  readonly ms: number;
  /** A code, where one belongs to the fault. */
  readonly code: string;
}

export const FAULT_KINDS = [
  'dropRequest',
  'dropAnswer',
  'delay',
  'late',
  'double',
  'reorder',
  'corrupt',
  'wrongAmount',
  'wrongVoucher',
  'answerCode',
  'unknownOutcome',
  'answerAfterReversal',
  'crashBefore',
  'crashAfter',
  'missingPack',
  'httpError',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

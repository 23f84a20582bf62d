import { type Payee, table } from '../treasury/index.ts';
import type { AttemptState } from './attempt.ts';
import { openAttemptStates } from './attempt.ts';
import type { OrderState } from './order.ts';

export interface PaymentRecord {
  readonly id: string;
  readonly taxpayerId: string;
  readonly agreementId: number;
  readonly accountOption: string;
  readonly totalFen: number;
  readonly requestedBy: string;
  readonly createdAt: string;
}
export const payments = table<PaymentRecord>({
  name: 'payment',
  key: ['id'],
  columns: {
    id: 'text',
    taxpayerId: 'text',
    agreementId: 'number',
    accountOption: 'text',
    totalFen: 'number',
    requestedBy: 'text',
    createdAt: 'instant',
  },
});

/** The agreement as it was when the payment was made. The account itself stands in its encrypted table. */
export interface Snapshot {
  readonly protocolNo: string;
  readonly bankName: string;
  readonly openingBankNo: string;
  readonly clearingBankNo: string;
  readonly accountId: number;
  readonly option: string;
  readonly holder: string;
}
export interface OrderRecord {
  readonly id: string;
  readonly paymentId: string | null;
  /** 凭证序号 of a bank-side voucher. */
  readonly voucherNo: string | null;
  readonly unitId: number;
  readonly billId: string;
  readonly taxpayerId: string;
  readonly taxOrg: string;
  readonly taxVouNo: string;
  readonly way: 'agreement' | 'voucher' | 'batch' | 'transfer';
  /** With late fee. */
  readonly amountFen: number;
  readonly lateFeeFen: number;
  readonly billDate: string;
  readonly lastDay: string | null;
  readonly state: OrderState;
  readonly active: boolean;
  readonly agreementId: number | null;
  readonly snapshot: Snapshot | null;
  readonly payee: Payee;
  readonly resultCode: string | null;
  readonly addWord: string | null;
  readonly paidOn: string | null;
  readonly treasuredOn: string | null;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly version: number;
}
export const orders = table<OrderRecord>({
  name: 'payment_order',
  key: ['id'],
  columns: {
    id: 'text',
    paymentId: 'text',
    voucherNo: 'text',
    unitId: 'number',
    billId: 'text',
    taxpayerId: 'text',
    taxOrg: 'text',
    taxVouNo: 'text',
    way: 'text',
    amountFen: 'number',
    lateFeeFen: 'number',
    billDate: 'date',
    lastDay: 'date',
    state: 'text',
    active: 'boolean',
    agreementId: 'number',
    snapshot: 'json',
    payee: 'json',
    resultCode: 'text',
    addWord: 'text',
    paidOn: 'date',
    treasuredOn: 'date',
    createdAt: 'instant',
    changedAt: 'instant',
    version: 'number',
  },
  unique: [
    { columns: ['taxVouNo'] },
    { columns: ['billId'], when: (row) => row.active },
    { columns: ['voucherNo'], when: (row) => row.voucherNo !== null },
  ],
});

export interface AttemptRecord {
  readonly id: string;
  readonly orderId: string;
  readonly unitId: number;
  readonly billId: string;
  readonly msgNo: '1001' | '1008' | '1102';
  readonly taxOrg: string;
  readonly entrustDate: string;
  readonly traNo: string;
  /** Of a line of a batch: the pack (1102) that sends it, under the pack's MsgID. */
  readonly packNo: string | null;
  readonly state: AttemptState;
  readonly msgId: string;
  /** Hub time YYYYMMDDhhmmss. */
  readonly notAfter: string | null;
  readonly bytesHash: string | null;
  /** The process that sent it: after its restart nobody knows whether a byte left. */
  readonly bootId: string | null;
  readonly sentAt: string | null;
  readonly unclearAt: string | null;
  readonly cancelNo: string | null;
  readonly cancelDate: string | null;
  readonly cancelMsgId: string | null;
  readonly resultCode: string | null;
  readonly addWord: string | null;
  readonly taxDate: string | null;
  readonly source: string | null;
  readonly reconDate: string | null;
  readonly reconClass: number | null;
  readonly createdAt: string;
  readonly version: number;
}
export const attempts = table<AttemptRecord>({
  name: 'attempt',
  key: ['id'],
  columns: {
    id: 'text',
    orderId: 'text',
    unitId: 'number',
    billId: 'text',
    msgNo: 'text',
    taxOrg: 'text',
    entrustDate: 'date',
    traNo: 'text',
    packNo: 'text',
    state: 'text',
    msgId: 'text',
    notAfter: 'text',
    bytesHash: 'text',
    bootId: 'text',
    sentAt: 'instant',
    unclearAt: 'instant',
    cancelNo: 'text',
    cancelDate: 'date',
    cancelMsgId: 'text',
    resultCode: 'text',
    addWord: 'text',
    taxDate: 'date',
    source: 'text',
    reconDate: 'date',
    reconClass: 'number',
    createdAt: 'instant',
    version: 'number',
  },
  unique: [
    { columns: ['taxOrg', 'entrustDate', 'traNo'] },
    { columns: ['msgId'], when: (row) => row.packNo === null },
    { columns: ['taxOrg', 'cancelDate', 'cancelNo'], when: (row) => row.cancelNo !== null },
    { columns: ['orderId'], when: (row) => isOpen(row.state) },
    { columns: ['orderId'], when: (row) => row.state === 'SUCCEEDED' },
  ],
});

/** Whether an attempt in this state may still move money. */
function isOpen(state: AttemptState): boolean {
  return (openAttemptStates as readonly AttemptState[]).includes(state);
}

export interface EventRecord {
  readonly unitId: number;
  readonly billId: string;
  readonly seq: number;
  readonly at: string;
  readonly subject: string;
  readonly event: string;
  readonly stateBefore: string;
  readonly stateAfter: string;
  readonly cause: string;
  readonly text: string;
  readonly hash: string;
}
export const paymentEvents = table<EventRecord>({
  name: 'payment_event',
  key: ['unitId', 'billId', 'seq'],
  columns: {
    unitId: 'number',
    billId: 'text',
    seq: 'number',
    at: 'instant',
    subject: 'text',
    event: 'text',
    stateBefore: 'text',
    stateAfter: 'text',
    cause: 'text',
    text: 'text',
    hash: 'text',
  },
});

/** 应征 (contra), 应收, 在途, 待报解预算收入, 国库, 应退 */
export const ledgerAccounts = [
  'assessed',
  'receivable',
  'inTransit',
  'collected',
  'treasury',
  'refundable',
] as const;
export type LedgerAccount = (typeof ledgerAccounts)[number];
export interface JournalRecord {
  readonly unitId: number;
  readonly billId: string;
  readonly seq: number;
  readonly part: number;
  readonly debit: LedgerAccount;
  readonly credit: LedgerAccount;
  readonly amountFen: number;
  readonly at: string;
}
export const journal = table<JournalRecord>({
  name: 'journal',
  key: ['unitId', 'billId', 'seq', 'part'],
  columns: {
    unitId: 'number',
    billId: 'text',
    seq: 'number',
    part: 'number',
    debit: 'text',
    credit: 'text',
    amountFen: 'number',
    at: 'instant',
  },
});

import type { Insurance } from '@shebao/levy';
import { table } from '../treasury/index.ts';
import type { AgreementState } from './agreement.ts';
import type { BillState } from './bill.ts';

export interface AccountRecord {
  readonly id: number;
  readonly cipher: Uint8Array;
  readonly hash: Uint8Array;
  /** The last four digits, all that is shown. */
  readonly tail: string;
}
export const accounts = table<AccountRecord>({
  name: 'bank_account',
  key: ['id'],
  columns: { id: 'number', cipher: 'bytes', hash: 'bytes', tail: 'text' },
  unique: [{ columns: ['hash'] }],
});

export interface AgreementRecord {
  readonly id: number;
  readonly taxpayerId: string;
  readonly taxpayerName: string;
  readonly taxOrg: string;
  readonly protocolNo: string;
  readonly bankName: string;
  readonly openingBankNo: string;
  readonly clearingBankNo: string;
  readonly accountId: number;
  readonly accountTail: string;
  readonly holder: string;
  readonly origin: 'paper' | 'online' | 'takenOver';
  /** User name of who recorded (paper) or signed (online) it. */
  readonly madeBy: string | null;
  readonly state: AgreementState;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly verifiedAt: string | null;
  /** VCNo, date and MsgID of the check under way. */
  readonly checkNo: string | null;
  readonly checkDate: string | null;
  readonly checkMsgId: string | null;
  /** 0 验证, 1 撤销 */
  readonly checkSign: number | null;
  readonly version: number;
}
export const agreements = table<AgreementRecord>({
  name: 'agreement',
  key: ['id'],
  columns: {
    id: 'number',
    taxpayerId: 'text',
    taxpayerName: 'text',
    taxOrg: 'text',
    protocolNo: 'text',
    bankName: 'text',
    openingBankNo: 'text',
    clearingBankNo: 'text',
    accountId: 'number',
    accountTail: 'text',
    holder: 'text',
    origin: 'text',
    madeBy: 'text',
    state: 'text',
    reason: 'text',
    createdAt: 'instant',
    verifiedAt: 'instant',
    checkNo: 'text',
    checkDate: 'date',
    checkMsgId: 'text',
    checkSign: 'number',
    version: 'number',
  },
  unique: [
    { columns: ['protocolNo'] },
    { columns: ['taxpayerId', 'accountId'], when: (row) => row.state !== '已终止' },
    { columns: ['taxOrg', 'checkDate', 'checkNo'], when: (row) => row.checkNo !== null },
  ],
});

export interface BillRecord {
  readonly unitId: number;
  /** The declaration's id. */
  readonly id: string;
  readonly unitNo: string;
  readonly unitName: string;
  readonly taxpayerId: string;
  readonly taxpayerName: string;
  readonly taxOrg: string;
  readonly region: string;
  readonly declaredOn: string;
  readonly dueDate: string;
  readonly periodFrom: number;
  readonly periodTo: number;
  /** Without late fee. */
  readonly amountFen: number;
  /** Fixed by the live order; 0 while nobody pays. */
  readonly lateFeeFen: number;
  readonly state: BillState;
  readonly paidOn: string | null;
  /** Paid back by applications for a refund. */
  readonly refundedFen: number;
  readonly eventSeq: number;
  readonly eventHash: string;
  readonly version: number;
}
export const bills = table<BillRecord>({
  name: 'bill',
  key: ['unitId', 'id'],
  columns: {
    unitId: 'number',
    id: 'text',
    unitNo: 'text',
    unitName: 'text',
    taxpayerId: 'text',
    taxpayerName: 'text',
    taxOrg: 'text',
    region: 'text',
    declaredOn: 'date',
    dueDate: 'date',
    periodFrom: 'number',
    periodTo: 'number',
    amountFen: 'number',
    lateFeeFen: 'number',
    state: 'text',
    paidOn: 'date',
    refundedFen: 'number',
    eventSeq: 'number',
    eventHash: 'text',
    version: 'number',
  },
  unique: [{ columns: ['id'] }],
});

export type LineKind = 'current' | 'backPay' | 'topUp' | 'lateFee';
export interface BillLineRecord {
  readonly unitId: number;
  readonly billId: string;
  readonly lineNo: number;
  readonly orderId: string | null;
  readonly insurance: Insurance;
  readonly payer: 'employer' | 'employee';
  readonly period: number;
  readonly kind: LineKind;
  readonly people: number;
  readonly baseFen: number;
  readonly ratePpm: number;
  readonly amountFen: number;
  readonly dueDate: string;
}
export const billLines = table<BillLineRecord>({
  name: 'bill_line',
  key: ['unitId', 'billId', 'lineNo'],
  columns: {
    unitId: 'number',
    billId: 'text',
    lineNo: 'number',
    orderId: 'text',
    insurance: 'text',
    payer: 'text',
    period: 'number',
    kind: 'text',
    people: 'number',
    baseFen: 'number',
    ratePpm: 'number',
    amountFen: 'number',
    dueDate: 'date',
  },
});

export * from './batch-tables.ts';
export * from './case-tables.ts';
export * from './order-tables.ts';

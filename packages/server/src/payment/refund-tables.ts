import { table } from '../treasury/index.ts';
import type { RefundState } from './refund.ts';

/** One payout through the treasury: of a closed case, or of one 税票号码 of an application. */
export interface RefundRecord {
  readonly id: string;
  readonly caseId: string | null;
  readonly applicationId: string | null;
  readonly taxOrg: string;
  readonly treCode: string;
  readonly oriTaxVouNo: string;
  readonly amountFen: number;
  readonly reasonCode: string;
  readonly payeeBankNo: string;
  readonly payeeAccountId: number;
  readonly payeeTail: string;
  readonly payeeName: string;
  readonly state: RefundState;
  readonly drawBackVouNo: string | null;
  readonly traNo: string | null;
  readonly entrustDate: string | null;
  readonly msgId: string | null;
  readonly reason: string;
  readonly askedBy: string;
  readonly confirmedBy: string | null;
  readonly resultCode: string | null;
  readonly addWord: string | null;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly version: number;
}
export const refunds = table<RefundRecord>({
  name: 'refund',
  key: ['id'],
  columns: {
    id: 'text',
    caseId: 'text',
    applicationId: 'text',
    taxOrg: 'text',
    treCode: 'text',
    oriTaxVouNo: 'text',
    amountFen: 'number',
    reasonCode: 'text',
    payeeBankNo: 'text',
    payeeAccountId: 'number',
    payeeTail: 'text',
    payeeName: 'text',
    state: 'text',
    drawBackVouNo: 'text',
    traNo: 'text',
    entrustDate: 'date',
    msgId: 'text',
    reason: 'text',
    askedBy: 'text',
    confirmedBy: 'text',
    resultCode: 'text',
    addWord: 'text',
    createdAt: 'instant',
    changedAt: 'instant',
    version: 'number',
  },
  unique: [
    { columns: ['caseId'], when: (row) => row.caseId !== null && mayPay(row.state) },
    {
      columns: ['applicationId', 'oriTaxVouNo'],
      when: (row) => row.applicationId !== null && mayPay(row.state),
    },
    { columns: ['drawBackVouNo'], when: (row) => row.drawBackVouNo !== null },
    { columns: ['msgId'], when: (row) => row.msgId !== null },
  ],
});

/** Whether a payout in this state has paid or still may. */
export function mayPay(state: RefundState): boolean {
  return state !== '退库失败' && state !== '已撤回';
}

export interface RefundEventRecord {
  readonly refundId: string;
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly event: string;
  readonly stateBefore: string;
  readonly stateAfter: RefundState;
  readonly text: string;
}
export const refundEvents = table<RefundEventRecord>({
  name: 'refund_event',
  key: ['refundId', 'seq'],
  columns: {
    refundId: 'text',
    seq: 'number',
    at: 'instant',
    actor: 'text',
    event: 'text',
    stateBefore: 'text',
    stateAfter: 'text',
    text: 'text',
  },
});

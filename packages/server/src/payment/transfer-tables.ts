import { table } from '../treasury/index.ts';
import type { TransferState } from './transfer.ts';

/** Money that came to a 待报解户. */
export interface TransferRecord {
  readonly id: string;
  readonly taxOrg: string;
  readonly payeeAcct: string;
  /** 到账日期 */
  readonly valueDate: string;
  readonly bankSerial: string;
  readonly payerName: string;
  readonly payerAccountId: number | null;
  readonly payerTail: string;
  readonly payerBank: string;
  readonly amountFen: number;
  readonly remark: string;
  readonly state: TransferState;
  readonly unitNo: string | null;
  readonly billId: string | null;
  readonly orderId: string | null;
  readonly reason: string;
  readonly evidence: string | null;
  readonly madeBy: string;
  readonly matchedBy: string | null;
  readonly confirmedBy: string | null;
  readonly passNo: string | null;
  readonly passedOn: string | null;
  readonly askedBy: string | null;
  readonly closedBy: string | null;
  readonly createdAt: string;
  readonly version: number;
}
export const transfers = table<TransferRecord>({
  name: 'transfer',
  key: ['id'],
  columns: {
    id: 'text',
    taxOrg: 'text',
    payeeAcct: 'text',
    valueDate: 'date',
    bankSerial: 'text',
    payerName: 'text',
    payerAccountId: 'number',
    payerTail: 'text',
    payerBank: 'text',
    amountFen: 'number',
    remark: 'text',
    state: 'text',
    unitNo: 'text',
    billId: 'text',
    orderId: 'text',
    reason: 'text',
    evidence: 'text',
    madeBy: 'text',
    matchedBy: 'text',
    confirmedBy: 'text',
    passNo: 'text',
    passedOn: 'date',
    askedBy: 'text',
    closedBy: 'text',
    createdAt: 'instant',
    version: 'number',
  },
  unique: [{ columns: ['payeeAcct', 'valueDate', 'bankSerial'] }],
});

export interface TransferEventRecord {
  readonly transferId: string;
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly event: string;
  readonly stateBefore: string;
  readonly stateAfter: TransferState;
  readonly text: string;
}
export const transferEvents = table<TransferEventRecord>({
  name: 'transfer_event',
  key: ['transferId', 'seq'],
  columns: {
    transferId: 'text',
    seq: 'number',
    at: 'instant',
    actor: 'text',
    event: 'text',
    stateBefore: 'text',
    stateAfter: 'text',
    text: 'text',
  },
});

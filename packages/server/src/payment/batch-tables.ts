import { table } from '../treasury/index.ts';
import type { ModeChoice } from './batch.ts';
import type { PackState } from './pack.ts';

export interface ModeRecord extends ModeChoice {
  readonly unitNo: string;
  readonly taxpayerId: string;
  readonly chosenBy: string;
  readonly chosenAt: string;
}
export const modes = table<ModeRecord>({
  name: 'payment_mode',
  key: ['unitId', 'seq'],
  columns: {
    unitId: 'number',
    seq: 'number',
    unitNo: 'text',
    taxpayerId: 'text',
    mode: 'text',
    agreementId: 'number',
    effectiveMonth: 'number',
    chosenBy: 'text',
    chosenAt: 'instant',
  },
});

export interface BatchRecord {
  readonly id: string;
  readonly state: '待复核' | '已发出' | '已取消';
  readonly returnTerm: number;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly version: number;
}
export const batches = table<BatchRecord>({
  name: 'debit_batch',
  key: ['id'],
  columns: {
    id: 'text',
    state: 'text',
    returnTerm: 'number',
    madeBy: 'text',
    madeAt: 'instant',
    decidedBy: 'text',
    decidedAt: 'instant',
    version: 'number',
  },
});

export interface BatchLineRecord {
  readonly unitId: number;
  readonly batchId: string;
  readonly billId: string;
  readonly unitNo: string;
  readonly unitName: string;
  readonly agreementId: number | null;
  readonly billVersion: number;
  readonly amountFen: number;
  readonly state: '待发出' | '已发出' | '未列入';
  readonly reason: string | null;
  readonly version: number;
}
export const batchLines = table<BatchLineRecord>({
  name: 'debit_batch_line',
  key: ['unitId', 'batchId', 'billId'],
  columns: {
    unitId: 'number',
    batchId: 'text',
    billId: 'text',
    unitNo: 'text',
    unitName: 'text',
    agreementId: 'number',
    billVersion: 'number',
    amountFen: 'number',
    state: 'text',
    reason: 'text',
    version: 'number',
  },
});

export interface PackRecord {
  readonly id: string;
  readonly batchId: string;
  readonly taxOrg: string;
  readonly entrustDate: string;
  readonly packNo: string;
  readonly returnTerm: number;
  readonly clearingBankNo: string;
  readonly openingBankNo: string;
  readonly bankName: string;
  readonly state: PackState;
  readonly msgId: string;
  readonly lineCount: number;
  readonly amountFen: number;
  readonly resultCode: string | null;
  readonly addWord: string | null;
  readonly sentAt: string | null;
  readonly answeredAt: string | null;
  readonly createdAt: string;
  readonly version: number;
}
export const packs = table<PackRecord>({
  name: 'debit_pack',
  key: ['id'],
  columns: {
    id: 'text',
    batchId: 'text',
    taxOrg: 'text',
    entrustDate: 'date',
    packNo: 'text',
    returnTerm: 'number',
    clearingBankNo: 'text',
    openingBankNo: 'text',
    bankName: 'text',
    state: 'text',
    msgId: 'text',
    lineCount: 'number',
    amountFen: 'number',
    resultCode: 'text',
    addWord: 'text',
    sentAt: 'instant',
    answeredAt: 'instant',
    createdAt: 'instant',
    version: 'number',
  },
  unique: [{ columns: ['taxOrg', 'entrustDate', 'packNo'] }, { columns: ['msgId'] }],
});

export interface StopRecord {
  readonly id: string;
  readonly packId: string;
  /** Null: the whole pack. */
  readonly attemptId: string | null;
  readonly taxOrg: string;
  readonly stopDate: string;
  readonly stopNo: string;
  readonly msgId: string;
  readonly reason: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly state: '已申请' | '已止付' | '未能止付' | '未发出';
  readonly addWord: string | null;
  readonly answeredAt: string | null;
  readonly version: number;
}
export const stops = table<StopRecord>({
  name: 'debit_stop',
  key: ['id'],
  columns: {
    id: 'text',
    packId: 'text',
    attemptId: 'text',
    taxOrg: 'text',
    stopDate: 'date',
    stopNo: 'text',
    msgId: 'text',
    reason: 'text',
    askedBy: 'text',
    askedAt: 'instant',
    state: 'text',
    addWord: 'text',
    answeredAt: 'instant',
    version: 'number',
  },
  unique: [{ columns: ['taxOrg', 'stopDate', 'stopNo'] }, { columns: ['msgId'] }],
});

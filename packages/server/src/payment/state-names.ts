import type { AttemptState } from './attempt.ts';
import type { BillState } from './bill.ts';

/** The states of a debit as officers read them. */
export const attemptNames: Readonly<Record<AttemptState, string>> = {
  NEW: '待发送',
  SENT: '已发送',
  UNKNOWN: '待核实',
  REVERSING: '冲正中',
  SUCCEEDED: '扣款成功',
  DECLINED: '扣款未成功',
  REVERSED: '已撤销',
  NOT_SENT: '未发出',
  REVERSED_BY_RECON: '对账撤销',
  OVERCOLLECTED: '多收待退',
};

/** The states of a bill as officers read them. */
export const billNames: Readonly<Record<BillState, string>> = {
  UNPAID: '未缴费',
  LOCKED: '缴费中',
  PAID: '已缴款未入库',
  TREASURED: '已入库',
  REFUNDED: '已退费',
  VOIDED: '已作废',
};

import type { BillState } from './bill.ts';

/** What decides 缴费状态: the bill and its live order. */
export interface StateAndOrder {
  readonly state: BillState;
  readonly orderState: string | null;
}

export type PaymentStatus = '未缴费' | '扣款中' | '待核实' | '已缴款未入库' | '已入库' | '已退费';

/** 缴费状态 in the words of the client. */
export function statusOf({ state, orderState }: StateAndOrder): PaymentStatus {
  if (state === 'LOCKED') return orderState === 'PENDING_CHECK' ? '待核实' : '扣款中';
  if (state === 'PAID') return '已缴款未入库';
  if (state === 'TREASURED') return '已入库';
  return state === 'REFUNDED' ? '已退费' : '未缴费';
}

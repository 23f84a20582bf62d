import type { AttemptState } from './attempt.ts';
import { plainRefusal } from './codes.ts';
import type { OrderRecord } from './tables.ts';

/** How one order stands, in the words of the client. */
export function shownOutcome(
  order: OrderRecord,
  attemptState: AttemptState | null,
): {
  readonly state: '扣款中' | '待核实' | '缴费成功' | '缴费失败';
  readonly message: string;
  readonly nextStep: string;
} {
  switch (order.state) {
    case 'OPEN':
      if (order.way === 'transfer') {
        return {
          state: '扣款中',
          message: '转账已到账，待办税服务厅确认',
          nextStep: '请勿重复缴费，确认后会自动显示',
        };
      }
      return { state: '扣款中', message: '已受理，正在扣款', nextStep: '请稍候，结果会自动显示' };
    case 'PAYING':
      return { state: '扣款中', message: '已受理，正在扣款', nextStep: '请稍候，结果会自动显示' };
    case 'PENDING_CHECK':
      return {
        state: '待核实',
        message: '扣款结果核实中，请勿重复缴费',
        nextStep: '系统会自动核实，无需操作',
      };
    case 'PAID':
      return { state: '缴费成功', message: '缴费成功', nextStep: '等待国库入库' };
    case 'TREASURED':
      return { state: '缴费成功', message: '缴费成功，已入库', nextStep: '可以打印缴费证明' };
    case 'CANCELLED':
      return { state: '缴费失败', ...failureText(order, attemptState) };
  }
}

function failureText(
  order: OrderRecord,
  state: AttemptState | null,
): { readonly message: string; readonly nextStep: string } {
  if (state === 'NOT_SENT') {
    return {
      message: '未能连接税库银，扣款指令未发出，未扣款',
      nextStep: '请稍后重新缴费',
    };
  }
  if (state === 'REVERSED_BY_RECON') {
    return {
      message: '国库对账未收到该笔款项，缴费未成功',
      nextStep: '请核对账户余额后重新缴费，如有疑问请联系征收机关',
    };
  }
  if (state === 'OVERCOLLECTED') {
    return { message: '该笔费款已另行缴纳，多收款项将退回', nextStep: '请等待退费' };
  }
  const code = state === 'REVERSED' ? '24020' : (order.resultCode ?? '24020');
  return plainRefusal(code, order.addWord ?? '');
}

/** Where an order's money comes from, in words. */
export function paidFrom({ snapshot, voucherNo, way }: OrderRecord): string {
  if (way === 'transfer') return '转账（待报解户）';
  if (snapshot !== null) return snapshot.option;
  return voucherNo === null ? '办税服务厅' : `银行端查询缴费凭证 ${voucherNo}`;
}

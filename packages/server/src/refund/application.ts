import type { Agency, RefundApplicationState, RefundReason } from '@shebao/contract';

/** What may happen to a unit's 退费申请. */
export const applicationEvents = [
  /** The unit takes it back. */
  'withdrawn',
  /** One officer finds it right. */
  'accepted',
  'rejected',
  /** The second officer sends it back to the first. */
  'returned',
  /** The second officer agrees: the payouts leave. */
  'approved',
  /** Every payout of it arrived. */
  'paidOut',
  /** A payout of it was refused for ever, and none is on its way. */
  'payoutFailed',
  /** The unit names another account. */
  'amended',
  /** An officer asks for what is not paid out once more, to the same account. */
  'askedAgain',
] as const;
export type ApplicationEvent = (typeof applicationEvents)[number];

export const applicationStates: readonly RefundApplicationState[] = [
  '审核中',
  '待复核',
  '退库中',
  '退库失败',
  '已退',
  '不予通过',
  '已撤回',
];

const table: Readonly<
  Record<
    RefundApplicationState,
    Readonly<Partial<Record<ApplicationEvent, RefundApplicationState>>>
  >
> = {
  审核中: { withdrawn: '已撤回', accepted: '待复核', rejected: '不予通过' },
  待复核: { returned: '审核中', approved: '退库中' },
  退库中: { paidOut: '已退', payoutFailed: '退库失败' },
  退库失败: { withdrawn: '已撤回', amended: '审核中', askedAgain: '待复核' },
  已退: {},
  不予通过: {},
  已撤回: {},
};

/** The state after an event; undefined: it can't happen now. */
export function applicationStep(
  state: RefundApplicationState,
  event: ApplicationEvent,
): RefundApplicationState | undefined {
  return table[state][event];
}

/** Its end before all of it went back: the rest may be asked for again. */
export function givesBack(state: RefundApplicationState): boolean {
  return state === '不予通过' || state === '已撤回';
}

/** Who must act, in the words of the clerk and the officer. */
export const nextSteps: Readonly<Record<RefundApplicationState, string>> = {
  审核中: '等待征收机关审核',
  待复核: '等待征收机关复核',
  退库中: '已通知国库退库，等待结果，无需操作',
  退库失败: '请核对收款账户：可更换账户重新提交，或由征收机关再次退库',
  已退: '已办结，无需操作',
  不予通过: '已办结；如有异议请联系征收机关',
  已撤回: '已撤回，可重新申请',
};

export const agencyLabels: Readonly<Record<Agency, string>> = {
  hrss: '人社险种（养老、失业、工伤、职业年金）',
  medicalInsurance: '医保险种（医疗、生育、大额医疗）',
};

export const reasonNames: Readonly<Record<RefundReason, string>> = {
  '01': '多收',
  '02': '重复扣款',
  '03': '核定错误',
  '09': '其他',
};

/** How the payouts of an application stand together; null: one is still on its way. */
export function outcomeOf(
  amountFen: number,
  payouts: readonly { readonly state: string; readonly amountFen: number }[],
): 'paidOut' | 'payoutFailed' | null {
  const over = new Set(['已退', '退库失败', '已撤回']);
  if (payouts.some(({ state }) => !over.has(state))) return null;
  const paid = payouts.filter(({ state }) => state === '已退');
  return paid.reduce((sum, one) => sum + one.amountFen, 0) === amountFen
    ? 'paidOut'
    : 'payoutFailed';
}

/** `TF-<unitNo>-<seq>`: the number people quote (文书号). */
export function applicationNoText(unitNo: string, seq: number): string {
  return `TF-${unitNo}-${String(seq).padStart(5, '0')}`;
}

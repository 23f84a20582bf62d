import type { Machine } from './machine.ts';

/** 三方协议 */
export const agreementStates = [
  '待验证',
  '验证中',
  '验证失败',
  '验证结果待核实',
  '有效',
  '需复核',
  '撤销中',
  '已终止',
] as const;
export type AgreementState = (typeof agreementStates)[number];

export const agreementEvents = [
  /** 9114 with VCSign 0 is about to be sent. */
  'verify',
  'passed',
  'failed',
  'unclear',
  /** The bank says that it knows no such agreement or account: 24001, 24009, 24011. */
  'doubted',
  /** 9114 with VCSign 1 is about to be sent. */
  'terminate',
  'terminated',
  'terminationRefused',
] as const;
export type AgreementEvent = (typeof agreementEvents)[number];

export const agreementMachine: Machine<AgreementState, AgreementEvent> = {
  states: agreementStates,
  events: agreementEvents,
  start: '待验证',
  final: ['已终止'],
  table: {
    待验证: { rest: 'refused', on: { verify: { to: '验证中' }, terminate: { to: '撤销中' } } },
    验证中: {
      rest: 'refused',
      on: {
        passed: { to: '有效' },
        failed: { to: '验证失败' },
        unclear: { to: '验证结果待核实' },
        doubted: 'recorded',
      },
    },
    验证失败: { rest: 'refused', on: { verify: { to: '验证中' }, terminate: { to: '撤销中' } } },
    验证结果待核实: {
      rest: 'refused',
      on: {
        passed: { to: '有效' },
        failed: { to: '验证失败' },
        unclear: 'recorded',
        doubted: 'recorded',
      },
    },
    有效: {
      rest: 'refused',
      on: {
        verify: { to: '验证中' },
        terminate: { to: '撤销中' },
        doubted: { to: '需复核' },
      },
    },
    需复核: {
      rest: 'refused',
      on: { verify: { to: '验证中' }, terminate: { to: '撤销中' }, doubted: 'recorded' },
    },
    撤销中: {
      rest: 'refused',
      on: {
        terminated: { to: '已终止' },
        terminationRefused: { to: '需复核' },
        unclear: 'recorded',
        doubted: 'recorded',
      },
    },
    已终止: { rest: 'refused', on: { doubted: 'recorded' } },
  },
};

/** How an agreement came about, in words. */
export const origins = { paper: '纸质签订', online: '网签', takenOver: '转入的协议' } as const;

// What a bank answers a check (9115), and who can put it right.
const remedies: Readonly<Record<string, string>> = {
  缴款账号错误: '请单位核对缴款账号后改正',
  缴款账号名称错误: '请单位按开户资料核对账户名称后改正',
  开户行行号错误: '请向开户银行查询开户行行号后改正',
  清算行行号错误: '请向开户银行查询清算行行号后改正',
  纳税人名称错误: '请到办税服务厅核对登记的单位名称',
  协议书号不一致: '请到办税服务厅核对协议书号',
  该账户已有协议: '请先在原签订处终止该账户的原协议',
  协议不存在: '请重新签订协议',
  账户冻结: '请联系开户银行解除冻结后再验证',
};

/** Who must do what before the agreement can be used; null when it can, or when only waiting helps. */
export function remedyOf(state: AgreementState, reason: string | null): string | null {
  if (state === '待验证') return '请验证协议';
  if (state === '验证失败') return remedies[reason ?? ''] ?? '请联系开户银行查明原因后再验证';
  if (state === '需复核') return '请重新验证，不能通过时请联系开户银行';
  return null;
}

/** Why an agreement cannot be used for a debit now; null when it can. */
export function unusableReason(state: AgreementState): string | null {
  switch (state) {
    case '有效':
      return null;
    case '待验证':
      return '协议尚未验证';
    case '验证中':
      return '协议正在验证';
    case '验证失败':
      return '协议验证未通过';
    case '验证结果待核实':
      return '协议验证结果待核实';
    case '需复核':
      return '银行提示协议有误，需重新验证';
    case '撤销中':
      return '协议正在终止';
    case '已终止':
      return '协议已终止';
  }
}

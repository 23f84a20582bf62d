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

import type { Machine } from './machine.ts';

/** 退库 of money that pays no bill. */
export const refundStates = [
  '待复核',
  '待发出',
  '已发出',
  '退库中',
  '已退',
  '退库失败',
  '已撤回',
] as const;
export type RefundState = (typeof refundStates)[number];

export const refundEvents = [
  'withdrawn',
  /** A second officer agrees. */
  'confirmed',
  /** Its bytes are committed, before the first of them leaves. */
  'taken',
  /** It cannot be written, or its work date is over: no byte left. */
  'expired',
  /** 9121: stored, the result follows. */
  'received',
  /** 9122 or 9004: paid out. */
  'paidOut',
  /** A final refusal: not paid out. */
  'refused',
] as const;
export type RefundEvent = (typeof refundEvents)[number];

export const refundMachine: Machine<RefundState, RefundEvent> = {
  states: refundStates,
  events: refundEvents,
  start: '待复核',
  final: ['已退', '退库失败', '已撤回'],
  table: {
    待复核: { rest: 'refused', on: { withdrawn: { to: '已撤回' }, confirmed: { to: '待发出' } } },
    待发出: { rest: 'refused', on: { taken: { to: '已发出' }, expired: { to: '退库失败' } } },
    已发出: {
      rest: 'refused',
      on: {
        received: { to: '退库中' },
        paidOut: { to: '已退' },
        refused: { to: '退库失败' },
      },
    },
    退库中: {
      rest: 'refused',
      on: { received: 'recorded', paidOut: { to: '已退' }, refused: { to: '退库失败' } },
    },
    已退: {
      rest: 'refused',
      on: { received: 'recorded', paidOut: 'recorded', refused: 'exception' },
    },
    退库失败: {
      rest: 'refused',
      on: { received: 'recorded', paidOut: 'exception', refused: 'recorded' },
    },
    已撤回: { rest: 'refused', on: {} },
  },
};

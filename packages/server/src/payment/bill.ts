import type { Machine } from './machine.ts';

/** 应征凭证: what one declaration owes. */
export const billStateNames = [
  'UNPAID',
  'LOCKED',
  'PAID',
  'TREASURED',
  'REFUNDED',
  'VOIDED',
] as const;
export type BillState = (typeof billStateNames)[number];

export const billEvents = [
  /** 确认缴费, or a bank-side voucher: one live order takes it. */
  'locked',
  /** The order ended without money. */
  'unlocked',
  'collected',
  /** Money of an order that we had given up, booked by a second officer. */
  'bookedByCase',
  /** 3126 has it. */
  'treasured',
  /** The day's complete list lacks a payment that we held for done. */
  'undone',
  'refunded',
  'voided',
] as const;
export type BillEvent = (typeof billEvents)[number];

export const billMachine: Machine<BillState, BillEvent> = {
  states: billStateNames,
  events: billEvents,
  start: 'UNPAID',
  final: ['REFUNDED', 'VOIDED'],
  table: {
    UNPAID: {
      rest: 'refused',
      on: { locked: { to: 'LOCKED' }, bookedByCase: { to: 'PAID' }, voided: { to: 'VOIDED' } },
    },
    LOCKED: { rest: 'refused', on: { unlocked: { to: 'UNPAID' }, collected: { to: 'PAID' } } },
    PAID: {
      rest: 'refused',
      on: {
        treasured: { to: 'TREASURED' },
        undone: { to: 'UNPAID' },
        refunded: { to: 'REFUNDED' },
      },
    },
    TREASURED: {
      rest: 'refused',
      on: { treasured: 'recorded', undone: { to: 'UNPAID' }, refunded: { to: 'REFUNDED' } },
    },
    REFUNDED: { rest: 'refused', on: {} },
    VOIDED: { rest: 'refused', on: {} },
  },
};

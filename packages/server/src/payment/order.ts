import type { Machine } from './machine.ts';

/** 缴款书: one 税票号码, one authority, one payee, one way to pay. */
export const orderStates = [
  'OPEN',
  'PAYING',
  'PENDING_CHECK',
  'PAID',
  'TREASURED',
  'CANCELLED',
] as const;
export type OrderState = (typeof orderStates)[number];

export const orderEvents = [
  /** An attempt begins, or a bank fetched the voucher. */
  'started',
  'unclear',
  'collected',
  /** The attempt ended without money. */
  'failed',
  /** The bank gave the voucher back. */
  'released',
  'cancelled',
  'treasured',
  'undone',
  'bookedByCase',
] as const;
export type OrderEvent = (typeof orderEvents)[number];

export const orderMachine: Machine<OrderState, OrderEvent> = {
  states: orderStates,
  events: orderEvents,
  start: 'OPEN',
  final: [],
  table: {
    OPEN: { rest: 'refused', on: { started: { to: 'PAYING' }, cancelled: { to: 'CANCELLED' } } },
    PAYING: {
      rest: 'refused',
      on: {
        unclear: { to: 'PENDING_CHECK' },
        collected: { to: 'PAID' },
        failed: { to: 'CANCELLED' },
        released: { to: 'OPEN' },
      },
    },
    PENDING_CHECK: {
      rest: 'refused',
      on: {
        unclear: 'recorded',
        collected: { to: 'PAID' },
        failed: { to: 'CANCELLED' },
        released: { to: 'OPEN' },
      },
    },
    PAID: {
      rest: 'refused',
      on: { treasured: { to: 'TREASURED' }, undone: { to: 'CANCELLED' } },
    },
    TREASURED: { rest: 'refused', on: { treasured: 'recorded', undone: { to: 'CANCELLED' } } },
    CANCELLED: { rest: 'refused', on: { bookedByCase: { to: 'PAID' } } },
  },
};

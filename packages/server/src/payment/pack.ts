import type { Machine } from './machine.ts';

/** 批量扣款包 (1102): the envelope of up to a thousand debits; each debit has its own machine besides. */
export const packStates = [
  'NEW',
  'SENT',
  'RECEIVED',
  'ANSWERED',
  'OVERDUE',
  'REFUSED',
  'NOT_SENT',
] as const;
export type PackState = (typeof packStates)[number];

export const packEvents = [
  /** Committed as sent before the first byte leaves. */
  'taken',
  /** Never sent: it cannot be written, or its work date is over. */
  'expired',
  /** 9121 with 90000, or the hub says that it has it: the result follows. */
  'received',
  /** 9121 with a final code: wholly refused, nothing will be debited. */
  'refused',
  /** 2102 */
  'answered',
  /** ReturnTerm is over without an outcome of every line. */
  'overdue',
] as const;
export type PackEvent = (typeof packEvents)[number];

export const packMachine: Machine<PackState, PackEvent> = {
  states: packStates,
  events: packEvents,
  start: 'NEW',
  final: ['ANSWERED', 'REFUSED', 'NOT_SENT'],
  table: {
    NEW: {
      // Nothing left this machine yet: whoever answers, answers something else.
      rest: 'exception',
      on: { taken: { to: 'SENT' }, expired: { to: 'NOT_SENT' }, overdue: 'refused' },
    },
    SENT: {
      rest: 'refused',
      on: {
        received: { to: 'RECEIVED' },
        refused: { to: 'REFUSED' },
        answered: { to: 'ANSWERED' },
        overdue: { to: 'OVERDUE' },
      },
    },
    RECEIVED: {
      rest: 'refused',
      on: {
        received: 'recorded',
        refused: 'exception',
        answered: { to: 'ANSWERED' },
        overdue: { to: 'OVERDUE' },
      },
    },
    OVERDUE: {
      rest: 'refused',
      on: {
        received: 'recorded',
        refused: { to: 'REFUSED' },
        answered: { to: 'ANSWERED' },
        overdue: 'recorded',
      },
    },
    ANSWERED: {
      rest: 'refused',
      on: { received: 'recorded', refused: 'exception', answered: 'recorded', overdue: 'recorded' },
    },
    REFUSED: {
      rest: 'refused',
      on: {
        received: 'exception',
        refused: 'recorded',
        answered: 'exception',
        overdue: 'recorded',
      },
    },
    NOT_SENT: {
      rest: 'refused',
      on: { received: 'exception', refused: 'exception', answered: 'exception' },
    },
  },
};

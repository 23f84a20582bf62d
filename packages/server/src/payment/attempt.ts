import type { Machine } from './machine.ts';

/** 扣款指令: one debit with its own identity (authority, entrust date, TraNo). */
export const attemptStates = [
  'NEW',
  'SENT',
  'UNKNOWN',
  'REVERSING',
  'SUCCEEDED',
  'DECLINED',
  'REVERSED',
  'NOT_SENT',
  'REVERSED_BY_RECON',
  'OVERCOLLECTED',
] as const;
export type AttemptState = (typeof attemptStates)[number];

/** Not final: at most one such attempt per order. */
export const openAttemptStates = ['NEW', 'SENT', 'UNKNOWN', 'REVERSING'] as const;

export const attemptEvents = [
  /** The sender took it; committed before the first byte leaves. */
  'taken',
  /** Its time ran out before the sender took it. */
  'expired',
  /** Every try failed before a connection stood, and the hub would refuse it by now. */
  'neverConnected',
  /** 2001 or 2102: collected, with the right 税票号码. */
  'answeredSuccess',
  /** 2001 or 2102 with 24020. */
  'answeredReversed',
  /** 2001 or 2102 with another final code. */
  'answeredDeclined',
  /** Any other signed answer, or none at all: lost, late, broken, our own restart. */
  'unclear',
  /** Success for another 税票号码 or amount. */
  'answerContradicts',
  'queriedSuccess',
  'queriedReversed',
  'queriedDeclined',
  /** 80099: no such transaction. Not final, it may still travel. */
  'queriedNotFound',
  /** 80002 or a code that is not listed. */
  'queriedUnclear',
  /** No useful answer in time: the debit is stopped by a tombstone. */
  'reversalDue',
  /** 2021 with 0: net nothing was or will be collected. */
  'cancelledNothing',
  /** 2021 with 1: the debit stands. */
  'cancelStands',
  /** 2021 with 2. */
  'cancelUnclear',
  /** The complete list of the day has it, equal in everything. */
  'listed',
  /** The complete list of the day lacks it. */
  'notListed',
  /** The list has it with another amount or 税票号码. */
  'listedDiffers',
  /** The list has it as refused. */
  'listedRefused',
  /** A second officer books money that the list shows and we had given up. */
  'bookedByCase',
  /** The same money, while the bill was paid otherwise or voided. */
  'overcollected',
  /** Two officers take back what the list shows with another amount; the money is owed to the payer. */
  'undoneByCase',
] as const;
export type AttemptEvent = (typeof attemptEvents)[number];

const collected = { to: 'SUCCEEDED' } as const;
const reversed = { to: 'REVERSED' } as const;
const declined = { to: 'DECLINED' } as const;

// An attempt that ended without money: what says that money moved is a contradiction.
const endedWithoutMoney = {
  taken: 'refused',
  expired: 'refused',
  neverConnected: 'refused',
  reversalDue: 'refused',
  answeredSuccess: 'exception',
  answerContradicts: 'exception',
  queriedSuccess: 'exception',
  cancelStands: 'exception',
  listed: 'exception',
  listedDiffers: 'exception',
  bookedByCase: collected,
  overcollected: { to: 'OVERCOLLECTED' },
  undoneByCase: 'refused',
} as const;

// An attempt that ended with money: what says that none moved is a contradiction.
const endedWithMoney = {
  taken: 'refused',
  expired: 'refused',
  neverConnected: 'refused',
  reversalDue: 'refused',
  bookedByCase: 'refused',
  overcollected: 'refused',
  undoneByCase: 'refused',
  answeredReversed: 'exception',
  answeredDeclined: 'exception',
  answerContradicts: 'exception',
  queriedReversed: 'exception',
  queriedDeclined: 'exception',
  cancelledNothing: 'exception',
  listedDiffers: 'exception',
  listedRefused: 'exception',
} as const;

/** Section 9 of the channel and 4.2 of the reference, in one table. */
export const attemptMachine: Machine<AttemptState, AttemptEvent> = {
  states: attemptStates,
  events: attemptEvents,
  start: 'NEW',
  final: ['SUCCEEDED', 'DECLINED', 'REVERSED', 'NOT_SENT', 'REVERSED_BY_RECON', 'OVERCOLLECTED'],
  table: {
    NEW: {
      // Nothing left this machine yet: whoever answers, answers something else.
      rest: 'exception',
      on: {
        taken: { to: 'SENT' },
        expired: { to: 'NOT_SENT' },
        unclear: 'recorded',
        neverConnected: 'refused',
        reversalDue: 'refused',
        notListed: 'recorded',
        bookedByCase: 'refused',
        overcollected: 'refused',
        undoneByCase: 'refused',
      },
    },
    SENT: {
      rest: 'recorded',
      on: {
        taken: 'refused',
        expired: 'refused',
        reversalDue: 'refused',
        bookedByCase: 'refused',
        overcollected: 'refused',
        undoneByCase: 'refused',
        neverConnected: { to: 'NOT_SENT' },
        answeredSuccess: collected,
        answeredReversed: reversed,
        answeredDeclined: declined,
        answerContradicts: { to: 'UNKNOWN', alarm: true },
        unclear: { to: 'UNKNOWN' },
        cancelledNothing: 'exception',
        cancelStands: 'exception',
        // The list decides for UNKNOWN; whoever still waits for an answer becomes UNKNOWN first.
        listed: 'refused',
        notListed: 'refused',
        listedDiffers: 'exception',
        listedRefused: 'refused',
      },
    },
    UNKNOWN: {
      rest: 'recorded',
      on: {
        taken: 'refused',
        expired: 'refused',
        neverConnected: 'refused',
        bookedByCase: collected,
        overcollected: 'refused',
        undoneByCase: reversed,
        answeredSuccess: collected,
        answeredReversed: reversed,
        answeredDeclined: declined,
        answerContradicts: { to: 'UNKNOWN', alarm: true },
        queriedSuccess: collected,
        queriedReversed: reversed,
        queriedDeclined: declined,
        queriedNotFound: { to: 'REVERSING' },
        reversalDue: { to: 'REVERSING' },
        cancelledNothing: 'exception',
        cancelStands: 'exception',
        listed: collected,
        notListed: reversed,
        listedDiffers: 'exception',
        listedRefused: declined,
      },
    },
    REVERSING: {
      rest: 'recorded',
      on: {
        taken: 'refused',
        expired: 'refused',
        neverConnected: 'refused',
        reversalDue: 'refused',
        bookedByCase: collected,
        overcollected: 'refused',
        undoneByCase: reversed,
        answeredReversed: reversed,
        queriedReversed: reversed,
        answerContradicts: 'exception',
        cancelledNothing: reversed,
        cancelStands: collected,
        listed: collected,
        notListed: reversed,
        listedDiffers: 'exception',
        listedRefused: declined,
      },
    },
    SUCCEEDED: {
      rest: 'recorded',
      on: {
        ...endedWithMoney,
        notListed: { to: 'REVERSED_BY_RECON', alarm: true },
        undoneByCase: { to: 'REVERSED_BY_RECON' },
      },
    },
    DECLINED: { rest: 'recorded', on: endedWithoutMoney },
    REVERSED: { rest: 'recorded', on: endedWithoutMoney },
    NOT_SENT: { rest: 'recorded', on: endedWithoutMoney },
    REVERSED_BY_RECON: {
      rest: 'recorded',
      on: { ...endedWithoutMoney, bookedByCase: 'refused', overcollected: 'refused' },
    },
    OVERCOLLECTED: { rest: 'recorded', on: { ...endedWithMoney, notListed: 'exception' } },
  },
};

import type { AttemptState } from './attempt.ts';
import type { BillState } from './bill.ts';
import type { Machine } from './machine.ts';

/** 差错事项: one officer handles, another closes, or sends it back. */
export const caseStates = ['待处理', '待复核', '已处理'] as const;
export type CaseState = (typeof caseStates)[number];
export const caseEventNames = ['handled', 'returned', 'approved'] as const;
export type CaseEvent = (typeof caseEventNames)[number];

export const caseMachine: Machine<CaseState, CaseEvent> = {
  states: caseStates,
  events: caseEventNames,
  start: '待处理',
  final: ['已处理'],
  table: {
    待处理: { rest: 'refused', on: { handled: { to: '待复核' } } },
    待复核: {
      rest: 'refused',
      on: { returned: { to: '待处理' }, approved: { to: '已处理' } },
    },
    已处理: { rest: 'refused', on: {} },
  },
};

/** What a case is about. The numbers are the classes of the day's list. */
export const caseCategories = [
  /** 2 */
  'amountDiffers',
  /** 3 */
  'theirsOnly',
  /** 4 */
  'noRecord',
  /** 5 */
  'oursOnly',
  'contradiction',
  'entryDiffers',
  'listProblem',
] as const;
export type CaseCategory = (typeof caseCategories)[number];

/** The category of a case, from how it was opened. */
export function categoryOf(kind: string, hasIdentity: boolean): CaseCategory {
  switch (kind) {
    case 'listedDiffers':
      return 'amountDiffers';
    case 'listed':
      return 'theirsOnly';
    case 'notListed':
    case 'listedRefused':
      return 'oursOnly';
    case '3122':
      return hasIdentity ? 'noRecord' : 'listProblem';
    case '3126':
      return 'entryDiffers';
    case 'missing':
      return 'listProblem';
    default:
      return 'contradiction';
  }
}

export const caseDecisions = ['keep', 'bookPaid', 'undo', 'refund'] as const;
export type CaseDecision = (typeof caseDecisions)[number];

/** The debit and the bill of a case as they stand now; null: the money belongs to none of ours. */
export interface CaseSubject {
  readonly attempt: AttemptState;
  readonly bill: BillState;
}

/**
 * What may be decided now. Empty: the bill is being collected by another debit; that must come to its end first.
 * `keep` leaves our books as they are, `bookPaid` takes the money as the payment of the bill, `undo` takes a payment
 * back and owes the money, `refund` owes money that pays no bill.
 */
export function allowedDecisions(
  category: CaseCategory,
  subject: CaseSubject | null,
): readonly CaseDecision[] {
  if (category === 'noRecord') return ['refund', 'keep'];
  if (category === 'theirsOnly' && subject) return whenTheyCollected(subject);
  if (category === 'amountDiffers' && subject) return whenAmountsDiffer(subject);
  return ['keep'];
}

function whenTheyCollected({ attempt, bill }: CaseSubject): readonly CaseDecision[] {
  if (attempt === 'OVERCOLLECTED') return ['refund'];
  if (attempt === 'SUCCEEDED' || attempt === 'REVERSED_BY_RECON') return ['keep'];
  if (bill === 'LOCKED') return [];
  return bill === 'UNPAID' ? ['bookPaid', 'refund'] : ['refund'];
}

function whenAmountsDiffer({ attempt, bill }: CaseSubject): readonly CaseDecision[] {
  switch (attempt) {
    case 'UNKNOWN':
    case 'REVERSING':
      return ['bookPaid', 'undo'];
    case 'SUCCEEDED':
      return bill === 'PAID' || bill === 'TREASURED' ? ['keep', 'undo'] : ['keep'];
    default:
      return ['refund', 'keep'];
  }
}

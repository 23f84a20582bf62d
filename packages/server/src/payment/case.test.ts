import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptMachine, attemptStates } from './attempt.ts';
import { billStateNames } from './bill.ts';
import {
  allowedDecisions,
  type CaseDecision,
  type CaseSubject,
  caseCategories,
  caseEventNames,
  caseMachine,
  caseStates,
  categoryOf,
} from './case.ts';
import { nextState } from './machine.ts';

test('a case is handled, then closed or sent back, and stays closed', () => {
  const expected: Record<string, Record<string, string>> = {
    待处理: { handled: '待复核' },
    待复核: { returned: '待处理', approved: '已处理' },
    已处理: {},
  };
  for (const state of caseStates) {
    for (const event of caseEventNames) {
      assert.equal(nextState(caseMachine, state, event), expected[state]?.[event], state + event);
    }
  }
});

/** What may be decided in every state that a case can meet; all others leave our books as they are. */
const table: readonly [string, CaseSubject | null, readonly CaseDecision[]][] = [
  ['noRecord', null, ['refund', 'keep']],
  ['theirsOnly', { attempt: 'REVERSED', bill: 'UNPAID' }, ['bookPaid', 'refund']],
  ['theirsOnly', { attempt: 'DECLINED', bill: 'LOCKED' }, []],
  ['theirsOnly', { attempt: 'DECLINED', bill: 'PAID' }, ['refund']],
  ['theirsOnly', { attempt: 'NOT_SENT', bill: 'VOIDED' }, ['refund']],
  ['theirsOnly', { attempt: 'OVERCOLLECTED', bill: 'TREASURED' }, ['refund']],
  ['theirsOnly', { attempt: 'SUCCEEDED', bill: 'PAID' }, ['keep']],
  ['amountDiffers', { attempt: 'UNKNOWN', bill: 'LOCKED' }, ['bookPaid', 'undo']],
  ['amountDiffers', { attempt: 'REVERSING', bill: 'LOCKED' }, ['bookPaid', 'undo']],
  ['amountDiffers', { attempt: 'SUCCEEDED', bill: 'TREASURED' }, ['keep', 'undo']],
  ['amountDiffers', { attempt: 'SUCCEEDED', bill: 'REFUNDED' }, ['keep']],
  ['amountDiffers', { attempt: 'DECLINED', bill: 'UNPAID' }, ['refund', 'keep']],
  ['oursOnly', { attempt: 'REVERSED_BY_RECON', bill: 'UNPAID' }, ['keep']],
  ['contradiction', { attempt: 'SUCCEEDED', bill: 'PAID' }, ['keep']],
  ['entryDiffers', null, ['keep']],
  ['listProblem', null, ['keep']],
];

test('what may be decided follows category, debit and bill', () => {
  for (const [category, subject, expected] of table) {
    const found = allowedDecisions(category as (typeof caseCategories)[number], subject);
    assert.deepEqual(found, expected, `${category} ${JSON.stringify(subject)}`);
  }
  assert.deepEqual(
    [...new Set(table.map(([category]) => category))].toSorted(),
    [...caseCategories].toSorted(),
  );
});

test('no decision asks of a debit what its own table refuses', () => {
  const events = { bookPaid: 'bookedByCase', undo: 'undoneByCase' } as const;
  for (const category of caseCategories) {
    for (const attempt of attemptStates) {
      for (const bill of billStateNames) {
        for (const decision of allowedDecisions(category, { attempt, bill })) {
          if (decision === 'keep' || decision === 'refund') continue;
          const next = nextState(attemptMachine, attempt, events[decision]);
          // A list finds no debit NEW or SENT.
          if (attempt === 'NEW' || attempt === 'SENT') continue;
          assert.notEqual(next, undefined, `${category} ${attempt} ${bill} ${decision}`);
        }
      }
    }
  }
});

test('how a case was opened tells what it is about', () => {
  assert.equal(categoryOf('listedDiffers', true), 'amountDiffers');
  assert.equal(categoryOf('listed', true), 'theirsOnly');
  assert.equal(categoryOf('notListed', true), 'oursOnly');
  assert.equal(categoryOf('listedRefused', true), 'oursOnly');
  assert.equal(categoryOf('3122', true), 'noRecord');
  assert.equal(categoryOf('3122', false), 'listProblem');
  assert.equal(categoryOf('3126', false), 'entryDiffers');
  assert.equal(categoryOf('missing', false), 'listProblem');
  assert.equal(categoryOf('answeredSuccess', false), 'contradiction');
});

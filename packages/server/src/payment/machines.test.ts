import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreementMachine, unusableReason } from './agreement.ts';
import { type AttemptState, attemptMachine, openAttemptStates } from './attempt.ts';
import { billMachine } from './bill.ts';
import { caseMachine } from './case.ts';
import { classOf, plainRefusal } from './codes.ts';
import { type Machine, nextState, stepOf } from './machine.ts';
import { orderMachine } from './order.ts';
import { refundMachine } from './refund.ts';
import { transferMachine } from './transfer.ts';

const machines: readonly Machine<string, string>[] = [
  attemptMachine,
  billMachine,
  orderMachine,
  agreementMachine,
  caseMachine,
  transferMachine,
  refundMachine,
] as unknown as readonly Machine<string, string>[];

test('every (state, event) has one step, and its target is a state', () => {
  for (const machine of machines) {
    assert.deepEqual(Object.keys(machine.table).sort(), [...machine.states].sort());
    for (const state of machine.states) {
      for (const event of machine.events) {
        const step = stepOf(machine, state, event);
        if (typeof step !== 'string') assert.ok(machine.states.includes(step.to));
      }
      for (const event of Object.keys(machine.table[state]?.on ?? {})) {
        assert.ok(machine.events.includes(event), `${state}: ${event}`);
      }
    }
  }
});

test('every state is reached from the start, and every event moves something', () => {
  for (const machine of machines) {
    const reached = new Set([machine.start]);
    for (const state of reached) {
      for (const event of machine.events) {
        const next = nextState(machine, state, event);
        if (next !== undefined) reached.add(next);
      }
    }
    assert.deepEqual([...reached].sort(), [...machine.states].sort());
  }
});

/** State → event → the state after it, for every cell that moves (channel, section 9). */
const moves: Readonly<Record<AttemptState, Readonly<Record<string, AttemptState>>>> = {
  NEW: { taken: 'SENT', expired: 'NOT_SENT' },
  SENT: {
    neverConnected: 'NOT_SENT',
    answeredSuccess: 'SUCCEEDED',
    answeredReversed: 'REVERSED',
    answeredDeclined: 'DECLINED',
    answerContradicts: 'UNKNOWN',
    unclear: 'UNKNOWN',
  },
  UNKNOWN: {
    answeredSuccess: 'SUCCEEDED',
    answeredReversed: 'REVERSED',
    answeredDeclined: 'DECLINED',
    answerContradicts: 'UNKNOWN',
    queriedSuccess: 'SUCCEEDED',
    queriedReversed: 'REVERSED',
    queriedDeclined: 'DECLINED',
    queriedNotFound: 'REVERSING',
    reversalDue: 'REVERSING',
    listed: 'SUCCEEDED',
    notListed: 'REVERSED',
    listedRefused: 'DECLINED',
    bookedByCase: 'SUCCEEDED',
    undoneByCase: 'REVERSED',
  },
  REVERSING: {
    answeredReversed: 'REVERSED',
    queriedReversed: 'REVERSED',
    cancelledNothing: 'REVERSED',
    cancelStands: 'SUCCEEDED',
    listed: 'SUCCEEDED',
    notListed: 'REVERSED',
    listedRefused: 'DECLINED',
    bookedByCase: 'SUCCEEDED',
    undoneByCase: 'REVERSED',
  },
  SUCCEEDED: { notListed: 'REVERSED_BY_RECON', undoneByCase: 'REVERSED_BY_RECON' },
  DECLINED: { bookedByCase: 'SUCCEEDED', overcollected: 'OVERCOLLECTED' },
  REVERSED: { bookedByCase: 'SUCCEEDED', overcollected: 'OVERCOLLECTED' },
  NOT_SENT: { bookedByCase: 'SUCCEEDED', overcollected: 'OVERCOLLECTED' },
  REVERSED_BY_RECON: {},
  OVERCOLLECTED: {},
};

test('an attempt moves exactly where the channel says', () => {
  for (const state of attemptMachine.states) {
    const actual: Record<string, string> = {};
    for (const event of attemptMachine.events) {
      const step = stepOf(attemptMachine, state, event);
      if (typeof step !== 'string') actual[event] = step.to;
    }
    assert.deepEqual(actual, moves[state], state);
  }
});

test('no answer moves a final attempt; what contradicts it opens a case', () => {
  const answers = attemptMachine.events.filter((event) => /^(answer|quer|cancel)/.test(event));
  for (const state of attemptMachine.final) {
    for (const event of answers) {
      assert.equal(nextState(attemptMachine, state, event), state, `${state} ${event}`);
    }
  }
  assert.equal(stepOf(attemptMachine, 'SUCCEEDED', 'answeredDeclined'), 'exception');
  assert.equal(stepOf(attemptMachine, 'REVERSED', 'answeredSuccess'), 'exception');
  assert.equal(stepOf(attemptMachine, 'DECLINED', 'answeredReversed'), 'recorded');
  assert.equal(stepOf(attemptMachine, 'REVERSING', 'answeredSuccess'), 'recorded');
  assert.deepEqual(
    attemptMachine.states.filter((state) => !attemptMachine.final.includes(state)),
    [...openAttemptStates],
  );
});

test('a bill is voided only while nobody collects it', () => {
  for (const state of billMachine.states) {
    const expected = state === 'UNPAID' ? 'VOIDED' : undefined;
    assert.equal(nextState(billMachine, state, 'voided'), expected, state);
    const lockable = state === 'UNPAID' ? 'LOCKED' : undefined;
    assert.equal(nextState(billMachine, state, 'locked'), lockable, state);
  }
});

test('codes: what is not listed is unknown, what is listed is final', () => {
  assert.equal(classOf('90000'), 'success');
  assert.equal(classOf('24020'), 'reversed');
  for (const code of '24001 24003 24004 24005 24007 24008 24009 24011 99090'.split(' ')) {
    assert.equal(classOf(code), 'declined', code);
    assert.match(plainRefusal(code, '').message, /未扣款/);
  }
  for (const code of '92010 92011 92012 92013 92014'.split(' ')) {
    assert.equal(classOf(code), 'declined', code);
    assert.match(plainRefusal(code, '').message, /未扣款/);
  }
  for (const code of '94051 94052 94053 94999 99091 80002 91005 92001 12345'.split(' ')) {
    assert.equal(classOf(code), 'unknown', code);
  }
  assert.equal(plainRefusal('24004', '余额不足').message, '账户余额不足，未扣款');
  assert.equal(plainRefusal('24004', '交易失败').message, '银行拒绝扣款（交易失败），未扣款');
});

test('an agreement is usable only while 有效', () => {
  for (const state of agreementMachine.states) {
    assert.equal(unusableReason(state) === null, state === '有效', state);
  }
});

test('a refund ends once: what contradicts its end becomes a case', () => {
  assert.equal(stepOf(refundMachine, '已退', 'refused'), 'exception');
  assert.equal(stepOf(refundMachine, '退库失败', 'paidOut'), 'exception');
  assert.equal(stepOf(refundMachine, '待复核', 'taken'), 'refused');
  assert.equal(nextState(refundMachine, '已发出', 'paidOut'), '已退');
  assert.equal(nextState(refundMachine, '退库中', 'refused'), '退库失败');
});

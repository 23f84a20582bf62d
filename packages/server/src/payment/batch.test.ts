import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modeInForce, packsOf, reasonToLeaveOut } from './batch.ts';
import { nextState, stepOf } from './machine.ts';
import { type PackState, packEvents, packMachine, packStates } from './pack.ts';
import type { AgreementRecord, BillRecord } from './tables.ts';

/** State → event → the state after it, for every cell that moves. */
const moves: Readonly<Record<PackState, Readonly<Record<string, PackState>>>> = {
  NEW: { taken: 'SENT', expired: 'NOT_SENT' },
  SENT: { received: 'RECEIVED', refused: 'REFUSED', answered: 'ANSWERED', overdue: 'OVERDUE' },
  RECEIVED: { answered: 'ANSWERED', overdue: 'OVERDUE' },
  OVERDUE: { refused: 'REFUSED', answered: 'ANSWERED' },
  ANSWERED: {},
  REFUSED: {},
  NOT_SENT: {},
};

test('a pack moves exactly here, whatever happens in whatever state', () => {
  for (const state of packStates) {
    const actual: Record<string, string> = {};
    for (const event of packEvents) {
      const step = stepOf(packMachine, state, event);
      if (typeof step !== 'string') actual[event] = step.to;
    }
    assert.deepEqual(actual, moves[state], state);
  }
});

test('what contradicts a pack becomes a case: an answer to nothing, a refusal after a receipt', () => {
  const told = ['received', 'refused', 'answered'] as const;
  for (const state of ['NEW', 'NOT_SENT'] as const) {
    for (const event of told) assert.equal(stepOf(packMachine, state, event), 'exception');
  }
  assert.equal(stepOf(packMachine, 'RECEIVED', 'refused'), 'exception');
  assert.equal(stepOf(packMachine, 'ANSWERED', 'refused'), 'exception');
  assert.equal(stepOf(packMachine, 'REFUSED', 'answered'), 'exception');
  assert.equal(nextState(packMachine, 'SENT', 'taken'), undefined);
});

test('lines are packed by authority, bank and branch, and split where a pack is full', () => {
  const line = (taxOrg: string, openingBankNo: string, id: number) => ({
    taxOrg,
    clearingBankNo: '102331000000',
    openingBankNo,
    id,
  });
  const lines = [
    ...Array.from({ length: 2_001 }, (_, id) => line('133010000000', '102331000001', id)),
    line('133010000000', '102331000002', 1),
    line('133010000001', '102331000001', 1),
  ];
  const sizes = packsOf(lines).map((pack) => pack.length);
  assert.deepEqual(sizes, [1_000, 1_000, 1, 1, 1]);
  assert.deepEqual(packsOf(lines).flat().length, lines.length);
  assert.deepEqual(packsOf([]), []);
});

test('the latest choice whose month has come counts', () => {
  const choice = (seq: number, mode: 'self' | 'batch', effectiveMonth: number) => ({
    unitId: 1,
    seq,
    mode,
    agreementId: null,
    effectiveMonth,
  });
  const choices = [choice(1, 'batch', 10), choice(2, 'self', 12), choice(3, 'batch', 11)];
  assert.equal(modeInForce(choices, 9), undefined);
  assert.equal(modeInForce(choices, 10)?.seq, 1);
  assert.equal(modeInForce(choices, 11)?.seq, 3);
  // A later choice holds from its month on, whatever was chosen before for later months.
  assert.equal(modeInForce(choices, 12)?.seq, 3);
});

test('a name that the channel cannot carry is left out of a batch, so that the others leave', () => {
  const bill = { state: 'UNPAID', taxpayerId: 't', taxpayerName: '示例学校' } as BillRecord;
  const agreement = { state: '有效', taxpayerId: 't', holder: '示例学校' } as AgreementRecord;
  assert.equal(reasonToLeaveOut(bill, agreement), null);
  const named = { ...bill, taxpayerName: '𠮷祥学校' };
  assert.match(reasonToLeaveOut(named, agreement) ?? '', /“𠮷祥学校”中的“𠮷”税库银不能传送/);
  assert.match(reasonToLeaveOut(bill, { ...agreement, holder: '㐂学校' }) ?? '', /“㐂”/);
});

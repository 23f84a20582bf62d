import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type DeclarationStatus,
  declarationEvents,
  declarationNoText,
  declarationStatuses,
  receiptNoText,
  step,
} from './declaration.ts';

test('every pair of state and event moves on or is refused with a code and a reason', () => {
  const moves: Record<string, string> = {};
  const refusals: Record<string, number> = {};
  for (const status of declarationStatuses) {
    for (const event of declarationEvents) {
      const next = step(status, event);
      if (next.ok) moves[`${status} ${event}`] = next.value;
      else {
        refusals[next.error.code] = (refusals[next.error.code] ?? 0) + 1;
        if (next.error.code === 'DECLARATION_NOT_VOIDABLE') assert.ok(next.error.data?.reason);
      }
    }
  }
  assert.deepEqual(moves, {
    '待反馈 accept': '全部申报成功',
    '待反馈 reject': '全部申报失败',
    '全部申报成功 requestVoid': '作废中',
    '作废中 void': '已作废',
    '作废中 refuseVoid': '全部申报成功',
  });
  assert.deepEqual(refusals, { DECLARATION_PENDING: 8, DECLARATION_NOT_VOIDABLE: 12 });
  const reached = new Set<DeclarationStatus>(['待反馈', ...Object.values(moves)] as never);
  assert.deepEqual(reached, new Set(declarationStatuses));
});

test('numbers that people quote name the unit and the day', () => {
  assert.equal(declarationNoText('330100001', 7), 'SB-330100001-00007');
  assert.equal(receiptNoText('S', '330100001', '2021-03-10', 7), 'SLS-330100001-20210310-00007');
});

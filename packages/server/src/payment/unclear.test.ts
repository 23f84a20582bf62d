import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usualTimes } from './advance.ts';
import { prospectOf } from './unclear.ts';

const since = Date.parse('2021-03-10T09:00:00+08:00');
const base = {
  state: 'UNKNOWN',
  msgNo: '1001',
  unclearAt: '2021-03-10T09:00:00+08:00',
  createdAt: '2021-03-10T08:59:00+08:00',
  reconDate: null,
} as const;

test('what happens next with an unclear debit, when, and who must act', () => {
  const cut = Date.parse('2021-03-10T17:00:00+08:00');
  const at = (afterMs: number, change: object = {}) =>
    prospectOf({ ...base, ...change }, usualTimes, since + afterMs, cut);
  assert.deepEqual(at(6_000), {
    next: '再次查询扣款结果',
    nextAt: '2021-03-10T09:00:15.000+08:00',
    whoActs: '系统自动核实，无需人工操作',
  });
  assert.equal(at(130_000).next, '再次查询，仍无结果即冲正');
  assert.equal(at(301_000).next, '查询无结果，即将冲正');
  assert.match(at(400_000, { state: 'REVERSING' }).next, /已发起冲正/);
  assert.match(at(900_000, { state: 'REVERSING' }).whoActs, /征收人员请与国库、银行联系/);
  assert.equal(at(1, { msgNo: '1008' }).nextAt, '2021-03-10T17:00:00.000+08:00');
  assert.match(at(1, { reconDate: '2021-03-10' }).whoActs, /差错事项/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { treasuryDay } from './session.ts';
import type { SessionRecord } from './tables.ts';

const session: SessionRecord = {
  id: 'session',
  node: '133010000001',
  workDate: '2021-03-10',
  sysStat: 0,
  loggedIn: true,
  connected: true,
  cutTime: '160000',
  hubOffsetMs: 0,
  loggedInAt: '2021-03-10T09:00:00+08:00',
  contactAt: '2021-03-10T09:00:00+08:00',
  stopNotice: null,
  version: 1,
};
const at = (time: string) => treasuryDay(session, Date.parse(`${time}+08:00`));
const codeAt = (time: string) => {
  const day = at(time);
  return day.open ? 'open' : day.code;
};

test('a clock that jumps over 日切 takes no debit for the day that is over, nor back before it a wrong one', () => {
  assert.deepEqual(at('2021-03-10T15:54:59'), { open: true, workDate: '2021-03-10' });
  // Minutes before, at, hours after and days after the announced time: the hub has not moved its date yet.
  for (const time of ['10T15:55:00', '10T16:00:00', '10T23:59:59', '12T09:00:00']) {
    assert.equal(codeAt(`2021-03-${time}`), 'TREASURY_CUTOFF', time);
  }
  // Set back again: the date is the hub's, never that of our clock.
  assert.deepEqual(at('2021-03-08T09:00:00'), { open: true, workDate: '2021-03-10' });
});

test('the hub decides what time it is', () => {
  const ahead = { ...session, hubOffsetMs: 3_600_000 };
  const fifteen = Date.parse('2021-03-10T15:00:00+08:00');
  assert.ok(treasuryDay(session, fifteen).open);
  assert.ok(!treasuryDay(ahead, fifteen).open);
});

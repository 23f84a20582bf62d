import assert from 'node:assert/strict';
import { test } from 'node:test';
import { creditStateOf, nextEvent } from './feed.ts';

test('the feed follows the bill and says nothing twice', () => {
  const expected: readonly [Parameters<typeof nextEvent>[0], string | null, string | null][] = [
    [null, null, 'undone'],
    ['UNPAID', null, 'undone'],
    ['LOCKED', null, 'undone'],
    ['VOIDED', null, 'undone'],
    ['REFUNDED', 'paid', null],
    ['PAID', 'paid', null],
    ['TREASURED', 'paid', null],
  ];
  for (const [state, unpaid, paid] of expected) {
    assert.equal(nextEvent(state, false), unpaid, `${state}`);
    assert.equal(nextEvent(state, true), paid, `${state}, told as paid`);
  }
});

test('a payment is credited when its entry is receipted', () => {
  assert.equal(creditStateOf(false, false), '待传递');
  assert.equal(creditStateOf(true, false), '已传递');
  assert.equal(creditStateOf(true, true), '已记入个人');
});

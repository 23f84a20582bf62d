import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addDays,
  type Day,
  dayOf,
  daysIn,
  formatDay,
  monthOfDay,
  parseDay,
  weekdayOf,
} from './day.ts';
import { formatMonth, monthOf } from './month.ts';

const dayMs = 86_400_000;

test('every day from 1900 to 2200 is written, read and counted like the calendar', () => {
  const first = Date.UTC(1900, 0, 1) / dayMs;
  const last = Date.UTC(2200, 11, 31) / dayMs;
  for (let day = first as Day; day <= last; day = addDays(day, 1)) {
    const expected = new Date(day * dayMs);
    const text = expected.toISOString().slice(0, 10);
    assert.equal(formatDay(day), text);
    assert.deepEqual(parseDay(text), { ok: true, value: day });
    assert.equal(weekdayOf(day), expected.getUTCDay() || 7);
    assert.equal(formatMonth(monthOfDay(day)), text.slice(0, 7));
  }
});

test('days that do not exist are refused', () => {
  for (const text of [
    '2021-02-29',
    '1900-02-29',
    '2021-00-10',
    '2021-13-01',
    '2021-04-31',
    '2021-04-00',
    '1899-12-31',
    '2021-4-01',
    '20210401',
    'x2021-04-01',
    '2021-04-01x',
    '',
  ]) {
    assert.deepEqual(parseDay(text), { ok: false, error: 'not-a-day' }, text);
  }
  assert.equal(parseDay('2000-02-29').ok, true);
});

test('a day later than its month has is the last day of the month', () => {
  assert.equal(formatDay(dayOf(monthOf(2021, 2), 31)), '2021-02-28');
  assert.equal(formatDay(dayOf(monthOf(2024, 2), 31)), '2024-02-29');
  assert.equal(formatDay(dayOf(monthOf(2021, 4), 31)), '2021-04-30');
  assert.equal(daysIn(monthOf(2021, 12)), 31);
});

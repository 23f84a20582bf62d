import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDay } from '@shebao/kernel';
import { extendDue, nominalDue } from './calendar.ts';
import { dueDateFor } from './due.ts';
import { nationalAndZhejiang, knownPolicy as policy } from './packs.ts';
import type { Extension } from './rules.ts';
import { m, must } from './testing.ts';

const due = (month: string, day: number, extend: Extension) => {
  const moved = extendDue(policy.calendars, nominalDue(m(month), day), extend);
  return moved.ok ? formatDay(moved.value) : moved.error;
};

test('the published filing calendars come out', () => {
  // 实行每月期满后15日内申报纳税的期限: days of the month, January to December.
  const published = {
    2022: [19, 23, 15, 20, 19, 20, 15, 15, 20, 25, 15, 15],
    2024: [15, 23, 15, 18, 22, 19, 15, 15, 18, 24, 15, 16],
  };
  for (const [year, days] of Object.entries(published)) {
    for (const [at, day] of days.entries()) {
      const month = `${year}-${String(at + 1).padStart(2, '0')}`;
      assert.equal(due(month, 15, 'tax109'), `${month}-${String(day).padStart(2, '0')}`);
    }
  }
});

test('without extension the nominal day stays, with the next workday it moves over days off', () => {
  assert.equal(due('2021-02', 15, 'none'), '2021-02-15');
  assert.equal(due('2021-02', 31, 'none'), '2021-02-28');
  assert.equal(due('2021-02', 11, 'nextWorkday'), '2021-02-18');
  assert.equal(due('2021-02', 20, 'nextWorkday'), '2021-02-20');
  assert.equal(due('2021-02', 21, 'nextWorkday'), '2021-02-22');
  assert.equal(due('2023-12', 31, 'nextWorkday'), '2024-01-02');
});

test('a holiday that begins on the due day counts one day, two days do not count', () => {
  assert.equal(due('2024-09', 15, 'tax109'), '2024-09-18');
  assert.equal(due('2023-01', 15, 'tax109'), '2023-01-16');
  assert.equal(due('2025-06', 15, 'tax109'), '2025-06-16');
});

test('a year without a calendar is refused, not guessed', () => {
  const missing = {
    code: 'POLICY_MISSING',
    part: 'calendar',
    region: '000000',
    insurance: null,
    payer: null,
  };
  assert.deepEqual(due('2027-03', 15, 'tax109'), { ...missing, period: m('2027-03') });
  assert.deepEqual(due('2026-12', 31, 'tax109'), '2026-12-31');
  assert.deepEqual(due('2017-03', 15, 'nextWorkday'), { ...missing, period: m('2017-03') });
});

test('each region’s own days', () => {
  const days = (region: string) => {
    const dates = dueDateFor(policy, region, m('2021-02'));
    return dates.ok ? [dates.value.startsOn, dates.value.dueOn] : dates.error.part;
  };
  assert.deepEqual(days('330106'), ['2021-02-01', '2021-02-28']);
  assert.deepEqual(days('110105'), ['2021-02-10', '2021-02-25']);
  assert.deepEqual(days('310101'), ['2021-03-01', '2021-03-15']);
  assert.deepEqual(days('320100'), ['2021-02-01', '2021-02-25']);
  assert.deepEqual(days('500100'), 'dueRule');
  assert.equal(must(dueDateFor(nationalAndZhejiang, '330100', m('2024-02'))).dueOn, '2024-02-29');
});

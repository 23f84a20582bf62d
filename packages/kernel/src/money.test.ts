import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fen, formatYuan, formatYuanGrouped, parseYuan, ppm, sumFen } from './money.ts';
import {
  addMonths,
  formatMonth,
  formatMonthChinese,
  monthInYear,
  monthOf,
  monthOfDate,
  parseMonth,
  yearOf,
} from './month.ts';

test('yuan as people type them', () => {
  const cases = [
    ['8250.5', 825_050],
    ['8,250.50', 825_050],
    ['0', 0],
    ['-0', 0],
    ['-12.3', -1230],
    [' 1,234,567.89 ', 123_456_789],
    ['9999999999999.99', 999_999_999_999_999],
  ] as const;
  for (const [text, value] of cases) assert.deepEqual(parseYuan(text), { ok: true, value }, text);
  for (const text of ['', '1.234', '01', '1,23', '1,2345', '12,34.5', '１２', '1e3', '.5', '5.']) {
    assert.deepEqual(parseYuan(text), { ok: false, error: 'not-an-amount' }, text);
  }
});

test('amounts are written with two digits and read back', () => {
  assert.equal(formatYuan(fen(0)), '0.00');
  assert.equal(formatYuan(fen(5)), '0.05');
  assert.equal(formatYuan(fen(-5)), '-0.05');
  assert.equal(formatYuanGrouped(fen(123_456_789)), '1,234,567.89');
  assert.equal(formatYuanGrouped(fen(-100_000)), '-1,000.00');
  fc.assert(
    fc.property(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }), (value) => {
      const amount = fen(value);
      assert.deepEqual(parseYuan(formatYuan(amount)), { ok: true, value: amount });
      assert.deepEqual(parseYuan(formatYuanGrouped(amount)), { ok: true, value: amount });
    }),
  );
});

test('only whole safe numbers are money or rates', () => {
  for (const value of [0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
    assert.throws(() => fen(value), /not a whole number of fen/);
    assert.throws(() => ppm(value), /not a whole number of ppm/);
  }
  assert.equal(Object.is(fen(-0), 0), true);
  assert.equal(ppm(5), 5);
  assert.equal(sumFen([fen(1), fen(2), fen(-4)]), -1);
  assert.throws(() => sumFen([fen(2 ** 53 - 1), fen(1)]), /fen/);
});

test('months count on over years', () => {
  const month = monthOf(2019, 4);
  assert.equal(formatMonth(month), '2019-04');
  assert.equal(formatMonthChinese(month), '2019年4月');
  assert.equal(formatMonth(addMonths(month, 9)), '2020-01');
  assert.equal(formatMonth(addMonths(month, -4)), '2018-12');
  assert.equal(yearOf(month), 2019);
  assert.equal(monthInYear(month), 4);
  assert.equal(monthOfDate('2019-04-30'), month);
  assert.deepEqual(parseMonth('2019-04'), { ok: true, value: month });
  for (const text of ['2019-4', '2019-13', '2019-00', '1899-12', 'x2019-04', '2019-04x', '']) {
    assert.deepEqual(parseMonth(text), { ok: false, error: 'not-a-month' }, text);
  }
  assert.equal(formatMonth(monthOf(1900, 1)), '1900-01');
  assert.equal(formatMonth(monthOf(9999, 12)), '9999-12');
  assert.equal(parseMonth('1900-01').ok, true);
  assert.throws(() => monthOf(10_000, 1), /year/);
  assert.throws(() => monthOf(2019, 0), /month/);
  assert.throws(() => monthOf(2019, 1.5), /month/);
  assert.throws(() => monthOf(1899, 1), /year/);
  assert.throws(() => monthOf(2019, 13), /month/);
  assert.throws(() => monthOfDate('soon'), /not a date/);
});

import { assert, err, ok, type Result } from './result.ts';

declare const monthBrand: unique symbol;

/** A calendar month as an integer: year × 12 + (month − 1). Adding 1 is the next month. */
export type Month = number & { readonly [monthBrand]: true };

/**
 * The month of a year, counted 1 to 12.
 *
 * @example
 * monthOf(2021, 3) - monthOf(2020, 3) //=> 12
 */
export function monthOf(year: number, month: number): Month {
  assert(Number.isInteger(year) && year >= 1900 && year <= 9999, `year out of range: ${year}`);
  assert(Number.isInteger(month) && month >= 1 && month <= 12, `month out of range: ${month}`);
  return (year * 12 + month - 1) as Month;
}

/**
 * Reads `YYYY-MM`.
 *
 * @example
 * parseMonth('2021-03') //=> { ok: true, value: monthOf(2021, 3) }
 * parseMonth('2021-13') //=> { ok: false, error: 'not-a-month' }
 */
export function parseMonth(text: string): Result<Month, 'not-a-month'> {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (!match || Number(match[1]) < 1900) return err('not-a-month');
  return ok(monthOf(Number(match[1]), Number(match[2])));
}

/**
 * Writes `YYYY-MM`.
 *
 * @example
 * formatMonth(monthOf(2021, 3)) //=> '2021-03'
 */
export function formatMonth(month: Month): string {
  return `${yearOf(month)}-${String(monthInYear(month)).padStart(2, '0')}`;
}

/**
 * Writes `2019年4月`, the form of 生效年月.
 *
 * @example
 * formatMonthChinese(monthOf(2019, 4)) //=> '2019年4月'
 */
export function formatMonthChinese(month: Month): string {
  return `${yearOf(month)}年${monthInYear(month)}月`;
}

/**
 * The year of a month.
 *
 * @example
 * yearOf(monthOf(2021, 3)) //=> 2021
 */
export function yearOf(month: Month): number {
  return Math.floor(month / 12);
}

/**
 * The month within its year, 1 to 12.
 *
 * @example
 * monthInYear(monthOf(2021, 3)) //=> 3
 */
export function monthInYear(month: Month): number {
  return (month % 12) + 1;
}

/**
 * The month `count` months later (earlier when negative).
 *
 * @example
 * formatMonth(addMonths(monthOf(2021, 3), -3)) //=> '2020-12'
 */
export function addMonths(month: Month, count: number): Month {
  return (month + count) as Month;
}

/**
 * The month of a date `YYYY-MM-DD`. Throws when the text does not begin like a date.
 *
 * @example
 * formatMonth(monthOfDate('2021-03-10')) //=> '2021-03'
 */
export function monthOfDate(date: string): Month {
  const month = parseMonth(date.slice(0, 7));
  assert(month.ok, `not a date: ${date}`);
  return month.value;
}

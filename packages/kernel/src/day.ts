import { type Month, monthInYear, monthOf, yearOf } from './month.ts';
import { err, ok, type Result } from './result.ts';

declare const dayBrand: unique symbol;

/** A calendar day as an integer: days since 1970-01-01 (day 0, a Thursday). Adding 1 is the next day. */
export type Day = number & { readonly [dayBrand]: true };

/**
 * Whether a year of the Gregorian calendar has 366 days.
 *
 * @example
 * isLeapYear(2020) //=> true
 * isLeapYear(1900) //=> false
 */
export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/**
 * The number of days of a month.
 *
 * @example
 * daysIn(monthOf(2021, 2)) //=> 28
 */
export function daysIn(month: Month): number {
  const inYear = monthInYear(month);
  if (inYear === 2) return isLeapYear(yearOf(month)) ? 29 : 28;
  return inYear === 4 || inYear === 6 || inYear === 9 || inYear === 11 ? 30 : 31;
}

/**
 * The day of a month, counted from 1; later days than the month has give its last day.
 *
 * @example
 * formatDay(dayOf(monthOf(2021, 2), 31)) //=> '2021-02-28'
 */
export function dayOf(month: Month, dayInMonth: number): Day {
  return (daysBefore(month) + Math.min(dayInMonth, daysIn(month)) - 1) as Day;
}

/**
 * Reads `YYYY-MM-DD`, only days that exist.
 *
 * @example
 * parseDay('1970-01-02') //=> { ok: true, value: 1 }
 * parseDay('2021-02-29') //=> { ok: false, error: 'not-a-day' }
 */
export function parseDay(text: string): Result<Day, 'not-a-day'> {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return err('not-a-day');
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1900 || month < 1 || month > 12 || day < 1) return err('not-a-day');
  const within = monthOf(year, month);
  return day <= daysIn(within) ? ok(dayOf(within, day)) : err('not-a-day');
}

/**
 * Writes `YYYY-MM-DD`.
 *
 * @example
 * formatDay(dayOf(monthOf(2021, 3), 10)) //=> '2021-03-10'
 */
export function formatDay(day: Day): string {
  const month = monthOfDay(day);
  const inMonth = day - daysBefore(month) + 1;
  const [mm, dd] = [monthInYear(month), inMonth].map((part) => String(part).padStart(2, '0'));
  return `${yearOf(month)}-${mm}-${dd}`;
}

/**
 * The month in which a day lies.
 *
 * @example
 * formatMonth(monthOfDay(dayOf(monthOf(2021, 3), 10))) //=> '2021-03'
 */
export function monthOfDay(day: Day): Month {
  let month = (1970 * 12 + Math.floor(day / 30.436875)) as Month;
  while (daysBefore(month) > day) month = (month - 1) as Month;
  while (daysBefore(month) + daysIn(month) <= day) month = (month + 1) as Month;
  return month;
}

/**
 * The day `count` days later (earlier when negative).
 *
 * @example
 * formatDay(addDays(dayOf(monthOf(2021, 3), 31), 1)) //=> '2021-04-01'
 */
export function addDays(day: Day, count: number): Day {
  return (day + count) as Day;
}

/**
 * 1 for Monday to 7 for Sunday.
 *
 * @example
 * weekdayOf(dayOf(monthOf(2021, 3), 10)) //=> 3
 */
export function weekdayOf(day: Day): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Days from 1970-01-01 to the first of the month. */
function daysBefore(month: Month): number {
  // The year is counted from March, so that the leap day is the last of its year.
  const shifted = month - 2;
  const year = Math.floor(shifted / 12);
  const fromMarch = ((shifted % 12) + 12) % 12;
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  return year * 365 + leapDays + Math.floor((153 * fromMarch + 2) / 5) - 719468;
}

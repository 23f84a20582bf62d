import {
  addDays,
  type Day,
  dayOf,
  err,
  type Month,
  monthOf,
  monthOfDay,
  ok,
  parseDay,
  type Result,
  weekdayOf,
  yearOf,
} from '@shebao/kernel';
import type { CalendarYear, Extension, PolicyMissing } from './rules.ts';
import { missing } from './window.ts';

/** Days off and make-up working days of the years a calendar has. */
interface WorkCalendar {
  readonly years: ReadonlySet<number>;
  readonly off: ReadonlySet<number>;
  readonly work: ReadonlySet<number>;
  /** Runs of announced days off, first and last day. */
  readonly blocks: readonly (readonly [number, number])[];
}

/** No due day moves further than this. */
const longestExtension = 40;
const compiled = new WeakMap<readonly CalendarYear[], WorkCalendar>();

/**
 * A day of a month as a rule names it: 31 is the last day.
 *
 * @example
 * formatDay(nominalDue(month('2021-02'), 31)) //=> '2021-02-28'
 */
export function nominalDue(month: Month, dueDay: number): Day {
  return dayOf(month, dueDay);
}

/**
 * Moves a due day by the State Council's calendar. `nextWorkday`: the first working day on or after it.
 * `tax109` (征管法实施细则 art. 109): where three or more days of one holiday fall between the first of
 * the month and the due day, so many working days later; otherwise as `nextWorkday`.
 *
 * @example
 * const saturday = nominalDue(month('2021-05'), 15);
 * formatDay(value(extendDue(policy.calendars, saturday, 'nextWorkday'))) //=> '2021-05-17'
 * formatDay(value(extendDue(policy.calendars, saturday, 'none'))) //=> '2021-05-15'
 */
export function extendDue(
  calendars: readonly CalendarYear[],
  nominal: Day,
  extend: Extension,
): Result<Day, PolicyMissing> {
  if (extend === 'none') return ok(nominal);
  const calendar = compile(calendars);
  const count = extend === 'tax109' ? holidaysBefore(calendar, nominal) : 0;
  if (count < 3) return workday(calendar, nominal, 0);
  return workday(calendar, addDays(nominal, 1), count - 1);
}

/** The working day that lies `skip` working days after the first one on or after `from`. */
function workday(calendar: WorkCalendar, from: Day, skip: number): Result<Day, PolicyMissing> {
  let left = skip;
  for (let step = 0; step <= longestExtension; step++) {
    const day = addDays(from, step);
    if (!calendar.years.has(yearOf(monthOfDay(day)))) {
      return err(missing('calendar', '000000', null, null, monthOfDay(day)));
    }
    if (isWorkday(calendar, day) && left-- === 0) return ok(day);
  }
  return err(missing('calendar', '000000', null, null, monthOfDay(from)));
}

function isWorkday(calendar: WorkCalendar, day: Day): boolean {
  if (calendar.work.has(day)) return true;
  return weekdayOf(day) <= 5 && !calendar.off.has(day);
}

/** Days of holidays of at least three days that fall within the month up to the nominal due day. */
function holidaysBefore(calendar: WorkCalendar, nominal: Day): number {
  const first = dayOf(monthOfDay(nominal), 1);
  let count = 0;
  for (const [from, to] of calendar.blocks) {
    if (to - from + 1 < 3) continue;
    const inside = Math.min(to, nominal) - Math.max(from, first) + 1;
    if (inside >= 3) count += inside;
  }
  return count;
}

function compile(calendars: readonly CalendarYear[]): WorkCalendar {
  const known = compiled.get(calendars);
  if (known) return known;
  const off = new Set<number>();
  const work = new Set<number>();
  const blocks: [number, number][] = [];
  for (const year of calendars) {
    for (const range of year.off) {
      const [from, to] = readRange(range, year.year);
      blocks.push([from, to]);
      for (let day = from; day <= to; day++) off.add(day);
    }
    for (const range of year.work) work.add(readRange(range, year.year)[0]);
  }
  const calendar = { years: new Set(calendars.map((each) => each.year)), off, work, blocks };
  compiled.set(calendars, calendar);
  return calendar;
}

function readRange(text: string, year: number): readonly [number, number] {
  const [from = '', to = from] = text.split('..');
  return [readCalendarDay(from, year), readCalendarDay(to, year)];
}

function readCalendarDay(text: string, year: number): number {
  const day = parseDay(text.length === 5 ? `${year}-${text}` : text);
  return day.ok ? day.value : dayOf(monthOf(year, 1), 1);
}

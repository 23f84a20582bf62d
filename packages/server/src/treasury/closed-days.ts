import { addDays, formatDay, parseDay, weekdayOf } from '@shebao/kernel';
import { type Store, table, unattended } from './records.ts';
import { authorities } from './tables.ts';

/** So long after 日切 the day's list must be there. */
export const listDueAfterMs = 7_200_000;
/** Nobody is away longer than this without the operator knowing. */
const mostDays = 60;

/** A work date that the hub closed; its lists are awaited from then on. */
export interface ClosedDayRecord {
  readonly taxOrg: string;
  readonly chkDate: string;
  /** Whether it surely was a work date: a weekday between two known ones may have been a holiday. */
  readonly certain: boolean;
  readonly closedAt: string;
  readonly version: number;
}
export const closedDays = table<ClosedDayRecord>({
  name: 'treasury_closed_day',
  key: ['taxOrg', 'chkDate'],
  columns: {
    taxOrg: 'text',
    chkDate: 'date',
    certain: 'boolean',
    closedAt: 'instant',
    version: 'number',
  },
});

/**
 * The hub's work date moved: the dates from the one we knew up to the new one are over. However we learned of it, by
 * 9101, by a later one, or by 9007 alone, the lists of each are awaited and asked for when they do not come.
 */
export async function closeDays(
  store: Store,
  dates: { readonly known: string | null; readonly told: string | null; readonly until: string },
): Promise<void> {
  const certain = new Set([dates.known, dates.told].filter((date) => date !== null));
  const days = new Set([...certain, ...between(dates.known, dates.until)]);
  for (const { taxOrg } of await store.of(authorities).find({})) {
    for (const chkDate of days) {
      const known = await store.of(closedDays).get({ taxOrg, chkDate }, { lock: true });
      if (known) continue;
      await store.of(closedDays).insert({
        taxOrg,
        chkDate,
        certain: certain.has(chkDate),
        closedAt: store.at.iso,
        version: 1,
      });
      await store.later({
        kind: 'treasury.lists',
        owner: unattended,
        payload: { kind: '3122', taxOrg, chkDate, step: 0 },
        dedupeKey: `3122 ${taxOrg} ${chkDate}`,
        afterMs: listDueAfterMs,
      });
    }
  }
}

/** The weekdays strictly between two dates. */
function between(from: string | null, until: string): readonly string[] {
  const first = from === null ? undefined : parseDay(from);
  const last = parseDay(until);
  if (!first?.ok || !last.ok) return [];
  const days: string[] = [];
  for (let day = addDays(first.value, 1); day < last.value; day = addDays(day, 1)) {
    if (days.length >= mostDays) break;
    if (weekdayOf(day) < 6) days.push(formatDay(day));
  }
  return days;
}

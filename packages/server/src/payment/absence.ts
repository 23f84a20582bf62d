import { closedDays, lists, type Store } from '../treasury/index.ts';
import { type AttemptRecord, attempts, packs } from './tables.ts';

/**
 * The debits of which the list of this day says that nothing was collected when it lacks them: those entrusted on the
 * day, and lines of packs for which no list is to come that could still have them.
 */
export async function decidedBy(
  store: Store,
  taxOrg: string,
  chkDate: string,
): Promise<readonly AttemptRecord[]> {
  const own = await store.of(attempts).find({ taxOrg, entrustDate: chkDate });
  const single = own.filter((attempt) => attempt.msgNo !== '1102');
  const waiting = await store.of(attempts).find({ taxOrg, msgNo: '1102', reconDate: null });
  const decided = new Map<string, boolean>();
  const lines: AttemptRecord[] = [];
  for (const attempt of waiting) {
    const { entrustDate, packNo } = attempt;
    if (packNo === null || entrustDate > chkDate) continue;
    const key = `${entrustDate} ${packNo}`;
    const known = decided.get(key) ?? (await termListed(store, attempt, chkDate));
    decided.set(key, known);
    if (known) lines.push(attempt);
  }
  return [...single, ...lines];
}

/** Whether the lists of all work dates from the EntrustDate to the end of ReturnTerm are here. */
async function termListed(
  store: Store,
  { taxOrg, entrustDate, packNo }: AttemptRecord,
  chkDate: string,
): Promise<boolean> {
  const pack = await store.of(packs).get({ taxOrg, entrustDate, packNo: packNo ?? '' });
  if (!pack) return false;
  const applied = await store.of(lists).find({ kind: '3122', taxOrg, state: 'applied' });
  const listed = new Set([chkDate, ...applied.map((list) => list.chkDate)]);
  const closed = await store.of(closedDays).find({ taxOrg });
  const days = new Set([...listed, ...closed.map((day) => day.chkDate)]);
  let seen = 0;
  for (const day of [...days].toSorted((a, b) => a.localeCompare(b))) {
    if (day < entrustDate) continue;
    // A list that has not come may have it, be it of a day that was perhaps no work date.
    if (!listed.has(day)) return false;
    seen += 1;
    if (seen > pack.returnTerm) return true;
  }
  return false;
}

/** Whether the last day on which lines of a pack may be debited is closed. */
export async function termOver(
  store: Store,
  pack: { readonly taxOrg: string; readonly entrustDate: string; readonly returnTerm: number },
): Promise<boolean> {
  const closed = await store.of(closedDays).find({ taxOrg: pack.taxOrg, certain: true });
  const over = closed.filter((day) => day.chkDate >= pack.entrustDate);
  return over.length > pack.returnTerm;
}

import { type AnswerOf, type SessionInfo, wageState } from '@shebao/contract';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { wage as t } from '../../messages/wage.ts';
import {
  asApiError,
  confirmDialog,
  fetchFresh,
  readStored,
  useSession,
  writeStored,
} from '../../shared/index.ts';
import { loadCandidates, merged } from './load.ts';
import {
  type Candidate,
  defaultMonth,
  type Entry,
  isSheetDraft,
  type SheetDraft,
  WageSheet,
} from './sheet.ts';

export type WageKind = 'daily' | 'annual';
export type UnitState = AnswerOf<typeof wageState>;
const saveAfterMs = 600;

export interface Workbench {
  readonly sheet: WageSheet;
  readonly rows: readonly Candidate[];
  readonly ticked: ReadonlySet<string>;
  readonly setTicked: (ticked: ReadonlySet<string>) => void;
  readonly state: UnitState | undefined;
  readonly busy: boolean;
  readonly error: unknown;
  /** Something of an earlier visit was brought back. */
  readonly restored: boolean;
  /** Puts people on the page, nobody twice; gives the number of new rows. */
  readonly add: (people: readonly Candidate[]) => number;
  /** Takes rows off the page with what was entered in them. */
  readonly remove: (personIds: ReadonlySet<string>) => void;
  /** Reads lock and missing wages again. */
  readonly refresh: () => Promise<UnitState>;
  readonly enter: () => void;
}

/** The draft of a unit, written a moment after the last change and when the page is left. */
function useSheet(name: string): { readonly sheet: WageSheet; readonly draft: SheetDraft } {
  const made = useMemo(() => {
    const draft = readStored<SheetDraft>(name, {}, isSheetDraft);
    return { sheet: new WageSheet(), draft };
  }, [name]);
  useEffect(() => {
    const { sheet } = made;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const save = () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      writeStored(name, sheet.draft());
    };
    sheet.onChange = () => {
      clearTimeout(timer);
      timer = setTimeout(save, saveAfterMs);
    };
    window.addEventListener('pagehide', save);
    return () => {
      save();
      window.removeEventListener('pagehide', save);
    };
  }, [made, name]);
  return made;
}

async function restore(unitNo: string, draft: SheetDraft): Promise<readonly Candidate[]> {
  if (Object.keys(draft).length === 0) return [];
  const everybody = await loadCandidates(unitNo, 'all');
  return everybody.filter((person) => person.personId in draft);
}

/** What a wage page has in hand: rows, entries, ticks, lock; with the question on entering. */
export function useWorkbench(unit: SessionInfo['units'][number], kind: WageKind): Workbench {
  const session = useSession();
  const owner = session.taxpayer?.taxpayerId ?? session.userName;
  const { sheet, draft } = useSheet(`draft.wage.${kind}.${owner}.${unit.unitNo}`);
  const [rows, setRows] = useState<readonly Candidate[]>([]);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [state, setState] = useState<UnitState>();
  const [busy, setBusy] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const shown = useRef<readonly Candidate[]>([]);
  const show = useCallback((next: readonly Candidate[]) => {
    shown.current = next;
    setRows(next);
  }, []);
  const add = useCallback(
    (people: readonly Candidate[]) => {
      const all = merged(shown.current, people);
      for (const person of people) {
        const month = defaultMonth(person, kind);
        sheet.offer(person.personId, { wage: '', month });
      }
      show(all.rows);
      return all.added;
    },
    [kind, sheet, show],
  );
  const remove = useCallback(
    (personIds: ReadonlySet<string>) => {
      show(shown.current.filter((person) => !personIds.has(person.personId)));
      setTicked(new Set());
      sheet.forget(personIds);
    },
    [sheet, show],
  );
  const refresh = useCallback(async () => {
    const fresh = await fetchFresh(wageState, { params: { unitNo: unit.unitNo } });
    setState(fresh);
    return fresh;
  }, [unit.unitNo]);
  const enter = useCallback(() => {
    const begin = async () => {
      setBusy(true);
      setError(null);
      const fresh = await refresh();
      const kept = await restore(unit.unitNo, draft);
      sheet.enter(entriesOf(kept, draft));
      add(kept);
      if (kind === 'annual') add(await loadCandidates(unit.unitNo, 'all'));
      setBusy(false);
      if (kind === 'annual' || fresh.locked || fresh.missingCount === 0) return;
      if (!(await askToLoad(fresh.missingCount, `${unit.unitNo} ${unit.name}`))) return;
      setBusy(true);
      add(await loadCandidates(unit.unitNo, 'missing'));
      setBusy(false);
    };
    begin().catch((failure: unknown) => {
      setBusy(false);
      setError(asApiError(failure));
    });
  }, [add, draft, kind, refresh, sheet, unit.name, unit.unitNo]);
  const entered = useRef<unknown>(null);
  useEffect(() => {
    if (entered.current === sheet) return;
    entered.current = sheet;
    enter();
  }, [enter, sheet]);
  const restored = Object.keys(draft).length > 0 && rows.length > 0;
  const hands = { sheet, rows, ticked, setTicked, state, busy, error, restored };
  return { ...hands, add, remove, refresh, enter };
}

const askToLoad = (count: number, unit: string): Promise<boolean> =>
  confirmDialog({
    message: t.prompt,
    ok: t.yes,
    cancel: t.no,
    body: t.promptBody(count, unit),
  });

function entriesOf(people: readonly Candidate[], draft: SheetDraft): (readonly [string, Entry])[] {
  return people.flatMap((person) => {
    const entry = draft[person.personId];
    if (!entry) return [];
    const offered = person.effectiveMonths.some(({ month }) => month === entry.month);
    return [[person.personId, offered ? entry : { ...entry, month: '' }] as const];
  });
}

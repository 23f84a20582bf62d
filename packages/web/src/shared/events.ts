import { useEffect } from 'react';
import { queryClient } from './query.ts';

/** Long lists under somebody's hands, and what never changes by an event: not read again by itself. */
const quiet = new Set([
  'currentSession',
  'listWageCandidates',
  'listRoster',
  'policyPack',
  'listWageResults',
  'listDuePeople',
  'listDeclaredPeople',
  'listRosterChanges',
]);
const gatherMs = 150;
/** What the service tells. */
const kinds = [
  'task',
  'rosterUpdated',
  'wageDeclaration',
  'declaration',
  'payment',
  'agreement',
  'refund',
  'refundApplication',
  'treasury',
  'exception',
  'alarm',
  'certificate',
];

/** Reads what is on screen again when the service tells that something happened. */
export function useServerEvents(): void {
  useEffect(() => {
    if (typeof EventSource === 'undefined') return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queryClient.invalidateQueries({
          predicate: (query) => !quiet.has(String(query.queryKey[0])),
        });
      }, gatherMs);
    };
    const source = new EventSource('/api/v1/events');
    for (const kind of kinds) source.addEventListener(kind, refresh);
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, []);
}

import { listAlarms } from '@shebao/contract';
import { Link } from '@tanstack/react-router';
import { reconciliation as t } from '../../messages/reconciliation.ts';
import { Alert, formatInstant, useApi, useSession } from '../../shared/index.ts';

const askAgainMs = 30_000;
const readers = ['reconcile', 'review', 'auditor'] as const;

/** What an officer must look at now; nothing while all is well, or for who may not see it. */
export function Alarms() {
  const { roles } = useSession();
  const enabled = readers.some((role) => roles.includes(role));
  const query = useApi(listAlarms, {}, { enabled, refetchMs: askAgainMs });
  const alarms = query.data?.alarms ?? [];
  if (alarms.length === 0) return null;
  return (
    <section className="alarms" aria-label={t.alarms}>
      {alarms.map((alarm) => (
        <Alert key={alarm.kind} kind="warning" text={alarm.text}>
          {t.since(formatInstant(alarm.since))}{' '}
          {alarm.kind === 'caseOpen' ? (
            <Link to="/office/cases">{t.toCases}</Link>
          ) : (
            <Link to="/office/treasury">{t.toTreasury}</Link>
          )}
        </Alert>
      ))}
    </section>
  );
}

import {
  type ApiError,
  currentSession,
  type EmployerFunction,
  type SessionInfo,
} from '@shebao/contract';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { api, setCsrfToken } from './client.ts';
import { queryClient } from './query.ts';
import { isRecord, readStored, writeStored } from './stored.ts';

export type SessionUnit = SessionInfo['units'][number];

const SessionContext = createContext<SessionInfo | null>(null);
interface UnitChoice {
  readonly unit: SessionUnit;
  readonly units: readonly SessionUnit[];
  readonly choose: (unitNo: string) => void;
}
const UnitContext = createContext<UnitChoice | null>(null);

/** A new session, or the same one read again: remembered for headers, guard and pages. */
export function keepSession(session: SessionInfo): void {
  setCsrfToken(session.csrfToken);
  queryClient.setQueryData([currentSession.name, {}], session);
  writeStored('session', { realm: session.realm });
}

/** The session as the service knows it, read anew after a reload; its token goes with every change. */
export function useSessionQuery(): UseQueryResult<SessionInfo, ApiError> {
  return useQuery<SessionInfo, ApiError>({
    queryKey: [currentSession.name, {}],
    queryFn: async () => {
      const session = await api(currentSession);
      setCsrfToken(session.csrfToken);
      return session;
    },
  });
}

/** Nothing of a session stays in memory. */
export function forgetSession(): void {
  setCsrfToken('');
  queryClient.clear();
  writeStored('session', undefined);
  sessionStorage.removeItem('shebao.unit');
}

/** Whether this browser was signed in when it was last used: worth asking the service. */
export function mayBeSignedIn(): boolean {
  return readStored<unknown>('session', null, isRecord) !== null;
}

/** Gives session and chosen 单位编号 to everything inside the frame. */
export function SessionProvider(props: {
  readonly session: SessionInfo;
  readonly children: ReactNode;
}) {
  const { session, children } = props;
  const [unitNo, setUnitNo] = useState(() => sessionStorage.getItem('shebao.unit') ?? '');
  const choice = useMemo((): UnitChoice | null => {
    const unit = session.units.find((one) => one.unitNo === unitNo) ?? session.units[0];
    if (!unit) return null;
    const choose = (chosen: string) => {
      sessionStorage.setItem('shebao.unit', chosen);
      setUnitNo(chosen);
    };
    return { unit, units: session.units, choose };
  }, [session.units, unitNo]);
  return (
    <SessionContext value={session}>
      <UnitContext value={choice}>{children}</UnitContext>
    </SessionContext>
  );
}

/** The session; inside the frame it is always there. */
export function useSession(): SessionInfo {
  const session = useContext(SessionContext);
  if (!session) throw new Error('outside the frame there is no session');
  return session;
}

/** The 单位编号 chosen in the banner. A user without any unit never sees a page that asks. */
export function useUnit(): UnitChoice {
  const choice = useContext(UnitContext);
  if (!choice) throw new Error('this session has no unit');
  return choice;
}

/** Whether the user may do this for at least one unit. */
export function mayDo(session: SessionInfo, does: EmployerFunction): boolean {
  return session.units.some((unit) => unit.functions.includes(does));
}

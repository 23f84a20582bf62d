import { currentSession, type SessionInfo } from '@shebao/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { common } from '../../messages/common.ts';
import { start as t } from '../../messages/start.ts';
import { Button } from '../../shared/Button.tsx';
import { api } from '../../shared/client.ts';
import { RadioGroup } from '../../shared/fields.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { notify } from '../../shared/notify.tsx';
import { Alert, notePageShown } from '../../shared/parts.tsx';
import { keepSession, mayBeSignedIn } from '../../shared/session.tsx';
import { forgetTaxpayer, knownTaxpayers } from './known-units.ts';
import { addTaxpayer, changeInitialPassword, signInTaxpayer } from './sign-in.tsx';
import './start.css';

/** The start page: the 缴费单位 of this device, 「登录」 and 「添加」. */
export function StartPage() {
  const [units, setUnits] = useState(knownTaxpayers);
  const [chosen, setChosen] = useState(units[0]?.taxpayerId ?? '');
  const live = useLiveSession();
  const navigate = useNavigate();
  useEffect(() => {
    document.title = t.title;
    notePageShown();
  }, []);
  const enter = async (session: SessionInfo | undefined) => {
    const list = knownTaxpayers();
    setUnits(list);
    setChosen(list[0]?.taxpayerId ?? '');
    if (session) await navigate({ to: '/home' });
  };
  const signIn = async () => {
    notify.clear();
    const taxpayer = units.find((one) => one.taxpayerId === chosen);
    if (taxpayer) await enter(await signInTaxpayer(taxpayer.taxpayerId));
    else notify.refusal(t.chooseFirst);
  };
  const remove = () => {
    forgetTaxpayer(chosen);
    void enter(undefined);
  };
  const current = units.find((one) => one.taxpayerId === chosen);
  return (
    <main id="main" className="start">
      <div className="start-card">
        <div className="start-head">
          <img src="/favicon.svg" alt="" width="44" height="44" />
          <div>
            <h1 tabIndex={-1}>{t.title}</h1>
            <p className="muted">{t.intro}</p>
          </div>
        </div>
        {live && !live.mustChangePassword ? (
          <Alert kind="info" text={t.signedIn(live.taxpayer?.name ?? live.displayName)}>
            <Link to="/home">{t.goOn}</Link>
          </Alert>
        ) : null}
        <RadioGroup
          label={t.units}
          value={chosen}
          options={units.map((one) => ({
            value: one.taxpayerId,
            label: (
              <>
                {one.name} <span className="muted">{one.taxpayerId}</span>
              </>
            ),
          }))}
          onChange={setChosen}
        />
        {units.length === 0 ? (
          <p className="empty">
            <Icon name="info" />
            {t.noUnits}
          </p>
        ) : null}
        <div className="toolbar">
          <Button kind="primary" onClick={() => void signIn()}>
            {t.signIn}
          </Button>
          <Button icon="plus" onClick={() => void addTaxpayer().then(enter)}>
            {t.add}
          </Button>
          {current ? (
            <Button
              kind="link"
              className="toolbar-end"
              aria-label={t.remove(current.name)}
              onClick={remove}
            >
              {t.removeShort}
            </Button>
          ) : null}
        </div>
      </div>
      <p className="start-foot">
        <a href="/office">{t.office}</a>
        <a href="/verify">{t.verify}</a>
        <span className="muted">{common.product}</span>
      </p>
    </main>
  );
}

/**
 * A session that is still there. While its initial password is unchanged the dialog comes back,
 * whatever was reloaded or typed into the address line.
 */
function useLiveSession(): SessionInfo | undefined {
  const [session, setSession] = useState<SessionInfo>();
  const navigate = useNavigate();
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current || !mayBeSignedIn()) return;
    asked.current = true;
    const look = async () => {
      const found = await api(currentSession);
      if (found.realm !== 'employer') return;
      keepSession(found);
      setSession(found);
      if (!found.mustChangePassword) return;
      const changed = await changeInitialPassword(found);
      if (changed) await navigate({ to: '/home' });
      else setSession(undefined);
    };
    // No session is no failure here.
    look().catch(() => undefined);
  }, [navigate]);
  return session;
}

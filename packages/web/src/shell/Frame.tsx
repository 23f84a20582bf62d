import { signOut } from '@shebao/contract';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Fragment, type ReactNode, useEffect, useState } from 'react';
import { common } from '../messages/common.ts';
import { shell as t } from '../messages/shell.ts';
import { send } from '../shared/action.ts';
import { Button } from '../shared/Button.tsx';
import { DialogHost } from '../shared/dialogs.tsx';
import { useServerEvents } from '../shared/events.ts';
import { Alert, Page } from '../shared/parts.tsx';
import { forgetSession, useSession } from '../shared/session.tsx';
import { writeStored } from '../shared/stored.ts';
import { Navigation } from './Navigation.tsx';
import type { PageDefinition } from './pages.ts';
import { TaskTray } from './TaskTray.tsx';

export interface FrameProps {
  readonly pages: readonly PageDefinition[];
  readonly banner: ReactNode;
  /** Nothing can be done here, and why. */
  readonly refusal?: { readonly text: string; readonly next: string };
}

/** Banner, menu and page. */
export function Frame({ pages, banner, refusal }: FrameProps) {
  const [menuOpen, setMenuOpen] = useState(false);
  const [visit, setVisit] = useState(0);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useServerEvents();
  useEffect(() => setMenuOpen(false), [path]);
  useEffect(() => {
    if (!menuOpen) return;
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setMenuOpen(false);
    };
    document.addEventListener('keydown', leave);
    return () => document.removeEventListener('keydown', leave);
  }, [menuOpen]);
  return (
    <div className="frame">
      <a className="skip" href="#main">
        {t.skip}
      </a>
      <header className="banner">
        <div className="banner-start">{banner}</div>
        <div className="banner-end">
          <BannerEnd />
          <Button
            className="menu-switch"
            icon="menu"
            aria-expanded={menuOpen}
            aria-controls="navigation"
            onClick={() => setMenuOpen(!menuOpen)}
          >
            {t.menu}
          </Button>
        </div>
      </header>
      <div className="frame-body">
        <Navigation
          pages={pages}
          open={menuOpen}
          onEnterAgain={() => {
            setMenuOpen(false);
            setVisit(visit + 1);
          }}
        />
        <div className="frame-main">
          {refusal ? (
            <Page title={common.home}>
              <Alert kind="error" text={refusal.text}>
                {refusal.next}
              </Alert>
            </Page>
          ) : (
            <Fragment key={visit}>
              <Outlet />
            </Fragment>
          )}
        </div>
      </div>
      <DialogHost />
    </div>
  );
}

function BannerEnd() {
  const session = useSession();
  const navigate = useNavigate();
  const leave = async () => {
    const start = session.realm === 'office' ? '/office' : '/';
    await send(signOut, {}).catch(() => undefined);
    // The start page must not find a session any more; the pages left behind must not ask for one.
    writeStored('session', undefined);
    await navigate({ to: start });
    forgetSession();
  };
  return (
    <>
      {session.demo ? <span className="demo-mark">{t.demo}</span> : null}
      <TaskTray />
      <span className="banner-user">{session.displayName}</span>
      <Button icon="exit" onClick={() => void leave()}>
        {t.signOut}
      </Button>
    </>
  );
}

/** While the session is being read; leads to the start page when it is none of this side. */
export function FrameLoading({ leave }: { readonly leave: boolean }) {
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => {
    if (leave) void navigate({ to: path.startsWith('/office') ? '/office' : '/', replace: true });
  }, [leave, navigate, path]);
  return (
    <main id="main" aria-busy="true">
      <p className="empty">{common.loading}</p>
    </main>
  );
}

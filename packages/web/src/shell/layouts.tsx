import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { common as t } from '../messages/common.ts';
import { Button } from '../shared/Button.tsx';
import { DialogHost, leaveDialogs } from '../shared/dialogs.tsx';
import { Notices, notify } from '../shared/notify.tsx';
import { Alert, Page } from '../shared/parts.tsx';

/** Around everything: notices; nothing that a page asked or told outlives the page. */
export function Root() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => {
    notify.clear();
    leaveDialogs();
  }, [path]);
  return (
    <>
      <Outlet />
      <Notices />
    </>
  );
}

/** Pages without a session. */
export function PublicLayout() {
  return (
    <div className="public">
      <Outlet />
      <DialogHost />
    </div>
  );
}

export function NotFound() {
  return (
    <Page title={t.notFound}>
      <a href="/">{t.home}</a>
    </Page>
  );
}

/** A page's code could not be fetched, or it broke: what was typed is kept in drafts. */
export function PageFailed() {
  return (
    <Page title={t.pageFailed}>
      <Alert kind="error" text={t.pageFailed}>
        {t.pageFailedHint}
      </Alert>
      <Button onClick={() => location.reload()}>{t.reload}</Button>
    </Page>
  );
}

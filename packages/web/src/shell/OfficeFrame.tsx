import { shell as t } from '../messages/shell.ts';
import { Page, Refusal } from '../shared/parts.tsx';
import { SessionProvider, useSession, useSessionQuery } from '../shared/session.tsx';
import { Frame, FrameLoading } from './Frame.tsx';
import { officePages } from './registry.ts';

/** Banner and menu of the authority's side. */
export default function OfficeFrame() {
  const session = useSessionQuery();
  if (session.error && session.error.status !== 401) {
    return (
      <Page title={t.navigation}>
        <Refusal error={session.error} retry={() => void session.refetch()} />
      </Page>
    );
  }
  if (session.data?.realm !== 'office' || session.data.mustChangePassword) {
    return <FrameLoading leave={session.isSuccess} />;
  }
  return (
    <SessionProvider session={session.data}>
      <InnerFrame />
    </SessionProvider>
  );
}

function InnerFrame() {
  const session = useSession();
  const pages = officePages.filter(
    (page) => !page.roles || page.roles.some((role) => session.roles.includes(role)),
  );
  return (
    <Frame
      pages={pages}
      banner={
        <div className="banner-office">
          <strong>{t.officeName}</strong>
        </div>
      }
    />
  );
}

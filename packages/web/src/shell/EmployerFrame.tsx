import { useNavigate } from '@tanstack/react-router';
import { shell as t } from '../messages/shell.ts';
import { Button } from '../shared/Button.tsx';
import { SelectField } from '../shared/fields.tsx';
import { Page, Refusal } from '../shared/parts.tsx';
import {
  mayDo,
  SessionProvider,
  useSession,
  useSessionQuery,
  useUnit,
} from '../shared/session.tsx';
import { Frame, FrameLoading } from './Frame.tsx';
import { employerPages } from './registry.ts';

/** Banner and menu of the employer's side; nobody gets in without a session of it. */
export default function EmployerFrame() {
  const session = useSessionQuery();
  if (session.error && session.error.status !== 401) {
    return (
      <Page title={t.navigation}>
        <Refusal error={session.error} retry={() => void session.refetch()} />
      </Page>
    );
  }
  if (session.data?.realm !== 'employer' || session.data.mustChangePassword) {
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
  const pages = employerPages.filter((page) => !page.does || mayDo(session, page.does));
  if (session.units.length === 0) {
    return <Frame pages={[]} banner={null} refusal={{ text: t.noUnit, next: t.noUnitNext }} />;
  }
  return <Frame pages={pages} banner={<Banner />} />;
}

function Banner() {
  const session = useSession();
  const { unit, units, choose } = useUnit();
  const navigate = useNavigate();
  return (
    <>
      {mayDo(session, 'roster') ? (
        <Button kind="primary" icon="update" onClick={() => void navigate({ to: '/roster' })}>
          {t.rosterUpdate}
        </Button>
      ) : null}
      <div className="banner-unit">
        <SelectField
          label={t.unitNo}
          hideLabel
          value={unit.unitNo}
          options={units.map((one) => ({ value: one.unitNo, label: `${one.unitNo} ${one.name}` }))}
          onChange={choose}
        />
      </div>
      <div className="banner-period">
        <span className="muted">{t.period}</span> <strong>{session.period}</strong>
      </div>
    </>
  );
}

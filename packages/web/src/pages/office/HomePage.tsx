import { Link } from '@tanstack/react-router';
import { office as t } from '../../messages/office.ts';
import { Empty, Page, useSession } from '../../shared/index.ts';
import { Alarms } from './alarms.tsx';
import { officeHomePath, officePages } from './routes.ts';
import './office.css';

/** What this officer may do, with a word on each. */
export default function HomePage() {
  const { roles } = useSession();
  const mine = officePages.filter(
    (page) => page.path !== officeHomePath && page.roles?.some((role) => roles.includes(role)),
  );
  return (
    <Page title={t.home} intro={mine.length > 0 ? t.homeIntro : null}>
      <Alarms />
      {mine.length > 0 ? (
        <ul className="office-tasks">
          {mine.map((page) => (
            <li key={page.path}>
              <Link to={page.path}>{page.title}</Link>
              <p>{t.intros[page.path.replace('/office/', '')]}</p>
            </li>
          ))}
        </ul>
      ) : (
        <Empty text={t.nothingAllowed} />
      )}
    </Page>
  );
}

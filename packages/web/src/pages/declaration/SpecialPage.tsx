import { declaration as t } from '../../messages/declaration.ts';
import { Empty, Page } from '../../shared/index.ts';

/** Lines that only the authority can assess; until one arrives the page says so. */
export default function SpecialPage() {
  return (
    <Page title={t.special} intro={t.specialIntro}>
      <Empty text={t.nothingDue} />
      <p className="field-hint">{t.specialNext}</p>
    </Page>
  );
}

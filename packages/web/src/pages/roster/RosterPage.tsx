import { type AnswerOf, downloadRoster, listRoster } from '@shebao/contract';
import { insuranceName } from '@shebao/levy';
import { useDeferredValue, useMemo } from 'react';
import { roster as t } from '../../messages/roster.ts';
import {
  Alert,
  Amount,
  type Column,
  DataTable,
  fileUrl,
  formatInstant,
  MenuButton,
  Page,
  Tag,
  TextField,
  useAllPages,
  useSearchParam,
  useUnit,
} from '../../shared/index.ts';
import { useRosterUpdate } from './update.tsx';

type Person = AnswerOf<typeof listRoster>['people'][number];

const firstMonth = (person: Person): string =>
  person.enrolments.reduce(
    (first, one) => (first === '' || one.from < first ? one.from : first),
    '',
  );
const namesOf = (person: Person): string =>
  [...new Set(person.enrolments.map((one) => insuranceName(one.insurance)))].join('、');

/** The people of the chosen 单位编号 as the employer knows them, and 「更新」. */
export default function RosterPage() {
  const { unit } = useUnit();
  const [search, setSearch] = useSearchParam('search');
  const wanted = useDeferredValue(search.trim());
  const updating = useRosterUpdate();
  const list = useAllPages(listRoster, [unit.unitNo, wanted], {
    call: (offset, limit) => ({
      params: { unitNo: unit.unitNo },
      query: { offset, limit, ...(wanted ? { search: wanted } : {}) },
    }),
    rowsOf: (answer) => answer.people,
    totalOf: (answer) => answer.total,
  });
  const updatedAt = list.first?.updatedAt;
  return (
    <Page
      title={t.title}
      intro={t.intro}
      busy={list.busy}
      error={list.error}
      retry={list.refetch}
      actions={
        <MenuButton
          label={t.update}
          kind="primary"
          busy={updating.running}
          items={[
            { label: t.full, onSelect: () => updating.start('full') },
            { label: t.incremental, onSelect: () => updating.start('incremental') },
          ]}
        />
      }
    >
      {updating.running ? (
        <Alert kind="info" text={t.running}>
          <progress max={100} value={updating.percent} aria-label={t.running} />
          {updating.text}
        </Alert>
      ) : null}
      <div className="toolbar">
        <div className="search">
          <TextField
            label={t.search}
            hideLabel
            type="search"
            placeholder={t.search}
            value={search}
            onChange={setSearch}
          />
        </div>
        <span className="muted">{t.people(list.total)}</span>
        {list.first ? (
          <span className="muted">
            {updatedAt ? t.updatedAt(formatInstant(updatedAt)) : t.never}
          </span>
        ) : null}
        <Downloads unitNo={unit.unitNo} />
      </div>
      <DataTable
        name={t.title}
        columns={useColumns()}
        rows={list.rows}
        rowKey={(row) => row.personId}
        rowLabel={(row) => row.name}
        empty={updatedAt === null && wanted === '' ? t.never : t.empty}
        busy={list.busy}
      />
    </Page>
  );
}

function Downloads({ unitNo }: { readonly unitNo: string }) {
  const address = (format: 'xlsx' | 'csv') =>
    fileUrl(downloadRoster, { params: { unitNo }, query: { format } });
  return (
    <span className="toolbar-end toolbar">
      <a className="button" href={address('xlsx')} download>
        {t.downloadExcel}
      </a>
      <a className="button" href={address('csv')} download>
        {t.downloadCsv}
      </a>
    </span>
  );
}

function useColumns(): readonly Column<Person>[] {
  return useMemo(
    () => [
      {
        key: 'name',
        title: t.columns.name,
        width: 130,
        rowHeader: true,
        cell: (row) => row.name,
      },
      {
        key: 'identity',
        title: t.columns.identity,
        width: 190,
        cell: (row) => row.identityNumber,
      },
      { key: 'insurances', title: t.columns.insurances, width: 320, cell: namesOf },
      { key: 'from', title: t.columns.from, width: 130, cell: firstMonth },
      {
        key: 'wage',
        title: t.columns.wage,
        width: 130,
        align: 'end',
        cell: (row) => <Amount yuan={row.wage} />,
      },
      {
        key: 'state',
        title: t.columns.state,
        width: 110,
        cell: (row) => (
          <Tag tone={row.active ? 'good' : 'calm'}>{row.active ? t.active : t.stopped}</Tag>
        ),
      },
    ],
    [],
  );
}

import { type AnswerOf, listRosterChanges } from '@shebao/contract';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { roster as t } from '../../messages/roster.ts';
import { type Column, DataTable, Page, Tag, type Tone, useAllPages } from '../../shared/index.ts';

type Change = AnswerOf<typeof listRosterChanges>['changes'][number];

const tones: Record<Change['changeType'], Tone> = { 新增: 'good', 变更: 'warn', 停止: 'bad' };

/** Who was added, changed and stopped by one update, field by field. */
export default function ChangesPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const list = useAllPages(listRosterChanges, id, {
    call: (offset, limit) => ({ params: { id }, query: { offset, limit } }),
    rowsOf: (answer) => answer.changes,
    totalOf: (answer) => answer.total,
  });
  const columns = useMemo<readonly Column<Change>[]>(() => {
    const { changeColumns: c } = t;
    return [
      { key: 'name', title: c.name, width: 120, rowHeader: true, cell: (row) => row.name },
      { key: 'identity', title: c.identity, width: 190, cell: (row) => row.identityNumber },
      { key: 'unitNo', title: c.unitNo, width: 140, cell: (row) => row.unitNo },
      {
        key: 'type',
        title: c.type,
        width: 110,
        cell: (row) => <Tag tone={tones[row.changeType]}>{row.changeType}</Tag>,
      },
      { key: 'field', title: c.field, width: 220, cell: (row) => row.field },
      { key: 'before', title: c.before, width: 220, cell: (row) => row.before },
      { key: 'after', title: c.after, width: 220, cell: (row) => row.after },
    ];
  }, []);
  return (
    <Page
      title={t.changesTitle}
      busy={list.busy}
      error={list.error}
      retry={list.refetch}
      actions={<Link to="/roster">{t.back}</Link>}
    >
      <DataTable
        name={t.changesTitle}
        columns={columns}
        rows={list.rows}
        rowKey={changeKey}
        rowLabel={(row) => row.name}
        busy={list.busy}
      />
    </Page>
  );
}

const changeKey = (row: Change) =>
  `${row.unitNo}:${row.personId}:${row.changeType}:${row.field}:${row.after}`;

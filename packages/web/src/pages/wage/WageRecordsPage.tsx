import { type AnswerOf, listWageDeclarations } from '@shebao/contract';
import { useMemo } from 'react';
import { common } from '../../messages/common.ts';
import { wage as t } from '../../messages/wage.ts';
import {
  Button,
  type Column,
  DataTable,
  formatInstant,
  Page,
  StatusTag,
  useApi,
} from '../../shared/index.ts';
import { showResults } from './results.tsx';

type Row = AnswerOf<typeof listWageDeclarations>['declarations'][number];
const pendingMs = 3000;
const none: readonly Row[] = [];

/** 「申报记录」 of wages: everything the user may see, newest first. */
export default function WageRecordsPage() {
  const list = useApi(listWageDeclarations, { query: {} });
  const rows = list.data?.declarations ?? none;
  const pending = rows.some((row) => row.status === '待反馈');
  useApi(
    listWageDeclarations,
    { query: {} },
    { enabled: pending, refetchMs: pending ? pendingMs : false },
  );
  const columns = useMemo(recordColumns, []);
  return (
    <Page
      title={t.records}
      busy={list.isPending}
      error={list.error}
      retry={() => void list.refetch()}
    >
      <DataTable
        name={t.records}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.unitNo}
        busy={list.isPending}
      />
    </Page>
  );
}

function recordColumns(): readonly Column<Row>[] {
  const { columns: c } = t;
  return [
    { key: 'at', title: c.declaredAt, width: 170, cell: (row) => formatInstant(row.declaredAt) },
    { key: 'unit', title: c.unitNo, width: 160, rowHeader: true, cell: (row) => row.unitNo },
    { key: 'people', title: c.people, width: 90, align: 'end', cell: (row) => row.people },
    {
      key: 'status',
      title: c.status,
      width: 160,
      cell: (row) => <StatusTag status={row.status} />,
    },
    {
      key: 'action',
      title: c.action,
      width: 100,
      cell: (row) => (
        <Button kind="link" onClick={() => void showResults(row.unitNo, row.id)}>
          {common.view}
        </Button>
      ),
    },
  ];
}

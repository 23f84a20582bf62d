import { type AnswerOf, listPersonCertificateRows } from '@shebao/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { certificate as t } from '../../messages/certificate.ts';
import { Amount, type Column, DataTable, fetchAll, Page, StatusTag } from '../../shared/index.ts';
import { PrintButton } from './print.tsx';
import { type Asked, QueryForm } from './query-form.tsx';

type Row = AnswerOf<typeof listPersonCertificateRows>['rows'][number];

const c = t.columns;
const columns: Column<Row>[] = [
  { key: 'seq', title: c.seq, width: 72, rowHeader: true, cell: (row) => row.seq },
  { key: 'name', title: c.name, width: 120, cell: (row) => row.name },
  { key: 'number', title: c.number, width: 190, cell: (row) => row.identityNumber },
  { key: 'unitNo', title: c.unitNo, width: 140, cell: (row) => row.unitNo },
  { key: 'period', title: c.period, width: 110, cell: (row) => row.period },
  {
    key: 'base',
    title: c.base,
    width: 120,
    align: 'end',
    cell: (row) => <Amount yuan={row.contributionBase} />,
  },
  {
    key: 'employer',
    title: c.employer,
    width: 120,
    align: 'end',
    cell: (row) => <Amount yuan={row.employerPaid} />,
  },
  {
    key: 'employee',
    title: c.employee,
    width: 120,
    align: 'end',
    cell: (row) => <Amount yuan={row.employeePaid} />,
  },
  { key: 'status', title: c.status, width: 150, cell: (row) => <StatusTag status={row.status} /> },
];

const readAll = (asked: Asked): Promise<Row[]> =>
  fetchAll(
    listPersonCertificateRows,
    (offset, limit) => ({ query: { ...asked, offset, limit } }),
    (answer) => answer,
  );

/** What was paid for each person, month by month; ticked rows become one certificate. */
export default function PersonCertificatePage() {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const query = useQuery({
    queryKey: [listPersonCertificateRows.name, asked],
    queryFn: () => (asked ? readAll(asked) : []),
    enabled: asked !== null,
  });
  const rows = query.data;
  const ask = (next: Asked) => {
    setTicked(new Set());
    setAsked(next);
    if (JSON.stringify(next) === JSON.stringify(asked)) void query.refetch();
  };
  const chosen = useMemo(
    () => (rows ?? []).filter((row) => ticked.has(row.key)).map((row) => row.key),
    [rows, ticked],
  );
  return (
    <Page
      title={t.person}
      intro={t.intro}
      busy={query.isFetching}
      error={query.error}
      retry={() => void query.refetch()}
      actions={<PrintButton kind="person" asked={asked} rows={chosen} />}
    >
      <QueryForm bySearch busy={query.isFetching} onQuery={ask} />
      {asked ? (
        <DataTable
          name={t.person}
          columns={columns}
          rows={rows ?? []}
          rowKey={(row) => row.key}
          rowLabel={(row) => String(row.seq)}
          selection={{ selected: ticked, onChange: setTicked }}
          empty={t.nothing}
          busy={query.isLoading}
        />
      ) : null}
    </Page>
  );
}

import { type AnswerOf, listUnitCertificateRows } from '@shebao/contract';
import { useState } from 'react';
import { certificate as t } from '../../messages/certificate.ts';
import { Amount, type Column, DataTable, Page, StatusTag, useApi } from '../../shared/index.ts';
import { PrintButton } from './print.tsx';
import { type Asked, QueryForm } from './query-form.tsx';

type Row = AnswerOf<typeof listUnitCertificateRows>['rows'][number];

const c = t.columns;
const columns: Column<Row>[] = [
  { key: 'seq', title: c.seq, width: 64, rowHeader: true, cell: (row) => row.seq },
  { key: 'unitNo', title: c.unitNo, width: 140, cell: (row) => row.unitNo },
  { key: 'period', title: c.period, width: 110, cell: (row) => row.period },
  { key: 'insurance', title: c.insurance, width: 260, cell: (row) => row.insuranceName },
  { key: 'people', title: c.people, width: 100, align: 'end', cell: (row) => row.people },
  {
    key: 'paid',
    title: c.paid,
    width: 140,
    align: 'end',
    cell: (row) => <Amount yuan={row.amountPaid} />,
  },
  { key: 'status', title: c.status, width: 150, cell: (row) => <StatusTag status={row.status} /> },
];

/** What the units paid, per month and 险种; ticked rows become one certificate. */
export default function UnitCertificatePage() {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const range = asked ?? { from: '', to: '' };
  const query = useApi(listUnitCertificateRows, { query: range }, { enabled: asked !== null });
  const rows = query.data?.rows ?? [];
  const ask = (next: Asked) => {
    setTicked(new Set());
    setAsked(next);
    if (next.from === asked?.from && next.to === asked.to) void query.refetch();
  };
  const chosen = rows.filter((row) => ticked.has(row.key)).map((row) => row.key);
  return (
    <Page
      title={t.unit}
      intro={t.intro}
      busy={query.isFetching}
      error={query.error}
      retry={() => void query.refetch()}
      actions={<PrintButton kind="unit" asked={asked} rows={chosen} />}
    >
      <QueryForm bySearch={false} busy={query.isFetching} onQuery={ask} />
      {asked ? (
        <DataTable
          name={t.unit}
          columns={columns}
          rows={rows}
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

import { type AnswerOf, monthOverview } from '@shebao/contract';
import { useMemo } from 'react';
import { system as t } from '../../messages/system.ts';
import {
  Amount,
  Button,
  type Column,
  DataTable,
  Page,
  SelectField,
  sumYuan,
  useApi,
  useSearchParam,
  useUnit,
} from '../../shared/index.ts';
import { saveText } from '../wage/annotate.ts';

interface Row {
  readonly period: string;
  readonly name: string;
  readonly amount: string;
}

const rowsOf = (overview: AnswerOf<typeof monthOverview>): Row[] =>
  overview.history
    .toReversed()
    .flatMap((month) =>
      month.amounts.map(({ name, amount }) => ({ period: month.period, name, amount })),
    );

/** 「查询统计」: what was due by month and insurance, with its download. */
export default function StatisticsPage() {
  const { unit } = useUnit();
  const [insurance, setInsurance] = useSearchParam('insurance');
  const query = useApi(monthOverview, { params: { unitNo: unit.unitNo } });
  const all = useMemo(() => (query.data ? rowsOf(query.data) : []), [query.data]);
  const names = [...new Set(all.map((row) => row.name))];
  const rows = insurance === '' ? all : all.filter((row) => row.name === insurance);
  const columns = useMemo<readonly Column<Row>[]>(
    () => [
      { key: 'period', title: t.month, width: 140, rowHeader: true, cell: (row) => row.period },
      { key: 'name', title: t.insurance, width: 260, cell: (row) => row.name },
      {
        key: 'amount',
        title: t.amount,
        width: 180,
        align: 'end',
        cell: (row) => <Amount yuan={row.amount} />,
      },
    ],
    [],
  );
  const save = () => {
    const head = [t.month, t.insurance, t.amount].join(',');
    const lines = rows.map((row) => `${row.period},${row.name},${row.amount}`);
    saveText(t.fileName, `\uFEFF${[head, ...lines].join('\r\n')}\r\n`);
  };
  return (
    <Page
      title={t.statistics}
      intro={t.statisticsIntro}
      busy={query.isPending}
      error={query.error}
      retry={() => void query.refetch()}
      actions={
        <Button icon="download" disabled={rows.length === 0} onClick={save}>
          {t.download}
        </Button>
      }
    >
      <div className="toolbar">
        <div className="search">
          <SelectField
            label={t.insurance}
            hideLabel
            value={insurance === '' ? '*' : insurance}
            options={[
              { value: '*', label: t.allInsurances },
              ...names.map((name) => ({ value: name, label: name })),
            ]}
            onChange={(value) => setInsurance(value === '*' ? '' : value)}
          />
        </div>
      </div>
      <DataTable
        name={t.statistics}
        columns={columns}
        rows={rows}
        rowKey={(row) => `${row.period}:${row.name}`}
        rowLabel={(row) => row.period}
        sums={{ amount: <Amount yuan={sumYuan(rows.map((row) => row.amount))} /> }}
        busy={query.isPending}
      />
    </Page>
  );
}

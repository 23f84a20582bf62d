import { type AnswerOf, policyRows } from '@shebao/contract';
import { type FormEvent, useMemo, useState } from 'react';
import { office, policied as t } from '../../messages/office.ts';
import {
  Button,
  type Column,
  DataTable,
  Page,
  SelectField,
  TextField,
  useApi,
  useSearchParam,
} from '../../shared/index.ts';
import './office.css';

type Row = AnswerOf<typeof policyRows>['rows'][number];

const firstRegion = '330100';
const all = '-';
const columns: Column<Row>[] = [
  { key: 'insurance', title: t.insurance, width: 220, rowHeader: true, cell: (r) => r.insurance },
  { key: 'kind', title: t.kind, width: 90, cell: (row) => t.kinds[row.kind] },
  { key: 'payer', title: t.payer, width: 90, cell: (row) => row.payer },
  { key: 'from', title: t.from, width: 100, cell: (row) => row.from },
  { key: 'to', title: t.to, width: 100, cell: (row) => row.to },
  { key: 'value', title: t.value, width: 200, align: 'end', cell: (row) => row.value },
  { key: 'status', title: t.status, width: 130, cell: (row) => row.status },
  { key: 'publishedOn', title: t.publishedOn, width: 120, cell: (row) => row.publishedOn },
  { key: 'source', title: t.source, width: 420, cell: (row) => row.source },
];

/** Rates and bounds of a region, each with its dates and its source. */
export default function PoliciesPage() {
  const [asked, setAsked] = useSearchParam('region');
  const region = /^\d{6}$/.test(asked) ? asked : firstRegion;
  const [typed, setTyped] = useState(region);
  const [problem, setProblem] = useState<string>();
  const [insurance, setInsurance] = useState(all);
  const query = useApi(policyRows, { query: { region } });
  const rows = query.data?.rows;
  const shown = useMemo(
    () => (rows ?? []).filter((row) => insurance === all || row.insurance === insurance),
    [rows, insurance],
  );
  const names = [...new Set(rows?.map((row) => row.insurance))];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isRegion = /^\d{6}$/.test(typed.trim());
    setProblem(isRegion ? undefined : t.regionWrong);
    if (isRegion) setAsked(typed.trim());
  };
  return (
    <Page
      title={office.policies}
      intro={query.data ? t.version(query.data.version) : office.intros['policies']}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
    >
      <form className="filter-form" onSubmit={submit} noValidate>
        <TextField
          label={t.region}
          error={problem}
          inputMode="numeric"
          maxLength={6}
          value={typed}
          onChange={setTyped}
        />
        <Button type="submit">{office.search}</Button>
        <SelectField
          label={t.filter}
          value={insurance}
          options={[
            { value: all, label: t.all },
            ...names.map((name) => ({ value: name, label: name })),
          ]}
          onChange={setInsurance}
        />
      </form>
      <DataTable
        name={office.policies}
        columns={columns}
        rows={shown}
        rowKey={(row) => Object.values(row).join('|')}
        rowLabel={(row) => row.insurance}
        busy={query.isLoading}
      />
    </Page>
  );
}

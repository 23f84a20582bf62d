import { type AnswerOf, listCases, type OfficeRole } from '@shebao/contract';
import { useMemo, useState } from 'react';
import { office } from '../../messages/office.ts';
import { reconciliation } from '../../messages/reconciliation.ts';
import {
  Amount,
  Button,
  type Column,
  DataTable,
  formatInstant,
  Page,
  SelectField,
  Tag,
  useApi,
  useSession,
} from '../../shared/index.ts';
import { showCase } from './case-dialog.tsx';
import './office.css';

type Case = AnswerOf<typeof listCases>['cases'][number];

const t = reconciliation.cases;
const askAgainMs = 15_000;
const tones = { 待处理: 'warn', 待复核: 'wait', 已处理: 'good' } as const;
const states = ['待处理', '待复核', '已处理'] as const;

function columnsFor(userName: string, roles: readonly OfficeRole[]): Column<Case>[] {
  return [
    { key: 'at', title: t.at, width: 150, cell: (row) => formatInstant(row.at) },
    {
      key: 'category',
      title: t.category,
      width: 190,
      rowHeader: true,
      cell: (row) => t.categories[row.category],
    },
    {
      key: 'state',
      title: t.state,
      width: 110,
      cell: (row) => <Tag tone={tones[row.state]}>{row.state}</Tag>,
    },
    {
      key: 'unit',
      title: t.unit,
      width: 210,
      cell: (row) => [row.unitName, row.unitNo].filter(Boolean).join(' '),
    },
    { key: 'voucher', title: t.voucherNo, width: 190, cell: (row) => row.taxVoucherNo },
    {
      key: 'own',
      title: t.own,
      width: 130,
      align: 'end',
      cell: (row) => <Amount yuan={row.ownAmount} />,
    },
    {
      key: 'listed',
      title: t.listed,
      width: 130,
      align: 'end',
      cell: (row) => <Amount yuan={row.listedAmount} />,
    },
    {
      key: 'act',
      title: office.act,
      width: 90,
      cell: (row) => (
        <Button kind="link" onClick={() => void showCase(row.id, userName, roles)}>
          {office.view}
        </Button>
      ),
    },
    { key: 'handledBy', title: t.handledBy, width: 110, cell: (row) => row.handledBy },
    { key: 'closedBy', title: t.closedBy, width: 110, cell: (row) => row.closedBy },
    { key: 'text', title: t.text, width: 420, cell: (row) => row.text },
  ];
}

/** What nobody may decide alone: one officer handles, another closes. */
export default function CasesPage() {
  const [state, setState] = useState('');
  const chosen = states.find((one) => one === state);
  const query = useApi(
    listCases,
    { query: chosen ? { state: chosen } : {} },
    { refetchMs: askAgainMs, keepPrevious: true },
  );
  const { userName, roles } = useSession();
  const columns = useMemo(() => columnsFor(userName, roles), [userName, roles]);
  return (
    <Page
      title={office.cases}
      intro={office.intros['cases']}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
    >
      <div className="form-grid">
        <SelectField
          label={t.filter}
          value={state === '' ? 'all' : state}
          options={[
            { value: 'all', label: t.all },
            ...states.map((one) => ({ value: one, label: one })),
          ]}
          onChange={(value) => setState(value === 'all' ? '' : value)}
        />
      </div>
      <DataTable
        name={office.cases}
        columns={columns}
        rows={query.data?.cases ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => t.categories[row.category]}
        empty={t.empty}
        busy={query.isLoading}
      />
    </Page>
  );
}

import {
  type AnswerOf,
  listBatches,
  makeBatch,
  type OfficeRole,
  proposeBatch,
} from '@shebao/contract';
import { useMemo } from 'react';
import { batch as t } from '../../messages/batch.ts';
import { office } from '../../messages/office.ts';
import {
  Alert,
  Amount,
  Button,
  type Column,
  DataTable,
  formatAmount,
  formatInstant,
  invalidate,
  newId,
  notify,
  openDialog,
  Page,
  send,
  Tag,
  useApi,
  useSession,
} from '../../shared/index.ts';
import { showBatch } from './batch-dialog.tsx';
import { FormDialog, type FormValues } from './form-dialog.tsx';
import { proveOrStay } from './prove.ts';
import './office.css';

type Proposal = AnswerOf<typeof proposeBatch>;
type Line = Proposal['lines'][number];
type Batch = AnswerOf<typeof listBatches>['batches'][number];

const askAgainMs = 10_000;
const c = t.columns;
const tones = { 待复核: 'wait', 已发出: 'good', 已取消: 'calm' } as const;

const lineColumns: Column<Line>[] = [
  { key: 'unit', title: c.unitNo, width: 150, rowHeader: true, cell: (row) => row.unitNo },
  { key: 'name', title: c.unitName, width: 230, cell: (row) => row.unitName },
  {
    key: 'amount',
    title: c.amount,
    width: 140,
    align: 'end',
    cell: (row) => <Amount yuan={row.amount} />,
  },
  { key: 'account', title: c.account, width: 260, cell: (row) => row.account },
  { key: 'leftOut', title: c.leftOut, width: 240, cell: (row) => row.leftOut },
];

function batchColumns(userName: string, roles: readonly OfficeRole[]): Column<Batch>[] {
  return [
    {
      key: 'at',
      title: c.madeAt,
      width: 160,
      rowHeader: true,
      cell: (row) => formatInstant(row.madeAt),
    },
    {
      key: 'state',
      title: c.state,
      width: 100,
      cell: (row) => <Tag tone={tones[row.state]}>{row.state}</Tag>,
    },
    { key: 'count', title: c.count, width: 80, align: 'end', cell: (row) => row.count },
    {
      key: 'total',
      title: c.amount,
      width: 140,
      align: 'end',
      cell: (row) => <Amount yuan={row.total} />,
    },
    {
      key: 'collected',
      title: c.collected,
      width: 140,
      align: 'end',
      cell: (row) => <Amount yuan={row.collected} />,
    },
    { key: 'leftOut', title: c.excluded, width: 80, align: 'end', cell: (row) => row.leftOut },
    {
      key: 'act',
      title: office.act,
      width: 90,
      cell: (row) => (
        <Button kind="link" onClick={() => void showBatch(row.id, userName, roles)}>
          {t.open}
        </Button>
      ),
    },
    { key: 'madeBy', title: c.madeBy, width: 120, cell: (row) => row.madeBy },
    { key: 'decidedBy', title: c.decidedBy, width: 120, cell: (row) => row.decidedBy },
  ];
}

async function make({ total, count }: Proposal): Promise<void> {
  const save = async ({ text }: FormValues) => {
    const body = { id: newId(), returnTerm: Number(text['returnTerm'] ?? 0), total };
    const reauthentication = await proveOrStay('makeBatch', body);
    return send(makeBatch, { body: { ...body, reauthentication } });
  };
  const made = await openDialog<Batch>((close) => (
    <FormDialog
      title={t.make}
      intro={t.sum(count, formatAmount(total))}
      fields={[
        {
          kind: 'select',
          name: 'returnTerm',
          label: t.returnTerm,
          value: '0',
          options: t.terms.map((label, at) => ({ value: String(at), label })),
        },
      ]}
      send={save}
      close={close}
    />
  ));
  if (made) notify.status(t.made);
  await invalidate(listBatches, proposeBatch);
}

/** One officer makes a batch of what is due, another one releases it. */
export default function BatchesPage() {
  const proposal = useApi(proposeBatch, {}, { refetchMs: askAgainMs });
  const made = useApi(listBatches, {}, { refetchMs: askAgainMs });
  const { userName, roles } = useSession();
  const columns = useMemo(() => batchColumns(userName, roles), [userName, roles]);
  const due = proposal.data;
  const able = due !== undefined && due.count > 0 && roles.includes('reconcile');
  return (
    <Page
      title={t.title}
      intro={office.intros['batches']}
      busy={proposal.isLoading || made.isLoading}
      error={proposal.error ?? made.error}
      retry={() => void Promise.all([proposal.refetch(), made.refetch()])}
      actions={
        able ? (
          <Button kind="primary" icon="plus" onClick={() => void make(due)}>
            {t.make}
          </Button>
        ) : null
      }
    >
      {due && !due.treasury.open ? <Alert kind="warning" text={due.treasury.reason ?? ''} /> : null}
      <h2>{t.list}</h2>
      <DataTable
        name={t.list}
        columns={columns}
        rows={made.data?.batches ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => formatInstant(row.madeAt)}
        empty={t.empty}
        busy={made.isLoading}
        maxHeight={420}
      />
      <h2>{t.proposal}</h2>
      {due ? <p>{t.sum(due.count, formatAmount(due.total))}</p> : null}
      <DataTable
        name={t.proposal}
        columns={lineColumns}
        rows={due?.lines ?? []}
        rowKey={(row) => row.billId}
        rowLabel={(row) => row.unitNo}
        empty={t.nothing}
        busy={proposal.isLoading}
        maxHeight={420}
      />
    </Page>
  );
}

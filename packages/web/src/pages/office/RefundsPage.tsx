import { type AnswerOf, askRefund, listRefunds } from '@shebao/contract';
import { useMemo } from 'react';
import { office } from '../../messages/office.ts';
import { refundWords as t } from '../../messages/refund.ts';
import {
  Amount,
  Button,
  type Column,
  DataTable,
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
import { FormDialog, type FormField, type FormValues } from './form-dialog.tsx';
import './office.css';
import { proveOrStay } from './prove.ts';
import { Applications } from './refund-applications.tsx';
import { refundTones, showRefund } from './refund-dialog.tsx';

type Listed = AnswerOf<typeof listRefunds>;
type Owed = Listed['owed'][number];
type Refund = Listed['refunds'][number];
type ReasonCode = Refund['reasonCode'];

const askAgainMs = 5_000;

function owedColumns(acts: boolean): Column<Owed>[] {
  return [
    {
      key: 'voucher',
      title: t.voucherNo,
      width: 190,
      rowHeader: true,
      cell: (row) => row.taxVoucherNo,
    },
    {
      key: 'amount',
      title: t.amount,
      width: 130,
      align: 'end',
      cell: (row) => <Amount yuan={row.amount} />,
    },
    {
      key: 'unit',
      title: t.unit,
      width: 240,
      cell: (row) => [row.unitName, row.unitNo].filter(Boolean).join(' '),
    },
    {
      key: 'act',
      title: office.act,
      width: 110,
      cell: (row) =>
        acts ? (
          <Button kind="link" onClick={() => void ask(row)}>
            {t.ask}
          </Button>
        ) : null,
    },
    { key: 'from', title: t.from, width: 240, cell: (row) => row.from ?? t.unknown },
    { key: 'at', title: t.closedAt, width: 150, cell: (row) => formatInstant(row.closedAt) },
  ];
}

function refundColumns(show: (row: Refund) => void): Column<Refund>[] {
  return [
    {
      key: 'voucher',
      title: t.voucherNo,
      width: 190,
      rowHeader: true,
      cell: (row) => row.oriTaxVoucherNo,
    },
    {
      key: 'amount',
      title: t.amount,
      width: 130,
      align: 'end',
      cell: (row) => <Amount yuan={row.amount} />,
    },
    { key: 'payee', title: t.payeeName, width: 200, cell: (row) => row.payeeName },
    {
      key: 'state',
      title: t.state,
      width: 110,
      cell: (row) => <Tag tone={refundTones[row.state]}>{row.state}</Tag>,
    },
    {
      key: 'act',
      title: office.act,
      width: 80,
      cell: (row) => (
        <Button kind="link" onClick={() => show(row)}>
          {office.view}
        </Button>
      ),
    },
    { key: 'message', title: t.message, width: 180, cell: (row) => row.message },
    { key: 'askedBy', title: t.askedBy, width: 110, cell: (row) => row.askedBy },
    { key: 'confirmedBy', title: t.confirmedBy, width: 110, cell: (row) => row.confirmedBy },
  ];
}

const fields: FormField[] = [
  {
    kind: 'select',
    name: 'reasonCode',
    label: t.reasonCode,
    value: '02',
    options: Object.entries(t.reasons).map(([value, label]) => ({ value, label })),
  },
  { kind: 'text', name: 'reason', label: t.reason, maxLength: 200 },
  { kind: 'text', name: 'name', label: t.payeeName, maxLength: 100 },
  { kind: 'text', name: 'bankNo', label: t.payeeBankNo, maxLength: 12 },
  { kind: 'text', name: 'account', label: t.payeeAccount, maxLength: 40 },
];

async function ask({ caseId }: Owed): Promise<void> {
  const id = newId();
  const save = async ({ text }: FormValues) => {
    const value = (name: string) => text[name]?.trim() ?? '';
    const payee = {
      bankNo: value('bankNo'),
      account: value('account').replaceAll(' ', ''),
      name: value('name'),
    };
    const given = Object.values(payee).some((part) => part !== '');
    const body = {
      id,
      caseId,
      payee: given ? payee : null,
      reasonCode: value('reasonCode') as ReasonCode,
      reason: value('reason'),
    };
    const reauthentication = await proveOrStay('refund', body);
    return send(askRefund, { body: { ...body, reauthentication } });
  };
  const saved = await openDialog<AnswerOf<typeof askRefund>>((close) => (
    <FormDialog title={t.ask} intro={t.askHint} fields={fields} send={save} close={close} />
  ));
  if (saved) notify.status(t.asked);
  await invalidate(listRefunds);
}

/** 退费审核: what is owed to payers, and its way back through the treasury. */
export default function RefundsPage() {
  const query = useApi(listRefunds, {}, { refetchMs: askAgainMs });
  const { userName, roles } = useSession();
  const acts = roles.includes('refund') || roles.includes('review');
  const owed = useMemo(() => owedColumns(acts), [acts]);
  const records = useMemo(
    () => refundColumns((row) => void showRefund(row, userName, acts)),
    [userName, acts],
  );
  return (
    <Page
      title={t.title}
      intro={t.intro}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
    >
      <Applications userName={userName} acts={acts} />
      <h2>{t.owed}</h2>
      <DataTable
        name={t.owed}
        columns={owed}
        rows={query.data?.owed ?? []}
        rowKey={(row) => row.caseId}
        rowLabel={(row) => row.taxVoucherNo ?? row.caseId}
        busy={query.isLoading}
        empty={t.owedEmpty}
      />
      <h2>{t.records}</h2>
      <DataTable
        name={t.records}
        columns={records}
        rows={query.data?.refunds ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.oriTaxVoucherNo}
        busy={query.isLoading}
        empty={t.recordsEmpty}
      />
    </Page>
  );
}

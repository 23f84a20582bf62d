import { type AnswerOf, listPayments } from '@shebao/contract';
import { payment as t } from '../../messages/payment.ts';
import {
  Amount,
  Button,
  type Column,
  DataTable,
  formatInstant,
  Page,
  StatusTag,
  Tag,
  useApi,
} from '../../shared/index.ts';
import { monthSpan } from '../declaration/dues.ts';
import { showWay } from './way-dialog.tsx';

type PaymentRow = AnswerOf<typeof listPayments>['payments'][number];

const askAgainMs = 10_000;
const c = t.columns;
const columns: Column<PaymentRow>[] = [
  {
    key: 'at',
    title: c.requestedAt,
    width: 150,
    cell: (row) => formatInstant(row.requestedAt),
  },
  { key: 'unitNo', title: c.unitNo, width: 130, rowHeader: true, cell: (row) => row.unitNo },
  {
    key: 'period',
    title: c.period,
    width: 170,
    cell: (row) => monthSpan([row.periodFrom, row.periodTo]),
  },
  { key: 'insurance', title: c.insurance, width: 230, cell: (row) => row.insuranceNames },
  {
    key: 'amount',
    title: c.amount,
    width: 130,
    align: 'end',
    cell: (row) => <Amount yuan={row.amount} />,
  },
  {
    key: 'status',
    title: c.status,
    width: 140,
    cell: (row) =>
      row.status === '缴费失败' ? (
        <Tag tone="bad">{row.status}</Tag>
      ) : (
        <StatusTag status={row.status} />
      ),
  },
  {
    key: 'act',
    title: c.act,
    width: 80,
    cell: (row) => (
      <Button kind="link" onClick={() => void showWay(row.orderId)}>
        {t.view}
      </Button>
    ),
  },
  { key: 'account', title: c.account, width: 220, cell: (row) => row.account },
  { key: 'voucher', title: c.voucherNo, width: 190, cell: (row) => row.taxVoucherNo },
  { key: 'paidOn', title: c.paidOn, width: 115, cell: (row) => row.paidOn },
  { key: 'treasuredOn', title: c.treasuredOn, width: 115, cell: (row) => row.treasuredOn },
  { key: 'message', title: c.message, width: 220, cell: (row) => row.message },
];

/** Every order ever sent, newest first, with what became of it. */
export default function RecordsPage() {
  const query = useApi(listPayments, {}, { refetchMs: askAgainMs });
  return (
    <Page
      title={t.records}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
    >
      <DataTable
        name={t.records}
        columns={columns}
        rows={query.data?.payments ?? []}
        rowKey={(row) => `${row.paymentId}/${row.taxVoucherNo}/${row.unitNo}`}
        rowLabel={(row) => row.unitNo}
        busy={query.isLoading}
      />
    </Page>
  );
}

import { type AnswerOf, listAgreements } from '@shebao/contract';
import { payment as t } from '../../messages/payment.ts';
import { type Column, DataTable, formatInstant, Page, useApi } from '../../shared/index.ts';
import { AgreementState } from './agreement-state.tsx';
import { PaymentModes } from './modes.tsx';

type Agreement = AnswerOf<typeof listAgreements>['agreements'][number];

const a = t.agreement;
const columns: Column<Agreement>[] = [
  { key: 'number', title: a.number, width: 200, rowHeader: true, cell: (row) => row.protocolNo },
  { key: 'bank', title: a.bank, width: 240, cell: (row) => row.bankName },
  { key: 'account', title: a.account, width: 190, cell: (row) => row.accountMasked },
  { key: 'holder', title: a.holder, width: 220, cell: (row) => row.holder },
  {
    key: 'state',
    title: a.state,
    width: 150,
    cell: (row) => <AgreementState state={row.state} />,
  },
  { key: 'reason', title: a.reason, width: 200, cell: (row) => row.reason },
  { key: 'made', title: a.createdAt, width: 150, cell: (row) => formatInstant(row.createdAt) },
  {
    key: 'verified',
    title: a.verifiedAt,
    width: 150,
    cell: (row) => (row.verifiedAt ? formatInstant(row.verifiedAt) : ''),
  },
];

/** The agreements by which 缴费 may debit, in the order they were made. */
export default function AgreementsPage() {
  const query = useApi(listAgreements);
  return (
    <Page
      title={t.agreements}
      intro={a.hint}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
    >
      <DataTable
        name={t.agreements}
        columns={columns}
        rows={query.data?.agreements ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.protocolNo}
        busy={query.isLoading}
      />
      <PaymentModes agreements={query.data?.agreements ?? []} />
    </Page>
  );
}

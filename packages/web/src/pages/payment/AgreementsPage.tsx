import {
  type AnswerOf,
  listAgreements,
  terminateOwnAgreement,
  verifyOwnAgreement,
} from '@shebao/contract';
import { payment as t } from '../../messages/payment.ts';
import {
  Button,
  type Column,
  confirmDialog,
  DataTable,
  formatInstant,
  invalidate,
  notify,
  Page,
  reauthenticateAll,
  refusalDialog,
  send,
  useApi,
} from '../../shared/index.ts';
import { AgreementState } from './agreement-state.tsx';
import { PaymentModes } from './modes.tsx';

const verifiable = new Set(['待验证', '验证失败', '需复核']);

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
  {
    key: 'act',
    title: t.columns.act,
    width: 120,
    cell: (row) => (
      <span className="row-actions">
        {verifiable.has(row.state) ? (
          <Button kind="link" onClick={() => void verify(row)}>
            {a.verify}
          </Button>
        ) : null}
        {verifiable.has(row.state) || row.usable ? (
          <Button kind="link" onClick={() => void terminate(row)}>
            {a.terminate}
          </Button>
        ) : null}
      </span>
    ),
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

const verify = (row: Agreement) => act(verifyOwnAgreement, 'verifyOwnAgreement', row);

async function terminate(row: Agreement): Promise<void> {
  const body = <p className="field-hint">{a.terminateHint}</p>;
  const message = a.terminateQuestion(row.option);
  if (!(await confirmDialog({ message, body }))) return;
  await act(terminateOwnAgreement, 'terminateOwnAgreement', row);
}

async function act(
  route: typeof verifyOwnAgreement,
  operation: string,
  { id }: Agreement,
): Promise<void> {
  const [reauthentication] = (await reauthenticateAll([{ operation, body: { id } }])) ?? [];
  if (reauthentication === undefined) return;
  try {
    await send(route, { params: { id }, body: { reauthentication } });
    notify.status(a.asked);
  } catch (error) {
    await refusalDialog(error);
  }
  await invalidate(listAgreements);
}

/** The agreements by which 缴费 may debit, in the order they were made. */
export default function AgreementsPage() {
  const query = useApi(listAgreements, {}, { refetchMs: 10_000 });
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

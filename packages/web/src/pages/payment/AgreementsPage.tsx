import {
  type AnswerOf,
  listAgreements,
  printAgreement,
  terminateOwnAgreement,
  verifyOwnAgreement,
} from '@shebao/contract';
import { agreementWords as w } from '../../messages/agreement.ts';
import { payment as t } from '../../messages/payment.ts';
import {
  Button,
  type Column,
  confirmDialog,
  DataTable,
  fileUrl,
  formatInstant,
  invalidate,
  notify,
  Page,
  reauthenticateAll,
  refusalDialog,
  send,
  useApi,
  useSession,
} from '../../shared/index.ts';
import { previewFile } from '../certificate/preview.tsx';
import { AgreementState } from './agreement-state.tsx';
import { PaymentModes } from './modes.tsx';
import { signAgreement } from './sign-dialog.tsx';

const verifiable = new Set(['待验证', '验证失败', '需复核']);

type Agreement = AnswerOf<typeof listAgreements>['agreements'][number];

const a = t.agreement;
const columns: Column<Agreement>[] = [
  { key: 'number', title: a.number, width: 200, rowHeader: true, cell: (row) => row.protocolNo },
  { key: 'bank', title: a.bank, width: 240, cell: (row) => row.bankName },
  { key: 'account', title: a.account, width: 190, cell: (row) => row.accountMasked },
  {
    key: 'state',
    title: a.state,
    width: 150,
    cell: (row) => <AgreementState state={row.state} />,
  },
  {
    key: 'act',
    title: t.columns.act,
    width: 190,
    cell: (row) => (
      <span className="row-actions">
        {row.amendable ? (
          <Button kind="link" onClick={() => void sign(row)}>
            {w.amend}
          </Button>
        ) : null}
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
        <Button kind="link" onClick={() => void show(row)}>
          {w.document}
        </Button>
      </span>
    ),
  },
  { key: 'reason', title: a.reason, width: 200, cell: (row) => row.reason },
  { key: 'remedy', title: w.remedy, width: 240, cell: (row) => row.remedy },
  { key: 'holder', title: a.holder, width: 220, cell: (row) => row.holder },
  { key: 'origin', title: w.origin, width: 110, cell: (row) => row.origin },
  { key: 'made', title: a.createdAt, width: 150, cell: (row) => formatInstant(row.createdAt) },
  {
    key: 'verified',
    title: a.verifiedAt,
    width: 150,
    cell: (row) => (row.verifiedAt ? formatInstant(row.verifiedAt) : ''),
  },
];

async function sign(refused?: Agreement, unitName?: string): Promise<void> {
  if (!(await signAgreement(refused, unitName))) return;
  notify.status(a.asked);
  await invalidate(listAgreements);
}

function show({ id, protocolNo }: Agreement): Promise<void> {
  const url = fileUrl(printAgreement, { params: { id } });
  return previewFile({ url, fileName: `${w.agreement}${protocolNo}.pdf` });
}

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
  const session = useSession();
  return (
    <Page
      title={t.agreements}
      intro={a.hint}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
      actions={
        <Button
          kind="primary"
          icon="plus"
          onClick={() => void sign(undefined, session.taxpayer?.name)}
        >
          {w.sign}
        </Button>
      }
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

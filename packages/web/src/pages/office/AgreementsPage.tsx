import {
  type AnswerOf,
  listOfficeAgreements,
  recordAgreement,
  terminateAgreement,
  verifyAgreement,
} from '@shebao/contract';
import { office, agreed as t } from '../../messages/office.ts';
import { payment } from '../../messages/payment.ts';
import {
  Button,
  type Column,
  confirmDialog,
  DataTable,
  formatInstant,
  invalidate,
  messageDialog,
  notify,
  openDialog,
  Page,
  refusalDialog,
  send,
  useApi,
  useSession,
  waitForFeedback,
} from '../../shared/index.ts';
import { AgreementState } from '../payment/agreement-state.tsx';
import { FormDialog, type FormField, type FormValues } from './form-dialog.tsx';
import './office.css';
import { proveOfficer } from './prove.ts';

type Agreement = AnswerOf<typeof listOfficeAgreements>['agreements'][number];

const verifiable = new Set(['待验证', '验证失败', '验证结果待核实', '需复核']);
const over = new Set(['已终止', '撤销中']);

const leading: Column<Agreement>[] = [
  { key: 'number', title: t.protocolNo, width: 200, rowHeader: true, cell: (r) => r.protocolNo },
  { key: 'taxpayer', title: t.holderUnit, width: 240, cell: (row) => row.taxpayerName },
  {
    key: 'state',
    title: t.state,
    width: 150,
    cell: (row) => <AgreementState state={row.state} />,
  },
  { key: 'reason', title: t.reason, width: 200, cell: (row) => row.reason },
];
const acting: Column<Agreement> = {
  key: 'act',
  title: office.act,
  width: 120,
  cell: (row) => (
    <span className="row-actions">
      {verifiable.has(row.state) ? (
        <Button kind="link" onClick={() => void verify(row)}>
          {t.verify}
        </Button>
      ) : null}
      {over.has(row.state) ? null : (
        <Button kind="link" onClick={() => void terminate(row)}>
          {t.terminate}
        </Button>
      )}
    </span>
  ),
};
const facts: Column<Agreement>[] = [
  { key: 'bank', title: t.bankName, width: 220, cell: (row) => row.bankName },
  { key: 'account', title: t.account, width: 180, cell: (row) => row.accountMasked },
  { key: 'holder', title: t.holder, width: 220, cell: (row) => row.holder },
  { key: 'id', title: t.taxpayer, width: 200, cell: (row) => row.taxpayerId },
  { key: 'origin', title: t.origin, width: 110, cell: (row) => row.origin },
  { key: 'by', title: t.madeBy, width: 130, cell: (row) => row.madeBy ?? '' },
  {
    key: 'made',
    title: payment.agreement.createdAt,
    width: 150,
    cell: (row) => formatInstant(row.createdAt),
  },
];
const reading = [...leading, ...facts];
const writing = [...leading, acting, ...facts];

async function verify({ id }: Agreement): Promise<void> {
  const reauthentication = await proveOfficer('verifyAgreement', { id });
  if (reauthentication === undefined) return;
  const body = { reauthentication };
  await follow(() => send(verifyAgreement, { params: { id }, body }), t.verified);
}

async function terminate({ id, option, taxpayerName }: Agreement): Promise<void> {
  const body = (
    <>
      <p>
        {taxpayerName} {option}
      </p>
      <p className="field-hint">{t.terminateHint}</p>
    </>
  );
  if (!(await confirmDialog({ message: t.terminateQuestion, body }))) return;
  const reauthentication = await proveOfficer('terminateAgreement', { id });
  if (reauthentication === undefined) return;
  const proof = { reauthentication };
  await follow(() => send(terminateAgreement, { params: { id }, body: proof }), t.terminated);
}

/** Waits for the treasury's answer to one request and tells how it ended. */
async function follow(ask: () => Promise<{ taskId: string }>, done: string): Promise<void> {
  try {
    const task = await waitForFeedback(await ask());
    if (task?.state === 'done') notify.status(task.text || done);
    else if (task) {
      await messageDialog({ message: t.failed, role: 'alertdialog', body: task.failure });
    }
  } catch (error) {
    await refusalDialog(error);
  }
  await invalidate(listOfficeAgreements);
}

const fields: FormField[] = [
  { kind: 'text', name: 'taxpayerId', label: t.taxpayer, maxLength: 20 },
  { kind: 'text', name: 'protocolNo', label: t.protocolNo, maxLength: 60 },
  { kind: 'text', name: 'bankName', label: t.bankName, maxLength: 60 },
  { kind: 'text', name: 'openingBankNo', label: t.openingBankNo, maxLength: 12 },
  { kind: 'text', name: 'clearingBankNo', label: t.clearingBankNo, maxLength: 12 },
  { kind: 'text', name: 'account', label: t.account, maxLength: 32 },
  { kind: 'text', name: 'holder', label: t.holder, maxLength: 100 },
];

async function record(): Promise<void> {
  const save = ({ text }: FormValues) => {
    const value = (name: string) => text[name]?.trim() ?? '';
    return send(recordAgreement, {
      body: {
        taxpayerId: value('taxpayerId'),
        protocolNo: value('protocolNo'),
        bankName: value('bankName'),
        openingBankNo: value('openingBankNo'),
        clearingBankNo: value('clearingBankNo'),
        account: value('account').replaceAll(' ', ''),
        holder: value('holder'),
      },
    });
  };
  const saved = await openDialog<AnswerOf<typeof recordAgreement>>((close) => (
    <FormDialog title={t.record} fields={fields} send={save} close={close} />
  ));
  if (!saved) return;
  notify.status(t.recorded);
  await invalidate(listOfficeAgreements);
}

/** Debit agreements: recorded here, verified and terminated through the treasury channel. */
export default function AgreementsPage() {
  const query = useApi(listOfficeAgreements, { query: {} });
  const { roles } = useSession();
  const mayWrite = roles.includes('register') || roles.includes('review');
  return (
    <Page
      title={office.agreements}
      intro={office.intros['agreements']}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
      actions={
        mayWrite ? (
          <Button kind="primary" icon="plus" onClick={() => void record()}>
            {t.record}
          </Button>
        ) : null
      }
    >
      <DataTable
        name={office.agreements}
        columns={mayWrite ? writing : reading}
        rows={query.data?.agreements ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.protocolNo}
        busy={query.isLoading}
      />
    </Page>
  );
}

import { type AnswerOf, actOnTransfer, getTransfer, listTransfers } from '@shebao/contract';
import { common } from '../../messages/common.ts';
import { transferWords as t } from '../../messages/transfer.ts';
import {
  api,
  Button,
  type Column,
  confirmDialog,
  DataTable,
  Dialog,
  Facts,
  formatAmount,
  formatInstant,
  invalidate,
  notify,
  openDialog,
  refusalDialog,
  send,
  type Tone,
} from '../../shared/index.ts';
import { FormDialog, type FormField, type FormValues } from './form-dialog.tsx';
import { proveOfficer, proveOrStay } from './prove.ts';
import { claimTransfer } from './transfer-claim.tsx';

type Transfer = AnswerOf<typeof getTransfer>;
type Act = keyof typeof t.acts;
type Event = Transfer['events'][number];

/** Each state of a transfer, in the order of its way, with its tone. */
export const transferTones: Record<Transfer['state'], Tone> = {
  待认领: 'warn',
  待确认: 'wait',
  已销号: 'good',
  划缴待复核: 'wait',
  已划缴国库: 'good',
  退回待复核: 'wait',
  已退回: 'calm',
};

const eventColumns: Column<Event>[] = [
  { key: 'at', title: t.at, width: 150, rowHeader: true, cell: (row) => formatInstant(row.at) },
  { key: 'actor', title: t.actor, width: 120, cell: (row) => row.actor },
  { key: 'text', title: t.text, width: 420, cell: (row) => row.text },
];

const nothing = { billId: null, reason: '', evidence: null, passNo: null, passedOn: null };

/** Agrees to what another officer did. */
async function agree(found: Transfer, act: keyof typeof t.sure): Promise<boolean> {
  const body = (
    <p>
      {found.payerName} {formatAmount(found.amount)}　{found.unitNo ?? ''}
    </p>
  );
  if (!(await confirmDialog({ message: t.sure[act], body }))) return false;
  const order = { ...nothing, act, version: found.version };
  const token = await proveOfficer('transfer', { ...order, id: found.id });
  if (token === undefined) return false;
  try {
    await send(actOnTransfer, {
      params: { id: found.id },
      body: { ...order, reauthentication: token },
    });
    notify.status(t.done);
  } catch (error) {
    await refusalDialog(error);
  }
  return true;
}

/** Says why, or by which paper. */
async function tell(found: Transfer, act: Act, fields: readonly FormField[]): Promise<boolean> {
  const save = async ({ text }: FormValues) => {
    const value = (name: string) => text[name]?.trim() ?? '';
    const order = {
      ...nothing,
      act,
      version: found.version,
      reason: value('reason'),
      passNo: value('passNo') || null,
      passedOn: value('passedOn') || null,
    };
    const token = await proveOrStay('transfer', { ...order, id: found.id });
    return send(actOnTransfer, {
      params: { id: found.id },
      body: { ...order, reauthentication: token },
    });
  };
  const saved = await openDialog<AnswerOf<typeof actOnTransfer>>((close) => (
    <FormDialog title={t.acts[act]} fields={fields} send={save} close={close} />
  ));
  if (saved) notify.status(t.done);
  return saved !== undefined;
}

const reasonField: FormField = { kind: 'text', name: 'reason', label: t.actReason, maxLength: 200 };
const passFields: FormField[] = [
  { kind: 'text', name: 'passNo', label: t.passNo, maxLength: 40 },
  { kind: 'text', name: 'passedOn', label: t.passedOn, hint: '2021-03-11', maxLength: 10 },
];

interface DialogProps {
  readonly found: Transfer;
  readonly userName: string;
  readonly acts: boolean;
  /** true: something was done, show it again. */
  readonly close: (again?: boolean) => void;
}

function Actions({ found, userName, acts, close }: DialogProps) {
  const then = (act: Promise<boolean>) => void act.then((again) => again && close(true));
  const why = (act: Act) => (
    <Button onClick={() => then(tell(found, act, [reasonField]))}>{t.acts[act]}</Button>
  );
  const second = (act: keyof typeof t.sure, maker: string | null) =>
    maker === userName ? null : (
      <Button kind="primary" data-autofocus onClick={() => then(agree(found, act))}>
        {t.acts[act]}
      </Button>
    );
  const matcher = found.matchedBy === '系统' ? found.madeBy : found.matchedBy;
  return (
    <>
      <Button onClick={() => close()}>{common.close}</Button>
      {acts && found.state === '待认领' ? (
        <>
          {why('return')}
          <Button kind="primary" data-autofocus onClick={() => then(claimTransfer(found))}>
            {t.claim}
          </Button>
        </>
      ) : null}
      {acts && found.state === '待确认' ? (
        <>
          {why('release')}
          {second('confirm', matcher)}
        </>
      ) : null}
      {acts && found.state === '已销号' ? (
        <Button kind="primary" data-autofocus onClick={() => then(tell(found, 'pass', passFields))}>
          {t.acts.pass}
        </Button>
      ) : null}
      {acts && found.state === '划缴待复核' ? (
        <>
          {why('rejectPass')}
          {second('confirmPass', found.askedBy)}
        </>
      ) : null}
      {acts && found.state === '退回待复核' ? (
        <>
          {why('rejectReturn')}
          {second('confirmReturn', found.askedBy)}
        </>
      ) : null}
    </>
  );
}

function TransferDialog(props: DialogProps) {
  const { found, close } = props;
  const facts: readonly (readonly [string, string])[] = [
    [t.state, found.state],
    [t.valueDate, found.valueDate],
    [t.bankSerial, found.bankSerial],
    [t.payerName, found.payerName],
    [t.payerAccount, found.payerAccountMasked],
    [t.payerBank, found.payerBank],
    [t.amount, formatAmount(found.amount)],
    [t.remark, found.remark],
    [t.unitNo, found.unitNo ?? ''],
    [t.voucherNo, found.taxVoucherNo ?? ''],
    [t.reason, found.reason],
    [t.evidence, found.evidence ?? ''],
    [t.madeBy, found.madeBy],
    [t.matchedBy, found.matchedBy ?? ''],
    [t.confirmedBy, found.confirmedBy ?? ''],
    [t.askedBy, found.askedBy ?? ''],
    [t.passNo, found.passNo ?? ''],
    [t.passedOn, found.passedOn ?? ''],
  ];
  return (
    <Dialog title={t.detail} size="wide" onClose={() => close()} footer={<Actions {...props} />}>
      <Facts rows={facts.filter(([, value]) => value !== '')} />
      <h3>{t.history}</h3>
      <DataTable
        name={t.history}
        columns={eventColumns}
        rows={found.events}
        rowKey={(row) => `${row.at}${row.text}`}
        rowLabel={(row) => row.text}
        maxHeight={220}
      />
    </Dialog>
  );
}

/** One transfer: what is known, who did what, and what this officer may do now. */
export async function showTransfer(id: string, userName: string, acts: boolean): Promise<void> {
  for (let again: boolean | undefined = true; again; ) {
    const found = await api(getTransfer, { params: { id } }).catch(refusalDialog);
    if (!found) return;
    again = await openDialog<boolean>((close) => (
      <TransferDialog found={found} userName={userName} acts={acts} close={close} />
    ));
    await invalidate(listTransfers);
  }
}

import { type AnswerOf, decideRefund, listRefunds } from '@shebao/contract';
import { common } from '../../messages/common.ts';
import { refundWords as t } from '../../messages/refund.ts';
import {
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
  useApi,
} from '../../shared/index.ts';
import { FormDialog, type FormField, type FormValues } from './form-dialog.tsx';
import { proveOfficer, proveOrStay } from './prove.ts';

type Refund = AnswerOf<typeof listRefunds>['refunds'][number];
type Event = Refund['events'][number];

export const refundTones: Record<Refund['state'], Tone> = {
  待复核: 'wait',
  待发出: 'wait',
  已发出: 'wait',
  退库中: 'wait',
  已退: 'good',
  退库失败: 'bad',
  已撤回: 'calm',
};

const askAgainMs = 3_000;
const columns: Column<Event>[] = [
  { key: 'at', title: t.at, width: 150, rowHeader: true, cell: (row) => formatInstant(row.at) },
  { key: 'actor', title: t.actor, width: 120, cell: (row) => row.actor },
  { key: 'text', title: t.text, width: 420, cell: (row) => row.text },
];

async function confirm({ id, version, payeeName, amount }: Refund): Promise<void> {
  const body = (
    <p>
      {payeeName} {formatAmount(amount)}
    </p>
  );
  if (!(await confirmDialog({ message: t.confirmQuestion, body }))) return;
  const order = { act: 'confirm', version, reason: '' } as const;
  const reauthentication = await proveOfficer('refund', { ...order, id });
  if (reauthentication === undefined) return;
  try {
    await send(decideRefund, { params: { id }, body: { ...order, reauthentication } });
    notify.status(t.done);
  } catch (error) {
    await refusalDialog(error);
  }
  await invalidate(listRefunds);
}

const reasonField: FormField = { kind: 'text', name: 'reason', label: t.reason, maxLength: 200 };

async function withdraw({ id, version }: Refund): Promise<void> {
  const save = async ({ text }: FormValues) => {
    const order = { act: 'withdraw', version, reason: text['reason']?.trim() ?? '' } as const;
    const reauthentication = await proveOrStay('refund', { ...order, id });
    return send(decideRefund, { params: { id }, body: { ...order, reauthentication } });
  };
  const saved = await openDialog<AnswerOf<typeof decideRefund>>((close) => (
    <FormDialog title={t.withdraw} fields={[reasonField]} send={save} close={close} />
  ));
  if (saved) notify.status(t.done);
  await invalidate(listRefunds);
}

interface RefundProps {
  readonly first: Refund;
  readonly userName: string;
  readonly acts: boolean;
  readonly close: () => void;
}

function RefundDialog({ first, userName, acts, close }: RefundProps) {
  // The treasury's words come while it is open.
  const { data } = useApi(listRefunds, {}, { refetchMs: askAgainMs, keepPrevious: true });
  const found = data?.refunds.find(({ id }) => id === first.id) ?? first;
  const waiting = acts && found.state === '待复核';
  const facts: readonly (readonly [string, string])[] = [
    [t.state, found.state],
    [t.voucherNo, found.oriTaxVoucherNo],
    [t.amount, formatAmount(found.amount)],
    [t.payeeName, found.payeeName],
    [t.payeeBankNo, found.payeeBankNo],
    [t.payeeAccount, found.payeeAccountMasked],
    [t.reasonCode, t.reasons[found.reasonCode]],
    [t.reason, found.reason],
    [t.drawBackNo, found.drawBackVoucherNo ?? ''],
    [t.askedBy, found.askedBy],
    [t.confirmedBy, found.confirmedBy ?? ''],
    [t.message, found.message ?? ''],
  ];
  return (
    <Dialog
      title={t.detail}
      size="wide"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{common.close}</Button>
          {waiting ? <Button onClick={() => void withdraw(found)}>{t.withdraw}</Button> : null}
          {waiting && found.askedBy !== userName ? (
            <Button kind="primary" data-autofocus onClick={() => void confirm(found)}>
              {t.confirm}
            </Button>
          ) : null}
        </>
      }
    >
      <Facts rows={facts.filter(([, value]) => value !== '')} />
      <h3>{t.history}</h3>
      <DataTable
        name={t.history}
        columns={columns}
        rows={found.events}
        rowKey={(row) => `${row.at}${row.text}`}
        rowLabel={(row) => row.text}
        maxHeight={220}
      />
    </Dialog>
  );
}

/** One refund: where it goes, who agreed, what the treasury said. */
export async function showRefund(first: Refund, userName: string, acts: boolean): Promise<void> {
  await openDialog<void>((close) => (
    <RefundDialog first={first} userName={userName} acts={acts} close={() => close()} />
  ));
}

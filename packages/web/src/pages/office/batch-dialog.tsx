import {
  type AnswerOf,
  cancelBatch,
  getBatch,
  listBatches,
  type OfficeRole,
  proposeBatch,
  releaseBatch,
  stopPack,
} from '@shebao/contract';
import { batch as t } from '../../messages/batch.ts';
import { common } from '../../messages/common.ts';
import { office } from '../../messages/office.ts';
import {
  Amount,
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
  newId,
  notify,
  openDialog,
  refusalDialog,
  send,
  useApi,
} from '../../shared/index.ts';
import { FormDialog, type FormValues } from './form-dialog.tsx';
import { proveOfficer, proveOrStay } from './prove.ts';

type Batch = AnswerOf<typeof getBatch>;
type Pack = Batch['packs'][number];
type Line = Batch['lines'][number];
type Stop = Batch['stops'][number];

const c = t.columns;
const money = <Row extends { readonly amount: string }>(): Column<Row> => ({
  key: 'amount',
  title: c.amount,
  width: 130,
  align: 'end',
  cell: (row) => <Amount yuan={row.amount} />,
});

const stopColumns: Column<Stop>[] = [
  { key: 'pack', title: c.packNo, width: 110, rowHeader: true, cell: (row) => row.packNo },
  { key: 'unit', title: c.unitNo, width: 150, cell: (row) => row.unitNo ?? c.whole },
  { key: 'state', title: c.state, width: 100, cell: (row) => row.state },
  { key: 'message', title: c.message, width: 160, cell: (row) => row.message },
  { key: 'reason', title: c.reason, width: 180, cell: (row) => row.reason },
  { key: 'by', title: c.askedBy, width: 110, cell: (row) => row.askedBy },
];

function packColumns(stop: (packId: string) => void, able: boolean): Column<Pack>[] {
  return [
    { key: 'pack', title: c.packNo, width: 110, rowHeader: true, cell: (row) => row.packNo },
    { key: 'bank', title: c.bank, width: 220, cell: (row) => row.bankName },
    { key: 'count', title: c.count, width: 70, align: 'end', cell: (row) => row.lines },
    money<Pack>(),
    { key: 'state', title: c.state, width: 110, cell: (row) => row.state },
    { key: 'message', title: c.message, width: 160, cell: (row) => row.message },
    {
      key: 'act',
      title: office.act,
      width: 80,
      cell: (row) =>
        able && row.stoppable ? (
          <Button kind="link" onClick={() => stop(row.id)}>
            {t.stop}
          </Button>
        ) : null,
    },
  ];
}

function lineColumns(stop: (row: Line) => void, able: boolean): Column<Line>[] {
  return [
    { key: 'unit', title: c.unitNo, width: 150, rowHeader: true, cell: (row) => row.unitNo },
    { key: 'name', title: c.unitName, width: 190, cell: (row) => row.unitName },
    money<Line>(),
    { key: 'state', title: c.state, width: 100, cell: (row) => row.state },
    { key: 'message', title: c.message, width: 240, cell: (row) => row.message },
    {
      key: 'act',
      title: office.act,
      width: 80,
      cell: (row) =>
        able && row.stoppable ? (
          <Button kind="link" onClick={() => stop(row)}>
            {t.stop}
          </Button>
        ) : null,
    },
    { key: 'account', title: c.account, width: 240, cell: (row) => row.account },
    { key: 'voucher', title: c.voucherNo, width: 190, cell: (row) => row.taxVoucherNo },
  ];
}

const askAgainMs = 5_000;

/** A batch with all that became of it, and what this officer may do now. */
export async function showBatch(
  id: string,
  userName: string,
  roles: readonly OfficeRole[],
): Promise<void> {
  const found = await api(getBatch, { params: { id } }).catch(refusalDialog);
  if (!found) return;
  const acts = roles.includes('reconcile') || roles.includes('review');
  await openDialog<void>((close) => (
    <BatchDialog first={found} own={found.madeBy === userName} able={acts} close={() => close()} />
  ));
  await invalidate(listBatches, proposeBatch);
}

interface BatchProps {
  readonly first: Batch;
  readonly own: boolean;
  readonly able: boolean;
  readonly close: () => void;
}

function BatchDialog({ first, own, able, close }: BatchProps) {
  // Receipts and results come while the dialog is open.
  const { data } = useApi(
    getBatch,
    { params: { id: first.id } },
    { refetchMs: askAgainMs, keepPrevious: true },
  );
  const batch = data ?? first;
  const end = (act: 'release' | 'cancel') =>
    void decide(batch, act).then((done) => done && close());
  const stop = (packId: string, attemptId: string | null) =>
    void askStop(packId, attemptId).then((done) => done && close());
  const packOf = (row: Line) => batch.packs.find((pack) => pack.packNo === row.packNo)?.id ?? '';
  const waiting = able && batch.state === '待复核';
  return (
    <Dialog
      title={t.title}
      size="wide"
      onClose={close}
      footer={
        <>
          {waiting ? <Button onClick={() => end('cancel')}>{t.cancel}</Button> : null}
          {waiting && !own ? (
            <Button kind="primary" onClick={() => end('release')}>
              {t.release}
            </Button>
          ) : null}
          <Button data-autofocus onClick={close}>
            {common.close}
          </Button>
        </>
      }
    >
      <Facts
        rows={[
          [c.state, batch.state],
          [c.count, String(batch.count)],
          [c.amount, formatAmount(batch.total)],
          [c.collected, formatAmount(batch.collected)],
          [t.returnTerm, t.terms[batch.returnTerm] ?? String(batch.returnTerm)],
          [c.madeBy, `${batch.madeBy} ${formatInstant(batch.madeAt)}`],
          [c.decidedBy, batch.decidedBy ?? ''],
        ]}
      />
      <h3>{t.packs}</h3>
      <DataTable
        name={t.packs}
        columns={packColumns((packId) => stop(packId, null), able)}
        rows={batch.packs}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.packNo}
        empty={t.noPacks}
        maxHeight={240}
      />
      <h3>{t.lines}</h3>
      <DataTable
        name={t.lines}
        columns={lineColumns((row) => stop(packOf(row), row.attemptId), able)}
        rows={batch.lines}
        rowKey={(row) => row.billId}
        rowLabel={(row) => row.unitNo}
        maxHeight={320}
      />
      <h3>{t.stops}</h3>
      <DataTable
        name={t.stops}
        columns={stopColumns}
        rows={batch.stops}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.packNo}
        empty={t.noStops}
        maxHeight={200}
      />
    </Dialog>
  );
}

async function decide({ id, version, count, total }: Batch, act: 'release' | 'cancel') {
  const releasing = act === 'release';
  const message = releasing ? t.releaseQuestion : t.cancelQuestion;
  const body = <p>{t.sum(count, formatAmount(total))}</p>;
  if (!(await confirmDialog({ message, body }))) return false;
  const operation = releasing ? 'releaseBatch' : 'cancelBatch';
  const reauthentication = await proveOfficer(operation, { id, version });
  if (reauthentication === undefined) return false;
  try {
    const call = { params: { id }, body: { version, reauthentication } };
    await send(releasing ? releaseBatch : cancelBatch, call);
    notify.status(releasing ? t.released : t.cancelled);
    return true;
  } catch (error) {
    await refusalDialog(error);
    return false;
  }
}

async function askStop(packId: string, attemptId: string | null): Promise<boolean> {
  const save = async ({ text }: FormValues) => {
    const body = { id: newId(), attemptId, reason: text['reason']?.trim() ?? '' };
    const reauthentication = await proveOrStay('stopPack', { ...body, packId });
    return send(stopPack, { params: { packId }, body: { ...body, reauthentication } });
  };
  const asked = await openDialog<{ id: string }>((close) => (
    <FormDialog
      title={t.stops}
      intro={t.stopHint}
      fields={[{ kind: 'text', name: 'reason', label: t.stopReason, maxLength: 30 }]}
      send={save}
      close={close}
    />
  ));
  if (!asked) return false;
  notify.status(t.stopped);
  return true;
}

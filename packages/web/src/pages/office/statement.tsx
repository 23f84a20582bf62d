import {
  type AnswerOf,
  downloadReconciliation,
  getReconciliation,
  listReconciliationDays,
  listReconciliationLines,
  type OfficeRole,
  signReconciliation,
} from '@shebao/contract';
import { common } from '../../messages/common.ts';
import { reconciliation } from '../../messages/reconciliation.ts';
import {
  Alert,
  Amount,
  api,
  Button,
  type Column,
  confirmDialog,
  DataTable,
  Dialog,
  Facts,
  fileUrl,
  formatAmount,
  formatInstant,
  invalidate,
  notify,
  openDialog,
  refusalDialog,
  send,
} from '../../shared/index.ts';
import { previewFile } from '../certificate/preview.tsx';
import { startDownload } from '../files.ts';
import { proveOfficer } from './prove.ts';

type Statement = AnswerOf<typeof getReconciliation>;
type ClassRow = Statement['figures']['classes'][number];
type Pack = Statement['packsReceived'][number];
type Difference = Statement['control']['differences'][number];
type Line = AnswerOf<typeof listReconciliationLines>['lines'][number];

const t = reconciliation.statement;
function money<Row>(title: string, key: string, pick: (row: Row) => string | null): Column<Row> {
  return {
    key,
    title,
    width: 140,
    align: 'end',
    cell: (row) => <Amount yuan={pick(row)} />,
  };
}

const lineColumns: Column<Line>[] = [
  { key: 'no', title: t.voucherNo, width: 190, rowHeader: true, cell: (row) => row.taxVoucherNo },
  { key: 'class', title: t.name, width: 190, cell: (row) => row.className },
  { key: 'unit', title: t.unitNo, width: 130, cell: (row) => row.unitNo },
  { key: 'date', title: t.entrustDate, width: 115, cell: (row) => row.entrustDate },
  { key: 'tra', title: t.traNo, width: 110, cell: (row) => row.traNo },
  money(t.listed, 'listed', (row: Line) => row.listedAmount),
  money(t.own, 'own', (row: Line) => row.ownAmount),
  { key: 'state', title: t.state, width: 120, cell: (row) => row.ownState },
];

async function showLines(day: Statement, reconClass: number): Promise<void> {
  const params = { taxOrg: day.taxOrg, date: day.date };
  const query = { reconClass, limit: 5000 };
  const found = await api(listReconciliationLines, { params, query }).catch(refusalDialog);
  if (!found) return;
  await openDialog<void>((close) => (
    <Dialog
      title={t.linesTitle}
      size="wide"
      onClose={() => close()}
      footer={
        <Button kind="primary" data-autofocus onClick={() => close()}>
          {common.close}
        </Button>
      }
    >
      <DataTable
        name={t.linesTitle}
        columns={lineColumns}
        rows={found.lines}
        rowKey={(row) => String(row.lineNo)}
        rowLabel={(row) => row.taxVoucherNo}
        empty={t.noLines}
        maxHeight={520}
      />
    </Dialog>
  ));
}

const packColumns: Column<Pack>[] = [
  { key: 'pack', title: t.pack, width: 80, rowHeader: true, cell: (row) => row.packNo },
  { key: 'list', title: t.list, width: 190, cell: (row) => t.listNames[row.list] },
  { key: 'lines', title: t.packLines, width: 90, align: 'end', cell: (row) => row.lines },
  money(t.packAmount, 'amount', (row: Pack) => row.amount),
  { key: 'at', title: t.packAt, width: 150, cell: (row) => formatInstant(row.at) },
];

const differenceColumns: Column<Difference>[] = [
  { key: 'no', title: t.voucherNo, width: 190, rowHeader: true, cell: (row) => row.taxVoucherNo },
  { key: 'what', title: t.what, width: 240, cell: (row) => row.what },
  money(t.orders, 'orders', (row: Difference) => row.ordersAmount),
  money(t.other, 'other', (row: Difference) => row.otherAmount),
];

function classColumns(day: Statement): Column<ClassRow>[] {
  return [
    { key: 'class', title: t.reconClass, width: 70, rowHeader: true, cell: (r) => r.reconClass },
    { key: 'name', title: t.name, width: 200, cell: (row) => row.name },
    { key: 'count', title: t.count, width: 80, align: 'end', cell: (row) => row.count },
    money(t.listed, 'listed', (row: ClassRow) => row.listedAmount),
    money(t.own, 'own', (row: ClassRow) => row.ownAmount),
    {
      key: 'act',
      title: '',
      width: 110,
      cell: (row) =>
        row.count > 0 ? (
          <Button kind="link" onClick={() => void showLines(day, row.reconClass)}>
            {t.lines}
          </Button>
        ) : null,
    },
  ];
}

function Control({ day }: { readonly day: Statement }) {
  const { control } = day;
  const differs = control.differences.length > 0;
  return (
    <>
      <h3>{t.control}</h3>
      {day.listState === '已核对' ? (
        <Alert
          kind={differs ? 'warning' : 'success'}
          text={differs ? t.differ(control.differences.length) : t.agree}
        />
      ) : null}
      <Facts
        rows={[
          [t.ordersPaid, formatAmount(control.ordersPaid)],
          [t.listedSum, formatAmount(control.listed)],
          [t.entered, formatAmount(control.entered)],
          [t.inTransit, formatAmount(control.inTransit)],
          [t.counterPaid, formatAmount(control.counterPaid)],
        ]}
      />
      {differs ? (
        <DataTable
          name={t.differences}
          columns={differenceColumns}
          rows={control.differences}
          rowKey={(row) => `${row.taxVoucherNo}${row.what}`}
          rowLabel={(row) => row.taxVoucherNo}
          maxHeight={240}
        />
      ) : null}
    </>
  );
}

interface StatementProps {
  readonly day: Statement;
  readonly maySign: boolean;
  /** true: it was signed, show it again. */
  readonly close: (again?: boolean) => void;
}

async function sign(day: Statement): Promise<boolean> {
  const params = { taxOrg: day.taxOrg, date: day.date };
  const body = (
    <>
      <p>
        {day.taxOrgName} {day.date}
      </p>
      <p className="field-hint">{t.signHint}</p>
    </>
  );
  if (!(await confirmDialog({ message: t.signQuestion, body }))) return false;
  const { figuresHash } = day;
  const token = await proveOfficer('signStatement', { ...params, figuresHash });
  if (token === undefined) return false;
  try {
    await send(signReconciliation, { params, body: { figuresHash, reauthentication: token } });
    notify.status(t.signed);
  } catch (error) {
    await refusalDialog(error);
  }
  await invalidate(listReconciliationDays);
  return true;
}

function StatementDialog({ day, maySign, close }: StatementProps) {
  const params = { taxOrg: day.taxOrg, date: day.date };
  const url = (format: 'xlsx' | 'csv' | 'pdf') =>
    fileUrl(downloadReconciliation, { params, query: { format } });
  const fileName = `${t.title}-${day.taxOrg}-${day.date}.pdf`;
  return (
    <Dialog
      title={t.title}
      size="wide"
      onClose={() => close()}
      footer={
        <>
          <Button icon="download" onClick={() => startDownload(url('xlsx'))}>
            {t.excel}
          </Button>
          <Button icon="download" onClick={() => startDownload(url('csv'))}>
            {t.csv}
          </Button>
          <Button icon="printer" onClick={() => void previewFile({ url: url('pdf'), fileName })}>
            {t.pdf}
          </Button>
          <Button onClick={() => close()}>{common.close}</Button>
          {maySign ? (
            <Button
              kind="primary"
              data-autofocus
              onClick={() => void sign(day).then((again) => again && close(true))}
            >
              {t.sign}
            </Button>
          ) : null}
        </>
      }
    >
      <p>
        {day.taxOrgName} {day.date} {day.listState}
        {day.signedBy === null
          ? ''
          : `　${t.signedBy(day.signedBy, formatInstant(day.signedAt ?? ''))}`}
      </p>
      <h3>{t.classes}</h3>
      <DataTable
        name={t.classes}
        columns={classColumns(day)}
        rows={day.figures.classes}
        rowKey={(row) => String(row.reconClass)}
        rowLabel={(row) => row.name}
        sums={{
          count: day.figures.classes.reduce((sum, row) => sum + row.count, 0),
          listed: <Amount yuan={day.figures.listedAmount} />,
          own: <Amount yuan={day.figures.ownAmount} />,
        }}
        maxHeight={480}
      />
      <Control day={day} />
      <h3>{t.packs}</h3>
      <DataTable
        name={t.packs}
        columns={packColumns}
        rows={day.packsReceived}
        rowKey={(row) => `${row.list}${row.packNo}`}
        rowLabel={(row) => String(row.packNo)}
        empty={t.noPacks}
        maxHeight={220}
      />
    </Dialog>
  );
}

/** 对账单 of an authority and a day: figures, control, packs, files, signature. */
export async function showStatement(
  { taxOrg, date }: Pick<Statement, 'taxOrg' | 'date'>,
  roles: readonly OfficeRole[],
): Promise<void> {
  const able = roles.includes('reconcile') || roles.includes('review');
  for (let again: boolean | undefined = true; again; ) {
    const day = await api(getReconciliation, { params: { taxOrg, date } }).catch(refusalDialog);
    if (!day) return;
    again = await openDialog<boolean>((close) => (
      <StatementDialog day={day} maySign={able && day.signable} close={close} />
    ));
  }
}

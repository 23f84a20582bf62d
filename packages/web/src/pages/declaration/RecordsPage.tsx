import { type AnswerOf, listDeclarations, voidDeclaration } from '@shebao/contract';
import { useCallback, useMemo } from 'react';
import { declaration as t } from '../../messages/declaration.ts';
import {
  type ActionCall,
  Amount,
  Button,
  type Column,
  confirmDialog,
  DataTable,
  formatAmount,
  formatInstant,
  messageDialog,
  Page,
  refusalDialog,
  StatusTag,
  useAction,
  useApi,
  waitForFeedback,
} from '../../shared/index.ts';
import { ReceiptButton, showDeclaration } from './declaration-dialog.tsx';
import { monthSpan } from './dues.ts';
import { refresh } from './submit.tsx';

type DeclarationRow = AnswerOf<typeof listDeclarations>['declarations'][number];
type Void = (call: ActionCall<typeof voidDeclaration>) => Promise<AnswerOf<typeof voidDeclaration>>;

async function voidRow(row: DeclarationRow, run: Void): Promise<void> {
  const facts = `${row.unitNo}，${monthSpan([row.periodFrom, row.periodTo])}，${formatAmount(row.amountDue)} 元`;
  const body = (
    <>
      <p>{facts}</p>
      <p className="field-hint">{t.voidHint}</p>
    </>
  );
  if (!(await confirmDialog({ message: t.voidQuestion, body }))) return;
  try {
    const { taskId } = await run({ params: { unitNo: row.unitNo, id: row.id }, body: {} });
    const task = await waitForFeedback({ taskId });
    await refresh();
    if (task?.state === 'failed') {
      await messageDialog({ message: t.voidFailed, role: 'alertdialog', body: task.failure });
    } else if (task) {
      const receipt = <ReceiptButton unitNo={row.unitNo} id={row.id} act="void" />;
      const body = (
        <>
          <p>{t.voidedNext}</p>
          {receipt}
        </>
      );
      await messageDialog({ message: t.voided, body });
    }
  } catch (error) {
    await refresh();
    await refusalDialog(error);
  }
}

/** Every declaration of every unit, newest first. */
export default function RecordsPage() {
  const query = useApi(listDeclarations, { query: {} });
  const { run, running } = useAction(voidDeclaration);
  const act = useCallback((row: DeclarationRow) => void voidRow(row, run), [run]);
  const columns = useMemo(() => recordColumns(act, running), [act, running]);
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
        rows={query.data?.declarations ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.unitNo}
        busy={query.isLoading}
      />
    </Page>
  );
}

function recordColumns(
  act: (row: DeclarationRow) => void,
  running: boolean,
): Column<DeclarationRow>[] {
  const c = t.columns;
  return [
    { key: 'at', title: c.declaredAt, width: 150, cell: (row) => formatInstant(row.declaredAt) },
    { key: 'unitNo', title: c.unitNo, width: 130, rowHeader: true, cell: (row) => row.unitNo },
    {
      key: 'period',
      title: c.period,
      width: 170,
      cell: (row) => monthSpan([row.periodFrom, row.periodTo]),
    },
    { key: 'people', title: c.people, width: 90, align: 'end', cell: (row) => row.people },
    {
      key: 'amount',
      title: c.amount,
      width: 130,
      align: 'end',
      cell: (row) => <Amount yuan={row.amountDue} />,
    },
    {
      key: 'status',
      title: c.status,
      width: 150,
      cell: (row) => <StatusTag status={row.status} />,
    },
    {
      key: 'payment',
      title: c.payment,
      width: 150,
      cell: (row) => <StatusTag status={row.paymentStatus} />,
    },
    {
      key: 'act',
      title: c.act,
      width: 140,
      cell: (row) => (
        <span className="row-actions">
          <Button kind="link" onClick={() => void showDeclaration(row.unitNo, row.id)}>
            {t.view}
          </Button>
          {row.voidable ? (
            <Button kind="link" disabled={running} onClick={() => act(row)}>
              {t.void}
            </Button>
          ) : null}
        </span>
      ),
    },
  ];
}

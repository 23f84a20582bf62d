import {
  type AnswerOf,
  importTransfers,
  listTransfers,
  registerTransfer,
  transferTemplate,
} from '@shebao/contract';
import { type FormEvent, useMemo, useRef, useState } from 'react';
import { common } from '../../messages/common.ts';
import { office } from '../../messages/office.ts';
import { transferWords as t } from '../../messages/transfer.ts';
import {
  Alert,
  Amount,
  Button,
  type Column,
  DataTable,
  Dialog,
  fileUrl,
  invalidate,
  notify,
  openDialog,
  Page,
  Refusal,
  SelectField,
  send,
  Tag,
  useAction,
  useAllPages,
  useSession,
} from '../../shared/index.ts';
import { FormDialog, type FormField, type FormValues } from './form-dialog.tsx';
import { showTransfer, transferTones } from './transfer-dialog.tsx';
import './office.css';

type Transfer = AnswerOf<typeof listTransfers>['transfers'][number];
type State = Transfer['state'];
type Imported = AnswerOf<typeof importTransfers>;
type Verdict = Imported['rows'][number];

const states = Object.keys(transferTones) as State[];

function columnsFor(show: (row: Transfer) => void): Column<Transfer>[] {
  return [
    { key: 'date', title: t.valueDate, width: 110, cell: (row) => row.valueDate },
    {
      key: 'serial',
      title: t.bankSerial,
      width: 160,
      rowHeader: true,
      cell: (row) => row.bankSerial,
    },
    { key: 'payer', title: t.payerName, width: 200, cell: (row) => row.payerName },
    {
      key: 'amount',
      title: t.amount,
      width: 130,
      align: 'end',
      cell: (row) => <Amount yuan={row.amount} />,
    },
    {
      key: 'state',
      title: t.state,
      width: 170,
      cell: (row) => (
        <span className="row-actions">
          <Tag tone={transferTones[row.state]}>{row.state}</Tag>
          {row.overdue ? <Tag tone="bad">{t.overdue}</Tag> : null}
        </span>
      ),
    },
    {
      key: 'act',
      title: office.act,
      width: 80,
      cell: (row) => (
        <Button kind="link" onClick={() => show(row)}>
          {office.view}
        </Button>
      ),
    },
    { key: 'unit', title: t.unitNo, width: 140, cell: (row) => row.unitNo },
    { key: 'reason', title: t.reason, width: 260, cell: (row) => row.reason },
    { key: 'remark', title: t.remark, width: 240, cell: (row) => row.remark },
  ];
}

const fields: FormField[] = [
  { kind: 'text', name: 'valueDate', label: t.valueDate, hint: '2021-03-10', maxLength: 10 },
  { kind: 'text', name: 'bankSerial', label: t.bankSerial, maxLength: 40 },
  { kind: 'text', name: 'payerName', label: t.payerName, maxLength: 100 },
  { kind: 'text', name: 'payerAccount', label: t.payerAccount, maxLength: 40 },
  { kind: 'text', name: 'payerBank', label: t.payerBank, maxLength: 60 },
  { kind: 'text', name: 'amount', label: t.amount, maxLength: 20 },
  { kind: 'text', name: 'remark', label: t.remark, maxLength: 200 },
];

async function register(): Promise<void> {
  const save = ({ text }: FormValues) => {
    const value = (name: string) => text[name]?.trim() ?? '';
    return send(registerTransfer, {
      body: {
        valueDate: value('valueDate'),
        bankSerial: value('bankSerial'),
        payerName: value('payerName'),
        payerAccount: value('payerAccount').replaceAll(' ', ''),
        payerBank: value('payerBank'),
        amount: value('amount').replaceAll(',', ''),
        remark: value('remark'),
      },
    });
  };
  const saved = await openDialog<AnswerOf<typeof registerTransfer>>((close) => (
    <FormDialog title={t.register} fields={fields} send={save} close={close} />
  ));
  if (!saved) return;
  notify.status(`${t.registered}：${saved.state} ${saved.reason}`);
  await invalidate(listTransfers);
}

/** 窗口缴费: what came to the 待报解户, from registration to the treasury or back to its payer. */
export default function TransfersPage() {
  const [state, setState] = useState('all');
  const { userName, roles } = useSession();
  const acts = roles.includes('counter') || roles.includes('review');
  const list = useAllPages(listTransfers, state, {
    call: (offset, limit) => ({
      query: { offset, limit, ...(state === 'all' ? {} : { state: state as State }) },
    }),
    rowsOf: (answer) => answer.transfers,
    totalOf: (answer) => answer.total,
  });
  const columns = useMemo(
    () => columnsFor((row) => void showTransfer(row.id, userName, acts)),
    [userName, acts],
  );
  return (
    <Page
      title={t.title}
      intro={t.intro}
      busy={list.busy}
      error={list.error}
      actions={
        acts ? (
          <Button kind="primary" icon="plus" onClick={() => void register()}>
            {t.register}
          </Button>
        ) : null
      }
    >
      {acts ? <Upload /> : null}
      <div className="filter-form">
        <SelectField
          label={t.state}
          value={state}
          options={[
            { value: 'all', label: t.all },
            ...states.map((one) => ({ value: one, label: one })),
          ]}
          onChange={setState}
        />
      </div>
      <DataTable
        name={t.title}
        columns={columns}
        rows={list.rows}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.bankSerial}
        busy={list.busy}
        empty={t.empty}
      />
    </Page>
  );
}

function Upload() {
  const file = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const { run, running } = useAction(importTransfers);
  const upload = async () => {
    const chosen = file.current?.files?.[0];
    setFailure(null);
    if (!chosen) {
      notify.refusal(t.fileMissing);
      return;
    }
    try {
      showVerdicts(await run({ file: chosen }));
    } catch (error) {
      setFailure(error);
    }
    await invalidate(listTransfers);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void upload();
  };
  return (
    <>
      <form className="filter-form" onSubmit={submit}>
        <div className="field">
          <label htmlFor="transfer-file">{t.file}</label>
          <div className="field-hint" id="transfer-hint">
            {t.fileHint}
          </div>
          <input
            id="transfer-file"
            type="file"
            accept=".xlsx,.csv"
            aria-describedby="transfer-hint"
            ref={file}
          />
        </div>
        <Button icon="upload" type="submit" busy={running}>
          {t.import}
        </Button>
        <a className="button" href={fileUrl(transferTemplate)} download>
          {t.template}
        </a>
      </form>
      {failure ? <Refusal error={failure} /> : null}
    </>
  );
}

const verdictTones = { 接受: 'good', 无变化: 'calm', 拒绝: 'bad' } as const;
const verdictColumns: Column<Verdict>[] = [
  { key: 'row', title: t.row, width: 80, align: 'end', rowHeader: true, cell: (row) => row.row },
  {
    key: 'verdict',
    title: t.verdict,
    width: 110,
    cell: (row) => <Tag tone={verdictTones[row.verdict]}>{row.verdict}</Tag>,
  },
  { key: 'column', title: t.column, width: 130, cell: (row) => row.column },
  { key: 'detail', title: t.reason, width: 380, cell: (row) => row.detail },
];

function showVerdicts({ accepted, matched, unchanged, rejected, rows }: Imported): void {
  void openDialog<void>((close) => (
    <Dialog
      title={t.verdicts}
      size="wide"
      onClose={() => close()}
      footer={
        <Button kind="primary" data-autofocus onClick={() => close()}>
          {common.close}
        </Button>
      }
    >
      <Alert
        kind={rejected > 0 ? 'warning' : 'success'}
        text={t.imported(accepted, matched, unchanged, rejected)}
      />
      <DataTable
        name={t.verdicts}
        columns={verdictColumns}
        rows={rows}
        rowKey={(row) => String(row.row)}
        rowLabel={(row) => String(row.row)}
        maxHeight={420}
      />
    </Dialog>
  ));
}

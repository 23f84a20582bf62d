import { type AnswerOf, deliveryTemplate, importDelivery, listDeliveries } from '@shebao/contract';
import { type FormEvent, useRef, useState } from 'react';
import { office, delivered as t } from '../../messages/office.ts';
import {
  Alert,
  Button,
  type Column,
  DataTable,
  fileUrl,
  formatInstant,
  invalidate,
  notify,
  Page,
  Refusal,
  useAction,
  useApi,
  useSession,
} from '../../shared/index.ts';
import { showVerdicts } from './verdicts.tsx';
import './office.css';

type Delivery = AnswerOf<typeof listDeliveries>['deliveries'][number];
type Imported = AnswerOf<typeof importDelivery>;
type Problem = Imported['problems'][number];

const count = (key: string, title: string, of: (row: Delivery) => number): Column<Delivery> => ({
  key,
  title,
  width: 90,
  align: 'end',
  cell: of,
});

const columns: Column<Delivery>[] = [
  { key: 'file', title: t.fileName, width: 320, rowHeader: true, cell: (row) => row.fileName },
  { key: 'at', title: t.receivedAt, width: 150, cell: (row) => formatInstant(row.receivedAt) },
  count('rows', t.rows, (row) => row.rows),
  count('accepted', t.accepted, (row) => row.accepted),
  count('unchanged', t.unchanged, (row) => row.unchanged),
  count('rejected', t.rejected, (row) => row.rejected),
  {
    key: 'act',
    title: office.act,
    width: 90,
    cell: (row) => (
      <Button kind="link" onClick={() => showVerdicts(row)}>
        {office.view}
      </Button>
    ),
  },
];

const problemColumns: Column<Problem>[] = [
  {
    key: 'row',
    title: t.row,
    width: 80,
    align: 'end',
    rowHeader: true,
    cell: (problem) => problem.row,
  },
  { key: 'column', title: t.column, width: 160, cell: (problem) => problem.column },
  { key: 'detail', title: t.detail, cell: (problem) => problem.detail },
];

/** What 人社 and 医保 deliver: a workbook in, a verdict per row out. */
export default function DeliveriesPage() {
  const query = useApi(listDeliveries);
  const { roles } = useSession();
  const mayImport = roles.includes('register') || roles.includes('review');
  return (
    <Page
      title={office.deliveries}
      intro={office.intros['deliveries']}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
    >
      {mayImport ? <Upload /> : null}
      <DataTable
        name={office.deliveries}
        columns={columns}
        rows={query.data?.deliveries ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.fileName}
        busy={query.isLoading}
      />
    </Page>
  );
}

function Upload() {
  const file = useRef<HTMLInputElement>(null);
  const [imported, setImported] = useState<Imported | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const { run, running } = useAction(importDelivery);
  const upload = async () => {
    const chosen = file.current?.files?.[0];
    setImported(null);
    setFailure(null);
    if (!chosen) {
      notify.refusal(t.fileMissing);
      return;
    }
    try {
      setImported(await run({ file: chosen }));
    } catch (error) {
      setFailure(error);
    }
    await invalidate(listDeliveries);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void upload();
  };
  return (
    <>
      <form className="filter-form" onSubmit={submit}>
        <div className="field">
          <label htmlFor="delivery-file">{t.file}</label>
          <div className="field-hint" id="delivery-hint">
            {t.fileHint}
          </div>
          <input
            id="delivery-file"
            type="file"
            accept=".xlsx,.csv"
            aria-describedby="delivery-hint"
            ref={file}
          />
        </div>
        <Button kind="primary" icon="upload" type="submit" busy={running}>
          {t.upload}
        </Button>
        <a className="button" href={fileUrl(deliveryTemplate)} download>
          {t.template}
        </a>
      </form>
      {failure ? <Refusal error={failure} /> : null}
      {imported ? <Outcome imported={imported} /> : null}
    </>
  );
}

function Outcome({ imported }: { readonly imported: Imported }) {
  const { accepted, unchanged, rejected, problems } = imported;
  return (
    <>
      <Alert
        kind={rejected > 0 ? 'warning' : 'success'}
        text={t.done(accepted, unchanged, rejected)}
      />
      {problems.length > 0 ? (
        <DataTable
          name={t.problems}
          columns={problemColumns}
          rows={problems}
          rowKey={(problem) => `${problem.row}/${problem.column}/${problem.code}`}
          rowLabel={(problem) => String(problem.row)}
          maxHeight={320}
        />
      ) : null}
    </>
  );
}

import { type AnswerOf, downloadDeclaration, getDeclaration } from '@shebao/contract';
import { useMemo } from 'react';
import { common } from '../../messages/common.ts';
import { declaration as t } from '../../messages/declaration.ts';
import {
  Amount,
  api,
  Button,
  DataTable,
  Dialog,
  Facts,
  fileUrl,
  formatInstant,
  openDialog,
  refusalDialog,
  StatusTag,
  sumYuan,
} from '../../shared/index.ts';
import { startDownload } from '../files.ts';
import { itemColumns } from './items-table.tsx';

interface DetailsProps {
  readonly data: AnswerOf<typeof getDeclaration>;
  readonly close: () => void;
}

function DeclarationDialog({ data, close }: DetailsProps) {
  const { unitNo, id } = data;
  const columns = useMemo(() => itemColumns(id), [id]);
  const download = (format: 'xlsx' | 'csv', layout: 'long' | 'wide') =>
    startDownload(
      fileUrl(downloadDeclaration, { params: { unitNo, id }, query: { format, layout } }),
    );
  return (
    <Dialog
      title={t.details}
      size="wide"
      onClose={close}
      footer={
        <>
          <Button icon="download" onClick={() => download('xlsx', 'long')}>
            {t.excel}
          </Button>
          <Button icon="download" onClick={() => download('csv', 'long')}>
            {t.csv}
          </Button>
          <Button icon="download" onClick={() => download('xlsx', 'wide')}>
            {t.wideExcel}
          </Button>
          <Button icon="download" onClick={() => download('csv', 'wide')}>
            {t.wideCsv}
          </Button>
          <Button kind="primary" data-autofocus onClick={close}>
            {common.close}
          </Button>
        </>
      }
    >
      <Facts
        rows={[
          [t.number, data.declarationNo],
          [t.columns.declaredAt, formatInstant(data.declaredAt)],
          [t.columns.status, <StatusTag key="s" status={data.status} />],
          [t.columns.payment, <StatusTag key="p" status={data.paymentStatus} />],
          ...(data.failure ? [[t.failure, data.failure] as const] : []),
        ]}
      />
      <DataTable
        name={t.details}
        columns={columns}
        rows={data.items}
        rowKey={(item) => item.key}
        rowLabel={(item) => item.unitNo}
        maxHeight={440}
        sums={{
          amount: <Amount yuan={sumYuan(data.items.map((item) => item.amountDue))} />,
          lateFee: <Amount yuan={sumYuan(data.items.map((item) => item.lateFee))} />,
        }}
      />
    </Dialog>
  );
}

/** 「查看」 of 申报记录: the lines, the people behind each, and the whole declaration as a file. */
export async function showDeclaration(unitNo: string, id: string): Promise<void> {
  const data = await api(getDeclaration, { params: { unitNo, id } }).catch(refusalDialog);
  if (!data) return;
  await openDialog<void>((close) => <DeclarationDialog data={data} close={() => close()} />);
}

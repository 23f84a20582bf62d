import {
  type AnswerOf,
  downloadDeclaration,
  getDeclaration,
  printDeclarationReceipt,
} from '@shebao/contract';
import { useMemo } from 'react';
import { common } from '../../messages/common.ts';
import { declaration as t } from '../../messages/declaration.ts';
import { way } from '../../messages/way.ts';
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
import { previewFile } from '../certificate/preview.tsx';
import { startDownload } from '../files.ts';
import { CreditSummary } from '../payment/way-dialog.tsx';
import { itemColumns } from './items-table.tsx';

interface DetailsProps {
  readonly data: AnswerOf<typeof getDeclaration>;
  readonly close: () => void;
}

const accepted = new Set(['全部申报成功', '作废中', '已作废']);

interface ReceiptProps {
  readonly unitNo: string;
  readonly id: string;
  readonly act: 'submission' | 'void';
}

/** The signed receipt of a submission or a void, in the preview. */
export function ReceiptButton({ unitNo, id, act }: ReceiptProps) {
  const url = fileUrl(printDeclarationReceipt, { params: { unitNo, id }, query: { act } });
  const fileName = `${way.files[act]}-${unitNo}.pdf`;
  return (
    <Button icon="printer" onClick={() => void previewFile({ url, fileName })}>
      {act === 'void' ? way.voidReceipt : way.submissionReceipt}
    </Button>
  );
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
          {accepted.has(data.status) ? (
            <ReceiptButton unitNo={unitNo} id={id} act="submission" />
          ) : null}
          {data.status === '已作废' ? <ReceiptButton unitNo={unitNo} id={id} act="void" /> : null}
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
          ...(data.paymentStatus === '已缴款未入库' || data.paymentStatus === '已入库'
            ? [[way.credited, <CreditSummary key="c" unitNo={unitNo} id={id} />] as const]
            : []),
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

import { type AnswerOf, deliveryVerdicts, type listDeliveries } from '@shebao/contract';
import { common } from '../../messages/common.ts';
import { office, registration, delivered as t } from '../../messages/office.ts';
import {
  Button,
  type Column,
  DataTable,
  Dialog,
  openDialog,
  Refusal,
  Tag,
  useAllPages,
} from '../../shared/index.ts';

type Delivery = AnswerOf<typeof listDeliveries>['deliveries'][number];
type Verdict = AnswerOf<typeof deliveryVerdicts>['verdicts'][number];

const tones = { 接受: 'good', 无变化: 'calm', 拒绝: 'bad' } as const;
const columns: Column<Verdict>[] = [
  { key: 'row', title: t.row, width: 80, align: 'end', cell: (row) => row.row },
  { key: 'name', title: office.displayName, width: 120, rowHeader: true, cell: (row) => row.name },
  { key: 'unitNo', title: registration.unitNo, width: 140, cell: (row) => row.unitNo },
  {
    key: 'verdict',
    title: t.verdict,
    width: 110,
    cell: (row) => <Tag tone={tones[row.verdict]}>{row.verdict}</Tag>,
  },
  { key: 'column', title: t.column, width: 160, cell: (row) => row.column },
  { key: 'detail', title: t.detail, width: 360, cell: (row) => row.detail },
];

function Verdicts({
  delivery,
  close,
}: {
  readonly delivery: Delivery;
  readonly close: () => void;
}) {
  const list = useAllPages(deliveryVerdicts, delivery.id, {
    call: (offset, limit) => ({ params: { id: delivery.id }, query: { offset, limit } }),
    rowsOf: (answer) => answer.verdicts,
    totalOf: (answer) => answer.total,
  });
  return (
    <Dialog
      title={t.verdicts}
      size="wide"
      onClose={close}
      footer={
        <Button kind="primary" data-autofocus onClick={close}>
          {common.close}
        </Button>
      }
    >
      <p>{delivery.fileName}</p>
      {list.error ? <Refusal error={list.error} /> : null}
      <DataTable
        name={t.verdicts}
        columns={columns}
        rows={list.rows}
        rowKey={(row) => String(row.row)}
        rowLabel={(row) => row.name}
        busy={list.busy}
        maxHeight={480}
      />
    </Dialog>
  );
}

/** 逐行结论 of a delivery. */
export function showVerdicts(delivery: Delivery): void {
  void openDialog<void>((close) => <Verdicts delivery={delivery} close={() => close()} />);
}

import { type PaymentResult, printReceipt } from '@shebao/contract';
import { common } from '../../messages/common.ts';
import { payment as t } from '../../messages/payment.ts';
import { Button, Dialog, fileUrl, formatAmount, openDialog, Tag } from '../../shared/index.ts';
import { previewFile } from '../certificate/preview.tsx';
import { outcomeTitle } from './orders.ts';

const tones = { 缴费成功: 'good', 缴费失败: 'bad', 待核实: 'warn', 扣款中: 'wait' } as const;

/** The end of a payment: a result per order, with what the bank said and what to do next. */
export async function showOutcome(result: PaymentResult, title = outcomeTitle(result)) {
  await openDialog<void>((close) => (
    <Dialog
      title={title}
      role={title === t.outcome.success || title === t.detail ? 'dialog' : 'alertdialog'}
      onClose={() => close()}
      onSubmit={() => close()}
      footer={
        <Button kind="primary" type="submit" data-autofocus>
          {common.confirm}
        </Button>
      }
    >
      <ul className="outcome">
        {result.orders.map((order) => (
          <li key={order.billId}>
            <div className="outcome-head">
              <strong>{order.unitNo}</strong>
              <strong className="amount">{formatAmount(order.amount)}</strong>
              <Tag tone={tones[order.state]}>{order.state}</Tag>
            </div>
            {order.message && order.message !== order.state ? <p>{order.message}</p> : null}
            {order.nextStep ? <p>{order.nextStep}</p> : null}
            <p className="field-hint">
              {t.columns.voucherNo} {order.taxVoucherNo}
              {order.paidOn ? `　${t.columns.paidOn} ${order.paidOn}` : ''}
            </p>
            {order.receiptId ? (
              <ReceiptButton id={order.receiptId} voucherNo={order.taxVoucherNo} />
            ) : null}
          </li>
        ))}
      </ul>
      <p>
        {t.account}：{result.account}
      </p>
      {title === t.outcome.unclear ? <p>{t.unclearNext}</p> : null}
    </Dialog>
  ));
}

interface ReceiptProps {
  readonly id: string;
  readonly voucherNo: string;
}

function ReceiptButton({ id, voucherNo }: ReceiptProps) {
  const url = fileUrl(printReceipt, { params: { id } });
  const fileName = `${t.receiptFile}-${voucherNo}.pdf`;
  return (
    <Button icon="printer" onClick={() => void previewFile({ url, fileName })}>
      {t.receipt}
    </Button>
  );
}

import {
  type AnswerOf,
  type Bill,
  counterNotice,
  createBankVoucher,
  listBankVouchers,
  printBankVoucher,
  printCounterNotice,
} from '@shebao/contract';
import { common } from '../../messages/common.ts';
import { payment as t } from '../../messages/payment.ts';
import {
  api,
  Button,
  confirmDialog,
  Dialog,
  Facts,
  fileUrl,
  formatAmount,
  invalidate,
  openDialog,
  refusalDialog,
  send,
} from '../../shared/index.ts';
import { previewFile } from '../certificate/preview.tsx';
import { monthSpan } from '../declaration/dues.ts';
import { refreshPayments } from './pay.tsx';

type Notice = AnswerOf<typeof counterNotice>;

/** 请到办税服务厅缴费, one notice after the other for each 单位编号. */
export async function showCounterNotice(
  unitNos: readonly string[],
  bills: readonly Bill[],
): Promise<void> {
  for (const unitNo of new Set(unitNos)) {
    try {
      const notice = await api(counterNotice, { params: { unitNo } });
      const payable = bills.filter((bill) => bill.unitNo === unitNo && bill.payable);
      await openDialog<void>((close) => (
        <CounterDialog notice={notice} bills={payable} close={() => close()} />
      ));
    } catch (error) {
      await refusalDialog(error);
    }
  }
}

interface CounterProps {
  readonly notice: Notice;
  readonly bills: readonly Bill[];
  readonly close: () => void;
}

function CounterDialog({ notice, bills, close }: CounterProps) {
  const k = t.counter;
  const { unitNo } = notice;
  const url = fileUrl(printCounterNotice, { params: { unitNo } });
  const printNotice = () => void previewFile({ url, fileName: `${k.title}-${unitNo}.pdf` });
  const printVouchers = async () => {
    for (const bill of bills) await issueVoucher(bill);
  };
  return (
    <Dialog
      title={k.title}
      onClose={close}
      footer={
        <>
          <Button icon="printer" onClick={printNotice}>
            {k.printNotice}
          </Button>
          <Button icon="printer" disabled={bills.length === 0} onClick={() => void printVouchers()}>
            {k.printVoucher}
          </Button>
          <Button kind="primary" data-autofocus onClick={close}>
            {common.close}
          </Button>
        </>
      }
    >
      <p>{k.text}</p>
      <p id="counter-papers">{k.papers}</p>
      <ul aria-labelledby="counter-papers">
        {notice.papers.map((paper) => (
          <li key={paper}>{paper}</li>
        ))}
      </ul>
      <Facts
        rows={[
          [k.unitNo, unitNo],
          [k.unitName, notice.unitName],
          [k.total, formatAmount(notice.total)],
          [k.lastDay, notice.lastDay],
          [k.office, notice.office],
        ]}
      />
    </Dialog>
  );
}

/** Issues the voucher of one bill after a question (it locks the bill) and shows its PDF. */
async function issueVoucher(bill: Bill): Promise<void> {
  const facts = `${bill.unitNo}，${monthSpan([bill.periodFrom, bill.periodTo])}，${formatAmount(bill.total)} 元`;
  const body = (
    <>
      <p>{facts}</p>
      <p className="field-hint">{t.voucher.hint}</p>
    </>
  );
  if (!(await confirmDialog({ message: t.voucher.question, body }))) return;
  try {
    const { version, total } = bill;
    const voucher = await send(createBankVoucher, {
      body: (id: string) => ({ id, billId: bill.id, version, total }),
    });
    await refreshPayments();
    await invalidate(listBankVouchers);
    await showVoucher(voucher.id, voucher.voucherNo);
  } catch (error) {
    await refreshPayments();
    await refusalDialog(error);
  }
}

/** The voucher's PDF in 打印预览. */
export async function showVoucher(id: string, voucherNo: string): Promise<void> {
  const url = fileUrl(printBankVoucher, { params: { id } });
  await previewFile({ url, fileName: `${t.vouchers}-${voucherNo}.pdf` });
}

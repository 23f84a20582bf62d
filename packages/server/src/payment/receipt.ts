import { formatMonth, type Month } from '@shebao/kernel';
import { insuranceName } from '@shebao/levy';
import type { Kysely } from 'kysely';
import type { FormDocument } from '../document/index.ts';
import { readerIn } from '../treasury/index.ts';
import { amountTable, officeName } from './forms.ts';
import { paidFrom } from './outcome.ts';
import { billLines, bills, orders } from './tables.ts';

/** What a 缴费回执 says, and for whom. */
interface PaymentReceipt {
  readonly orderId: string;
  readonly declarationId: string;
  readonly unitNo: string;
  readonly taxpayerName: string;
  readonly taxOrg: string;
  readonly periods: string;
  readonly insurances: readonly string[];
  readonly totalFen: number;
  readonly form: Pick<
    FormDocument,
    'head' | 'columns' | 'rows' | 'sums' | 'totals' | 'notes' | 'issuer'
  >;
}

/** The receipt of an order of this taxpayer; undefined: there is no such order, null: it is not paid. */
export async function paymentReceipt(
  q: Kysely<unknown>,
  taxpayerId: string,
  orderId: string,
): Promise<PaymentReceipt | null | undefined> {
  const read = readerIn(q);
  const order = await read.of(orders).get({ id: orderId, taxpayerId });
  const bill = order && (await read.of(bills).get({ id: order.billId }));
  if (!order || !bill) return undefined;
  if (order.paidOn === null || (order.state !== 'PAID' && order.state !== 'TREASURED')) return null;
  const months = [bill.periodFrom, bill.periodTo].map((period) => formatMonth(period as Month));
  const periods = [...new Set(months)].join(' 至 ');
  const lines = await read.of(billLines).find({ unitId: bill.unitId, billId: bill.id });
  return {
    orderId,
    declarationId: bill.id,
    unitNo: bill.unitNo,
    taxpayerName: bill.taxpayerName,
    taxOrg: order.taxOrg,
    periods,
    insurances: [...new Set(lines.map((line) => insuranceName(line.insurance)))],
    totalFen: order.amountFen,
    form: {
      head: [
        ['税票号码', order.taxVouNo],
        ['扣款日期', order.paidOn],
        ['单位编号', bill.unitNo],
        ['单位名称', bill.unitName],
        ['费款所属期', periods],
        ['缴费方式', paidFrom(order)],
      ],
      ...(await amountTable({ read }, order)),
      notes: ['本回执证明费款已扣收；入库情况可在“缴费记录”查看，以国库为准。'],
      issuer: await officeName({ read }, order.taxOrg),
    },
  };
}

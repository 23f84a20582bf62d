import type { AnswerOf, Bill, listAgreements, PaymentResult } from '@shebao/contract';
import { payment as t } from '../../messages/payment.ts';
import { sumYuan } from '../../shared/index.ts';

export type Agreement = AnswerOf<typeof listAgreements>['agreements'][number];

/** What a payment sends, before it is authenticated. */
export interface PaymentBody {
  readonly id: string;
  readonly bills: { readonly id: string; readonly version: number; readonly total: string }[];
  readonly agreementId: string;
  readonly total: string;
}

/** The order for one agreement: the very rows and sums that are on screen. */
export function paymentBody(
  id: string,
  bills: readonly Bill[],
  agreement: Pick<Agreement, 'id'>,
): PaymentBody {
  return {
    id,
    bills: bills.map((bill) => ({ id: bill.id, version: bill.version, total: bill.total })),
    agreementId: agreement.id,
    total: sumYuan(bills.map((bill) => bill.total)),
  };
}

/** The dialog that ends a payment: the least certain outcome of its orders names it. */
export function outcomeTitle(result: PaymentResult): string {
  const states = result.orders.map((order) => order.state);
  if (
    result.state === 'processing' ||
    states.some((state) => state === '待核实' || state === '扣款中')
  ) {
    return t.outcome.unclear;
  }
  return states.every((state) => state === '缴费成功') ? t.outcome.success : t.outcome.failure;
}

/** Sums per 险种 over the chosen rows, in the order of the rows. */
export function sumsByInsurance(bills: readonly Bill[]): { name: string; amount: string }[] {
  const parts = bills.flatMap((bill) => bill.insurances);
  return [...Map.groupBy(parts, (part) => part.name)].map(([name, amounts]) => ({
    name,
    amount: sumYuan(amounts.map((part) => part.amount)),
  }));
}

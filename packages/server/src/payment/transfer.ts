import type { Machine } from './machine.ts';

/** 待报解户到账 */
export const transferStates = [
  '待认领',
  '待确认',
  '已销号',
  '划缴待复核',
  '已划缴国库',
  '退回待复核',
  '已退回',
] as const;
export type TransferState = (typeof transferStates)[number];

export const transferEvents = [
  /** It pays a bill to the fen: by its remark, or as an officer says. */
  'matched',
  /** Another officer agrees: the bill is paid. */
  'confirmed',
  /** It does not pay that bill after all. */
  'released',
  /** Passed on to the treasury, with the number of the paper. */
  'passed',
  'passConfirmed',
  'passRejected',
  /** To be sent back to its payer. */
  'returned',
  'returnConfirmed',
  'returnRejected',
] as const;
export type TransferEvent = (typeof transferEvents)[number];

export const transferMachine: Machine<TransferState, TransferEvent> = {
  states: transferStates,
  events: transferEvents,
  start: '待认领',
  final: ['已划缴国库', '已退回'],
  table: {
    待认领: { rest: 'refused', on: { matched: { to: '待确认' }, returned: { to: '退回待复核' } } },
    待确认: { rest: 'refused', on: { confirmed: { to: '已销号' }, released: { to: '待认领' } } },
    已销号: { rest: 'refused', on: { passed: { to: '划缴待复核' } } },
    划缴待复核: {
      rest: 'refused',
      on: { passConfirmed: { to: '已划缴国库' }, passRejected: { to: '已销号' } },
    },
    已划缴国库: { rest: 'refused', on: {} },
    退回待复核: {
      rest: 'refused',
      on: { returnConfirmed: { to: '已退回' }, returnRejected: { to: '待认领' } },
    },
    已退回: { rest: 'refused', on: {} },
  },
};

/** A bill that a transfer might pay, with all that it owes on the day the money came. */
export interface Payable {
  readonly billId: string;
  readonly unitNo: string;
  readonly taxpayerId: string;
  /** The 凭证序号 of its valid voucher; null: unpaid without one. */
  readonly voucherNo: string | null;
  readonly totalFen: number;
}

export type Match =
  | { readonly kind: 'matched'; readonly bill: Payable; readonly how: string }
  | { readonly kind: 'waiting'; readonly reason: string };

/**
 * What a remark names: the runs of letters and digits in it, long enough for 凭证序号, 纳税人识别号 or 单位编号. Full-width
 * forms and spaces within a number are the bank's doing.
 */
export function namesIn(remark: string): ReadonlySet<string> {
  const plain = remark.normalize('NFKC').toUpperCase();
  const joined = plain.replaceAll(/(?<=[0-9A-Z])[ \t-]+(?=[0-9A-Z])/g, '');
  return new Set([plain, joined].flatMap((text) => text.match(/[0-9A-Z]{8,}/g) ?? []));
}

/** The bill that a transfer pays by what its remark names, to the fen; else why an officer must look. */
export function matchTransfer(
  { remark, amountFen }: { readonly remark: string; readonly amountFen: number },
  payable: readonly Payable[],
): Match {
  const names = namesIn(remark);
  const byVoucher = payable.filter((bill) => bill.voucherNo !== null && names.has(bill.voucherNo));
  const named =
    byVoucher.length > 0
      ? byVoucher
      : payable.filter((bill) => names.has(bill.unitNo) || names.has(bill.taxpayerId));
  if (named.length === 0) return { kind: 'waiting', reason: '附言未写明凭证序号或单位' };
  const exact = named.filter((bill) => bill.totalFen === amountFen);
  const [bill, another] = exact;
  if (!bill) return { kind: 'waiting', reason: '金额与应缴费款不符' };
  if (another) return { kind: 'waiting', reason: '有多笔应缴费款金额相同' };
  return { kind: 'matched', bill, how: byVoucher.length > 0 ? '凭证序号' : '单位与金额' };
}

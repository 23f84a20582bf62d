import { fen, formatYuan, formatYuanGrouped } from '@shebao/kernel';
import type { Reader } from '../treasury/index.ts';
import { paidFrom, shownOutcome } from './outcome.ts';
import { mayPay, refunds } from './refund-tables.ts';
import { attempts, bills, type OrderRecord, orders, paymentEvents } from './tables.ts';

/** One station on the way of the money. */
interface Station {
  readonly name: '确认缴费' | '银行扣款' | '国库对账' | '国库入库' | '退费';
  readonly state: 'done' | 'now' | 'todo' | 'failed';
  /** A day or an instant; null: not yet. */
  readonly at: string | null;
  readonly text: string;
}

/** The way of an order's money: what is being collected, from where, since when, what the bank said, who must act. */
export async function wayOfMoney(read: Reader, taxpayerId: string, orderId: string) {
  const order = await read.of(orders).get({ id: orderId, taxpayerId });
  const bill = order && (await read.of(bills).get({ id: order.billId }));
  if (!order || !bill) return undefined;
  const tries = await read.of(attempts).find({ orderId }, { order: ['createdAt', 'id'] });
  const attempt = tries.at(-1);
  const shown = shownOutcome(order, attempt?.state ?? null);
  const { unitId, billId } = order;
  const subject = attempt?.id ?? order.id;
  const events = await read
    .of(paymentEvents)
    .find({ unitId, billId, subject }, { order: ['seq'], limit: 200 });
  // Money that came by transfer is on no list of the channel: the counter passes it on.
  const listedOn =
    order.way === 'transfer'
      ? order.treasuredOn
      : attempt?.reconClass === 1
        ? attempt.reconDate
        : null;
  return {
    orderId,
    declarationId: order.billId,
    unitNo: bill.unitNo,
    unitName: bill.unitName,
    taxVoucherNo: order.taxVouNo,
    amount: formatYuan(fen(order.amountFen)),
    from: paidFrom(order),
    since: attempt?.sentAt ?? order.createdAt,
    outcome: shown.state,
    message: shown.message,
    nextStep: shown.nextStep,
    whoActs: whoActs(order, shown.state),
    receiptId: order.paidOn === null ? null : order.id,
    stations: [
      ...stationsOf(order, listedOn, shown.message),
      ...(await refundStations(read, order.taxVouNo)),
    ],
    events: events.map(({ at, text }) => ({ at, text })),
  };
}

/** What goes back by an application, each payout a station; tries that came to nothing are left out. */
async function refundStations(read: Reader, oriTaxVouNo: string): Promise<Station[]> {
  const found = await read.of(refunds).find({ oriTaxVouNo }, { order: ['createdAt', 'id'] });
  return found
    .filter(({ applicationId, state }) => applicationId !== null && mayPay(state))
    .map(({ state, amountFen, changedAt }) => {
      const done = state === '已退';
      const amount = formatYuanGrouped(fen(amountFen));
      return {
        name: '退费',
        state: done ? 'done' : 'now',
        at: done ? changedAt : null,
        text: done ? `已退回 ${amount} 元` : `正在退回 ${amount} 元`,
      } as const;
    });
}

/** Who fixes it, by what went wrong. */
function whoActs(order: OrderRecord, outcome: string): string {
  if (outcome === '缴费失败') return whoFixes(order.resultCode ?? '');
  if (outcome === '待核实' || outcome === '扣款中') return '系统自动处理，无需操作';
  return order.state === 'TREASURED' ? '已办结，无需操作' : '等待国库入库，无需操作';
}

const byBank = new Set(['24001', '24005', '24007', '24008', '24009', '24011', '99090']);
const byOffice = new Set(['92010', '92014']);

function whoFixes(code: string): string {
  if (code === '24004') return '缴费单位：存入款项或改用其他账号';
  if (byBank.has(code)) return '缴费单位与开户银行';
  return byOffice.has(code) ? '征收机关' : '缴费单位：重新缴费';
}

function stationsOf(order: OrderRecord, listedOn: string | null, message: string): Station[] {
  const { state, paidOn, treasuredOn, createdAt } = order;
  const failed = state === 'CANCELLED';
  const collected = paidOn !== null;
  const unclear = state === 'PENDING_CHECK';
  return [
    { name: '确认缴费', state: 'done', at: createdAt, text: '' },
    {
      name: '银行扣款',
      state: collected ? 'done' : failed ? 'failed' : 'now',
      at: paidOn,
      text: collected
        ? order.way === 'transfer'
          ? '转账已到账'
          : '已扣款'
        : failed || unclear
          ? message
          : '正在扣款',
    },
    {
      name: '国库对账',
      state: listedOn !== null ? 'done' : collected ? 'now' : 'todo',
      at: listedOn,
      text: listedOn !== null ? '已与国库清单核对一致' : collected ? '等待当日清单' : '',
    },
    {
      name: '国库入库',
      state: treasuredOn !== null ? 'done' : listedOn !== null ? 'now' : 'todo',
      at: treasuredOn,
      text: treasuredOn !== null ? '已入库' : collected ? '已缴款未入库' : '',
    },
  ];
}

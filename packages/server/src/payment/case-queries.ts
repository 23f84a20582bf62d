import { fen, formatYuan } from '@shebao/kernel';
import { type Kysely, sql } from 'kysely';
import type { Reader } from '../treasury/index.ts';
import type { CaseSubject } from './case.ts';
import { categoryOfCase, decisionsFor } from './case-acts.ts';
import { attemptNames, billNames } from './state-names.ts';
import {
  attempts,
  bills,
  type CaseRecord,
  caseEvents,
  cases,
  type OrderRecord,
  orders,
  paymentEvents,
} from './tables.ts';

const casesShown = 500;
const yuan = (amount: number | null | undefined) =>
  amount === null || amount === undefined ? null : formatYuan(fen(amount));

/** What belongs to a case: debit, order and bill as they stand now. */
async function around(read: Reader, found: CaseRecord) {
  const { attemptId } = found;
  const attempt = attemptId === null ? undefined : await read.of(attempts).get({ id: attemptId });
  const order = attempt && (await read.of(orders).get({ id: attempt.orderId }));
  const bill = attempt && (await read.of(bills).get({ id: attempt.billId }));
  return { attempt, order, bill };
}

/** A case as officers see it. */
export async function caseRow(read: Reader, found: CaseRecord) {
  const { order, bill } = await around(read, found);
  const { facts } = found;
  return {
    id: found.id,
    at: found.at,
    category: categoryOfCase(found),
    text: found.text,
    state: found.state,
    unitNo: bill?.unitNo ?? null,
    unitName: bill?.unitName ?? null,
    taxVoucherNo: order?.taxVouNo ?? facts.taxVouNo ?? null,
    ownAmount: yuan(order?.amountFen),
    listedAmount: yuan(facts.listedFen),
    decision: found.decision,
    reason: found.reason,
    papers: found.papers,
    handledBy: found.handledBy,
    closedBy: found.closedBy,
    closedAt: found.closedAt,
    refund: yuan(found.refundFen),
    version: found.version,
  };
}

/** Cases in a state, or all, newest first. */
export async function caseRows(read: Reader, state?: CaseRecord['state']) {
  const where = state === undefined ? {} : { state };
  const found = await read.of(cases).find(where, { order: ['-at', 'id'], limit: casesShown });
  return Promise.all(found.map((one) => caseRow(read, one)));
}

/** One case with its history, the debit's own, and what may be decided now. */
export async function caseDetail(read: Reader, id: string) {
  const found = await read.of(cases).get({ id });
  if (!found) return undefined;
  const { attempt, bill } = await around(read, found);
  const subject: CaseSubject | null =
    attempt && bill ? { attempt: attempt.state, bill: bill.state } : null;
  const history = await read.of(caseEvents).find({ caseId: id }, { order: ['seq'] });
  const payment = attempt
    ? await read
        .of(paymentEvents)
        .find(
          { unitId: attempt.unitId, billId: attempt.billId, subject: attempt.id },
          { order: ['seq'], limit: 200 },
        )
    : [];
  return {
    ...(await caseRow(read, found)),
    attemptState: attempt ? attemptNames[attempt.state] : null,
    billState: bill ? billNames[bill.state] : null,
    sameVoucher: await sameVoucher(read, found, attempt?.orderId),
    allowed: found.state === '待处理' ? [...decisionsFor(found, subject)] : [],
    history: history.map(({ at, actor, event, text }) => ({
      at,
      actor,
      event: acts[event] ?? event,
      text,
    })),
    payment: payment.map(({ at, text }) => ({ at, text })),
  };
}

const acts: Readonly<Record<string, string>> = {
  handled: '提交复核',
  returned: '退回',
  approved: '复核通过',
};

/** Money without a record may still bear the number of one of our orders. */
async function sameVoucher(read: Reader, { facts }: CaseRecord, own: string | undefined) {
  const { taxVouNo } = facts;
  if (taxVouNo === undefined) return [];
  const found = (await read.of(orders).find({ taxVouNo })).filter(({ id }) => id !== own);
  return Promise.all(found.map((order) => voucherOwner(read, order)));
}

async function voucherOwner(read: Reader, order: OrderRecord) {
  const bill = await read.of(bills).get({ id: order.billId });
  const state = bill ? billNames[bill.state] : '';
  return { unitNo: bill?.unitNo ?? '', state, amount: formatYuan(fen(order.amountFen)) };
}

/** Money of closed cases that is owed back to its payer. */
interface CaseRefund {
  readonly caseId: string;
  readonly closedAt: string;
  readonly refundFen: number;
  readonly taxVouNo: string | null;
  /** The order and bill that the money was collected for; null: it belongs to none of ours. */
  readonly orderId: string | null;
  readonly unitId: number | null;
  readonly billId: string | null;
  readonly taxpayerId: string | null;
}

/** What closed cases left to be refunded, oldest first: the refund capability takes it from here. */
export async function refundsOfCases(q: Kysely<unknown>): Promise<readonly CaseRefund[]> {
  const found = await sql<CaseRefund>`
    select c.id as "caseId", c.closed_at as "closedAt", c.refund_fen as "refundFen",
      coalesce(o.tax_vou_no, c.facts ->> 'taxVouNo') as "taxVouNo", o.id as "orderId",
      o.unit_id as "unitId", o.bill_id::text as "billId", o.taxpayer_id as "taxpayerId"
    from exception_case c left join attempt a on a.id = c.attempt_id
    left join payment_order o on o.id = a.order_id
    where c.refund_fen is not null order by c.closed_at, c.id`.execute(q);
  return found.rows;
}

import {
  amountOf,
  amountText,
  channelTime,
  type MessageBody,
  type MessageOf,
} from '@shebao/channel';
import { assert, dayOf, daysIn, fen, formatDay, type Month } from '@shebao/kernel';
import { insuranceName } from '@shebao/levy';
import {
  compact,
  dashed,
  eightDigits,
  type Store,
  sessions,
  treasuryDay,
  unattended,
} from '../treasury/index.ts';
import { advance, loadWork } from './advance.ts';
import { openListCase } from './cases.ts';
import { classOf } from './codes.ts';
import { newAttempt } from './confirm.ts';
import { paymentTail, taxTypes } from './debit.ts';
import { orderMove, type Work } from './payment.ts';
import type { PaymentPorts } from './ports.ts';
import {
  type AttemptRecord,
  attempts,
  type BillRecord,
  bills,
  type OrderRecord,
  orders,
} from './tables.ts';
import { linesOf, voucherState } from './voucher.ts';

/** A bank that fetched a voucher must confirm or give up within this time. */
const voucherHeldMs = 3_600_000;

type Query = MessageOf<'2091'>;
type Fetch = MessageOf<'2090'>;

/** 2091: what a bank is told of a voucher. Changes nothing. */
export async function queryVoucher(store: Store, message: Query): Promise<MessageBody<'1009'>> {
  const { BankNo, EntrustDate, QueryNo, TaxOrgCode, TaxPayCode, OuterLevyNo } =
    message.body.QueryApply;
  const found = await findVoucher(store, TaxOrgCode, TaxPayCode, OuterLevyNo);
  const head = {
    OriBankNo: BankNo,
    OriEntrustDate: EntrustDate,
    OriQueryNo: QueryNo,
    TaxOrgCode,
    LevyNum: '0',
    Result: found.valid ? '90000' : found.code,
    AddWord: found.valid ? '成功' : found.text,
  };
  if (!found.valid) return { QueryReturn: head };
  const { order, bill } = found;
  const from = bill.periodFrom as Month;
  const to = bill.periodTo as Month;
  const lines = await linesOf(store, bill, order.id);
  const [first] = lines;
  return {
    QueryReturn: {
      ...head,
      TaxPayCode: bill.taxpayerId,
      TaxPayName: bill.taxpayerName,
      LevyNum: '1',
    },
    LevyList: [
      {
        OuterLevyNo,
        TraAmt: amountText(fen(order.amountFen)),
        LimitDate: compact(order.lastDay ?? order.billDate),
        TaxTypeName: first ? insuranceName(first.insurance) : '社会保险费',
        TaxStartDate: compact(formatDay(dayOf(from, 1))),
        TaxEndDate: compact(formatDay(dayOf(to, daysIn(to)))),
      },
    ],
  };
}

/** 2090: a bank fetches a voucher for payment; it is held for that bank for an hour. */
export async function fetchVoucher(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  message: Fetch,
  number: number,
): Promise<MessageBody<'1008'>> {
  const asked = message.body.LevyApply;
  const head = {
    TaxOrgCode: asked.TaxOrgCode,
    EntrustDate: asked.EntrustDate,
    OriBankNo: asked.BankNo,
    OriEntrustDate: asked.EntrustDate,
    OriLevyNo: asked.LevyNo,
  };
  const refuse = (code: string, text: string): MessageBody<'1008'> => ({
    RealHead: { ...head, Result: code, AddWord: text },
  });
  const identity = `b${asked.BankNo}-${asked.EntrustDate}-${asked.LevyNo}`;
  const found = await findVoucher(store, asked.TaxOrgCode, asked.TaxPayCode, asked.OuterLevyNo);
  const id = found.order ? `${found.order.id}-${identity}` : '';
  const before = await store.of(attempts).get({ id });
  if (before && found.order && found.bill) {
    return heldVoucher(store, head, found.order, found.bill, before, asked);
  }
  if (!found.valid) return refuse(found.code, found.text);
  const session = await store.of(sessions).get({ id: 'session' });
  const day = treasuryDay(session, store.at.epochMs);
  if (!day.open || !session) return refuse('92013', '未登录或非营业时间');
  const { order, bill } = found;
  const notAfter = channelTime(store.at.epochMs + session.hubOffsetMs + voucherHeldMs);
  const numbers = {
    billId: bill.id,
    taxVouNo: order.taxVouNo,
    traNo: eightDigits(number),
    msgId: message.head.msgId,
    workDate: day.workDate,
  };
  await store.of(attempts).insert({
    ...newAttempt(order, numbers, store.at.iso, '1008'),
    id,
    notAfter,
  });
  await store.of(orders).update(order, orderMove(order, 'started', store.at));
  const work = await loadWork(store, id);
  assert(work, 'the attempt was just made');
  const facts = { source: 'sender', cause: message.head.msgId } as const;
  const moved = await advance(store, work, 'taken', facts, ports.times);
  assert(moved, 'a new attempt can be taken');
  await store.later({
    kind: 'payment.voucherDue',
    owner: unattended,
    payload: { attemptId: id },
    dedupeKey: id,
    afterMs: voucherHeldMs,
  });
  return heldVoucher(store, head, moved.work.order, moved.work.bill, moved.work.attempt, asked);
}

type Head = Omit<MessageBody<'1008'>['RealHead'], 'Result' | 'TraNo'>;

async function heldVoucher(
  store: Store,
  head: Head,
  order: OrderRecord,
  bill: BillRecord,
  attempt: AttemptRecord,
  asked: Fetch['body']['LevyApply'],
): Promise<MessageBody<'1008'>> {
  const types = taxTypes(await linesOf(store, bill, order.id));
  return {
    RealHead: {
      ...head,
      EntrustDate: compact(attempt.entrustDate),
      TraNo: attempt.traNo,
      Result: '90000',
      AddWord: '成功',
    },
    TurnAccount: {
      TreCode: order.payee.treCode,
      PayeeBankNo: order.payee.payeeBankNo,
      PayeeAcct: order.payee.payeeAcct,
      PayeeName: order.payee.payeeName,
      PayOpBkCode: asked.PayOpBkCode,
    },
    Payment: {
      PayAcct: asked.PayAcct,
      HandOrgName: asked.PayName === '' ? bill.taxpayerName : asked.PayName,
      ...paymentTail(order, bill, attempt.notAfter ?? ''),
      TaxTypeNum: String(types.length),
      TaxTypeList: types,
    },
  };
}

/** 2108: the bank collected, or gave up. Money that cannot be booked becomes a case. */
export async function confirmVoucher(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  message: MessageOf<'2108'>,
): Promise<void> {
  const told = message.body.PayConfirm;
  const cause = message.head.msgId;
  const work = await workOfVoucher(store, told);
  if (work) return apply(store, ports, work, told, cause);
  const text = `银行确认收款 ${told.TaxVouNo}，本机构没有相应的凭证`;
  return openListCase(store, `2108:${cause}`, text, null);
}

/** 3113: each line means what a 2108 with its result means. What is not ours is left to the day's list. */
export async function confirmVouchers(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  message: MessageOf<'3113'>,
): Promise<void> {
  for (const line of message.body.BankPay) {
    const work = await workOfVoucher(store, line);
    const wrong = work && amountOf(line.TraAmt) !== work.order.amountFen;
    const told = wrong ? { ...line, TaxVouNo: '' } : line;
    if (work) await apply(store, ports, work, told, message.head.msgId);
  }
}

type Confirmed = Pick<
  MessageOf<'2108'>['body']['PayConfirm'],
  'OriTaxOrgCode' | 'OriEntrustDate' | 'OriTraNo' | 'TaxVouNo' | 'TaxDate' | 'Result' | 'AddWord'
>;

async function workOfVoucher(store: Store, told: Confirmed): Promise<Work | undefined> {
  const found = await store.of(attempts).get({
    taxOrg: told.OriTaxOrgCode,
    entrustDate: dashed(told.OriEntrustDate),
    traNo: told.OriTraNo,
  });
  return found?.msgNo === '1008' ? loadWork(store, found.id) : undefined;
}

async function apply(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  work: Work,
  told: Confirmed,
  cause: string,
): Promise<void> {
  const result = classOf(told.Result);
  const right = told.TaxVouNo === work.order.taxVouNo && told.TaxDate !== '';
  const event =
    result === 'success'
      ? right
        ? 'answeredSuccess'
        : 'answerContradicts'
      : result === 'unknown'
        ? 'unclear'
        : 'answeredDeclined';
  const facts = {
    source: 'answer',
    cause,
    code: told.Result,
    addWord: told.AddWord,
    ...(told.TaxDate === '' ? {} : { taxDate: dashed(told.TaxDate) }),
  } as const;
  await advance(store, work, event, facts, ports.times);
}

type Found =
  | { readonly valid: true; readonly order: OrderRecord; readonly bill: BillRecord }
  | {
      readonly valid: false;
      readonly code: string;
      readonly text: string;
      readonly order?: OrderRecord;
      readonly bill?: BillRecord;
    };

async function findVoucher(
  store: Store,
  taxOrg: string,
  taxPayCode: string,
  voucherNo: string,
): Promise<Found> {
  const known = await store.of(orders).get({ voucherNo });
  const bill = known && (await store.of(bills).get({ id: known.billId }, { lock: true }));
  const order = known && (await store.of(orders).get({ voucherNo }, { lock: true }));
  const ours = order?.taxOrg === taxOrg && (taxPayCode === '' || order.taxpayerId === taxPayCode);
  if (!ours || !order || !bill) return { valid: false, code: '24080', text: '无此凭证' };
  const state = voucherState(order, store.at.date);
  if (state === '凭证有效') return { valid: true, order, bill };
  const refusals = {
    已失效: ['24081', '凭证已失效'],
    已作废: ['24081', '凭证已作废'],
    银行受理中: ['24082', '凭证正在办理'],
    待核实: ['24082', '凭证正在核实'],
    已缴款未入库: ['24083', '凭证已缴款'],
    已入库: ['24083', '凭证已缴款'],
  } as const;
  const [code, text] = refusals[state];
  return { valid: false, code, text, order, bill };
}

import { amountOf, comparableName, type Envelope, fieldOf, type MessageOf } from '@shebao/channel';
import { receipt } from './batch.ts';
import { accountKey, debitKey, type Outcome, refusal } from './debits.ts';
import { type Handled, sessionRefusal } from './handle-debit.ts';
import { type Hub, hubNow, stateOf, write } from './hub.ts';
import type { Refund, RefundOrder } from './model.ts';
import { push } from './outbox.ts';

type Readable = Pick<Envelope, 'head'>;
interface Names {
  readonly TaxOrgCode: string;
  readonly EntrustDate: string;
  readonly TraNo: string;
}

/** A refund: taken or refused at once (9121), paid out later (9122). */
export function handleRefund(
  hub: Hub,
  source: Readable | Envelope,
  message: MessageOf<'1104'> | null,
  unreadable: string | null,
): Handled {
  const names = message?.body.DrawBack ?? namesOf(source as Envelope);
  const key = debitKey(names.TaxOrgCode, names.EntrustDate, names.TraNo);
  const refund =
    hub.store.get('refund', key) ?? takeRefund(hub, source, message, unreadable, names, key);
  const { TaxOrgCode, EntrustDate, TraNo } = names;
  return receipt(hub, source, '1104', TaxOrgCode, EntrustDate, TraNo, refund);
}

/** Pays out refunds whose time has come and pushes their results. */
export function settleDueRefunds(hub: Hub, everything = false): void {
  const now = hubNow(hub);
  for (const refund of hub.store.all('refund')) {
    const due = refund.state === 'waiting' && (everything || refund.dueAtMs <= now);
    if (due && refund.order) payOut(hub, refund, refund.order);
  }
}

/** When the next refund is due, in hub milliseconds; null when none waits. */
export function nextRefundAt(hub: Hub): number | null {
  const due = hub.store.all('refund').filter((each) => each.state === 'waiting');
  return due.length > 0 ? Math.min(...due.map((each) => each.dueAtMs)) : null;
}

function namesOf(envelope: Envelope): Names {
  const read = (field: string): string => fieldOf(envelope, 'DrawBack', field) ?? '';
  return { TaxOrgCode: read('TaxOrgCode'), EntrustDate: read('EntrustDate'), TraNo: read('TraNo') };
}

function takeRefund(
  hub: Hub,
  source: Readable,
  message: MessageOf<'1104'> | null,
  unreadable: string | null,
  names: Names,
  key: string,
): Refund {
  const order = message ? orderOf(message) : null;
  const refused =
    unreadable === null
      ? (sessionRefusal(hub, source.head.workDate, names.EntrustDate) ??
        (order ? refundRefusal(hub, names.TaxOrgCode, order) : refusal('92010')))
      : { code: '92010', addWord: unreadable };
  const refund: Refund = {
    key,
    org: names.TaxOrgCode,
    entrustDate: names.EntrustDate,
    traNo: names.TraNo,
    code: refused?.code ?? '90000',
    addWord: refused?.addWord ?? '已接收',
    state: refused ? 'refused' : 'waiting',
    resultCode: refused?.code ?? '',
    date: '',
    dueAtMs: hubNow(hub) + stateOf(hub).processMs,
    msgId: source.head.msgId,
    order,
  };
  hub.store.put('refund', key, refund);
  return refund;
}

function orderOf(message: MessageOf<'1104'>): RefundOrder {
  const asked = message.body.DrawBack;
  return {
    treCode: asked.DrawBackTreCode,
    refundVoucher: asked.DrawBackVouNo,
    voucher: asked.OriTaxVouNo,
    amountFen: amountOf(asked.TraAmt),
    bankNo: asked.PayeeOpBkCode,
    acct: asked.PayeeAcct,
    holder: asked.PayeeName,
  };
}

function refundRefusal(hub: Hub, org: string, order: RefundOrder): Outcome | null {
  const treasury = hub.store.get('treasury', order.treCode);
  if (!hub.store.get('taxOrg', org) || !treasury) return refusal('92014');
  const others = hub.store.all('refund').filter((each) => each.order && each.state !== 'refused');
  if (others.some((each) => each.order?.refundVoucher === order.refundVoucher)) {
    return { code: '92010', addWord: '退库凭证号已使用' };
  }
  const collected = hub.store
    .all('debit')
    .filter((each) => each.state === 'collected' && each.voucher === order.voucher)
    .reduce((sum, each) => sum + (each.order?.amountFen ?? 0), 0);
  const refunded = others
    .filter((each) => each.order?.voucher === order.voucher)
    .reduce((sum, each) => sum + (each.order?.amountFen ?? 0), 0);
  return refunded + order.amountFen > collected
    ? { code: '92010', addWord: '退库金额超过已收金额' }
    : null;
}

function payOut(hub: Hub, refund: Refund, order: RefundOrder): void {
  const key = accountKey(order.bankNo, order.acct);
  const account = hub.store.get('account', key);
  const treasury = hub.store.get('treasury', order.treCode);
  const outcome = payOutcome(account, order);
  const paid = outcome.code === '90000';
  if (paid && account && treasury) {
    hub.store.put('account', key, { ...account, balanceFen: account.balanceFen + order.amountFen });
    hub.store.put('treasury', treasury.treCode, {
      ...treasury,
      balanceFen: treasury.balanceFen - order.amountFen,
    });
  }
  hub.store.put('refund', refund.key, {
    ...refund,
    state: paid ? 'paidOut' : 'refused',
    resultCode: outcome.code,
    date: stateOf(hub).workDate,
  });
  const body = {
    ResultNotice: {
      OriMsgNo: '1104',
      OriSendOrgCode: refund.org,
      OriEntrustDate: refund.entrustDate,
      OriRequestNo: refund.traNo,
      Result: outcome.code,
      AddWord: outcome.addWord,
    },
  };
  const { bytes, msgId } = write(hub, '9122', body, { ref: refund.msgId });
  push(hub, '9122', bytes, msgId);
}

function payOutcome(
  account: { readonly state: string; readonly holder: string } | undefined,
  order: RefundOrder,
): Outcome {
  if (!account || account.state === 'closed') return refusal('24001');
  if (account.state === 'frozen') return refusal('24007');
  const same = comparableName(account.holder) === comparableName(order.holder);
  return same ? { code: '90000', addWord: '已退库' } : { code: '24005', addWord: '收款户名不符' };
}

import { amountText, type Message } from '@shebao/channel';
import { assert, fen } from '@shebao/kernel';
import {
  ask,
  compact,
  compose,
  newMessageId,
  noteIncoming,
  noteOutgoing,
  outgoing,
  type Ready,
  readSession,
  type Step,
  type Store,
} from '../treasury/index.ts';
import { classOf } from './codes.ts';
import { accountAad, type PaymentPorts } from './ports.ts';
import { moveRefund } from './refund-acts.ts';
import { type RefundRecord, refunds } from './refund-tables.ts';
import { accounts } from './tables.ts';

const channel = '税库银';

function stepOf(name: string, id: string): Step {
  return { name: `payment.${name}`, chain: 'agency:treasury', subject: id };
}

/**
 * Takes a refund one step further: sends it, sends the very same bytes until they are receipted, asks for its result
 * while none comes. Run again after a break it does the same: states decide. It never travels under a second identity.
 */
export async function followRefund(ports: PaymentPorts, id: string, step: number): Promise<void> {
  const found = await ports.read.of(refunds).get({ id });
  if (found?.state === '待发出') await sendFirst(ports, found);
  else if (found?.state === '已发出') await sendAgain(ports, found);
  else if (found?.state === '退库中') await askResult(ports, found);
  const now = await ports.read.of(refunds).get({ id });
  if (!now || !['待发出', '已发出', '退库中'].includes(now.state)) return;
  const { reversalAgainMs, reversalAtMostMs } = ports.times;
  await ports.transact({ ...stepOf('refundNext', id), quiet: true }, (store) =>
    store.later({
      kind: 'refund.follow',
      owner: 'office',
      payload: { refundId: id, step: step + 1 },
      dedupeKey: `${id}:${step + 1}`,
      afterMs: Math.min(reversalAgainMs * 2 ** Math.min(step, 20), reversalAtMostMs),
    }),
  );
}

async function sendFirst(ports: PaymentPorts, refund: RefundRecord): Promise<void> {
  const session = await readSession(ports);
  const late = session?.workDate !== refund.entrustDate;
  const ready = late ? '税库银已切换工作日期' : await composeRefund(ports, refund);
  if (typeof ready === 'string') {
    await ports.transact(stepOf('refundExpired', refund.id), async (store) => {
      const now = await store.of(refunds).get({ id: refund.id }, { lock: true });
      if (now)
        await moveRefund(store, now, 'expired', channel, `未发出：${ready}`, { addWord: ready });
    });
    return;
  }
  const taken = await ports.transact(stepOf('refundTake', refund.id), async (store) => {
    const now = await store.of(refunds).get({ id: refund.id }, { lock: true });
    if (now?.state !== '待发出') return false;
    await noteOutgoing(store, ready, `refund:${refund.id}`);
    await moveRefund(store, now, 'taken', channel, '已发出退库请求');
    return true;
  });
  if (taken) await deliver(ports, ready);
}

async function sendAgain(ports: PaymentPorts, { msgId }: RefundRecord): Promise<void> {
  const kept = msgId === null ? undefined : await ports.read.of(outgoing).get({ msgId });
  assert(kept && msgId !== null, 'what was sent is kept');
  await deliver(ports, { msgNo: '1104', msgId, bytes: Buffer.from(kept.bytes) });
}

async function deliver(ports: PaymentPorts, ready: Ready): Promise<void> {
  const asking = await ask(ports, ready);
  if (asking.kind !== 'answer') return;
  const { message } = asking;
  await ports.transact(stepOf('refundReceipt', ready.msgId), async (store) => {
    await noteIncoming(store, message, 'answer');
    await applyRefundReceipt(store, message);
  });
}

/** 9121 for a refund: stored, or wholly refused and final. What says nothing leaves it as it is. */
export async function applyRefundReceipt(store: Store, message: Message): Promise<void> {
  if (message.msgNo !== '9121' || message.body.ReceiptReturn.OriMsgNo !== '1104') return;
  const told = message.body.ReceiptReturn;
  const found = await store.of(refunds).get({ msgId: message.head.msgRef }, { lock: true });
  if (!found || told.OriRequestNo !== found.traNo || told.OriSendOrgCode !== found.taxOrg) return;
  // 94051: it was stored before, so what became of it is asked for.
  const code = told.Result === '94051' ? '90000' : told.Result;
  if (code === '92011') await store.later({ kind: 'treasury.login', owner: 'office', payload: {} });
  await applyResult(store, found, code, told.AddWord, 'received');
}

/** 9122: paid out, or refused for ever. */
export async function applyRefundResult(store: Store, message: Message): Promise<void> {
  if (message.msgNo !== '9122') return;
  const told = message.body.ResultNotice;
  const found =
    told.OriMsgNo === '1104'
      ? await refundOf(store, told.OriSendOrgCode, told.OriEntrustDate, told.OriRequestNo)
      : undefined;
  if (found) await applyResult(store, found, told.Result, told.AddWord, 'paidOut');
}

async function refundOf(store: Store, taxOrg: string, entrustDate: string, traNo: string) {
  const found = await store.of(refunds).find({ taxOrg, traNo }, { lock: true });
  return found.find((one) => one.entrustDate !== null && compact(one.entrustDate) === entrustDate);
}

async function applyResult(
  store: Store,
  found: RefundRecord,
  code: string,
  addWord: string,
  good: 'received' | 'paidOut',
): Promise<void> {
  const result = classOf(code);
  if (result === 'unknown') return;
  const changes = { resultCode: code, addWord };
  const words = `${code} ${addWord}`.trim();
  if (result !== 'success') {
    await moveRefund(store, found, 'refused', channel, `退库被拒绝：${words}`, changes);
  } else if (good === 'received') {
    await moveRefund(store, found, 'received', channel, '国库已受理', changes);
  } else {
    await moveRefund(store, found, 'paidOut', channel, '已退回付款人', changes);
  }
}

/** The result has not come: asks for it (9003). */
async function askResult(ports: PaymentPorts, refund: RefundRecord): Promise<void> {
  const { id, taxOrg, entrustDate, traNo } = refund;
  assert(entrustDate !== null && traNo !== null, 'a refund on its way has its numbers');
  const session = await readSession(ports);
  const ready = compose(ports, {
    msgNo: '9003',
    msgId: await newMessageId(ports, '9003'),
    workDate: session?.workDate ? compact(session.workDate) : null,
    body: {
      StateQuery: {
        SendOrgCode: taxOrg,
        SearchType: '1',
        OriMsgNo: '1104',
        OriEntrustDate: compact(entrustDate),
        OriTraNo: traNo,
      },
    },
  });
  assert(ready.ok, 'a query can be written');
  const step = { ...stepOf('refundAsk', id), quiet: true } as const;
  await ports.transact(step, (store) => noteOutgoing(store, ready.value, `refund:${id}`));
  const asking = await ask(ports, ready.value);
  if (asking.kind !== 'answer') return;
  const { message } = asking;
  await ports.transact(stepOf('refundAsked', id), async (store) => {
    await noteIncoming(store, message, 'answer');
    if (message.msgNo !== '9004') return;
    const told = message.body.StateReturn;
    if (told.OriMsgNo !== '1104' || told.OriTraNo !== traNo) return;
    const now = await store.of(refunds).get({ id }, { lock: true });
    if (now) await applyResult(store, now, told.OpStat, '', 'paidOut');
  });
}

async function composeRefund(ports: PaymentPorts, refund: RefundRecord): Promise<Ready | string> {
  const account = await ports.read.of(accounts).get({ id: refund.payeeAccountId });
  const { traNo, entrustDate, drawBackVouNo, msgId } = refund;
  assert(account && traNo && entrustDate && drawBackVouNo && msgId, 'a confirmed refund is whole');
  const ready = compose(ports, {
    msgNo: '1104',
    msgId,
    workDate: compact(entrustDate),
    body: {
      DrawBack: {
        TaxOrgCode: refund.taxOrg,
        EntrustDate: compact(entrustDate),
        TraNo: traNo,
        DrawBackTreCode: refund.treCode,
        DrawBackVouNo: drawBackVouNo,
        OriTaxVouNo: refund.oriTaxVouNo,
        TraAmt: amountText(fen(refund.amountFen)),
        DrawBackReasonCode: refund.reasonCode,
        PayeeOpBkCode: refund.payeeBankNo,
        PayeeAcct: ports.open(account.cipher, accountAad(account.id)),
        PayeeName: refund.payeeName,
      },
    },
  });
  if (ready.ok) return ready.value;
  ports.warn('a refund cannot be written', { refund: refund.id, path: ready.error.path });
  return `${ready.error.path} ${ready.error.detail}`.slice(0, 100);
}

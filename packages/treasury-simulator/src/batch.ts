import { amountText, type Envelope, fieldOf, type MessageOf, type ReadBody } from '@shebao/channel';
import { fen } from '@shebao/kernel';
import { debitKey, type Outcome, orderOf, refusal, settleDebit, storeOutcome } from './debits.ts';
import { takeFault } from './faults.ts';
import { common, type Handled, sessionRefusal } from './handle-debit.ts';
import { eight, type Hub, hubNow, nextNumber, pack64, stateOf, unpack64, write } from './hub.ts';
import type { Debit, Pack } from './model.ts';
import { enqueue, push } from './outbox.ts';

type Readable = Pick<Envelope, 'head'>;

/** A pack: stored or wholly refused (9121); its lines are debited later and told by 2102. */
export function handlePack(
  hub: Hub,
  source: Readable | Envelope,
  message: MessageOf<'1102'> | null,
  unreadable: string | null,
): Handled {
  const head = message?.body.BatchHead ?? headOf(source as Envelope);
  const key = debitKey(head.TaxOrgCode, head.EntrustDate, head.PackNo);
  const pack = hub.store.get('pack', key) ?? takePack(hub, source, message, unreadable, head, key);
  return receipt(hub, source, '1102', head.TaxOrgCode, head.EntrustDate, head.PackNo, pack);
}

/** The 9121 for a pack or a refund. */
export function receipt(
  hub: Hub,
  source: Readable,
  msgNo: '1102' | '1104',
  org: string,
  date: string,
  number: string,
  outcome: Outcome,
): Handled {
  const forged = takeFault(hub, msgNo, ['answerCode']);
  const body = {
    ReceiptReturn: {
      OriMsgNo: msgNo,
      OriSendOrgCode: org,
      OriEntrustDate: date,
      OriRequestNo: number,
      Result: forged?.code ?? outcome.code,
      AddWord: forged ? refusal(forged.code).addWord : outcome.addWord,
    },
  };
  const address = { ref: source.head.msgId, to: source.head.src };
  return { answer: write(hub, '9121', body, address).bytes, keep: true };
}

/** Debits the lines of packs whose time has come and pushes their results. */
export function settleDuePacks(hub: Hub): void {
  if (stateOf(hub).sysStat === '2') return;
  const now = hubNow(hub);
  for (const pack of hub.store.all('pack')) {
    if (pack.result === null && pack.code === '90000' && pack.dueAtMs <= now) settlePack(hub, pack);
  }
}

/** Before a cut-off: packs that may not wait for another work date are settled now. */
export function settlePacksBeforeCut(hub: Hub): void {
  for (const pack of hub.store.all('pack')) {
    if (pack.result !== null || pack.code !== '90000') continue;
    if (pack.datesLeft === 0) settlePack(hub, pack);
    else hub.store.put('pack', pack.key, { ...pack, datesLeft: pack.datesLeft - 1 });
  }
}

/** When the next pack is due, in hub milliseconds; null when none waits. */
export function nextPackAt(hub: Hub): number | null {
  const waiting = hub.store.all('pack').filter((each) => each.result === null);
  const due = waiting.filter((each) => each.code === '90000').map((each) => each.dueAtMs);
  return due.length > 0 ? Math.min(...due) : null;
}

/** Stops a pack or a line while nothing of it has been debited (1123). */
export function handleStop(hub: Hub, message: MessageOf<'1123'>): Handled {
  const asked = message.body.StopApply;
  const own = debitKey(asked.TaxOrgCode, asked.EntrustDate, asked.StopNo);
  const stop = hub.store.get('stop', own) ?? decideStop(hub, asked);
  hub.store.put('stop', own, stop);
  const body = {
    DelApply: {
      TaxOrgCode: asked.TaxOrgCode,
      EntrustDate: asked.EntrustDate,
      OriStopNo: asked.StopNo,
      OriPackNo: asked.OriPackNo,
      OriTraNo: asked.OriTraNo,
      OriEntrustDate: asked.OriEntrustDate,
      StopAnswer: stop.answer,
      AddWord: stop.addWord,
    },
  };
  const address = { ref: message.head.msgId, to: message.head.src };
  return { answer: write(hub, '2123', body, address).bytes, keep: true };
}

/** Sends a result of a pack again, the same bytes (9111). */
export function handleResendPack(hub: Hub, message: MessageOf<'9111'>): Handled {
  const asked = message.body.ResendPack;
  const key = debitKey(asked.SendOrgCode, asked.OriEntrustDate, asked.OriPackNo);
  const result = asked.OriMsgNo === '2102' ? hub.store.get('pack', key)?.result : null;
  if (!result) return common(hub, message, '80099', '无此包回执');
  enqueue(hub, '2102', unpack64(result), 0, false);
  return common(hub, message, '90000', '重发');
}

type PackHead = Pick<ReadBody<'1102'>['BatchHead'], 'TaxOrgCode' | 'EntrustDate' | 'PackNo'>;

function headOf(envelope: Envelope): PackHead {
  const read = (field: string): string => fieldOf(envelope, 'BatchHead', field) ?? '';
  return {
    TaxOrgCode: read('TaxOrgCode'),
    EntrustDate: read('EntrustDate'),
    PackNo: read('PackNo'),
  };
}

function takePack(
  hub: Hub,
  source: Readable,
  message: MessageOf<'1102'> | null,
  unreadable: string | null,
  head: PackHead,
  key: string,
): Pack {
  const lines = message ? linesOf(message) : [];
  const refused = packRefusal(hub, source, head, unreadable, lines);
  const pack: Pack = {
    key,
    org: head.TaxOrgCode,
    entrustDate: head.EntrustDate,
    packNo: head.PackNo,
    code: refused?.code ?? '90000',
    addWord: refused?.addWord ?? '已接收',
    datesLeft: Number(message?.body.BatchHead.ReturnTerm ?? 0),
    dueAtMs: hubNow(hub) + stateOf(hub).processMs,
    lines: refused ? [] : lines.map((line) => line.key),
    msgId: source.head.msgId,
    result: null,
  };
  hub.store.put('pack', key, pack);
  if (refused) return pack;
  for (const line of lines) {
    hub.store.put('debit', line.key, line);
    hub.store.put('used', `debit:${line.key}`, { contentDigest: `line:${key}`, msgNo: '1102' });
  }
  return pack;
}

function packRefusal(
  hub: Hub,
  source: Readable,
  head: PackHead,
  unreadable: string | null,
  lines: readonly Debit[],
): Outcome | null {
  if (unreadable !== null) return { code: '92010', addWord: unreadable };
  const closed = sessionRefusal(hub, source.head.workDate, head.EntrustDate);
  if (closed) return closed;
  const taken = lines.some((line) => hub.store.get('used', `debit:${line.key}`));
  return taken ? { code: '92010', addWord: '交易流水号已使用' } : null;
}

function linesOf(message: MessageOf<'1102'>): readonly Debit[] {
  const { BatchHead: head, TurnAccount: turn, Payment: payments } = message.body;
  return payments.map((payment) => ({
    key: debitKey(head.TaxOrgCode, head.EntrustDate, payment.TraNo),
    org: head.TaxOrgCode,
    entrustDate: head.EntrustDate,
    traNo: payment.TraNo,
    via: '1102',
    packNo: head.PackNo,
    state: 'waiting',
    code: '',
    addWord: '',
    taxDate: '',
    voucher: payment.TaxVouNo,
    order: orderOf(payment, turn),
    settleAtMs: 0,
  }));
}

function settlePack(hub: Hub, pack: Pack): void {
  const settled = linesIn(hub, pack).map((line) =>
    line.state === 'waiting' ? settleDebit(hub, line) : line,
  );
  const wrong = takeFault(hub, '2102', ['wrongAmount']) ? 100 : 0;
  const lines = settled.map((line, at) => ({
    OriTraNo: line.traNo,
    TraAmt: amountText(fen((line.order?.amountFen ?? 0) + (at === 0 ? wrong : 0))),
    TaxVouNo: line.voucher,
    TaxDate: line.taxDate,
    Result: line.code,
    AddWord: line.addWord,
  }));
  const paid = settled.filter((line) => line.state === 'collected');
  const total = (all: readonly Debit[]): number =>
    all.reduce((sum, line) => sum + (line.order?.amountFen ?? 0), 0);
  const paidWrong = paid[0] === settled[0] ? wrong : 0;
  const body = {
    BatchHead: {
      PayBkCode: settled[0]?.order?.clearingBankNo ?? '',
      EntrustDate: stateOf(hub).workDate,
      PackNo: eight(nextNumber(hub)),
      OriTaxOrgCode: pack.org,
      OriEntrustDate: pack.entrustDate,
      OriPackNo: pack.packNo,
      AllNum: String(settled.length),
      AllAmt: amountText(fen(total(settled) + wrong)),
      SuccNum: String(paid.length),
      SuccAmt: amountText(fen(total(paid) + (paid.length > 0 ? paidWrong : 0))),
      Result: '90000',
      AddWord: '处理完毕',
    },
    BatchReturn: lines,
  };
  const { bytes, msgId } = write(hub, '2102', body, { ref: pack.msgId });
  hub.store.put('pack', pack.key, { ...pack, result: pack64(bytes) });
  push(hub, '2102', bytes, msgId);
}

function linesIn(hub: Hub, pack: Pack): readonly Debit[] {
  return pack.lines.flatMap((key) => hub.store.get('debit', key) ?? []);
}

function decideStop(
  hub: Hub,
  asked: ReadBody<'1123'>['StopApply'],
): { answer: '0' | '1'; addWord: string } {
  const pack = hub.store.get(
    'pack',
    debitKey(asked.TaxOrgCode, asked.OriEntrustDate, asked.OriPackNo),
  );
  if (!pack) return { answer: '1', addWord: '无此包' };
  const all = linesIn(hub, pack);
  const meant = asked.OriTraNo === '' ? all : all.filter((line) => line.traNo === asked.OriTraNo);
  if (meant.length === 0) return { answer: '1', addWord: '无此明细' };
  if (meant.some((line) => line.state === 'collected')) return { answer: '1', addWord: '已处理' };
  for (const line of meant) {
    if (line.state === 'waiting') storeOutcome(hub, line, { code: '24020', addWord: '已止付' });
  }
  return { answer: '0', addWord: '已止付' };
}

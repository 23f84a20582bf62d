import { amountText, type MessageOf, type MsgNo } from '@shebao/channel';
import { fen } from '@shebao/kernel';
import { treasuryOf } from './debits.ts';
import { takeFault } from './faults.ts';
import { type Group, groupBy } from './group.ts';
import { common, type Handled } from './handle-debit.ts';
import { eight, type Hub, nextNumber, pack64, stateOf, unpack64, write } from './hub.ts';
import type { Debit, ListPart, Treasury } from './model.ts';
import { enqueue, push } from './outbox.ts';

interface Line {
  readonly amountFen: number;
  readonly write: (amount: string) => Record<string, string>;
}

interface ListPlan {
  readonly msgNo: '3111' | '3113' | '3122' | '3126' | '3139';
  readonly org: string;
  readonly chkDate: string;
  readonly packNo: string;
  /** Names of the head block and of the line block. */
  readonly blocks: readonly [string, string];
  readonly head: Record<string, string>;
  readonly lines: readonly Line[];
  readonly afterMs: number;
}

/** Makes and sends the lists of a work date that has just been closed. */
export function sendLists(hub: Hub, date: string): void {
  const debits = hub.store.all('debit');
  const collected = debits.filter((debit) => debit.state === 'collected' && debit.taxDate === date);
  for (const org of hub.store.all('taxOrg')) {
    sendList(hub, dayList(org.code, date, collected, eight(nextNumber(hub))));
  }
  const givenUp = debits.filter(
    (debit) => debit.via === '1008' && debit.entrustDate === date && debit.state === 'refused',
  );
  sendBankLists(hub, date, collected, givenUp);
  for (const org of hub.store.all('taxOrg')) sendEntries(hub, org.code, date, collected);
}

/** Sends a list again, the same bytes (9112). For lists of banks all banks' lists are sent. */
export function handleResendList(hub: Hub, message: MessageOf<'9112'>): Handled {
  const { SendOrgCode, OriMsgNo, ChkDate } = message.body.ResendList;
  return resend(hub, message, partsOf(hub, SendOrgCode, OriMsgNo, ChkDate));
}

/** Sends one part of a list again (9117). */
export function handleResendPart(hub: Hub, message: MessageOf<'9117'>): Handled {
  const { SendOrgCode, OriMsgNo, ChkDate, PackNo, CurPackNo } = message.body.ResendPart;
  const parts = partsOf(hub, SendOrgCode, OriMsgNo, ChkDate).filter(
    (part) => part.part === Number(CurPackNo) && (part.org === '' || part.packNo === PackNo),
  );
  return resend(hub, message, parts);
}

function resend(
  hub: Hub,
  message: MessageOf<'9112'> | MessageOf<'9117'>,
  parts: readonly ListPart[],
): Handled {
  for (const part of parts) enqueue(hub, part.msgNo, unpack64(part.bytes), 0, false);
  return parts.length > 0
    ? common(hub, message, '90000', '重发')
    : common(hub, message, '80099', '无此清单');
}

function partsOf(hub: Hub, org: string, msgNo: string, date: string): readonly ListPart[] {
  return hub.store
    .all('list')
    .filter(
      (part) =>
        part.msgNo === msgNo && part.chkDate === date && (part.org === org || part.org === ''),
    );
}

function dayList(org: string, date: string, collected: readonly Debit[], packNo: string): ListPlan {
  const lines = collected
    .filter((debit) => debit.org === org)
    .map((debit) => ({
      amountFen: debit.order?.amountFen ?? 0,
      write: (TraAmt: string) => ({
        PayeeOrgCode: debit.order?.payeeOrgCode ?? '',
        OriMsgNo: debit.via,
        OriSendOrgCode: debit.org,
        OriEntrustDate: debit.entrustDate,
        OriPackNo: debit.packNo,
        OriTraNo: debit.traNo,
        OriTaxVouNo: debit.voucher,
        TraAmt,
        TaxDate: debit.taxDate,
        OpStat: debit.code,
        AddWord: debit.addWord,
      }),
    }));
  const head = { ChkDate: date, PackNo: packNo, TaxOrgCode: org };
  const blocks = ['CompHead', 'CompDeduct'] as const;
  return { msgNo: '3122', org, chkDate: date, packNo, blocks, head, lines, afterMs: 0 };
}

function sendBankLists(
  hub: Hub,
  date: string,
  collected: readonly Debit[],
  givenUp: readonly Debit[],
): void {
  const direct = collected.filter((debit) => debit.via !== '1008');
  const counter = [...collected.filter((debit) => debit.via === '1008'), ...givenUp];
  const bankOf = (debit: Debit): string =>
    `${debit.order?.clearingBankNo ?? ''}:${debit.order?.payeeBankNo ?? ''}`;
  for (const group of groupBy(direct, bankOf)) sendList(hub, bankList('3111', date, group));
  for (const group of groupBy(counter, bankOf)) sendList(hub, bankList('3113', date, group));
}

function bankList(msgNo: '3111' | '3113', date: string, group: Group<Debit>): ListPlan {
  const [PayBkCode = '', PayeeBankNo = ''] = group.key.split(':');
  const head = {
    PayBkCode,
    ChkDate: date,
    ChkAcctOrd: '0001',
    PayeeBankNo,
    ChkAcctType: '1',
    PriorChkAcctOrd: '',
  };
  const lines = group.members.map((debit) => ({
    amountFen: debit.order?.amountFen ?? 0,
    write: (TraAmt: string) =>
      msgNo === '3111' ? compareLine(debit, TraAmt) : counterLine(debit, TraAmt),
  }));
  const blocks = ['CompHead', msgNo === '3111' ? 'BankCompare' : 'BankPay'] as const;
  const packNo = `${PayBkCode}${PayeeBankNo}`;
  return { msgNo, org: '', chkDate: date, packNo, blocks, head, lines, afterMs: 0 };
}

function compareLine(debit: Debit, TraAmt: string): Record<string, string> {
  return {
    PayOpBkCode: debit.order?.bankNo ?? '',
    PayAcct: debit.order?.acct ?? '',
    OriTaxOrgCode: debit.org,
    OriEntrustDate: debit.entrustDate,
    OriPackNo: debit.packNo,
    OriTraNo: debit.traNo,
    TraAmt,
    TaxVouNo: debit.voucher,
    TaxPayName: debit.order?.taxPayName ?? '',
    ProtocolNo: debit.order?.protocolNo ?? '',
  };
}

function counterLine(debit: Debit, TraAmt: string): Record<string, string> {
  return {
    OriTaxOrgCode: debit.org,
    OriEntrustDate: debit.entrustDate,
    OriTraNo: debit.traNo,
    TraAmt,
    TaxVouNo: debit.voucher,
    TaxDate: debit.taxDate,
    Result: debit.code,
    AddWord: debit.addWord,
  };
}

function sendEntries(hub: Hub, org: string, date: string, collected: readonly Debit[]): void {
  for (const treasury of hub.store.all('treasury')) {
    const own = collected.filter(
      (debit) =>
        debit.org === org &&
        debit.order !== null &&
        treasuryOf(hub, debit.order)?.treCode === treasury.treCode,
    );
    if (own.length === 0) continue;
    sendList(hub, entryList(hub, '3126', org, date, treasury, own));
    sendList(hub, entryList(hub, '3139', org, date, treasury, own));
  }
}

function entryList(
  hub: Hub,
  msgNo: '3126' | '3139',
  org: string,
  date: string,
  treasury: Treasury,
  debits: readonly Debit[],
): ListPlan {
  const { workDate: EntryDate, entryMs } = stateOf(hub);
  const lines = groupBy(debits, (debit) => debit.voucher).flatMap((voucher, at) => {
    const common = { EntryNo: eight(at + 1), EntryDate, TaxVouNo: voucher.key };
    if (msgNo === '3126') {
      const amountFen = voucher.members.reduce(
        (sum, each) => sum + (each.order?.amountFen ?? 0),
        0,
      );
      return [{ amountFen, write: (TraAmt: string) => ({ ...common, TraAmt }) }];
    }
    return voucher.members
      .flatMap((each) => each.order?.items ?? [])
      .map((item) => ({
        amountFen: item.amountFen,
        write: (TraAmt: string) => ({
          ...common,
          ProjectId: item.projectId,
          BudgetSubjectCode: item.subject,
          BudgetLevelCode: item.level,
          TraAmt,
        }),
      }));
  });
  const packNo = eight(nextNumber(hub));
  const head = { TaxOrgCode: org, TreCode: treasury.treCode, ChkDate: date, PackNo: packNo };
  const blocks = ['EntryHead', msgNo === '3126' ? 'Entry' : 'EntryDetail'] as const;
  return { msgNo, org, chkDate: date, packNo, blocks, head, lines, afterMs: entryMs };
}

function sendList(hub: Hub, plan: ListPlan): void {
  const wrong = takeFault(hub, plan.msgNo, ['wrongAmount']) ? 100 : 0;
  const lines = plan.lines.map((line, at) => ({
    ...line,
    amountFen: line.amountFen + (at === 0 ? wrong : 0),
  }));
  const size = stateOf(hub).linesPerPart;
  const count = Math.max(1, Math.ceil(lines.length / size));
  const lost = takeFault(hub, plan.msgNo, ['missingPack']) ? count : 0;
  for (let part = 1; part <= count; part += 1) {
    const own = lines.slice((part - 1) * size, part * size);
    const head = {
      ...plan.head,
      AllNum: String(lines.length),
      AllAmt: total(lines),
      ChildPackNum: String(count),
      CurPackNo: String(part),
      CurPackNum: String(own.length),
      CurPackAmt: total(own),
    };
    const [headName, lineName] = plan.blocks;
    const body = {
      [headName]: head,
      [lineName]: own.map((line) => line.write(amountText(fen(line.amountFen)))),
    };
    // The blocks were chosen with the number; the codec checks every field as it writes.
    const { bytes, msgId } = write(hub, plan.msgNo as MsgNo, body as never);
    const { msgNo, org, chkDate, packNo } = plan;
    const key = `${chkDate}:${msgNo}:${org}:${packNo}:${eight(part)}`;
    hub.store.put('list', key, { msgNo, org, chkDate, packNo, part, bytes: pack64(bytes) });
    if (part !== lost) push(hub, msgNo, bytes, msgId, plan.afterMs);
  }
}

function total(lines: readonly Line[]): string {
  return amountText(fen(lines.reduce((sum, line) => sum + line.amountFen, 0)));
}

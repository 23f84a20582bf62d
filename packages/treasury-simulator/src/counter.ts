import { amountOf, type Message, type MessageOf, notAfterOf } from '@shebao/channel';
import { accountKey, debitKey, isTooLate, moveMoney, refusal, storeOutcome } from './debits.ts';
import { eight, type Hub, nextNumber, record, stateOf, write } from './hub.ts';
import type { CounterCase, Debit, DebitOrder } from './model.ts';
import { push } from './outbox.ts';

/** What a payer brings to the counter of a bank. */
export interface CounterWish {
  readonly bankNo: string;
  readonly taxOrgCode: string;
  /** 凭证序号. */
  readonly outerLevyNo: string;
  readonly taxPayCode: string;
  readonly payType: '1' | '2';
  readonly payAcct: string;
  readonly payName: string;
  readonly payAtOnce: boolean;
}

/** Cash of a bank stands on an account of this name: it may go below zero, so that the sum stays constant. */
const CASH = 'cash';

/** Asks the initiator about a voucher (2091) or fetches it for payment (2090). Returns the key of the case. */
export function askAtCounter(hub: Hub, kind: 'query' | 'fetch', wish: CounterWish): string {
  const bank = hub.store.get('bank', wish.bankNo);
  if (!bank) throw new RangeError('没有这个开户行');
  const number = eight(nextNumber(hub));
  const { workDate: entrustDate } = stateOf(hub);
  const BankNo = bank.clearingBankNo;
  const common = {
    BankNo,
    EntrustDate: entrustDate,
    PayOpBkCode: bank.bankNo,
    BankName: bank.name,
    TaxOrgCode: wish.taxOrgCode,
    TaxPayCode: wish.taxPayCode,
    OuterLevyNo: wish.outerLevyNo,
  };
  const msgNo = kind === 'query' ? '2091' : '2090';
  const { bytes, msgId } =
    kind === 'query'
      ? write(hub, '2091', { QueryApply: { ...common, QueryNo: number, CorpCode: '' } })
      : write(hub, '2090', {
          LevyApply: {
            ...common,
            LevyNo: number,
            PayType: wish.payType,
            PayAcct: wish.payType === '2' ? wish.payAcct : '',
            PayName: wish.payName,
          },
        });
  const key = `${kind}:${BankNo}:${entrustDate}:${number}`;
  hub.store.put('counter', key, {
    key,
    kind,
    clearingBankNo: BankNo,
    entrustDate,
    number,
    taxOrgCode: wish.taxOrgCode,
    outerLevyNo: wish.outerLevyNo,
    msgId,
    state: 'asked',
    code: '',
    text: '',
    payAtOnce: wish.payAtOnce,
    payType: wish.payType,
    payAcct: wish.payAcct,
    bankNo: wish.bankNo,
    debit: '',
  });
  push(hub, msgNo, bytes, msgId);
  return key;
}

/** Takes in 1009 or 1008, from a response or as a late answer. */
export function handleCounterAnswer(
  hub: Hub,
  message: Extract<Message, { msgNo: '1008' | '1009' }>,
): void {
  const found = message.msgNo === '1009' ? queryOf(hub, message) : fetchOf(hub, message);
  if (!found || found.msgId !== message.head.msgRef || found.state !== 'asked') return;
  if (message.msgNo === '1009') {
    const { Result, AddWord, TaxPayName } = message.body.QueryReturn;
    const bills = message.body.LevyList.map(
      (bill) => `${bill.OuterLevyNo} ${bill.TaxTypeName} ${bill.TraAmt}`,
    );
    const text = [AddWord, TaxPayName, ...bills].filter((part) => part !== '').join(' · ');
    hub.store.put('counter', found.key, { ...found, state: 'answered', code: Result, text });
    return;
  }
  takeBill(hub, found, message);
}

/** Collects a fetched bill and confirms it (2108). Refuses in words when it cannot. */
export function payAtCounter(hub: Hub, key: string): string {
  const { found, debit, order } = fetchedBill(hub, key);
  if (isTooLate(hub, order)) return giveUp(hub, found, debit, '超过指令有效时间');
  const payer = accountKey(order.bankNo, order.acct);
  if (order.acct === CASH && !hub.store.get('account', payer)) {
    const cash = { bankNo: order.bankNo, acct: CASH, holder: '现金', balanceFen: 0 } as const;
    hub.store.put('account', payer, { ...cash, state: 'open' });
  }
  const account = hub.store.get('account', payer);
  const usable = account?.state === 'open';
  if (!usable || (order.acct !== CASH && account.balanceFen < order.amountFen)) {
    return usable ? '余额不足' : '账户不可用';
  }
  moveMoney(hub, order, 'collect');
  const paid = storeOutcome(hub, debit, { code: '90000', addWord: '已收款' });
  hub.store.put('counter', key, { ...found, state: 'paid', code: '90000', text: '已收款' });
  confirm(hub, found, paid);
  return '已收款';
}

/** Gives up a fetched bill: nothing is collected (2108 with 24003). */
export function giveUpAtCounter(hub: Hub, key: string): string {
  const { found, debit } = fetchedBill(hub, key);
  return giveUp(hub, found, debit, '用户已撤销');
}

/** Gives up bills whose time to pay has passed. */
export function giveUpDue(hub: Hub): void {
  for (const found of fetched(hub)) {
    const debit = hub.store.get('debit', found.debit);
    if (debit?.order && isTooLate(hub, debit.order)) giveUp(hub, found, debit, '超过指令有效时间');
  }
}

/** Before a cut-off: bills of the day that were not paid are given up. */
export function giveUpOf(hub: Hub, date: string): void {
  for (const found of fetched(hub)) {
    const debit = hub.store.get('debit', found.debit);
    if (debit?.entrustDate === date) giveUp(hub, found, debit, '日切前未缴款');
  }
}

/** When the next fetched bill runs out, in hub milliseconds; null when none waits. */
export function nextCounterAt(hub: Hub): number | null {
  const times = fetched(hub).flatMap((found) => {
    const notAfterMs = hub.store.get('debit', found.debit)?.order?.notAfterMs;
    return notAfterMs ? [notAfterMs + 1_000] : [];
  });
  return times.length > 0 ? Math.min(...times) : null;
}

function fetched(hub: Hub): readonly CounterCase[] {
  return hub.store.all('counter').filter((each) => each.state === 'fetched');
}

function queryOf(hub: Hub, message: MessageOf<'1009'>): CounterCase | undefined {
  const { OriBankNo, OriEntrustDate, OriQueryNo } = message.body.QueryReturn;
  return hub.store.get('counter', `query:${OriBankNo}:${OriEntrustDate}:${OriQueryNo}`);
}

function fetchOf(hub: Hub, message: MessageOf<'1008'>): CounterCase | undefined {
  const { OriBankNo, OriEntrustDate, OriLevyNo } = message.body.RealHead;
  return hub.store.get('counter', `fetch:${OriBankNo}:${OriEntrustDate}:${OriLevyNo}`);
}

function takeBill(hub: Hub, found: CounterCase, message: MessageOf<'1008'>): void {
  const { RealHead: head, TurnAccount: turn, Payment: payment } = message.body;
  if (head.Result !== '90000' || !turn || !payment) {
    const refused = { state: 'refused', code: head.Result, text: head.AddWord } as const;
    return hub.store.put('counter', found.key, { ...found, ...refused });
  }
  const key = debitKey(head.TaxOrgCode, head.EntrustDate, head.TraNo);
  if (hub.store.get('used', `debit:${key}`)) {
    const note = '1008 的交易流水号已用于其他业务';
    return record(hub, {
      direction: 'in',
      msgNo: '1008',
      msgId: message.head.msgId,
      note,
      bytes: '',
    });
  }
  const order: DebitOrder = {
    voucher: payment.TaxVouNo,
    amountFen: amountOf(payment.TraAmt),
    bankNo: found.bankNo,
    clearingBankNo: found.clearingBankNo,
    acct: found.payType === '1' ? CASH : found.payAcct,
    holder: payment.HandOrgName,
    taxPayCode: payment.TaxPayCode,
    taxPayName: payment.TaxPayName,
    protocolNo: '',
    payeeBankNo: turn.PayeeBankNo,
    payeeAcct: turn.PayeeAcct,
    payeeOrgCode: hub.store.get('treasury', turn.TreCode)?.payeeOrgCode ?? '',
    notAfterMs: notAfterOf(payment.Remark2),
    items: payment.TaxTypeList.map((type) => ({
      projectId: type.ProjectId,
      subject: type.BudgetSubjectCode,
      level: type.BudgetLevelCode,
      amountFen: amountOf(type.TaxTypeAmt),
    })),
  };
  storeBill(hub, found, key, head, order);
}

function storeBill(
  hub: Hub,
  found: CounterCase,
  key: string,
  head: MessageOf<'1008'>['body']['RealHead'],
  order: DebitOrder,
): void {
  hub.store.put('used', `debit:${key}`, { contentDigest: `bill:${found.key}`, msgNo: '1008' });
  hub.store.put('debit', key, {
    key,
    org: head.TaxOrgCode,
    entrustDate: head.EntrustDate,
    traNo: head.TraNo,
    via: '1008',
    packNo: '',
    state: 'waiting',
    code: '',
    addWord: '',
    taxDate: '',
    voucher: order.voucher,
    order,
    settleAtMs: 0,
  });
  const fetchedCase = { ...found, state: 'fetched', code: '90000', debit: key } as const;
  hub.store.put('counter', found.key, { ...fetchedCase, text: '等待缴款' });
  if (found.payAtOnce) payAtCounter(hub, found.key);
}

function fetchedBill(
  hub: Hub,
  key: string,
): { found: CounterCase; debit: Debit; order: DebitOrder } {
  const found = hub.store.get('counter', key);
  const debit = found ? hub.store.get('debit', found.debit) : undefined;
  if (found?.state !== 'fetched' || !debit?.order) throw new RangeError('没有等待缴款的凭证');
  return { found, debit, order: debit.order };
}

function giveUp(hub: Hub, found: CounterCase, debit: Debit, text: string): string {
  const settled = storeOutcome(hub, debit, { ...refusal('24003'), addWord: text });
  hub.store.put('counter', found.key, { ...found, state: 'givenUp', code: '24003', text });
  confirm(hub, found, settled);
  return text;
}

function confirm(hub: Hub, found: CounterCase, debit: Debit): void {
  const body = {
    PayConfirm: {
      BankNo: found.clearingBankNo,
      TaxVouNo: debit.voucher,
      OriTaxOrgCode: debit.org,
      OriEntrustDate: debit.entrustDate,
      OriTraNo: debit.traNo,
      TaxDate: debit.taxDate,
      Result: debit.code,
      AddWord: debit.addWord,
    },
  };
  const { bytes, msgId } = write(hub, '2108', body);
  push(hub, '2108', bytes, msgId);
}

import { amountOf, codeText, comparableName, notAfterOf, type ReadBody } from '@shebao/channel';
import { type Hub, hubNow, stateOf } from './hub.ts';
import type { Agreement, Debit, DebitOrder, Treasury } from './model.ts';

/** The outcome of trying a debit. */
export interface Outcome {
  readonly code: string;
  readonly addWord: string;
}

type Payment = ReadBody<'1001'>['Payment'];
type Turn = ReadBody<'1001'>['TurnAccount'];

/** The key of a debit. */
export function debitKey(org: string, entrustDate: string, traNo: string): string {
  return `${org}:${entrustDate}:${traNo}`;
}

/** Reads what a payment asks for. */
export function orderOf(payment: Payment, turn: Turn): DebitOrder {
  return {
    voucher: payment.TaxVouNo,
    amountFen: amountOf(payment.TraAmt),
    bankNo: turn.PayOpBkCode,
    clearingBankNo: turn.PayBkCode,
    acct: payment.PayAcct,
    holder: payment.HandOrgName,
    taxPayCode: payment.TaxPayCode,
    taxPayName: payment.TaxPayName,
    protocolNo: payment.ProtocolNo,
    payeeBankNo: turn.PayeeBankNo,
    payeeAcct: turn.PayeeAcct,
    payeeOrgCode: turn.PayeeOrgCode,
    notAfterMs: notAfterOf(payment.Remark2),
    items: payment.TaxTypeList.map((type) => ({
      projectId: type.ProjectId,
      subject: type.BudgetSubjectCode,
      level: type.BudgetLevelCode,
      amountFen: amountOf(type.TaxTypeAmt),
    })),
  };
}

/** The first reason against a debit, in the order that the specification gives; null when it may take place. */
function refusalOf(hub: Hub, org: string, order: DebitOrder): Outcome | null {
  if (isTooLate(hub, order)) return refusal('92012');
  if (!hub.store.get('taxOrg', org) || !treasuryOf(hub, order)) return refusal('92014');
  const account = hub.store.get('account', accountKey(order.bankNo, order.acct));
  if (!account || account.state === 'closed') return refusal('24001');
  if (account.state === 'frozen') return refusal('24007');
  const agreement = hub.store.get('agreement', order.protocolNo);
  if (!agreement) return refusal('24009');
  const difference = differenceOf(agreement, org, order);
  if (difference) return { code: '24011', addWord: difference };
  return account.balanceFen < order.amountFen ? refusal('24004') : null;
}

/** Moves the money of an order from the account to the treasury, or back. */
export function moveMoney(hub: Hub, order: DebitOrder, direction: 'collect' | 'return'): void {
  const sign = direction === 'collect' ? 1 : -1;
  const key = accountKey(order.bankNo, order.acct);
  const account = hub.store.get('account', key);
  const treasury = treasuryOf(hub, order);
  if (!account || !treasury) throw new Error('money moved between accounts that do not exist');
  const balanceFen = account.balanceFen - sign * order.amountFen;
  hub.store.put('account', key, { ...account, balanceFen });
  hub.store.put('treasury', treasury.treCode, {
    ...treasury,
    balanceFen: treasury.balanceFen + sign * order.amountFen,
  });
}

/** Debits if nothing speaks against it, and stores the outcome with the debit. */
export function settleDebit(hub: Hub, debit: Debit): Debit {
  const { order } = debit;
  if (hub.store.get('tombstone', debit.key)) return storeOutcome(hub, debit, refusal('24020'));
  if (!order) return storeOutcome(hub, debit, refusal('92010'));
  const refused = refusalOf(hub, debit.org, order);
  if (refused) return storeOutcome(hub, debit, refused);
  moveMoney(hub, order, 'collect');
  return storeOutcome(hub, debit, { code: '90000', addWord: '成功' });
}

/** Stores how a debit ended. */
export function storeOutcome(hub: Hub, debit: Debit, outcome: Outcome): Debit {
  const collected = outcome.code === '90000';
  const settled: Debit = {
    ...debit,
    state: collected ? 'collected' : outcome.code === '24020' ? 'reversed' : 'refused',
    code: outcome.code,
    addWord: outcome.addWord,
    taxDate: collected ? stateOf(hub).workDate : '',
  };
  hub.store.put('debit', debit.key, settled);
  return settled;
}

/** A refusal with the text of its code. */
export function refusal(code: string): Outcome {
  return { code, addWord: codeText(code) };
}

export function accountKey(bankNo: string, acct: string): string {
  return `${bankNo}:${acct}`;
}

/** The treasury to whose account an order pays. */
export function treasuryOf(
  hub: Hub,
  payee: Pick<DebitOrder, 'payeeBankNo' | 'payeeAcct' | 'payeeOrgCode'>,
): Treasury | undefined {
  return hub.store
    .all('treasury')
    .find(
      (each) =>
        each.payeeBankNo === payee.payeeBankNo &&
        each.payeeAcct === payee.payeeAcct &&
        each.payeeOrgCode === payee.payeeOrgCode,
    );
}

/** Whether the second named by `notAfter` has gone by. */
export function isTooLate(hub: Hub, order: DebitOrder): boolean {
  return order.notAfterMs !== null && hubNow(hub) >= order.notAfterMs + 1_000;
}

function differenceOf(agreement: Agreement, org: string, order: DebitOrder): string | null {
  if (agreement.state === 'terminated') return '三方协议未验证或已撤销';
  if (agreement.taxOrgCode !== org) return '征收机关不一致';
  if (agreement.payBkCode !== order.clearingBankNo) return '付款行行号不一致';
  if (agreement.payOpBkCode !== order.bankNo) return '付款行行号不一致';
  if (agreement.payAcct !== order.acct) return '付款账户不一致';
  const sameName = comparableName(agreement.handOrgName) === comparableName(order.holder);
  if (!sameName) return '缴款单位名称不一致';
  return agreement.taxPayCode === order.taxPayCode ? null : '协议书号不一致';
}

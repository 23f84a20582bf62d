import type { MessageBody } from '@shebao/channel';
import { amountText } from '@shebao/channel';
import { assert, fen } from '@shebao/kernel';
import { compact } from '../treasury/index.ts';
import { paymentTail, taxTypes } from './debit.ts';
import type {
  AttemptRecord,
  BillLineRecord,
  BillRecord,
  OrderRecord,
  PackRecord,
} from './tables.ts';

/** One line of a pack as it stands in our records. */
export interface PackLine {
  readonly attempt: AttemptRecord;
  readonly order: OrderRecord;
  readonly bill: BillRecord;
  readonly lines: readonly BillLineRecord[];
  /** The account number in clear. */
  readonly account: string;
}

/** The 1102 of a pack. */
export function packBody(pack: PackRecord, lines: readonly PackLine[]): MessageBody<'1102'> {
  const [first] = lines;
  assert(first !== undefined, 'a pack has lines');
  const { payee } = first.order;
  return {
    BatchHead: {
      TaxOrgCode: pack.taxOrg,
      EntrustDate: compact(pack.entrustDate),
      PackNo: pack.packNo,
      ReturnTerm: String(pack.returnTerm),
      AllNum: String(lines.length),
      AllAmt: amountText(fen(lines.reduce((sum, line) => sum + line.order.amountFen, 0))),
    },
    TurnAccount: {
      HandleType: '1',
      PayeeBankNo: payee.payeeBankNo,
      PayeeOrgCode: payee.payeeOrgCode,
      PayeeAcct: payee.payeeAcct,
      PayeeName: payee.payeeName,
      PayBkCode: pack.clearingBankNo,
      PayOpBkCode: pack.openingBankNo,
    },
    Payment: lines.map(paymentOf),
  };
}

function paymentOf({ attempt, order, bill, lines, account }: PackLine) {
  const types = taxTypes(lines);
  assert(order.snapshot !== null, 'a debit has an agreement');
  return {
    TraNo: attempt.traNo,
    PayAcct: account,
    HandOrgName: order.snapshot.holder,
    ProtocolNo: order.snapshot.protocolNo,
    ...paymentTail(order, bill, null),
    TaxTypeNum: String(types.length),
    TaxTypeList: types,
  };
}

import type { MessageBody } from '@shebao/channel';
import { amountText } from '@shebao/channel';
import { assert, dayOf, daysIn, fen, formatDay, type Month } from '@shebao/kernel';
import { type Insurance, insuranceName } from '@shebao/levy';
import { compact } from '../treasury/index.ts';
import type { AttemptRecord, BillLineRecord, BillRecord, OrderRecord } from './tables.ts';

/** 预算科目 of each insurance; an authority's own table may differ. */
const subjects: Readonly<Record<Insurance, string>> = {
  enterprisePension: '1020101',
  unemployment: '1020201',
  medical: '1020301',
  workInjury: '1020401',
  maternity: '1020501',
  largeMedical: '1020303',
  institutionPension: '1021101',
  occupationalAnnuity: '1021102',
};

type TaxType = MessageBody<'1001'>['Payment']['TaxTypeList'][number];

/** The debit 1001 of an attempt. The account number comes from its encrypted record. */
export function debitBody(
  attempt: AttemptRecord,
  order: OrderRecord,
  bill: BillRecord,
  lines: readonly BillLineRecord[],
  account: string,
): MessageBody<'1001'> {
  const { snapshot, payee } = order;
  assert(snapshot !== null && attempt.notAfter !== null, 'a debit has an agreement and an end');
  const types = taxTypes(lines);
  return {
    RealHead: {
      TaxOrgCode: attempt.taxOrg,
      EntrustDate: compact(attempt.entrustDate),
      TraNo: attempt.traNo,
    },
    TurnAccount: {
      HandleType: '1',
      PayeeBankNo: payee.payeeBankNo,
      PayeeOrgCode: payee.payeeOrgCode,
      PayeeAcct: payee.payeeAcct,
      PayeeName: payee.payeeName,
      PayBkCode: snapshot.clearingBankNo,
      PayOpBkCode: snapshot.openingBankNo,
    },
    Payment: {
      PayAcct: account,
      HandOrgName: snapshot.holder,
      ProtocolNo: snapshot.protocolNo,
      ...paymentTail(order, bill, attempt.notAfter),
      TaxTypeNum: String(types.length),
      TaxTypeList: types,
    },
  };
}

/** The fields of a payment that do not depend on the way it is paid. */
export function paymentTail(order: OrderRecord, bill: BillRecord, notAfter: string | null) {
  return {
    TraAmt: amountText(fen(order.amountFen)),
    TaxVouNo: order.taxVouNo,
    BillDate: compact(order.billDate),
    TaxPayCode: bill.taxpayerId,
    TaxPayName: bill.taxpayerName,
    CorpCode: bill.unitNo,
    BudgetType: '1',
    TrimSign: '0',
    PrintVouSign: '0',
    // A line of a pack ends with the pack's ReturnTerm.
    ...(notAfter === null ? {} : { Remark2: `NA=${notAfter}` }),
  };
}

/** Lines as the channel groups them: insurance × month × current or not, late fees apart. */
export function taxTypes(lines: readonly BillLineRecord[]): readonly TaxType[] {
  const groups = new Map<string, BillLineRecord[]>();
  for (const line of lines) {
    const kind = line.kind === 'lateFee' ? 'lateFee' : line.kind === 'current' ? '1' : '2';
    const key = `${line.insurance} ${line.period} ${kind}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].map((group, at) => taxType(group, at + 1));
}

function taxType(group: readonly BillLineRecord[], projectId: number): TaxType {
  const [first] = group;
  assert(first !== undefined, 'a group has lines');
  const subject = subjects[first.insurance];
  const month = first.period as Month;
  const late = first.kind === 'lateFee';
  const name = insuranceName(first.insurance);
  const total = group.reduce((sum, line) => sum + line.amountFen, 0);
  return {
    ProjectId: String(projectId),
    BudgetSubjectCode: subject,
    LimitDate: compact(first.dueDate),
    TaxTypeName: late ? `${name}滞纳金` : name,
    BudgetLevelCode: '3',
    BudgetLevelName: '市级',
    TaxStartDate: compact(formatDay(dayOf(month, 1))),
    TaxEndDate: compact(formatDay(dayOf(month, daysIn(month)))),
    TaxType: late || first.kind === 'current' ? '1' : '2',
    TaxTypeAmt: amountText(fen(total)),
    DetailNum: late ? '0' : String(group.length),
    TaxSubjectList: late ? [] : group.map((line, at) => taxSubject(line, subject, at + 1)),
  };
}

function taxSubject(line: BillLineRecord, subject: string, number: number) {
  return {
    DetailNo: String(number),
    TaxSubjectCode: `${subject}${line.payer === 'employer' ? '01' : '02'}`,
    TaxSubjectName: line.payer === 'employer' ? '单位缴纳' : '个人缴纳',
    TaxNumber: `${line.people}.00`,
    TaxAmt: amountText(fen(line.baseFen)),
    TaxRate: rateText(line.ratePpm),
    ExpTaxAmt: amountText(fen(line.amountFen)),
    DiscountTaxAmt: '0.00',
    FactTaxAmt: amountText(fen(line.amountFen)),
  };
}

function rateText(ratePpm: number): string {
  const digits = String(ratePpm).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

import {
  type AnswerOf,
  type listPersonCertificateRows,
  type listUnitCertificateRows,
  type personCertificateRow,
} from '@shebao/contract';
import { type Fen, fen, formatMonth, formatYuan, type Month, sumFen } from '@shebao/kernel';
import { insuranceName, levyItemName } from '@shebao/levy';
import type * as z from 'zod';
import {
  type PaidPersonRow,
  type PaidUnitRow,
  paidPersonRows,
  paidUnitRows,
} from '../declaration/index.ts';
import type { Unit } from '../employer/index.ts';
import { type BillStatus, billStates, paidLateFees } from '../payment/index.ts';
import type { Services } from '../platform/index.ts';
import { personRefunds, type UnitRefund, unitRefunds } from '../refund/index.ts';
import { maskIdentity, type PersonDocument, personDocuments } from '../registry/index.ts';
import { loadRoster, peopleMatching } from '../roster/index.ts';
import type { PaidPersonLine, PaidUnitLine } from './certificate.ts';

export type UnitRow = AnswerOf<typeof listUnitCertificateRows>['rows'][number];
export type PersonRow = z.infer<typeof personCertificateRow>;
export type PersonRows = AnswerOf<typeof listPersonCertificateRows>;

interface Payment {
  readonly status: '已缴款未入库' | '已入库';
  readonly paidOn: string | null;
  readonly taxVoucherNo: string | null;
  readonly refundedFen: number;
}

/** Months taken over were collected and booked before this system. */
const takenOver: Payment = {
  status: '已入库',
  paidOn: null,
  taxVoucherNo: null,
  refundedFen: 0,
};

/** The paid bills of units, by declaration. */
async function paidBills(
  services: Services,
  unitIds: readonly number[],
): Promise<Map<string, BillStatus & Payment>> {
  const paid = new Map<string, BillStatus & Payment>();
  for (const bill of await billStates(services.db.q, { unitIds })) {
    if (bill.status === '已缴款未入库') {
      paid.set(bill.declarationId, { ...bill, status: '已缴款未入库' });
    } else if (bill.status === '已入库' || bill.status === '已退费') {
      // What went back has lines of its own.
      paid.set(bill.declarationId, { ...bill, status: '已入库' });
    }
  }
  return paid;
}

const paymentOf = (bills: ReadonlyMap<string, Payment>, declarationId: string | null): Payment =>
  (declarationId === null ? undefined : bills.get(declarationId)) ?? takenOver;

const unitNumbers = (units: readonly Unit[]) =>
  new Map(units.map((unit) => [unit.id, unit.unitNo]));

const feeKey = (line: { readonly declarationId: string | null; readonly insurance: string }) =>
  `${line.declarationId}:${line.insurance}`;

/** Everything paid by units in a range of months, by 征收品目. */
export async function unitLines(
  services: Services,
  units: readonly Unit[],
  from: Month,
  to: Month,
): Promise<PaidUnitLine[]> {
  const unitIds = units.map((unit) => unit.id);
  const bills = await paidBills(services, unitIds);
  const range = { unitIds, from, to, paidDeclarations: [...bills.keys()] };
  const rows = await paidUnitRows(services.db.q, range);
  const numbers = unitNumbers(units);
  const fees = new Map<string, Fen>();
  for (const fee of await paidLateFees(services.db.q, range.paidDeclarations)) {
    fees.set(feeKey(fee), fen((fees.get(feeKey(fee)) ?? 0) + fee.amountFen));
  }
  const lines = rows.map((row: PaidUnitRow): PaidUnitLine => {
    const payment = paymentOf(bills, row.declarationId);
    // A late fee belongs to an insurance of a declaration: it stands on the first of its lines.
    const lateFeeFen = fees.get(feeKey(row)) ?? fen(0);
    fees.delete(feeKey(row));
    return {
      unitNo: numbers.get(row.unitId) ?? '',
      period: row.period,
      insurance: row.insurance,
      insuranceName: insuranceName(row.insurance),
      levyItem: levyItemName(row.insurance, row.payer),
      payer: row.payer,
      people: row.people,
      baseFen: row.baseFen,
      amountFen: row.amountFen,
      lateFeeFen,
      status: payment.status,
      paidOn: payment.paidOn,
      taxVoucherNo: payment.taxVoucherNo,
      declarationId: row.declarationId,
      billRefundedFen: payment.refundedFen,
    };
  });
  const back = await unitRefunds(services.db.q, range);
  return inOrder(
    lines,
    back.map((row) => unitRefundLine(row, bills, numbers)),
    unitKey,
  );
}

function unitRefundLine(
  row: UnitRefund,
  bills: ReadonlyMap<string, Payment>,
  numbers: ReadonlyMap<number, string>,
): PaidUnitLine {
  return {
    unitNo: numbers.get(row.unitId) ?? '',
    period: row.period,
    insurance: row.insurance,
    insuranceName: insuranceName(row.insurance),
    levyItem: levyItemName(row.insurance, row.payer),
    payer: row.payer,
    people: row.people,
    baseFen: fen(0),
    amountFen: fen(0 - row.amountFen),
    lateFeeFen: fen(0),
    status: '已退费',
    paidOn: row.refundedOn,
    taxVoucherNo: row.taxVouNo,
    declarationId: row.declarationId,
    billRefundedFen: paymentOf(bills, row.declarationId).refundedFen,
  };
}

/** Lines with what went back of them, each refund behind the lines of its key. */
function inOrder<Line>(
  lines: readonly Line[],
  back: readonly Line[],
  keyOf: (line: Line) => string,
): Line[] {
  if (back.length === 0) return [...lines];
  const groups = Map.groupBy([...lines, ...back], keyOf);
  return [...groups.values()].flat();
}

/** What names a row of the unit's list. */
export const unitKey = (line: Pick<PaidUnitLine, 'unitNo' | 'period' | 'insurance'>) =>
  `${line.unitNo}:${formatMonth(line.period)}:${line.insurance}`;

/** The rows of 单位缴费证明打印: one per unit, month and insurance. */
export function unitRowsOf(lines: readonly PaidUnitLine[]): UnitRow[] {
  const groups = Map.groupBy(lines, unitKey);
  return [...groups].map(([key, group], index) => {
    const [first] = group;
    if (!first) throw new Error('an empty group');
    const amountPaid = sumFen(group.flatMap((line) => [line.amountFen, line.lateFeeFen]));
    return {
      key,
      seq: index + 1,
      unitNo: first.unitNo,
      period: formatMonth(first.period),
      insuranceName: first.insuranceName,
      people: Math.max(...group.map((line) => line.people)),
      amountPaid: formatYuan(amountPaid),
      status: statusOf(group, amountPaid),
    };
  });
}

/** How a row of lines stands: 已退费 where nothing of it is left. */
function statusOf(lines: readonly { readonly status: PaidUnitLine['status'] }[], left: Fen) {
  const back = lines.some(({ status }) => status === '已退费');
  if (back && left === 0) return '已退费';
  return lines.some(({ status }) => status === '已缴款未入库') ? '已缴款未入库' : '已入库';
}

/** Everything paid for people of units in a range of months. */
export async function personLines(
  services: Services,
  units: readonly Unit[],
  from: Month,
  to: Month,
  personIds?: readonly string[],
): Promise<PaidPersonLine[]> {
  const unitIds = units.map((unit) => unit.id);
  const bills = await paidBills(services, unitIds);
  const range = {
    unitIds,
    from,
    to,
    paidDeclarations: [...bills.keys()],
    ...(personIds ? { personIds } : {}),
  };
  const rows = await paidPersonRows(services.db.q, range);
  const numbers = unitNumbers(units);
  const lines = rows.map((row: PaidPersonRow): PaidPersonLine => {
    const payment = paymentOf(bills, row.declarationId);
    return {
      ...row,
      unitNo: numbers.get(row.unitId) ?? '',
      insuranceName: insuranceName(row.insurance),
      status: payment.status,
      paidOn: payment.paidOn,
      billRefundedFen: payment.refundedFen,
    };
  });
  const back = await personRefunds(services.db.q, range);
  const refunds = back.map(
    (row): PaidPersonLine => ({
      personId: row.personId,
      unitNo: numbers.get(row.unitId) ?? '',
      period: row.period,
      insurance: row.insurance,
      insuranceName: insuranceName(row.insurance),
      wageFen: fen(0),
      baseFen: fen(0),
      employerFen: fen(0 - row.employerFen),
      employeeFen: fen(0 - row.employeeFen),
      status: '已退费',
      paidOn: row.refundedOn,
      declarationId: row.declarationId,
      billRefundedFen: paymentOf(bills, row.declarationId).refundedFen,
    }),
  );
  return inOrder(lines, refunds, personKey);
}

/** What names a row of the people's list. */
export const personKey = (line: Pick<PaidPersonLine, 'unitNo' | 'personId' | 'period'>) =>
  `${line.unitNo}:${line.personId}:${formatMonth(line.period)}`;

/** The rows of 职工缴费证明打印: one per person and month, a page of them. */
export async function personRows(
  services: Services,
  units: readonly Unit[],
  query: { from: Month; to: Month; search?: string | undefined; offset: number; limit: number },
): Promise<PersonRows> {
  const unitIds = units.map((unit) => unit.id);
  const people = await peopleMatching(services, unitIds, query.search);
  const lines = await personLines(services, units, query.from, query.to, people);
  const groups = [...Map.groupBy(lines, personKey)];
  const page = groups.slice(query.offset, query.offset + query.limit);
  const ids = [...new Set(page.flatMap(([, group]) => group.map((line) => line.personId)))];
  const named = await namesAndDocuments(services, unitIds, ids);
  const rows = page.map(([key, group], index): PersonRow => {
    const [first] = group;
    if (!first) throw new Error('an empty group');
    const left = sumFen(group.flatMap((line) => [line.employerFen, line.employeeFen]));
    return {
      key,
      seq: query.offset + index + 1,
      personId: first.personId,
      name: named.names.get(first.personId) ?? '',
      identityNumber: maskIdentity(named.documents.get(first.personId)?.number ?? ''),
      unitNo: first.unitNo,
      period: formatMonth(first.period),
      contributionBase: formatYuan(fen(Math.max(...group.map((line) => line.baseFen)))),
      employerPaid: formatYuan(sumFen(group.map((line) => line.employerFen))),
      employeePaid: formatYuan(sumFen(group.map((line) => line.employeeFen))),
      status: statusOf(group, left),
    };
  });
  return { total: groups.length, rows };
}

/** Names and documents of people, for lists and certificates. */
export async function namesAndDocuments(
  services: Services,
  unitIds: readonly number[],
  personIds: readonly string[],
): Promise<{ names: Map<string, string>; documents: Map<string, PersonDocument> }> {
  const names = new Map<string, string>();
  for (const unitId of unitIds) {
    for (const person of await loadRoster(services.db.q, unitId, personIds)) {
      names.set(person.personId, person.name);
    }
  }
  const documents = await personDocuments(services.db.q, services.crypto, personIds);
  return { names, documents };
}

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
import {
  findByIdentity,
  maskIdentity,
  type PersonDocument,
  personDocuments,
} from '../registry/index.ts';
import { loadRoster, searchRoster } from '../roster/index.ts';
import type { PaidPersonLine, PaidUnitLine } from './certificate.ts';

export type UnitRow = AnswerOf<typeof listUnitCertificateRows>['rows'][number];
export type PersonRow = z.infer<typeof personCertificateRow>;
export type PersonRows = AnswerOf<typeof listPersonCertificateRows>;

interface Payment {
  readonly status: '已缴款未入库' | '已入库';
  readonly paidOn: string | null;
  readonly taxVoucherNo: string | null;
}

/** Months taken over were collected and booked before this system. */
const takenOver: Payment = { status: '已入库', paidOn: null, taxVoucherNo: null };

/** The paid bills of units, by declaration. */
async function paidBills(
  services: Services,
  unitIds: readonly number[],
): Promise<Map<string, BillStatus & Payment>> {
  const paid = new Map<string, BillStatus & Payment>();
  for (const bill of await billStates(services.db.q, { unitIds })) {
    const { status } = bill;
    if (status === '已缴款未入库' || status === '已入库') {
      paid.set(bill.declarationId, { ...bill, status });
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
  return rows.map((row: PaidUnitRow) => {
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
    };
  });
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
    const booked = group.every((line) => line.status === '已入库');
    return {
      key,
      seq: index + 1,
      unitNo: first.unitNo,
      period: formatMonth(first.period),
      insuranceName: first.insuranceName,
      people: Math.max(...group.map((line) => line.people)),
      amountPaid: formatYuan(sumFen(group.flatMap((line) => [line.amountFen, line.lateFeeFen]))),
      status: booked ? '已入库' : '已缴款未入库',
    };
  });
}

/** Whom a search text names: part of a name, or a whole identity number; undefined: everybody. */
async function searched(
  services: Services,
  unitIds: readonly number[],
  text: string | undefined,
): Promise<readonly string[] | undefined> {
  const wanted = text?.trim() ?? '';
  if (wanted === '') return undefined;
  const found = new Set(await findByIdentity(services.db.q, services.crypto, wanted));
  for (const unitId of unitIds) {
    const query = { name: wanted, personIds: [], offset: 0, limit: 100_000 };
    const { people } = await searchRoster(services.db.q, unitId, query);
    for (const person of people) found.add(person.personId);
  }
  return [...found];
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
  const rows = await paidPersonRows(services.db.q, {
    unitIds,
    from,
    to,
    paidDeclarations: [...bills.keys()],
    ...(personIds ? { personIds } : {}),
  });
  const numbers = unitNumbers(units);
  return rows.map((row: PaidPersonRow) => {
    const payment = paymentOf(bills, row.declarationId);
    return {
      ...row,
      unitNo: numbers.get(row.unitId) ?? '',
      insuranceName: insuranceName(row.insurance),
      status: payment.status,
      paidOn: payment.paidOn,
    };
  });
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
  const people = await searched(services, unitIds, query.search);
  const lines = await personLines(services, units, query.from, query.to, people);
  const groups = [...Map.groupBy(lines, personKey)];
  const page = groups.slice(query.offset, query.offset + query.limit);
  const ids = [...new Set(page.flatMap(([, group]) => group.map((line) => line.personId)))];
  const named = await namesAndDocuments(services, unitIds, ids);
  const rows = page.map(([key, group], index): PersonRow => {
    const [first] = group;
    if (!first) throw new Error('an empty group');
    const booked = group.every((line) => line.status === '已入库');
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
      status: booked ? '已入库' : '已缴款未入库',
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

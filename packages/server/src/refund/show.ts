import type * as contract from '@shebao/contract';
import { fen, formatMonth, formatYuan, type Month } from '@shebao/kernel';
import { insuranceName, levyItemName } from '@shebao/levy';
import { type Identified, identify } from '../declaration/index.ts';
import { type Payout, payoutsOf } from '../payment/index.ts';
import type { Services } from '../platform/index.ts';
import { maskIdentity } from '../registry/index.ts';
import { nextSteps } from './application.ts';
import type { RefundLine } from './refundable.ts';
import { type Application, eventsOf, lineSums, linesPage } from './store.ts';

const yuan = (amount: number) => formatYuan(fen(amount));

/** What stands in place of a person where the unit's share is levied on its total payroll. */
const payroll = '单位统缴（不分摊到个人）';

/** A unit's share on total payroll is nobody's. */
const nobody = '0';

function nameOf(personId: string, known: Identified): string {
  return personId === nobody ? payroll : (known.names.get(personId) ?? '');
}

function maskedNumber(personId: string, known: Identified): string {
  return personId === nobody ? '' : maskIdentity(known.documents.get(personId)?.number ?? '');
}

/** Who the people behind lines are. */
export function identifyLines(
  services: Services,
  unitId: number,
  lines: readonly RefundLine[],
): Promise<Identified> {
  const ids = [...new Set(lines.map(({ personId }) => personId))].filter((id) => id !== nobody);
  return identify(services, unitId, ids);
}

function showLine(line: RefundLine, known: Identified) {
  return {
    personId: line.personId,
    name: nameOf(line.personId, known),
    identityNumber: maskedNumber(line.personId, known),
    period: formatMonth(line.period),
    insuranceName: insuranceName(line.insurance),
    levyItem: levyItemName(line.insurance, line.payer),
    contributionBase: yuan(line.baseFen),
    amount: yuan(line.amountFen),
    taxVoucherNo: line.taxVouNo,
    paidOn: line.paidOn,
  };
}

/** What one person may ask back; the lines are all of that person. */
export function showPerson(lines: readonly RefundLine[], known: Identified) {
  const sum = (of: readonly RefundLine[]) => of.reduce((all, line) => all + line.amountFen, 0);
  const personId = lines[0]?.personId ?? nobody;
  const months = lines.map(({ period }) => period);
  const first = formatMonth(Math.min(...months) as Month);
  const last = formatMonth(Math.max(...months) as Month);
  return {
    personId,
    name: nameOf(personId, known),
    identityNumber: maskedNumber(personId, known),
    periods: first === last ? first : `${first} 至 ${last}`,
    insuranceNames: [...new Set(lines.map(({ insurance }) => insuranceName(insurance)))].join('、'),
    employerAmount: yuan(sum(lines.filter(({ payer }) => payer === 'employer'))),
    employeeAmount: yuan(sum(lines.filter(({ payer }) => payer === 'employee'))),
    amount: yuan(sum(lines)),
    lines: lines.map((line) => showLine(line, known)),
  };
}

/** An application as lists show it, with what its payouts have brought back. */
function showApplication(one: Application, payouts: readonly Payout[]): contract.RefundApplication {
  const back = payouts.filter(
    ({ applicationId, state }) => applicationId === one.id && state === '已退',
  );
  return {
    id: one.id,
    applicationNo: one.applicationNo,
    unitNo: one.unitNo,
    unitName: one.unitName,
    agency: one.agency,
    from: formatMonth(one.fromPeriod),
    to: formatMonth(one.toPeriod),
    people: one.people,
    amount: yuan(one.amountFen),
    reasonCode: one.reasonCode,
    reason: one.reason,
    payeeName: one.payeeName,
    payeeAccountMasked: `**** **** **** ${one.payeeTail}`,
    payeeBankNo: one.payeeBankNo,
    state: one.state,
    nextStep: nextSteps[one.state],
    opinion: one.opinion === '' ? null : one.opinion,
    refunded: yuan(back.reduce((sum, part) => sum + part.amountFen, 0)),
    createdAt: one.createdAt,
    changedAt: one.changedAt,
    madeBy: one.madeBy,
    acceptedBy: one.acceptedBy,
    approvedBy: one.approvedBy,
    version: one.version,
  };
}

/** Applications with their payouts, read together. */
export async function showApplications(services: Services, found: readonly Application[]) {
  const ids = found.map(({ id }) => id);
  const payouts = await payoutsOf(services.db.q, ids);
  return found.map((one) => showApplication(one, payouts));
}

/** One application with a page of its lines, what became of it, and what happened. */
export async function showDetail(
  services: Services,
  one: Application,
  page: { readonly offset: number; readonly limit: number },
) {
  const { q } = services.db;
  const payouts = await payoutsOf(q, [one.id]);
  const { total, rows } = await linesPage(q, one.id, page);
  const known = await identifyLines(services, one.unitId, rows);
  return {
    application: showApplication(one, payouts),
    sums: (await lineSums(q, one.id)).map(({ insurance, payer, amountFen }) => ({
      levyItem: levyItemName(insurance, payer),
      amount: yuan(amountFen),
    })),
    lines: { total, rows: rows.map((line) => showLine(line, known)) },
    payouts: payouts.map((part) => ({
      taxVoucherNo: part.taxVouNo,
      amount: yuan(part.amountFen),
      state: part.state,
      drawBackVoucherNo: part.drawBackVouNo,
      message: part.said === '' ? null : part.said,
      changedAt: part.changedAt,
    })),
    events: [...(await eventsOf(q, one.id))],
  };
}

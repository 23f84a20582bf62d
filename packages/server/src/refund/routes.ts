import * as contract from '@shebao/contract';
import {
  assert,
  err,
  fen,
  formatMonth,
  formatYuan,
  type Month,
  ok,
  parseMonth,
  parseYuan,
  type Result,
} from '@shebao/kernel';
import type { Press } from '../document/index.ts';
import { type Unit, unitByNo } from '../employer/index.ts';
import { officeName, type Payments, payeesOf, printed, proofOf } from '../payment/index.ts';
import {
  type BoundRoute,
  handle,
  type Refusal,
  type RouteCall,
  type Services,
} from '../platform/index.ts';
import { peopleMatching } from '../roster/index.ts';
import { amendCommand, applyCommand, type PayeeWish, withdrawCommand } from './commands.ts';
import { applicationForm } from './form.ts';
import { findRefundable, refundableMonths } from './refundable.ts';
import { identifyLines, showApplications, showDetail, showPerson } from './show.ts';
import { type Application, applicationsOf, findApplication, unfinished } from './store.ts';

const notFound = err<Refusal>({ code: 'NOT_FOUND' });

/** At most so many months in one application. */
const spanMonths = 6;

/** 单位退费申请管理 */
export function refundApplicationRoutes(payments: Payments, press: Press): readonly BoundRoute[] {
  return [
    handle(contract.listRefundable, (call) => refundable(payments, call)),
    handle(contract.listRefundApplications, async ({ params, services }) => {
      const unit = await unitByNo(services.db.q, params.unitNo);
      if (!unit) return notFound;
      const found = await applicationsOf(services.db.q, unit.id);
      return ok({ applications: await showApplications(services, found) });
    }),
    handle(contract.getRefundApplication, async ({ params, query, services }) => {
      const own = await ownApplication(services, params);
      return own ? ok(await showDetail(services, own.found, query)) : notFound;
    }),
    handle(contract.applyForRefund, (call) => apply(payments, call)),
    handle(contract.withdrawRefundApplication, async (call) => {
      const { params, body, caller } = call;
      const own = await ownApplication(call.services, params);
      if (!own) return notFound;
      const done = await call.execute(withdrawCommand, {
        id: params.id,
        unitId: own.unit.id,
        unitNo: own.unit.unitNo,
        version: body.version,
        actor: caller.userName,
        proof: null,
      });
      return shown(call.services, done);
    }),
    handle(contract.amendRefundApplication, (call) => amend(payments, call)),
    handle(contract.printRefundApplication, async ({ params, services }) => {
      const own = await ownApplication(services, params);
      if (!own) return notFound;
      const { found, unit } = own;
      const office = await officeName(payments.ports, unit.taxOrgCode);
      const form = await applicationForm(services.db.q, found, office);
      return printed(await press.draw(form), `退费申请书${found.applicationNo}.pdf`);
    }),
  ];
}

async function refundable(payments: Payments, call: RouteCall<typeof contract.listRefundable>) {
  const { params, query, services } = call;
  const unit = await unitByNo(services.db.q, params.unitNo);
  if (!unit) return notFound;
  const span = spanOf(query);
  if (!span.ok) return span;
  const { q } = services.db;
  const { agency, offset, limit } = query;
  const personIds = (await peopleMatching(services, [unit.id], query.search)) ?? null;
  const wish = { unitId: unit.id, agency, ...span.value, personIds };
  const found = await findRefundable(q, wish, { offset, limit });
  const known = await identifyLines(services, unit.id, found.lines);
  const open = await unfinished(q, unit.id);
  const months = await refundableMonths(q, unit.id, agency);
  const accounts = await payeesOf(payments.ports, unit.taxpayerId);
  return ok({
    total: found.total,
    amount: formatYuan(fen(found.amountFen)),
    people: [...Map.groupBy(found.lines, ({ personId }) => personId).values()].map((lines) =>
      showPerson(lines, known),
    ),
    held: found.held.map(({ reason, amountFen, people }) => ({
      reason,
      amount: formatYuan(fen(amountFen)),
      people,
    })),
    months: months && { from: formatMonth(months.from), to: formatMonth(months.to) },
    running: open ? { id: open.id, applicationNo: open.applicationNo } : null,
    accounts: accounts.map(({ agreementId, option }) => ({ agreementId, option })),
    holder: unit.taxpayerName,
  });
}

async function apply(payments: Payments, call: RouteCall<typeof contract.applyForRefund>) {
  const { params, body, caller, services } = call;
  const unit = await unitByNo(services.db.q, params.unitNo);
  if (!unit) return notFound;
  const span = spanOf(body);
  if (!span.ok) return span;
  const payee = await payeeWish(payments, unit, body.payee);
  if (!payee.ok) return payee;
  const amount = parseYuan(body.amount);
  assert(amount.ok, 'the route has checked the amount');
  const { reauthentication, ...operation } = body;
  const { id, agency, personIds, reasonCode, reason } = body;
  const done = await call.execute(applyCommand(services.crypto, unit), {
    id,
    agency,
    ...span.value,
    personIds,
    amountFen: amount.value,
    reasonCode,
    reason,
    payee: payee.value,
    madeBy: caller.userName,
    proof: proofOf(caller, reauthentication, operation),
  });
  return shown(services, done);
}

async function amend(payments: Payments, call: RouteCall<typeof contract.amendRefundApplication>) {
  const { params, body, caller, services } = call;
  const own = await ownApplication(services, params);
  if (!own) return notFound;
  const payee = await payeeWish(payments, own.unit, body.payee);
  if (!payee.ok) return payee;
  const { reauthentication, ...rest } = body;
  const done = await call.execute(amendCommand(services.crypto), {
    id: params.id,
    unitId: own.unit.id,
    unitNo: own.unit.unitNo,
    version: body.version,
    actor: caller.userName,
    payee: payee.value,
    proof: proofOf(caller, reauthentication, { id: params.id, ...rest }),
  });
  return shown(services, done);
}

async function shown(services: Services, done: Result<Application, Refusal>) {
  if (!done.ok) return done;
  const [one] = await showApplications(services, [done.value]);
  assert(one !== undefined, 'one application is shown');
  return ok(one);
}

async function ownApplication(
  { db }: Services,
  { unitNo, id }: { readonly unitNo: string; readonly id: string },
): Promise<{ readonly unit: Unit; readonly found: Application } | undefined> {
  const unit = await unitByNo(db.q, unitNo);
  const found = unit && (await findApplication(db.q, id));
  return unit && found?.unitId === unit.id ? { unit, found } : undefined;
}

/** Both months of a request; at most six, in order. */
function spanOf(asked: {
  readonly from: string;
  readonly to: string;
}): Result<{ readonly from: Month; readonly to: Month }, Refusal> {
  const from = parseMonth(asked.from);
  const to = parseMonth(asked.to);
  assert(from.ok && to.ok, 'the route has checked the months');
  const refuse = (detail: string) =>
    err<Refusal>({ code: 'INPUT_INVALID', errors: [{ path: 'to', code: 'span', detail }] });
  if (to.value < from.value) return refuse('费款所属期止不能早于所属期起');
  if (to.value - from.value >= spanMonths) {
    return refuse(`一次申请的费款所属期最多 ${spanMonths} 个月，请缩小范围或分次申请`);
  }
  return ok({ from: from.value, to: to.value });
}

async function payeeWish(
  payments: Payments,
  unit: Unit,
  told: { readonly agreementId: string } | { readonly bankNo: string; readonly account: string },
): Promise<Result<PayeeWish, Refusal>> {
  if ('account' in told) return ok({ typed: { ...told, name: unit.taxpayerName } });
  const accounts = await payeesOf(payments.ports, unit.taxpayerId);
  const known = accounts.find(({ agreementId }) => agreementId === told.agreementId);
  if (known) return ok({ known });
  const detail = '该账户的三方协议已不可用，请重新选择收款账户';
  return err({ code: 'INPUT_INVALID', errors: [{ path: 'payee', code: 'unusable', detail }] });
}

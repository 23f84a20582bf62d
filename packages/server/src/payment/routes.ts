import * as contract from '@shebao/contract';
import { err, ok, type Result } from '@shebao/kernel';
import type { Press } from '../document/index.ts';
import {
  type BoundRoute,
  type Command,
  handle,
  type Refusal,
  type RouteCall,
} from '../platform/index.ts';
import { compact, postgresStore, readSession, treasuryDay } from '../treasury/index.ts';
import { batchRoutes } from './batch-routes.ts';
import { noticeForm, noticeOf, printed, voucherForm } from './forms.ts';
import { officeRoutes } from './office-routes.ts';
import { ownAgreementRoutes } from './own-agreements.ts';
import { drawNumbers, drawVoucherNo, fenOf, payCommand } from './pay.ts';
import type { PaymentPorts } from './ports.ts';
import {
  agreementRow,
  agreementsOf,
  dueBills,
  lastChosen,
  paymentResultOf,
  paymentRows,
  voucherRow,
} from './queries.ts';
import { reconciliationRoutes } from './recon-routes.ts';
import { refundRoutes } from './refund-routes.ts';
import type { Payments } from './service.ts';
import { bills, type OrderRecord, orders, payments as paymentTable } from './tables.ts';
import { transferRoutes } from './transfer-routes.ts';
import { cancelVoucher, issueVoucher } from './voucher.ts';
import { wayOfMoney } from './way-of-money.ts';

/** What the payment pages, the counter and the office ask for. */
export function paymentRoutes(payments: Payments, press: Press): readonly BoundRoute[] {
  const { ports } = payments;
  return [
    ...payRoutes(ports),
    ...voucherRoutes(ports, press),
    ...noticeRoutes(ports, press),
    ...officeRoutes(ports),
    ...batchRoutes(ports),
    ...ownAgreementRoutes(ports, press),
    ...reconciliationRoutes(ports, press),
    ...transferRoutes(ports),
    ...refundRoutes(ports),
  ];
}

function payRoutes(ports: PaymentPorts): readonly BoundRoute[] {
  const { read } = ports;
  return [
    handle(contract.listBills, async (call) => {
      const taxpayerId = call.caller.taxpayerId ?? '';
      const day = treasuryDay(await readSession(ports), ports.now().epochMs);
      const held = await agreementsOf(read, taxpayerId);
      const found = await dueBills(read, taxpayerId, call.unitNos, ports.now().date);
      return ok({
        bills: [...found],
        treasury: { open: day.open, reason: day.open ? null : day.reason },
        hasAgreement: held.some((agreement) => agreement.state === '有效'),
      });
    }),
    handle(contract.listAgreements, async (call) => {
      const taxpayerId = call.caller.taxpayerId ?? '';
      const held = await agreementsOf(read, taxpayerId);
      const lastChosenId = await lastChosen(read, taxpayerId);
      return ok({ agreements: held.map(agreementRow), lastChosenId });
    }),
    handle(contract.pay, (call) => pay(ports, call)),
    handle(contract.getPayment, async (call) => {
      const taxpayerId = call.caller.taxpayerId ?? '';
      if (!isUuid(call.params.id)) return err({ code: 'NOT_FOUND' });
      const result = await paymentResultOf(read, taxpayerId, call.params.id);
      // A user sees payments of units for which he has the right.
      const able = result?.orders.every((order) => call.unitNos.includes(order.unitNo));
      return result && able ? ok(result) : err({ code: 'NOT_FOUND' });
    }),
    handle(contract.getWayOfMoney, async (call) => {
      const way = await wayOfMoney(read, call.caller.taxpayerId ?? '', call.params.id);
      return way && call.may('pay', way.unitNo) ? ok(way) : err({ code: 'NOT_FOUND' });
    }),
    handle(contract.listPayments, async (call) => {
      const rows = await paymentRows(read, call.caller.taxpayerId ?? '', call.unitNos);
      return ok({ payments: rows });
    }),
  ];
}

async function pay(
  ports: PaymentPorts,
  call: RouteCall<typeof contract.pay>,
): Promise<Result<{ id: string; taskId: string }, Refusal>> {
  const { body, caller, services } = call;
  const taxpayerId = caller.taxpayerId ?? '';
  const ids = body.bills.map((bill) => bill.id);
  if (
    !ids.every(isUuid) ||
    new Set(ids).size !== ids.length ||
    !/^\d{1,15}$/.test(body.agreementId)
  ) {
    return err({ code: 'NOT_FOUND' });
  }
  const found = await ports.read.of(bills).find({ id: ids, taxpayerId });
  if (found.some((bill) => !call.may('pay', bill.unitNo))) return err({ code: 'FORBIDDEN' });
  // Asked again after a lost answer: no new numbers, and the treasury may have closed meanwhile.
  const known = await ports.read.of(paymentTable).get({ id: body.id, taxpayerId });
  const numbers = known ? ok([]) : await drawNumbers(ports, taxpayerId, ids);
  if (!numbers.ok) return numbers;
  return call.execute(payCommand(ports, services.crypto, caller, numbers.value), body);
}

function voucherRoutes(ports: PaymentPorts, press: Press): readonly BoundRoute[] {
  return [
    handle(contract.listBankVouchers, async (call) => {
      const taxpayerId = call.caller.taxpayerId ?? '';
      const where = { taxpayerId, way: 'voucher' } as const;
      const made = await ports.read.of(orders).find(where, { order: ['-createdAt'], limit: 500 });
      const rows = await Promise.all(made.map((order) => withUnit(ports, call, order)));
      return ok({ vouchers: rows.flat() });
    }),
    handle(contract.createBankVoucher, (call) => createVoucher(ports, call)),
    handle(contract.voidBankVoucher, async (call) => {
      const order = await ownVoucher(ports, call, call.params.id);
      if (!order.ok) return order;
      const { services, caller } = call;
      const command: Command<{ id: string }, OrderRecord> = {
        name: 'payment.voidVoucher',
        chain: () => `taxpayer:${caller.taxpayerId ?? ''}`,
        describe: ({ id }) => ({ subject: id, detail: {} }),
        run: (tx, { id }, { at }) =>
          cancelVoucher(postgresStore(tx, at, services.crypto), id, 'voided', caller.userId),
      };
      const done = await call.execute(command, { id: order.value.id });
      return done.ok ? rowOf(ports, call, done.value) : done;
    }),
    handle(contract.printBankVoucher, async (call) => {
      const order = await ownVoucher(ports, call, call.params.id);
      if (!order.ok) return order;
      const form = await voucherForm(ports, order.value, call.services.config.demo);
      return printed(
        await press.draw(form),
        `银行端查询缴费凭证${order.value.voucherNo ?? ''}.pdf`,
      );
    }),
  ];
}

async function createVoucher(
  ports: PaymentPorts,
  call: RouteCall<typeof contract.createBankVoucher>,
) {
  const { body, caller, services } = call;
  const taxpayerId = caller.taxpayerId ?? '';
  const bill = isUuid(body.billId)
    ? await ports.read.of(bills).get({ id: body.billId, taxpayerId })
    : undefined;
  if (!bill) return err({ code: 'NOT_FOUND' } as const);
  if (!call.may('pay', bill.unitNo)) return err({ code: 'FORBIDDEN' } as const);
  const { date } = ports.now();
  const [slip = 0] = await ports.numbers.take('slip', 'all', date);
  const voucherNo = `${compact(date)}${String(slip).padStart(6, '0')}`;
  const taxVouNo = await drawVoucherNo(ports, bill.taxOrg);
  const command: Command<typeof body, OrderRecord> = {
    name: 'payment.issueVoucher',
    chain: () => `unit:${bill.unitNo}`,
    describe: ({ id, billId }) => ({ subject: id, detail: { billId } }),
    run: (tx, { id, billId, version, total }, { at }) =>
      issueVoucher(
        postgresStore(tx, at, services.crypto),
        { id, billId, version, taxpayerId, totalFen: fenOf(total), requestedBy: caller.userId },
        { voucherNo, taxVouNo },
      ),
  };
  const done = await call.execute(command, body);
  return done.ok ? rowOf(ports, call, done.value) : done;
}

function noticeRoutes(ports: PaymentPorts, press: Press): readonly BoundRoute[] {
  return [
    handle(contract.counterNotice, async (call) => {
      const notice = await noticeOf(ports, call.caller.taxpayerId ?? '', call.params.unitNo);
      return notice ? ok(notice) : err({ code: 'NOTHING_DUE' });
    }),
    handle(contract.printCounterNotice, async (call) => {
      const notice = await noticeOf(ports, call.caller.taxpayerId ?? '', call.params.unitNo);
      if (!notice) return err({ code: 'NOTHING_DUE' });
      const form = noticeForm(notice, ports.now().date, call.services.config.demo);
      return printed(await press.draw(form), `缴费通知${notice.unitNo}.pdf`);
    }),
  ];
}

type AnyCall = Pick<RouteCall<contract.Route>, 'caller' | 'may'>;

async function ownVoucher(
  ports: PaymentPorts,
  call: AnyCall,
  id: string,
): Promise<Result<OrderRecord, Refusal>> {
  const taxpayerId = call.caller.taxpayerId ?? '';
  const order = await ports.read.of(orders).get({ id, taxpayerId, way: 'voucher' });
  const bill = order && (await ports.read.of(bills).get({ id: order.billId }));
  return order && bill && call.may('pay', bill.unitNo) ? ok(order) : err({ code: 'NOT_FOUND' });
}

async function withUnit(ports: PaymentPorts, call: AnyCall, order: OrderRecord) {
  const bill = await ports.read.of(bills).get({ id: order.billId });
  if (!bill || !call.may('pay', bill.unitNo)) return [];
  return [voucherRow(order, bill.unitNo, ports.now().date)];
}

async function rowOf(ports: PaymentPorts, call: AnyCall, order: OrderRecord) {
  const [row] = await withUnit(ports, call, order);
  return row ? ok(row) : err({ code: 'NOT_FOUND' } as const);
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

import * as contract from '@shebao/contract';
import { err, fen, formatYuan, ok } from '@shebao/kernel';
import { type BoundRoute, type Command, handle, type RouteCall } from '../platform/index.ts';
import {
  eightDigits,
  newMessageId,
  postgresStore,
  readSession,
  treasuryDay,
} from '../treasury/index.ts';
import { refundsOfCases } from './case-queries.ts';
import { type Proof, proofOf, usedUp } from './officer-acts.ts';
import { drawVoucherNo } from './pay.ts';
import type { PaymentPorts } from './ports.ts';
import { askRefund, decideRefund, type RefundNumbers } from './refund-acts.ts';
import { mayPay, type RefundRecord, refundEvents, refunds } from './refund-tables.ts';
import { bills, orders } from './tables.ts';

/** 退费审核: what closed cases owe, and its payout by two officers. */
export function refundRoutes(ports: PaymentPorts): readonly BoundRoute[] {
  return [
    handle(contract.listRefunds, async ({ services }) => {
      const found = await ports.read
        .of(refunds)
        .find({}, { order: ['-createdAt', 'id'], limit: 500 });
      const owed = await refundsOfCases(services.db.q);
      const going = new Set(found.filter(({ state }) => mayPay(state)).map((one) => one.caseId));
      const open = owed.filter(({ caseId }) => !going.has(caseId));
      return ok({
        owed: await Promise.all(open.map((one) => owedRow(ports, one))),
        refunds: await Promise.all(found.map((one) => refundRow(ports, one))),
      });
    }),
    handle(contract.askRefund, (call) => ask(ports, call)),
    handle(contract.decideRefund, (call) => decide(ports, call)),
  ];
}

async function owedRow(
  ports: PaymentPorts,
  owed: Awaited<ReturnType<typeof refundsOfCases>>[number],
) {
  const order =
    owed.orderId === null ? undefined : await ports.read.of(orders).get({ id: owed.orderId });
  const bill =
    owed.billId === null ? undefined : await ports.read.of(bills).get({ id: owed.billId });
  return {
    caseId: owed.caseId,
    closedAt: owed.closedAt,
    amount: formatYuan(fen(owed.refundFen)),
    taxVoucherNo: owed.taxVouNo,
    unitNo: bill?.unitNo ?? null,
    unitName: bill?.unitName ?? null,
    from: order?.snapshot?.option ?? null,
  };
}

async function refundRow(ports: PaymentPorts, one: RefundRecord) {
  const events = await ports.read.of(refundEvents).find({ refundId: one.id }, { order: ['seq'] });
  const said = [one.resultCode, one.addWord].filter(Boolean).join(' ');
  return {
    id: one.id,
    caseId: one.caseId,
    applicationId: one.applicationId,
    amount: formatYuan(fen(one.amountFen)),
    oriTaxVoucherNo: one.oriTaxVouNo,
    payeeName: one.payeeName,
    payeeAccountMasked: `**** **** **** ${one.payeeTail}`,
    payeeBankNo: one.payeeBankNo,
    reasonCode: one.reasonCode as contract.AnswerOf<typeof contract.askRefund>['reasonCode'],
    reason: one.reason,
    state: one.state,
    drawBackVoucherNo: one.drawBackVouNo,
    askedBy: one.askedBy,
    confirmedBy: one.confirmedBy,
    message: said === '' ? null : said,
    createdAt: one.createdAt,
    version: one.version,
    events: events.map(({ at, actor, text }) => ({ at, actor, text })),
  };
}

async function ask(ports: PaymentPorts, call: RouteCall<typeof contract.askRefund>) {
  const { body, caller, services } = call;
  const { reauthentication, ...operation } = body;
  const proof = proofOf(caller, reauthentication, operation);
  const command: Command<{ operation: object; proof: Proof | null }, RefundRecord> = {
    name: 'payment.askRefund',
    chain: () => 'agency:treasury',
    describe: () => ({ subject: body.id, detail: { caseId: body.caseId } }),
    async run(tx, input, { at, wallAt }) {
      const used = await usedUp(tx, input.proof, 'refund', wallAt);
      if (!used.ok) return used;
      const store = postgresStore(tx, at, services.crypto);
      return askRefund(store, { ...operation, officer: caller.userName });
    },
  };
  const done = await call.execute(command, { operation, proof });
  return done.ok ? ok(await refundRow(ports, done.value)) : done;
}

async function decide(ports: PaymentPorts, call: RouteCall<typeof contract.decideRefund>) {
  const { params, body, caller, services } = call;
  const { reauthentication, ...told } = body;
  const found = await ports.read.of(refunds).get({ id: params.id });
  if (!found) return err({ code: 'NOT_FOUND' } as const);
  let numbers: RefundNumbers | null = null;
  if (body.act === 'confirm') {
    const day = treasuryDay(await readSession(ports), ports.now().epochMs);
    if (!day.open) return err({ code: day.code });
    const [number = 0] = await ports.numbers.take('debit', found.taxOrg, day.workDate);
    numbers = {
      drawBackVouNo: await drawVoucherNo(ports, found.taxOrg),
      traNo: eightDigits(number),
      entrustDate: day.workDate,
      msgId: await newMessageId(ports, '1104'),
    };
  }
  const operation = { id: params.id, ...told };
  const proof = proofOf(caller, reauthentication, operation);
  const command: Command<{ operation: object; proof: Proof | null }, RefundRecord> = {
    name: 'payment.decideRefund',
    chain: () => 'agency:treasury',
    describe: () => ({ subject: params.id, detail: { act: body.act } }),
    async run(tx, input, { at, wallAt }) {
      const used = await usedUp(tx, input.proof, 'refund', wallAt);
      if (!used.ok) return used;
      const { version, reason } = told;
      const act = { id: params.id, version, reason, officer: caller.userName };
      return decideRefund(postgresStore(tx, at, services.crypto), act, numbers);
    },
  };
  const done = await call.execute(command, { operation, proof });
  return done.ok ? ok(await refundRow(ports, done.value)) : done;
}

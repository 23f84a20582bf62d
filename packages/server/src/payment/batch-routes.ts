import * as contract from '@shebao/contract';
import {
  addMonths,
  assert,
  err,
  fen,
  formatMonth,
  formatYuan,
  monthOfDate,
  ok,
  parseMonth,
  type Result,
} from '@shebao/kernel';
import { unitsOfTaxpayer } from '../employer/index.ts';
import {
  type BoundRoute,
  type Command,
  handle,
  type Refusal,
  type RouteCall,
} from '../platform/index.ts';
import { postgresStore, readSession, type Store, treasuryDay } from '../treasury/index.ts';
import { cancelBatch, makeBatch, proposal } from './batch-acts.ts';
import { drawBatchNumbers, drawStopNumbers } from './batch-numbers.ts';
import { accountTexts, batchDetail, batchRow, modeRows } from './batch-queries.ts';
import { releaseBatch } from './batch-release.ts';
import { type Proof, proofOf, usedUp } from './officer-acts.ts';
import { askToStop } from './pack-stop.ts';
import { fenOf } from './pay.ts';
import { chooseMode } from './payment-mode.ts';
import type { PaymentPorts } from './ports.ts';
import { type BatchRecord, batches, packs } from './tables.ts';

/** A choice may hold from this month or one of the next. */
const monthsAhead = 12;
const batchesShown = 200;

/** 批量扣款 of the office, and the unit's choice of mode. */
export function batchRoutes(ports: PaymentPorts): readonly BoundRoute[] {
  return [...officeBatchRoutes(ports), ...modeRoutes(ports)];
}

function officeBatchRoutes(ports: PaymentPorts): readonly BoundRoute[] {
  const { read } = ports;
  return [
    handle(contract.proposeBatch, async () => ok(await proposed(ports))),
    handle(contract.listBatches, async () => {
      const found = await read.of(batches).find({}, { order: ['-madeAt'], limit: batchesShown });
      return ok({ batches: await Promise.all(found.map((batch) => batchRow(read, batch))) });
    }),
    handle(contract.getBatch, async ({ params }) => {
      const batch = await read.of(batches).get({ id: params.id });
      return batch ? ok(await batchDetail(read, batch)) : err({ code: 'NOT_FOUND' });
    }),
    handle(contract.makeBatch, (call) => {
      const { reauthentication, ...body } = call.body;
      const month = monthOfDate(ports.now().date);
      const given = {
        id: body.id,
        month,
        returnTerm: body.returnTerm,
        totalFen: fenOf(body.total),
      };
      return act(ports, call, 'makeBatch', body, reauthentication, (store, officer) =>
        makeBatch(store, { ...given, officer }),
      );
    }),
    handle(contract.releaseBatch, async (call) => {
      const { version, reauthentication } = call.body;
      const { id } = call.params;
      const drawn = await drawBatchNumbers(ports, id);
      if (!drawn.ok) return drawn;
      const body = { id, version };
      return act(ports, call, 'releaseBatch', body, reauthentication, (store, officer) =>
        releaseBatch(store, { ...body, officer, ...drawn.value }),
      );
    }),
    handle(contract.cancelBatch, (call) => {
      const { version, reauthentication } = call.body;
      const { id } = call.params;
      return act(ports, call, 'cancelBatch', { id, version }, reauthentication, (store, officer) =>
        cancelBatch(store, id, version, officer),
      );
    }),
    handle(contract.stopPack, (call) => stop(ports, call)),
  ];
}

async function proposed(ports: PaymentPorts) {
  const { date, epochMs } = ports.now();
  const planned = await proposal(ports.read, monthOfDate(date), date);
  const ids = planned.map((line) => line.agreementId);
  const texts = await accountTexts(ports.read, ids);
  const taken = planned.filter((line) => line.leftOut === null);
  const day = treasuryDay(await readSession(ports), epochMs);
  return {
    lines: planned.map(({ bill, agreementId, amountFen, leftOut }) => ({
      billId: bill.id,
      unitNo: bill.unitNo,
      unitName: bill.unitName,
      account: texts.get(agreementId ?? 0) ?? '',
      amount: formatYuan(fen(amountFen)),
      leftOut,
    })),
    count: taken.length,
    total: formatYuan(fen(taken.reduce((sum, line) => sum + line.amountFen, 0))),
    treasury: { open: day.open, reason: day.open ? null : day.reason },
  };
}

type OfficeCall = Pick<RouteCall<typeof contract.makeBatch>, 'execute' | 'services' | 'caller'>;
interface Proved<Body> {
  readonly body: Body;
  readonly officer: string;
  readonly proof: Proof | null;
}

/** An act of an officer on batches, under his 安全认证 and bound to all of it. */
function command<Body extends { readonly id: string }, Output>(
  call: OfficeCall,
  name: string,
  run: (store: Store, officer: string) => Promise<Result<Output, Refusal>>,
): Command<Proved<Body>, Output> {
  return {
    name: `payment.${name}`,
    chain: () => 'agency:treasury',
    describe: ({ body }) => ({ subject: body.id, detail: {} }),
    async run(tx, { officer, proof }, { at, wallAt }) {
      const used = await usedUp(tx, proof, name, wallAt);
      if (!used.ok) return used;
      return run(postgresStore(tx, at, call.services.crypto), officer);
    },
  };
}

async function act<Body extends { readonly id: string }>(
  ports: PaymentPorts,
  call: OfficeCall,
  name: string,
  body: Body,
  token: string,
  run: (store: Store, officer: string) => Promise<Result<BatchRecord, Refusal>>,
) {
  const { caller } = call;
  const input = { body, officer: caller.userName, proof: proofOf(caller, token, body) };
  const done = await call.execute(command<Body, BatchRecord>(call, name, run), input);
  return done.ok ? ok(await batchRow(ports.read, done.value)) : done;
}

async function stop(ports: PaymentPorts, call: RouteCall<typeof contract.stopPack>) {
  const { reauthentication, ...body } = call.body;
  const { packId } = call.params;
  const pack = await ports.read.of(packs).get({ id: packId });
  if (!pack) return err({ code: 'NOT_FOUND' } as const);
  const drawn = await drawStopNumbers(ports, pack.taxOrg);
  if (!drawn.ok) return drawn;
  const operation = { ...body, packId };
  const { caller } = call;
  const proof = proofOf(caller, reauthentication, operation);
  const run = (store: Store, officer: string) =>
    askToStop(store, { ...operation, officer, numbers: drawn.value });
  const made = command<typeof operation, { id: string }>(
    call,
    'stopPack',
    async (store, officer) => {
      const asked = await run(store, officer);
      return asked.ok ? ok({ id: asked.value.id }) : asked;
    },
  );
  return call.execute(made, { body: operation, officer: caller.userName, proof });
}

function modeRoutes(ports: PaymentPorts): readonly BoundRoute[] {
  return [
    handle(contract.listPaymentModes, async (call) => {
      const { services, caller, unitNos } = call;
      const all = await unitsOfTaxpayer(services.db.q, caller.taxpayerId ?? '');
      const units = all.filter((unit) => unitNos.includes(unit.unitNo));
      const { date } = ports.now();
      return ok({ units: await modeRows(ports.read, units, date), months: monthsFrom(date) });
    }),
    handle(contract.choosePaymentMode, (call) => choose(ports, call)),
  ];
}

function monthsFrom(date: string): string[] {
  const first = monthOfDate(date);
  return Array.from({ length: monthsAhead + 1 }, (_, at) => formatMonth(addMonths(first, at)));
}

async function choose(ports: PaymentPorts, call: RouteCall<typeof contract.choosePaymentMode>) {
  const { body, params, caller, services } = call;
  const { reauthentication, ...choice } = body;
  const taxpayerId = caller.taxpayerId ?? '';
  const all = await unitsOfTaxpayer(services.db.q, taxpayerId);
  const unit = all.find((one) => one.unitNo === params.unitNo);
  const effective = parseMonth(choice.effectiveMonth);
  if (!unit || (choice.agreementId !== null && !/^\d{1,15}$/.test(choice.agreementId))) {
    return err({ code: 'NOT_FOUND' } as const);
  }
  if (!effective.ok || !monthsFrom(ports.now().date).includes(choice.effectiveMonth)) {
    return err({ code: 'MODE_MONTH_INVALID' } as const);
  }
  const operation = { unitNo: unit.unitNo, ...choice };
  const input = { operation, proof: proofOf(caller, reauthentication, operation) };
  const made: Command<typeof input, null> = {
    name: 'payment.chooseMode',
    chain: () => `unit:${unit.unitNo}`,
    describe: () => ({ subject: unit.unitNo, detail: choice }),
    async run(tx, { proof }, { at, wallAt }) {
      const used = await usedUp(tx, proof, 'choosePaymentMode', wallAt);
      if (!used.ok) return used;
      await tx.lock(`payment mode ${unit.id}`);
      return chooseMode(postgresStore(tx, at, services.crypto), {
        unitId: unit.id,
        unitNo: unit.unitNo,
        taxpayerId,
        mode: choice.mode,
        agreementId: choice.agreementId === null ? null : Number(choice.agreementId),
        effectiveMonth: effective.value,
        chosenBy: caller.userId,
      });
    },
  };
  const done = await call.execute(made, input);
  if (!done.ok) return done;
  const [row] = await modeRows(ports.read, [unit], ports.now().date);
  assert(row, 'the unit was just read');
  return ok(row);
}

import { keyFingerprint, parseChannelTime } from '@shebao/channel';
import * as contract from '@shebao/contract';
import { assert, err, fen, formatYuan, ok } from '@shebao/kernel';
import { taxpayerByNo, unitsOfTaxpayer } from '../employer/index.ts';
import { type BoundRoute, type Command, handle, type RouteCall } from '../platform/index.ts';
import {
  authorities,
  compact,
  keys,
  postgresStore,
  readSession,
  type SessionRecord,
  treasuryDay,
} from '../treasury/index.ts';
import { addAgreement, beginCheck, type NewAgreement } from './agreements.ts';
import { proofOf, usedUp } from './officer-acts.ts';
import { checkNumbers } from './own-agreements.ts';
import type { PaymentPorts } from './ports.ts';
import { agreementRow } from './queries.ts';
import {
  type AgreementRecord,
  agreements,
  attempts,
  bills,
  orders,
  paymentEvents,
} from './tables.ts';
import { prospectOf } from './unclear.ts';

/** 协议管理 and the treasury's state. */
export function officeRoutes(ports: PaymentPorts): readonly BoundRoute[] {
  return [
    handle(contract.listOfficeAgreements, async ({ query }) => {
      const { taxpayerId } = query;
      const where = taxpayerId === undefined ? {} : { taxpayerId };
      const found = await ports.read.of(agreements).find(where, { order: ['id'] });
      return ok({
        agreements: found.map((agreement) => ({
          ...agreementRow(agreement),
          taxpayerId: agreement.taxpayerId,
          taxpayerName: agreement.taxpayerName,
          madeBy: agreement.madeBy,
        })),
      });
    }),
    handle(contract.recordAgreement, (call) => recordAgreement(ports, call)),
    handle(contract.verifyAgreement, (call) => check(ports, call, 'verifyAgreement')),
    handle(contract.terminateAgreement, (call) => check(ports, call, 'terminateAgreement')),
    handle(contract.treasuryState, async () => ok(await stateOfTreasury(ports))),
  ];
}

async function recordAgreement(
  ports: PaymentPorts,
  call: RouteCall<typeof contract.recordAgreement>,
) {
  const { body, caller, services } = call;
  const { q } = services.db;
  const taxpayer = await taxpayerByNo(q, body.taxpayerId);
  if (!taxpayer) return err({ code: 'NOT_FOUND' } as const);
  const [unit] = await unitsOfTaxpayer(q, body.taxpayerId);
  const [authority] = await ports.read.of(authorities).find({}, { order: ['taxOrg'], limit: 1 });
  const taxOrg = unit?.taxOrgCode ?? authority?.taxOrg;
  if (taxOrg === undefined) return err({ code: 'NOT_FOUND' } as const);
  const given: NewAgreement = { ...body, taxpayerName: taxpayer.name, taxOrg };
  const command: Command<typeof body, AgreementRecord> = {
    name: 'payment.recordAgreement',
    chain: ({ taxpayerId }) => `taxpayer:${taxpayerId}`,
    describe: ({ protocolNo }) => ({ subject: protocolNo, detail: {} }),
    run: (tx, _body, { at }) =>
      addAgreement(postgresStore(tx, at, services.crypto), given, {
        origin: 'paper',
        madeBy: caller.userName,
      }),
  };
  const done = await call.execute(command, body);
  return done.ok ? ok(agreementRow(done.value)) : done;
}

/** Begins 验证 or 撤销 over the channel, with the officer's 安全认证; the answer comes by itself. */
async function check(
  ports: PaymentPorts,
  call: RouteCall<typeof contract.verifyAgreement>,
  name: 'verifyAgreement' | 'terminateAgreement',
) {
  const { params, body, caller, services } = call;
  const { id } = params;
  if (!/^\d{1,15}$/.test(id)) return err({ code: 'NOT_FOUND' } as const);
  const agreement = await ports.read.of(agreements).get({ id: Number(id) });
  if (!agreement) return err({ code: 'NOT_FOUND' } as const);
  const numbers = await checkNumbers(ports, agreement.taxOrg);
  if (!numbers.ok) return numbers;
  const sign = name === 'verifyAgreement' ? 0 : 1;
  const operation = { id };
  const input = { ...operation, proof: proofOf(caller, body.reauthentication, operation) };
  const command: Command<typeof input, { taskId: string }> = {
    name: `payment.${name}`,
    chain: () => `taxpayer:${agreement.taxpayerId}`,
    describe: () => ({ subject: id, detail: { sign } }),
    async run(tx, { proof }, { at, wallAt }) {
      const used = await usedUp(tx, proof, name, wallAt);
      if (!used.ok) return used;
      const store = postgresStore(tx, at, services.crypto);
      const begun = await beginCheck(store, agreement.id, sign, numbers.value, caller.userName);
      return begun.ok ? ok({ taskId: begun.value.taskId }) : begun;
    },
  };
  const done = await call.execute(command, input);
  if (!done.ok) return done;
  return ok({ taskId: done.value.taskId, id, receiptNo: numbers.value.msgId });
}

async function stateOfTreasury(ports: PaymentPorts) {
  const { read } = ports;
  const session = await readSession(ports);
  const day = treasuryDay(session, ports.now().epochMs);
  const peer = await read.of(keys).get({ owner: 'peer' });
  const open = await read
    .of(attempts)
    .find({ state: ['UNKNOWN', 'REVERSING'] }, { order: ['unclearAt'], limit: 200 });
  return {
    connected: session?.connected ?? false,
    workDate: session?.workDate ?? null,
    systemState: day.open ? '日间' : day.reason,
    peerFingerprint: peer?.fingerprint ?? null,
    ownFingerprint: keyFingerprint(ports.signer.publicKey),
    unclear: await Promise.all(open.map((attempt) => unclearRow(ports, attempt.id, session))),
  };
}

async function unclearRow(
  ports: PaymentPorts,
  attemptId: string,
  session: SessionRecord | undefined,
) {
  const { read } = ports;
  const attempt = await read.of(attempts).get({ id: attemptId });
  assert(attempt, 'the attempt was just read');
  const order = await read.of(orders).get({ id: attempt.orderId });
  const bill = await read.of(bills).get({ id: attempt.billId });
  const { unitId, billId } = attempt;
  const where = { unitId, billId, subject: attemptId };
  const events = await read.of(paymentEvents).find(where, { order: ['seq'], limit: 100 });
  const cutMs =
    session?.cutTime && session.workDate === attempt.entrustDate
      ? parseChannelTime(`${compact(session.workDate)}${session.cutTime}`)
      : null;
  const cutAtMs = cutMs === null ? null : cutMs - (session?.hubOffsetMs ?? 0);
  return {
    attemptId,
    unitNo: bill?.unitNo ?? '',
    unitName: bill?.unitName ?? '',
    account: order?.snapshot?.option ?? '',
    said: events.at(-1)?.text ?? '',
    ...prospectOf(attempt, ports.times, ports.now().epochMs, cutAtMs),
    taxVoucherNo: order?.taxVouNo ?? '',
    amount: formatYuan(fen(order?.amountFen ?? 0)),
    state: attempt.state === 'REVERSING' ? '冲正中' : '待核实',
    since: attempt.unclearAt ?? attempt.createdAt,
    events: events.map((event) => ({ at: event.at, text: event.text })),
  };
}

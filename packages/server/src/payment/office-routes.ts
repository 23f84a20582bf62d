import { keyFingerprint, parseChannelTime } from '@shebao/channel';
import * as contract from '@shebao/contract';
import { assert, err, fen, formatYuan, ok } from '@shebao/kernel';
import { taxpayerByNo, unitsOfTaxpayer } from '../employer/index.ts';
import { type BoundRoute, type Command, handle, type RouteCall } from '../platform/index.ts';
import {
  authorities,
  compact,
  eightDigits,
  keys,
  newMessageId,
  postgresStore,
  readSession,
  type SessionRecord,
  treasuryDay,
} from '../treasury/index.ts';
import { addAgreement, beginCheck, type NewAgreement } from './agreements.ts';
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
          openingBankNo: agreement.openingBankNo,
          clearingBankNo: agreement.clearingBankNo,
        })),
      });
    }),
    handle(contract.recordAgreement, (call) => recordAgreement(ports, call)),
    handle(contract.verifyAgreement, (call) => check(ports, call, call.params.id, 0)),
    handle(contract.terminateAgreement, (call) => check(ports, call, call.params.id, 1)),
    handle(contract.treasuryState, async () => ok(await stateOfTreasury(ports))),
  ];
}

async function recordAgreement(
  ports: PaymentPorts,
  call: RouteCall<typeof contract.recordAgreement>,
) {
  const { body, services } = call;
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
    run: (tx, _body, { at }) => addAgreement(postgresStore(tx, at, services.crypto), given),
  };
  const done = await call.execute(command, body);
  return done.ok ? ok(agreementRow(done.value)) : done;
}

/** Begins 验证 or 撤销 over the channel; the answer comes by itself. */
async function check(
  ports: PaymentPorts,
  call: Pick<RouteCall<typeof contract.verifyAgreement>, 'execute' | 'services'>,
  id: string,
  sign: 0 | 1,
) {
  if (!/^\d{1,15}$/.test(id)) return err({ code: 'NOT_FOUND' } as const);
  const agreement = await ports.read.of(agreements).get({ id: Number(id) });
  if (!agreement) return err({ code: 'NOT_FOUND' } as const);
  const session = await readSession(ports);
  if (!session?.workDate) return err({ code: 'TREASURY_CLOSED' } as const);
  const checkDate = session.workDate;
  const [number = 0] = await ports.numbers.take('agreement', agreement.taxOrg, checkDate);
  const numbers = {
    checkNo: eightDigits(number),
    checkDate,
    msgId: await newMessageId(ports, '9114'),
  };
  const command: Command<{ id: number; sign: number }, { taskId: string }> = {
    name: sign === 0 ? 'payment.verifyAgreement' : 'payment.terminateAgreement',
    chain: () => `taxpayer:${agreement.taxpayerId}`,
    describe: (input) => ({ subject: String(input.id), detail: { sign } }),
    async run(tx, input, { at }) {
      const store = postgresStore(tx, at, call.services.crypto);
      const begun = await beginCheck(store, input.id, sign, numbers);
      return begun.ok ? ok({ taskId: begun.value.taskId }) : begun;
    },
  };
  const done = await call.execute(command, { id: Number(id), sign });
  if (!done.ok) return done;
  return ok({ taskId: done.value.taskId, id, receiptNo: numbers.msgId });
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

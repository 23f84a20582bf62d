import * as contract from '@shebao/contract';
import { err, ok } from '@shebao/kernel';
import { type BoundRoute, type Command, handle, type RouteCall } from '../platform/index.ts';
import { eightDigits, newMessageId, postgresStore, readSession } from '../treasury/index.ts';
import { beginCheck } from './agreements.ts';
import { proofOf, usedUp } from './officer-acts.ts';
import type { PaymentPorts } from './ports.ts';
import { agreementRow } from './queries.ts';
import { type AgreementRecord, agreements } from './tables.ts';

/** What a unit itself may do with its agreements, each with 安全认证. */
export function ownAgreementRoutes(ports: PaymentPorts): readonly BoundRoute[] {
  return [
    handle(contract.verifyOwnAgreement, (call) => check(ports, call, 'verifyOwnAgreement')),
    handle(contract.terminateOwnAgreement, (call) => check(ports, call, 'terminateOwnAgreement')),
  ];
}

/** Begins 验证 or 撤销 of an agreement of the caller's own taxpayer; the bank's answer comes by itself. */
async function check(
  ports: PaymentPorts,
  call: RouteCall<typeof contract.verifyOwnAgreement>,
  name: 'verifyOwnAgreement' | 'terminateOwnAgreement',
) {
  const { params, body, caller, services } = call;
  const taxpayerId = caller.taxpayerId ?? '';
  const held = await ports.read.of(agreements).get({ id: Number(params.id), taxpayerId });
  if (!held) return err({ code: 'NOT_FOUND' } as const);
  const session = await readSession(ports);
  if (!session?.workDate) return err({ code: 'TREASURY_CLOSED' } as const);
  const checkDate = session.workDate;
  const [number = 0] = await ports.numbers.take('agreement', held.taxOrg, checkDate);
  const numbers = {
    checkNo: eightDigits(number),
    checkDate,
    msgId: await newMessageId(ports, '9114'),
  };
  const operation = { id: params.id };
  const input = { ...operation, proof: proofOf(caller, body.reauthentication, operation) };
  const command: Command<typeof input, AgreementRecord> = {
    name: `payment.${name}`,
    chain: () => `taxpayer:${taxpayerId}`,
    describe: ({ id }) => ({ subject: id, detail: {} }),
    async run(tx, { proof }, { at, wallAt }) {
      const used = await usedUp(tx, proof, name, wallAt);
      if (!used.ok) return used;
      const store = postgresStore(tx, at, services.crypto);
      const begun = await beginCheck(
        store,
        held.id,
        name === 'verifyOwnAgreement' ? 0 : 1,
        numbers,
      );
      return begun.ok ? ok(begun.value.agreement) : begun;
    },
  };
  const done = await call.execute(command, input);
  return done.ok ? ok(agreementRow(done.value)) : done;
}

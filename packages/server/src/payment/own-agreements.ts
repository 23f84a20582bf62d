import * as contract from '@shebao/contract';
import { err, ok, type Result } from '@shebao/kernel';
import type { Press } from '../document/index.ts';
import { taxpayerByNo, unitsOfTaxpayer } from '../employer/index.ts';
import {
  type BoundRoute,
  type Caller,
  type Command,
  handle,
  type Refusal,
  type RouteCall,
} from '../platform/index.ts';
import {
  eightDigits,
  newMessageId,
  postgresStore,
  readSession,
  type Store,
} from '../treasury/index.ts';
import { agreementForm, banksOf } from './agreement-form.ts';
import { addAgreement, amendAgreement, beginCheck, type CheckNumbers } from './agreements.ts';
import { printed } from './forms.ts';
import { type Proof, proofOf, usedUp } from './officer-acts.ts';
import type { PaymentPorts } from './ports.ts';
import { agreementRow } from './queries.ts';
import { type AgreementRecord, agreements } from './tables.ts';

/** What a unit itself may do with its agreements, each with 安全认证. */
export function ownAgreementRoutes(ports: PaymentPorts, press: Press): readonly BoundRoute[] {
  return [
    handle(contract.signOwnAgreement, (call) => sign(ports, call)),
    handle(contract.amendOwnAgreement, (call) => amend(ports, call)),
    handle(contract.verifyOwnAgreement, (call) => check(ports, call, 'verifyOwnAgreement')),
    handle(contract.terminateOwnAgreement, (call) => check(ports, call, 'terminateOwnAgreement')),
    handle(contract.printAgreement, async ({ params, caller, services }) => {
      const held = await ownAgreement(ports, caller, params.id);
      if (!held) return err({ code: 'NOT_FOUND' } as const);
      const form = await agreementForm(ports, held, services.config.demo);
      return printed(await press.draw(form), `委托扣款协议书${held.protocolNo}.pdf`);
    }),
    handle(contract.listBanks, async () => ok({ banks: await banksOf(ports) })),
  ];
}

/** 网签: makes the agreement and asks the bank about it, both or neither. */
async function sign(ports: PaymentPorts, call: RouteCall<typeof contract.signOwnAgreement>) {
  const { body, caller, services } = call;
  const taxpayerId = caller.taxpayerId ?? '';
  const taxpayer = await taxpayerByNo(services.db.q, taxpayerId);
  const [unit] = await unitsOfTaxpayer(services.db.q, taxpayerId);
  if (!taxpayer || !unit) return err({ code: 'NOT_FOUND' } as const);
  const taxOrg = unit.taxOrgCode;
  const numbers = await checkNumbers(ports, taxOrg);
  if (!numbers.ok) return numbers;
  const year = numbers.value.checkDate.slice(0, 4);
  const [sequence = 0] = await ports.numbers.take('protocol', taxOrg, `${year}-01-01`);
  const protocolNo = `${taxOrg}${year}${eightDigits(sequence)}`;
  const { reauthentication, ...details } = body;
  return act(call, {
    name: 'signOwnAgreement',
    subject: protocolNo,
    operation: details,
    reauthentication,
    run: async (store) => {
      const given = { ...details, taxpayerId, taxpayerName: taxpayer.name, taxOrg, protocolNo };
      const added = await addAgreement(store, given, {
        origin: 'online',
        madeBy: caller.userName,
      });
      return added.ok ? begin(store, added.value.id, 0, numbers.value) : added;
    },
  });
}

/** 改正: other details for what the bank refused, asked about at once. */
async function amend(ports: PaymentPorts, call: RouteCall<typeof contract.amendOwnAgreement>) {
  const { params, body, caller } = call;
  const held = await ownAgreement(ports, caller, params.id);
  if (!held) return err({ code: 'NOT_FOUND' } as const);
  const numbers = await checkNumbers(ports, held.taxOrg);
  if (!numbers.ok) return numbers;
  const { reauthentication, ...details } = body;
  return act(call, {
    name: 'amendOwnAgreement',
    subject: params.id,
    operation: { id: params.id, ...details },
    reauthentication,
    run: async (store) => {
      const { id, taxpayerId } = held;
      const amended = await amendAgreement(store, { id, taxpayerId }, details);
      return amended.ok ? begin(store, id, 0, numbers.value) : amended;
    },
  });
}

/** Begins 验证 or 撤销 of an agreement of the caller's own taxpayer; the bank's answer comes by itself. */
async function check(
  ports: PaymentPorts,
  call: RouteCall<typeof contract.verifyOwnAgreement>,
  name: 'verifyOwnAgreement' | 'terminateOwnAgreement',
) {
  const { params, body, caller } = call;
  const held = await ownAgreement(ports, caller, params.id);
  if (!held) return err({ code: 'NOT_FOUND' } as const);
  const numbers = await checkNumbers(ports, held.taxOrg);
  if (!numbers.ok) return numbers;
  const { id } = params;
  return act(call, {
    name,
    subject: id,
    operation: { id },
    reauthentication: body.reauthentication,
    run: (store) => begin(store, held.id, name === 'verifyOwnAgreement' ? 0 : 1, numbers.value),
  });
}

interface Act {
  readonly name: string;
  readonly subject: string;
  /** What the 安全认证 is bound to. */
  readonly operation: object;
  readonly reauthentication: string;
  readonly run: (store: Store) => Promise<Result<AgreementRecord, Refusal>>;
}

/** Runs an act of the unit, its 安全认证 used up in the same transaction. */
async function act(
  call: Pick<RouteCall<contract.Route>, 'caller' | 'services' | 'execute'>,
  { name, subject, operation, reauthentication, run }: Act,
) {
  const { caller, services } = call;
  const input = { operation, proof: proofOf(caller, reauthentication, operation) };
  const command: Command<{ operation: object; proof: Proof | null }, AgreementRecord> = {
    name: `payment.${name}`,
    chain: () => `taxpayer:${caller.taxpayerId ?? ''}`,
    describe: () => ({ subject, detail: {} }),
    async run(tx, { proof }, { at, wallAt }) {
      const used = await usedUp(tx, proof, name, wallAt);
      return used.ok ? run(postgresStore(tx, at, services.crypto)) : used;
    },
  };
  const done = await call.execute(command, input);
  return done.ok ? ok(agreementRow(done.value)) : done;
}

async function begin(
  store: Store,
  id: number,
  vcSign: 0 | 1,
  numbers: CheckNumbers,
): Promise<Result<AgreementRecord, Refusal>> {
  const begun = await beginCheck(store, id, vcSign, numbers);
  return begun.ok ? ok(begun.value.agreement) : begun;
}

/** The numbers of one 9114; refused while the channel has never told its work date. */
export async function checkNumbers(
  ports: PaymentPorts,
  taxOrg: string,
): Promise<Result<CheckNumbers, Refusal>> {
  const session = await readSession(ports);
  if (!session?.workDate) return err({ code: 'TREASURY_CLOSED' });
  const checkDate = session.workDate;
  const [number = 0] = await ports.numbers.take('agreement', taxOrg, checkDate);
  const msgId = await newMessageId(ports, '9114');
  return ok({ checkNo: eightDigits(number), checkDate, msgId });
}

function ownAgreement(ports: PaymentPorts, caller: Caller, id: string) {
  return ports.read.of(agreements).get({ id: Number(id), taxpayerId: caller.taxpayerId ?? '' });
}

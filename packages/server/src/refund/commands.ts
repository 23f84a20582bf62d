import type { Agency, RefundReason } from '@shebao/contract';
import { assert, err, fen, formatYuan, type Month, ok, type Result } from '@shebao/kernel';
import { lockUnit } from '../assessment/index.ts';
import { claimOverpaid } from '../declaration/index.ts';
import type { Unit } from '../employer/index.ts';
import {
  beginPayouts,
  type drawPayoutNumbers,
  type Payee,
  payoutsOf,
  sealPayee,
  usedUp,
} from '../payment/index.ts';
import type { Command, CommandContext, FieldCrypto, Refusal, Tx } from '../platform/index.ts';
import {
  type ApplicationEvent,
  applicationNoText,
  applicationStep,
  givesBack,
  outcomeOf,
} from './application.ts';
import { refundableLines } from './refundable.ts';
import {
  type Application,
  addEvent,
  type Changes,
  countLines,
  findApplication,
  insertApplication,
  insertLines,
  nextSeq,
  openLines,
  openParts,
  unfinished,
  updateApplication,
} from './store.ts';

type Proof = Parameters<typeof usedUp>[1];
type Numbers = Extract<Awaited<ReturnType<typeof drawPayoutNumbers>>, { ok: true }>['value'];
type Done = Result<Application, Refusal>;

/** Where money goes: an account that stands in an agreement already, or one that the unit typed. */
export type PayeeWish =
  | { readonly known: Payee }
  | {
      readonly typed: { readonly bankNo: string; readonly account: string; readonly name: string };
    };

export interface NewApplication {
  readonly id: string;
  readonly agency: Agency;
  readonly from: Month;
  readonly to: Month;
  readonly personIds: readonly string[] | null;
  /** As the clerk saw it. */
  readonly amountFen: number;
  readonly reasonCode: RefundReason;
  readonly reason: string;
  readonly payee: PayeeWish;
  readonly madeBy: string;
  readonly proof: Proof;
}

/** 提交退费申请: its lines are fixed, what they ask for is taken, the office is told. */
export function applyCommand(
  crypto: FieldCrypto,
  unit: Unit,
): Command<NewApplication, Application> {
  return {
    name: 'refund.apply',
    chain: () => `unit:${unit.unitNo}`,
    describe: ({ id, agency, amountFen }) => ({ subject: id, detail: { agency, amountFen } }),
    async run(tx, input, context) {
      const used = await usedUp(tx, input.proof, 'applyForRefund', context.wallAt);
      if (!used.ok) return used;
      const { id } = input;
      await lockUnit(tx, unit.id);
      const open = await unfinished(tx.q, unit.id);
      if (open) {
        const { applicationNo } = open;
        return err({ code: 'REFUND_APPLICATION_OPEN', data: { applicationNo } });
      }
      const seq = await nextSeq(tx.q, unit.id);
      const lines = await refundableLines(tx.q, { ...input, unitId: unit.id });
      const payee = await payeeOf(tx, input.payee, context, crypto);
      const counted = await countLines(tx.q, lines);
      if (counted.amountFen === 0) return err({ code: 'REFUND_NOTHING' });
      if (counted.amountFen !== input.amountFen) {
        const amount = formatYuan(fen(counted.amountFen));
        return err({ code: 'REFUND_AMOUNT_CHANGED', data: { amount } });
      }
      const made = newApplication(input, unit, seq, counted, payee, context.at.iso);
      await insertApplication(tx, made);
      const stored = await insertLines(tx, id, unit.id, lines);
      assert(stored.amountFen === made.amountFen, 'the lines are what was counted');
      await claimOverpaid(tx, unit.id, openLines(id), 'take');
      const text = `提交退费申请 ${formatYuan(fen(made.amountFen))} 元：${made.reason}`;
      await note(tx, made, 'applied', input.madeBy, '', text, context);
      return ok(made);
    },
  };
}

function newApplication(
  input: NewApplication,
  unit: Unit,
  seq: number,
  counted: { readonly people: number; readonly amountFen: number },
  payee: Payee,
  at: string,
): Application {
  const { id, agency, reasonCode, reason, madeBy } = input;
  return {
    id,
    unitId: unit.id,
    applicationSeq: seq,
    applicationNo: applicationNoText(unit.unitNo, seq),
    unitNo: unit.unitNo,
    unitName: unit.name,
    taxpayerId: unit.taxpayerId,
    taxpayerName: unit.taxpayerName,
    taxOrg: unit.taxOrgCode,
    agency,
    fromPeriod: input.from,
    toPeriod: input.to,
    people: counted.people,
    amountFen: counted.amountFen,
    reasonCode,
    reason,
    payeeBankNo: payee.bankNo,
    payeeAccountId: payee.accountId,
    payeeTail: payee.tail,
    payeeName: payee.name,
    state: '审核中',
    opinion: '',
    madeBy,
    acceptedBy: null,
    approvedBy: null,
    createdAt: at,
    changedAt: at,
    version: 1,
  };
}

async function payeeOf(
  tx: Tx,
  wish: PayeeWish,
  { at }: CommandContext,
  crypto: FieldCrypto,
): Promise<Payee> {
  return 'known' in wish ? wish.known : sealPayee(tx, wish.typed, { at, crypto });
}

/** What a person does with an application, as he saw it. */
export interface Act {
  readonly id: string;
  readonly version: number;
  /** User name. */
  readonly actor: string;
  readonly proof: Proof;
}

/** 撤回: what it asked for and did not get may be asked for again. */
export const withdrawCommand: Command<
  Act & { readonly unitId: number; unitNo: string },
  Application
> = {
  name: 'refund.withdraw',
  chain: ({ unitNo }) => `unit:${unitNo}`,
  describe: ({ id }) => ({ subject: id, detail: {} }),
  async run(tx, input, context) {
    const found = await opened(tx, input, 'withdrawn');
    if (!found.ok) return found;
    if (found.value.unitId !== input.unitId) return err({ code: 'NOT_FOUND' });
    return ok(await move(tx, found.value, 'withdrawn', input.actor, '撤回退费申请', {}, context));
  },
};

/** 更换收款账户: what could not be paid out is examined again. */
export function amendCommand(
  crypto: FieldCrypto,
): Command<Act & { readonly unitId: number; unitNo: string; payee: PayeeWish }, Application> {
  return {
    name: 'refund.amend',
    chain: ({ unitNo }) => `unit:${unitNo}`,
    describe: ({ id }) => ({ subject: id, detail: {} }),
    async run(tx, input, context) {
      const used = await usedUp(tx, input.proof, 'amendRefundApplication', context.wallAt);
      if (!used.ok) return used;
      const found = await opened(tx, input, 'amended');
      if (!found.ok) return found;
      if (found.value.unitId !== input.unitId) return err({ code: 'NOT_FOUND' });
      const payee = await payeeOf(tx, input.payee, context, crypto);
      const changes: Changes = {
        payeeBankNo: payee.bankNo,
        payeeAccountId: payee.accountId,
        payeeTail: payee.tail,
        payeeName: payee.name,
        acceptedBy: null,
        approvedBy: null,
        opinion: '',
      };
      const text = `更换收款账户为尾号 ${payee.tail}，重新提交`;
      return ok(await move(tx, found.value, 'amended', input.actor, text, changes, context));
    },
  };
}

export type OfficeAct = 'accept' | 'reject' | 'return' | 'approve' | 'again';

export interface Decision extends Act {
  readonly act: OfficeAct;
  readonly reason: string;
}

const officeEvents: Readonly<Record<OfficeAct, ApplicationEvent>> = {
  accept: 'accepted',
  reject: 'rejected',
  return: 'returned',
  approve: 'approved',
  again: 'askedAgain',
};

/**
 * 审核 by one officer, 复核 by another: only then money moves. `numbers`: for `approve`, one for each part that is not
 * paid out yet; they are drawn anew for a repeat, so they are no part of the input.
 */
export function decideCommand(
  crypto: FieldCrypto,
  numbers: Numbers,
): Command<Decision, Application> {
  return {
    name: 'refund.decide',
    chain: () => 'agency:treasury',
    describe: ({ id, act }) => ({ subject: id, detail: { act } }),
    async run(tx, input, context) {
      const used = await usedUp(tx, input.proof, 'refundApplication', context.wallAt);
      if (!used.ok) return used;
      const event = officeEvents[input.act];
      const found = await opened(tx, input, event);
      if (!found.ok) return found;
      const { actor, reason } = input;
      switch (input.act) {
        case 'accept': {
          const changes = { acceptedBy: actor, opinion: '' };
          const text = withReason('审核通过', reason);
          return ok(await move(tx, found.value, event, actor, text, changes, context));
        }
        case 'again': {
          const changes = { acceptedBy: actor, approvedBy: null, opinion: '' };
          const text = withReason('再次申请退库', reason);
          return ok(await move(tx, found.value, event, actor, text, changes, context));
        }
        case 'return':
        case 'reject': {
          const verb = input.act === 'return' ? '退回审核' : '不予通过';
          const changes = { opinion: reason, acceptedBy: null };
          const text = withReason(verb, reason);
          return ok(await move(tx, found.value, event, actor, text, changes, context));
        }
        case 'approve':
          return approve(tx, found.value, input, numbers, context, crypto);
      }
    },
  };
}

const withReason = (verb: string, reason: string) => (reason === '' ? verb : `${verb}：${reason}`);

async function approve(
  tx: Tx,
  found: Application,
  { actor, reason }: Decision,
  numbers: Numbers,
  context: CommandContext,
  crypto: FieldCrypto,
): Promise<Done> {
  if (found.acceptedBy === null || found.acceptedBy === actor) {
    return err({ code: 'REFUND_SAME_OFFICER' });
  }
  const parts = await openParts(tx.q, found.id);
  assert(parts.length > 0 && parts.length === numbers.length, 'every part has its numbers');
  const begun = await beginPayouts(
    tx,
    {
      applicationId: found.id,
      taxOrg: found.taxOrg,
      payee: {
        bankNo: found.payeeBankNo,
        accountId: found.payeeAccountId,
        tail: found.payeeTail,
        name: found.payeeName,
      },
      parts,
      reasonCode: found.reasonCode,
      reason: found.reason,
      askedBy: found.acceptedBy,
      confirmedBy: actor,
    },
    numbers,
    { at: context.at, crypto },
  );
  if (!begun.ok) return begun;
  const text = withReason(`复核通过，发出 ${parts.length} 笔退库`, reason);
  return ok(await move(tx, found, 'approved', actor, text, { approvedBy: actor }, context));
}

/** A payout came to its end: so may the application. Decided by states, so that repeats change nothing. */
export const settleCommand: Command<
  { readonly applicationId: string },
  { readonly state: string }
> = {
  name: 'refund.settle',
  chain: () => 'agency:treasury',
  describe: ({ applicationId }, done) => ({ subject: applicationId, detail: { ...done } }),
  async run(tx, { applicationId }, context) {
    const found = await findApplication(tx.q, applicationId, true);
    if (found?.state !== '退库中') return ok({ state: found?.state ?? '' });
    const payouts = await payoutsOf(tx.q, [applicationId]);
    const event = outcomeOf(found.amountFen, payouts);
    if (event === null) return ok({ state: found.state });
    const failed = payouts.findLast(({ state }) => state === '退库失败');
    const opinion = event === 'payoutFailed' ? (failed?.said ?? '') : '';
    const text =
      event === 'paidOut' ? '款项已全部退回' : withReason('部分或全部款项未能退回', opinion);
    const next = await move(tx, found, event, '税库银', text, { opinion }, context);
    return ok({ state: next.state });
  },
};

async function opened(tx: Tx, { id, version }: Act, event: ApplicationEvent): Promise<Done> {
  const found = await findApplication(tx.q, id, true);
  if (!found) return err({ code: 'NOT_FOUND' });
  if (found.version !== version || applicationStep(found.state, event) === undefined) {
    return err({ code: 'REFUND_APPLICATION_CHANGED' });
  }
  return ok(found);
}

async function move(
  tx: Tx,
  found: Application,
  event: ApplicationEvent,
  actor: string,
  text: string,
  changes: Changes,
  context: CommandContext,
): Promise<Application> {
  const state = applicationStep(found.state, event);
  assert(state !== undefined, `an application ${found.state} cannot be ${event}`);
  const next = await updateApplication(tx, found, { ...changes, state }, context.at.iso);
  if (givesBack(state)) await claimOverpaid(tx, found.unitId, openLines(found.id), 'give');
  await note(tx, next, event, actor, found.state, text, context);
  return next;
}

async function note(
  tx: Tx,
  application: Application,
  event: string,
  actor: string,
  before: string,
  text: string,
  { at }: CommandContext,
): Promise<void> {
  const { id, taxpayerId, unitNo, state } = application;
  await addEvent(tx, id, { actor, event, before, after: state, text, at: at.iso });
  const data = { id, unitNo, state };
  tx.publish({ audience: `taxpayer:${taxpayerId}`, type: 'refundApplication', data });
  tx.publish({ audience: 'office', type: 'refund', data });
}

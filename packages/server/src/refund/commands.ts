import type { Agency, RefundReason } from '@shebao/contract';
import { err, fen, formatYuan, type Month, ok } from '@shebao/kernel';
import { lockUnit } from '../assessment/index.ts';
import { claimOverpaid } from '../declaration/index.ts';
import type { Unit } from '../employer/index.ts';
import { type Payee, sealPayee, usedUp } from '../payment/index.ts';
import type { Command, CommandContext, FieldCrypto, Tx } from '../platform/index.ts';
import { applicationNoText } from './application.ts';
import { type Act, move, note, opened, type Proof } from './moves.ts';
import { refundableLines } from './refundable.ts';
import {
  type Application,
  type Changes,
  findApplication,
  insertApplication,
  insertLines,
  nextSeq,
  openLines,
  unfinished,
} from './store.ts';

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
      // Sent again because its answer got lost.
      const known = await findApplication(tx.q, id);
      if (known) return known.unitId === unit.id ? ok(known) : err({ code: 'NOT_FOUND' });
      const open = await unfinished(tx.q, unit.id);
      if (open) {
        const { applicationNo } = open;
        return err({ code: 'REFUND_APPLICATION_OPEN', data: { applicationNo } });
      }
      const seq = await nextSeq(tx.q, unit.id);
      const lines = await refundableLines(tx.q, { ...input, unitId: unit.id });
      const payee = await payeeOf(tx, input.payee, context, crypto);
      // A refusal takes the lines back.
      const stored = await insertLines(tx, id, unit.id, lines);
      if (stored.amountFen === 0) return err({ code: 'REFUND_NOTHING' });
      if (stored.amountFen !== input.amountFen) {
        const amount = formatYuan(fen(stored.amountFen));
        return err({ code: 'REFUND_AMOUNT_CHANGED', data: { amount } });
      }
      const made = newApplication(input, unit, seq, stored, payee, context.at.iso);
      await insertApplication(tx, made);
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
  stored: { readonly people: number; readonly amountFen: number },
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
    people: stored.people,
    amountFen: stored.amountFen,
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

import { assert, err, ok } from '@shebao/kernel';
import { beginPayouts, type drawPayoutNumbers, payoutsOf, usedUp } from '../payment/index.ts';
import type { Command, CommandContext, FieldCrypto, Tx } from '../platform/index.ts';
import { type ApplicationEvent, outcomeOf } from './application.ts';
import { type Act, type Done, move, opened } from './moves.ts';
import { type Application, findApplication, openParts } from './store.ts';

type Numbers = Extract<Awaited<ReturnType<typeof drawPayoutNumbers>>, { ok: true }>['value'];

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

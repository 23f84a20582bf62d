import { assert } from '@shebao/kernel';
import { drawPayoutNumbers, payBack } from '../src/payment/payout.ts';
import { mayPay, refunds } from '../src/payment/refund-tables.ts';
import { agreements, orders } from '../src/payment/tables.ts';
import { Stale, UniqueBroken } from '../src/treasury/index.ts';
import { BRANCH, HOLDER, ORG } from './demo.ts';
import type { World } from './world.ts';

/** Two officers agreed to pay back part or all of what is left of a payment that stands in the treasury. */
export async function payBackSome(world: World, applicationId: string): Promise<void> {
  const run = world.anyRun();
  if (!run) return;
  const { random } = world;
  const { read } = run.ports;
  const paid = await read.of(orders).find({ state: 'TREASURED' }, { order: ['id'] });
  if (paid.length === 0) return;
  const { taxVouNo, amountFen: paidFen } = random.pick(paid);
  const payee = await read.of(agreements).get({ id: random.pick(world.agreementIds) });
  assert(payee !== undefined, 'the agreements are held');
  const share = random.pick([1, 1, 0.5, random.next()]);
  const numbers = await drawPayoutNumbers(run.ports, ORG, 1);
  if (!numbers.ok) return;
  const step = { name: 'refund.approve', chain: 'agency:treasury', subject: applicationId };
  try {
    await run.ports.transact(step, async (store) => {
      const before = await store.of(refunds).find({ oriTaxVouNo: taxVouNo });
      const leftFen = before
        .filter(({ state }) => mayPay(state))
        .reduce((left, one) => left - one.amountFen, paidFen);
      const amountFen = Math.ceil(leftFen * share);
      if (amountFen === 0) return;
      await payBack(
        store,
        {
          applicationId,
          taxOrg: ORG,
          payee: {
            bankNo: BRANCH,
            accountId: payee.accountId,
            tail: payee.accountTail,
            name: HOLDER,
          },
          parts: [{ taxVouNo, amountFen }],
          reasonCode: '01',
          reason: '基数申报有误',
          askedBy: 'first',
          confirmedBy: 'second',
        },
        numbers.value,
      );
    });
  } catch (error) {
    if (!(error instanceof Stale || error instanceof UniqueBroken)) throw error;
  }
}

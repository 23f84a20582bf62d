import { usualTimes } from '../src/payment/advance.ts';
import { lateFees, totalLateFee, voidBillOf } from '../src/payment/bills.ts';
import { confirmPayment } from '../src/payment/confirm.ts';
import { drawNumbers } from '../src/payment/pay.ts';
import { billLines, bills } from '../src/payment/tables.ts';
import { Stale, UniqueBroken } from '../src/treasury/index.ts';
import { TAXPAYER } from './demo.ts';
import { momentOf, type Run } from './service.ts';
import type { World } from './world.ts';

class Refused extends Error {}

/** A pay order as its client keeps it: asked again under the same key with the same content. */
export interface Wish {
  readonly id: string;
  readonly billIds: readonly string[];
  readonly agreementId: number;
}

/** What clerks were told: the answers by key, for every answer that arrived. */
export type Answers = Map<string, Set<string>>;

/** 确认缴费. The client asks again while it hears nothing; two at once is a double click. */
export async function pay(world: World, wish: Wish, answers: Answers): Promise<void> {
  const found = await world.books.read.of(bills).find({ id: wish.billIds });
  const shown: { id: string; version: number; totalFen: number }[] = [];
  for (const bill of found) {
    const lines = await world.books.read.of(billLines).find({ billId: bill.id, orderId: null });
    const { date } = momentOf(world.clock.nowMs);
    const fee = totalLateFee(lateFees(bill.region, lines, date));
    shown.push({ id: bill.id, version: bill.version, totalFen: bill.amountFen + fee });
  }
  const order = {
    id: wish.id,
    taxpayerId: TAXPAYER,
    requestedBy: 'clerk',
    agreementId: wish.agreementId,
    bills: shown,
    totalFen: shown.reduce((sum, bill) => sum + bill.totalFen, 0),
  };
  const ask = async (tried: number): Promise<void> => {
    const run = world.anyRun();
    const asked = run ? confirm(run, order) : Promise.resolve('away');
    const heard = await Promise.race([asked, world.clock.pause(30_000).then(() => 'away')]);
    if (heard === 'away' && tried < 4) {
      await world.clock.pause(world.random.between(500, 20_000));
      return ask(tried + 1);
    }
    if (heard === 'accepted') answers.set(wish.id, (answers.get(wish.id) ?? new Set()).add(heard));
  };
  const clicks = world.random.chance(0.3) ? [ask(0), ask(0)] : [ask(0)];
  await Promise.all(clicks);
}

async function confirm(run: Run, order: Parameters<typeof confirmPayment>[1]): Promise<string> {
  const { ports } = run;
  try {
    const ids = order.bills.map((bill) => bill.id);
    const numbers = await drawNumbers(ports, order.taxpayerId, ids);
    if (!numbers.ok) return numbers.error.code;
    const step = { name: 'payment.confirm', chain: 'taxpayer:x', subject: order.id };
    return await ports.transact(step, async (store) => {
      const done = await confirmPayment(store, order, numbers.value, usualTimes);
      if (!done.ok) throw new Refused(done.error.code);
      return 'accepted';
    });
  } catch (error) {
    if (error instanceof Refused) return error.message;
    if (error instanceof Stale || error instanceof UniqueBroken) return 'away';
    throw error;
  }
}

/** 作废 of a declaration, which takes its bill along. */
export async function voidIt(world: World, billId: string): Promise<void> {
  const run = world.anyRun();
  if (!run) return;
  const step = { name: 'declaration.void', chain: 'unit:x', subject: billId };
  try {
    await run.ports.transact(step, async (store) => {
      const done = await voidBillOf(store, billId);
      if (!done.ok) throw new Refused(done.error.code);
    });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

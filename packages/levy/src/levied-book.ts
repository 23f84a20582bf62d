import type { Month } from '@shebao/kernel';
import { type Insurance, insurances, type Levied, type Payer, payers } from './types.ts';

/** What was levied for one person (or the unit), each key taken at most once. */
export interface LeviedBook {
  /** The levied amount of a key, removed from the book; undefined where nothing was levied. */
  take(insurance: Insurance, payer: Payer, period: Month): number | undefined;
  /** Whether anything was levied for a month. */
  has(insurance: Insurance, period: Month): boolean;
  /** Forgets a month that gets no line; the employer's share stays where it is levied in aggregate. */
  drop(insurance: Insurance, period: Month, keepEmployer: boolean): void;
  forEachLeft(
    visit: (insurance: Insurance, payer: Payer, period: Month, amountFen: number) => void,
  ): void;
}

const order = new Map(insurances.map((insurance, at) => [insurance, at]));

const nothing: LeviedBook = {
  take: () => undefined,
  has: () => false,
  drop: () => undefined,
  forEachLeft: () => undefined,
};

/** A book of what was levied; entries of one key add up. */
export function createBook(levied: readonly Levied[] | undefined): LeviedBook {
  if (levied === undefined || levied.length === 0) return nothing;
  const amounts = new Map<number, number>();
  for (const { insurance, payer, period, amountFen } of levied) {
    const key = keyOf(insurance, payer, period);
    amounts.set(key, (amounts.get(key) ?? 0) + amountFen);
  }
  const take = (insurance: Insurance, payer: Payer, period: Month) => {
    const key = keyOf(insurance, payer, period);
    const amount = amounts.get(key);
    if (amount !== undefined) amounts.delete(key);
    return amount;
  };
  return {
    take,
    has: (insurance, period) =>
      payers.some((payer) => amounts.has(keyOf(insurance, payer, period))),
    drop(insurance, period, keepEmployer) {
      if (!keepEmployer) take(insurance, 'employer', period);
      take(insurance, 'employee', period);
    },
    forEachLeft(visit) {
      for (const [key, amount] of [...amounts].sort(([left], [right]) => left - right)) {
        const payer = payers[key % 2];
        const insurance = insurances[Math.floor(key / 2) % insurances.length];
        const period = Math.floor(key / 2 / insurances.length) as Month;
        if (payer && insurance) visit(insurance, payer, period, amount);
      }
    },
  };
}

function keyOf(insurance: Insurance, payer: Payer, period: Month): number {
  const at = order.get(insurance) ?? 0;
  return (period * insurances.length + at) * 2 + (payer === 'employee' ? 1 : 0);
}

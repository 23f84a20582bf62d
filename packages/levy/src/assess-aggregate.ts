import type { Fen, Month } from '@shebao/kernel';
import { roundBase } from '@shebao/kernel';
import type { Work } from './assess.ts';
import { makeLine, noLongerLiable } from './assess-person.ts';
import { createBook } from './levied-book.ts';
import type { Cell } from './plan.ts';
import { type AssessInput, type Insurance, insurances } from './types.ts';

/** Collects the total payroll per insurance and month for the lines without a person. */
export interface Aggregates {
  /** First month whose payroll is summed. */
  readonly from: number;
  addWage(cell: Cell, wageFen: Fen): void;
  /** Adds what was levied with a person for a month whose share is levied without one. */
  addLevied(insurance: Insurance, period: Month, amountFen: number): void;
  /** Somebody's wage is missing: the payroll of that month may only add, never give back. */
  markIncomplete(insurance: Insurance, period: Month): void;
  /** Makes the lines once all people are in. */
  settle(notOffered: ReadonlySet<Insurance>): void;
}

/** Starts the sums of a unit. */
export function createAggregates(work: Work, input: AssessInput): Aggregates {
  const from = input.assessAggregateFrom ?? 0;
  const payroll = new Map<number, { readonly cell: Cell; wageFen: number }>();
  const incomplete = new Set<number>();
  const levied = [...(input.leviedAggregate ?? [])];
  return {
    from,
    addWage(cell, wageFen) {
      if (!work.plan.aggregates(cell.insurance, cell.period)) return;
      const key = keyOf(cell.insurance, cell.period);
      const rounded = roundBase(wageFen, cell.baseRounding);
      const sum = payroll.get(key);
      if (sum) sum.wageFen += rounded;
      else payroll.set(key, { cell, wageFen: rounded });
    },
    addLevied(insurance, period, amountFen) {
      levied.push({ insurance, payer: 'employer', period, amountFen: amountFen as Fen });
    },
    markIncomplete(insurance, period) {
      incomplete.add(keyOf(insurance, period));
    },
    settle(notOffered) {
      const book = createBook(levied);
      for (const [, { cell, wageFen }] of [...payroll].sort(([a], [b]) => a - b)) {
        const share = cell.shares.find((each) => each.aggregate);
        if (!share) continue;
        const total = wageFen as Fen;
        const already = book.take(cell.insurance, 'employer', cell.period);
        const line = makeLine(null, cell, share, total, total, already, work.current);
        const mayGiveBack = !incomplete.has(keyOf(cell.insurance, cell.period));
        if (line.deltaFen > 0 || (line.deltaFen < 0 && mayGiveBack)) work.lines.push(line);
      }
      book.forEachLeft((insurance, payer, period, amount) => {
        if (period < from || period > work.current || amount === 0) return;
        if (notOffered.has(insurance) || incomplete.has(keyOf(insurance, period))) return;
        work.lines.push(noLongerLiable(null, insurance, payer, period, amount));
      });
    },
  };
}

function keyOf(insurance: Insurance, period: Month): number {
  return insurances.indexOf(insurance) * 100_000 + period;
}

import type { Fen, Month } from '@shebao/kernel';
import { clampBase, default110Base } from './base.ts';
import { isError, type Plan } from './plan.ts';
import type { LevyError } from './rules.ts';
import type { Insurance, Wage } from './types.ts';
import { findWage } from './wage.ts';

/** A wage that stands in for one that was not declared. */
export interface DefaultedWage {
  readonly wageFen: Fen;
}

/** A person's wage is carried on through at most so many base years. */
const yearsBack = 60;

/**
 * The wage of a month whose base year has none, by the unit's default policy: the base of the last month
 * of the year before, lifted by 10 % or not. Undefined: the policy blocks, or nobody ever declared a wage.
 */
export function defaultedWage(
  plan: Plan,
  wages: readonly Wage[],
  insurance: Insurance,
  windowFrom: Month,
  month: Month,
  depth = 0,
): DefaultedWage | LevyError | undefined {
  const rule = plan.unit.defaultPolicy ?? 'block';
  if (rule === 'block' || rule === 'unitAmount110' || depth > yearsBack) return undefined;
  // A year in which a wage was declared later on is not undeclared: its first months lack theirs.
  if (wages.every((wage) => wage.effective >= windowFrom)) return undefined;
  const before = (windowFrom - 1) as Month;
  const earlierFrom = plan.windowFrom(insurance, before);
  if (isError(earlierFrom)) return earlierFrom;
  const declared = findWage(wages, insurance, earlierFrom, before);
  const earlier = declared
    ? { wageFen: declared.wageFen }
    : defaultedWage(plan, wages, insurance, earlierFrom, before, depth + 1);
  if (earlier === undefined || 'code' in earlier) return earlier;
  const cell = plan.cell(insurance, before);
  if (isError(cell)) return cell;
  const { baseFen } = clampBase(earlier.wageFen, cell, cell.baseRounding);
  const wageFen = rule === 'personBase110' ? default110Base(baseFen) : baseFen;
  return { wageFen };
}

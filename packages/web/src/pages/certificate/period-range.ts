import { parseMonth } from '@shebao/kernel';

export type RangeField = 'from' | 'to';

/** What is wrong with a typed 所属期, by field; empty when it may be queried. */
export function rangeProblems(from: string, to: string): Partial<Record<RangeField, string>> {
  const first = parseMonth(from.trim());
  const last = parseMonth(to.trim());
  const problems: Partial<Record<RangeField, string>> = {};
  if (!first.ok) problems.from = '所属期起应为 YYYY-MM，例如 2021-03';
  if (!last.ok) problems.to = '所属期止应为 YYYY-MM，例如 2021-03';
  if (first.ok && last.ok && last.value < first.value) {
    problems.to = '所属期止不能早于所属期起，请改为同月或以后的月份';
  }
  return problems;
}

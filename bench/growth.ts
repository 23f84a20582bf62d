import type { BenchRow } from './row.ts';

/** What a person costs at two sizes, measured in turn; the middle of the ratios of each turn counts. */
export function growthRows(
  month: (wagesFen: Int32Array) => unknown,
  million: Int32Array,
  fiveMillion: Int32Array,
): BenchRow[] {
  const tenThousand = million.slice(0, 10_000);
  const rows = [
    ['S13', '1,000,000 people ≤ 1.3 × a person at 10,000', tenThousand, million],
    ['S1', 'linear to 5,000,000 people (≤ 1.3 × a person)', million, fiveMillion],
  ] as const;
  return rows.map(([id, goal, few, many]) => {
    const { ratio, seconds } = growthOf(
      15,
      many.length / few.length,
      () => month(few),
      () => month(many),
    );
    return {
      id,
      goal,
      figure: `${((seconds / many.length) * 1e9).toFixed(1)} ns of processor a person at ${many.length}`,
      baseline: `15 turns beside ${few.length} people`,
      ratio: ratio.toFixed(2),
      verdict: ratio <= 1.3 ? 'met' : 'missed',
    };
  });
}

/**
 * What large work costs beside as much small work, in turns: both have the same amounts to write, so that memory
 * fetched for the first time counts in both. The middle of the ratios, and of the seconds of the large one.
 */
export function growthOf(
  turns: number,
  times: number,
  small: () => unknown,
  large: () => unknown,
): { readonly ratio: number; readonly seconds: number } {
  const ratios: number[] = [];
  const costs: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const one = cpuOf(times, small);
    const other = cpuOf(1, large);
    ratios.push(other / one);
    costs.push(other);
  }
  return { ratio: middle(ratios), seconds: middle(costs) };
}

/** Seconds of processor for all repeats: what else the machine does is not in it. */
function cpuOf(repeats: number, work: () => unknown): number {
  const started = process.cpuUsage();
  for (let at = 0; at < repeats; at++) work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

function middle(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

import type { BenchRow } from './row.ts';

/** What a person costs at two sizes, measured in turn; the middle of the ratios of each turn counts. */
export function growthRows(
  month: (wagesFen: Int32Array) => unknown,
  million: Int32Array,
  fiveMillion: Int32Array,
): BenchRow[] {
  const tenThousand = million.slice(0, 10_000);
  const rows = [
    ['S13', '1,000,000 people ≤ 1.3 × a person at 10,000', tenThousand, 100, million],
    ['S1', 'linear to 5,000,000 people (≤ 1.3 × a person)', million, 1, fiveMillion],
  ] as const;
  return rows.map(([id, goal, few, repeats, many]) => {
    const ratios: number[] = [];
    const costs: number[] = [];
    for (let turn = 0; turn < 15; turn++) {
      const one = cpuOf(repeats, () => month(few)) / few.length;
      const other = cpuOf(1, () => month(many)) / many.length;
      ratios.push(other / one);
      costs.push(other);
    }
    const ratio = middle(ratios);
    return {
      id,
      goal,
      figure: `${(middle(costs) * 1e9).toFixed(1)} ns of processor a person at ${many.length}`,
      baseline: `15 turns beside ${few.length} people`,
      ratio: ratio.toFixed(2),
      verdict: ratio <= 1.3 ? 'met' : 'missed',
    };
  });
}

/** Seconds of processor for one of several repeats: what else the machine does is not in it. */
function cpuOf(repeats: number, work: () => unknown): number {
  const started = process.cpuUsage();
  for (let at = 0; at < repeats; at++) work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6 / repeats;
}

function middle(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

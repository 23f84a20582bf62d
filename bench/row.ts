/** One line of the benchmark table. Texts carry their units; `ratio` is figure over baseline of the same run. */
export interface BenchRow {
  /** The goal's id, e.g. S1. */
  readonly id: string;
  readonly goal: string;
  readonly figure: string;
  readonly baseline: string;
  readonly ratio: string;
  readonly verdict: 'met' | 'missed' | 'not measurable here';
}

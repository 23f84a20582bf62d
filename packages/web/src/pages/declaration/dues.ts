import type { AnswerOf, DueItem, listDues } from '@shebao/contract';
import { sumYuan } from '../../shared/index.ts';

export type DueUnit = AnswerOf<typeof listDues>['units'][number];

export interface LevyItemSum {
  readonly levyItem: string;
  readonly people: number;
  readonly amountDue: string;
  readonly lateFee: string;
}

/** Sums per 征收品目 in the order of the lines; a person counts once however many months are due. */
export function sumsByLevyItem(items: readonly DueItem[]): LevyItemSum[] {
  return [...Map.groupBy(items, (item) => item.levyItem)].map(([levyItem, lines]) => ({
    levyItem,
    people: Math.max(...lines.map((line) => line.people)),
    amountDue: sumYuan(lines.map((line) => line.amountDue)),
    lateFee: sumYuan(lines.map((line) => line.lateFee)),
  }));
}

/** `2021-03`, or `2021-01 至 2021-03` where the months differ. */
export function monthSpan(months: readonly string[]): string {
  const sorted = months.toSorted();
  const [first, last] = [sorted[0] ?? '', sorted.at(-1) ?? ''];
  return first === last ? first : `${first} 至 ${last}`;
}

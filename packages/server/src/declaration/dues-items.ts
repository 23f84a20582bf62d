import { createHash } from 'node:crypto';
import { type Fen, fen, formatMonth, type Month, type Ppm } from '@shebao/kernel';
import { type Insurance, insurances, type LevyLine, type Payer, payers } from '@shebao/levy';
import type { ItemKind } from './declaration.ts';

/** 征收品目 × month × 业务类型 × due date of one unit, with the people behind it. */
export interface DueItem {
  /** `insurance:payer:period:kind`, followed by the due date where two items share the first part. */
  readonly key: string;
  readonly insurance: Insurance;
  readonly payer: Payer;
  readonly period: Month;
  readonly kind: ItemKind;
  readonly dueDate: string;
  /** Levied on the total payroll: `lines` is empty. */
  readonly aggregate: boolean;
  readonly provisional: boolean;
  readonly people: number;
  readonly baseFen: Fen;
  readonly ratePpm: Ppm;
  readonly amountFen: Fen;
  readonly lateFeeFen: Fen;
  readonly lines: readonly LevyLine[];
}

const kinds: readonly ItemKind[] = ['current', 'backPay', 'topUp'];

interface Group {
  readonly first: LevyLine;
  readonly dueDate: string;
  readonly aggregate: boolean;
  readonly lines: LevyLine[];
  base: number;
  amount: number;
  provisional: boolean;
}

/** Collects lines into items as they come. */
export interface ItemCollector {
  /** `dueDate` must be the same for the same (period, foundIn). */
  add(line: LevyLine, dueDate: string): void;
  /** The items in listed order. `countPeople` answers for lines on the total payroll. */
  finish(
    lateFeeOf: (amountFen: Fen, dueDate: string) => Fen,
    countPeople: (insurance: Insurance, period: Month) => number,
  ): DueItem[];
}

/** Starts an empty collection. Late fees are computed once per item, on its sum. */
export function collectItems(): ItemCollector {
  const dueDates = new Map<string, number>();
  const groups = new Map<number, Group>();
  return {
    add(line, dueDate) {
      let due = dueDates.get(dueDate);
      if (due === undefined) dueDates.set(dueDate, (due = dueDates.size));
      const key = groupKey(line) * 4096 + due;
      let group = groups.get(key);
      if (!group) {
        const aggregate = line.personId === null;
        group = {
          first: line,
          dueDate,
          aggregate,
          lines: [],
          base: 0,
          amount: 0,
          provisional: false,
        };
        groups.set(key, group);
      }
      if (!group.aggregate) group.lines.push(line);
      group.base += line.baseFen;
      group.amount += line.deltaFen;
      group.provisional ||= line.provisional;
    },
    finish: (lateFeeOf, countPeople) =>
      withKeys(
        [...groups.values()].toSorted(inListedOrder).map((group) => {
          const { first, dueDate, aggregate, lines, provisional } = group;
          const { insurance, payer, period, ratePpm } = first;
          const amountFen = fen(group.amount);
          return {
            insurance,
            payer,
            period,
            kind: first.kind as ItemKind,
            dueDate,
            aggregate,
            provisional,
            people: aggregate ? countPeople(insurance, period) : lines.length,
            baseFen: fen(group.base),
            ratePpm,
            amountFen,
            lateFeeFen: lateFeeOf(amountFen, dueDate),
            lines,
          };
        }),
      ),
  };
}

function groupKey({ insurance, payer, period, kind, personId }: LevyLine): number {
  const side = insurances.indexOf(insurance) * 2 + payers.indexOf(payer);
  const sort = kinds.indexOf(kind as ItemKind) * 2 + (personId === null ? 1 : 0);
  return (side * 40_000 + period) * 8 + sort;
}

function inListedOrder(a: Group, b: Group): number {
  return groupKey(a.first) - groupKey(b.first) || (a.dueDate < b.dueDate ? -1 : 1);
}

function withKeys(items: readonly Omit<DueItem, 'key'>[]): DueItem[] {
  const used = new Set<string>();
  return items.map((item) => {
    let key = itemKey(item);
    if (used.has(key)) key = `${key}:${item.dueDate}`;
    used.add(key);
    return { ...item, key };
  });
}

/** `insurance:payer:YYYY-MM:kind` */
export function itemKey(item: Pick<DueItem, 'insurance' | 'payer' | 'period' | 'kind'>): string {
  return `${item.insurance}:${item.payer}:${formatMonth(item.period)}:${item.kind}`;
}

/** Hash of everything that is shown of dues: equal exactly when the clerk would see the same figures. */
export function duesVersion(items: readonly DueItem[], overpaidFen: Fen): string {
  const hash = createHash('sha256');
  for (const item of items) {
    const { key, dueDate, people, baseFen, ratePpm, amountFen, lateFeeFen } = item;
    hash.update(`${key}|${dueDate}|${people}|${baseFen}|${ratePpm}|${amountFen}|${lateFeeFen}\n`);
  }
  return hash.update(`overpaid|${overpaidFen}`).digest('base64url').slice(0, 27);
}

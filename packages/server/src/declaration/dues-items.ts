import { createHash } from 'node:crypto';
import { type Fen, fen, formatMonth, type Month, type Ppm } from '@shebao/kernel';
import { type Insurance, insurances, type LevyLine, type Payer, payers } from '@shebao/levy';
import type { ItemKind } from './declaration.ts';
import type { BulkMonth } from './dues-bulk.ts';
import { LineColumns } from './line-columns.ts';

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
  readonly lines: LineColumns;
}

const kinds: readonly ItemKind[] = ['current', 'backPay', 'topUp'];

/** What an item's lines have in common. */
type Head = Pick<LevyLine, 'insurance' | 'payer' | 'period' | 'ratePpm'> & {
  readonly kind: ItemKind;
  readonly aggregate: boolean;
};

interface Group {
  readonly head: Head;
  readonly dueDate: string;
  readonly lines: LineColumns;
  base: number;
  amount: number;
  provisional: boolean;
}

/** Collects lines into items as they come. */
export interface ItemCollector {
  /** `dueDate` must be the same for the same (period, foundIn). */
  add(line: LevyLine, dueDate: string): void;
  /** Adds everybody of a month assessed by columns; `period` is current. */
  addBulk(bulk: BulkMonth, period: Month, dueDate: string): void;
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
  const groupOf = (head: Head, dueDate: string): Group => {
    let due = dueDates.get(dueDate);
    if (due === undefined) dueDates.set(dueDate, (due = dueDates.size));
    const key = groupKey(head) * 4096 + due;
    let group = groups.get(key);
    if (!group) {
      group = { head, dueDate, lines: new LineColumns(), base: 0, amount: 0, provisional: false };
      groups.set(key, group);
    }
    return group;
  };
  return {
    add(line, dueDate) {
      const { personId, wageFen, baseFen, deltaFen, amountFen } = line;
      const kind = line.kind as ItemKind;
      const group = groupOf({ ...headOf(line), kind, aggregate: personId === null }, dueDate);
      if (personId !== null) group.lines.add(personId, wageFen, baseFen, deltaFen, amountFen);
      group.base += baseFen;
      group.amount += deltaFen;
      group.provisional ||= line.provisional;
    },
    addBulk({ personIds, wagesFen, columns }, period, dueDate) {
      for (const column of columns) {
        if (column.aggregate || column.totalFen === 0) continue;
        const head = { ...headOf({ ...column, period }), kind: 'current' as const };
        const group = groupOf({ ...head, aggregate: false }, dueDate);
        const { amountFen, baseFen } = column;
        for (let at = 0; at < personIds.length; at += 1) {
          const amount = amountFen[at] as number;
          if (amount === 0) continue;
          const base = baseFen[at] as number;
          const wage = wagesFen[at] as number;
          group.lines.add(personIds[at] as string, wage, base, amount, amount);
          group.base += base;
          group.amount += amount;
        }
        group.provisional ||= column.provisional;
      }
    },
    finish: (lateFeeOf, countPeople) =>
      withKeys(
        [...groups.values()].toSorted(inListedOrder).map((group) => {
          const { head, dueDate, lines, provisional } = group;
          const { insurance, payer, period, ratePpm, kind, aggregate } = head;
          const amountFen = fen(group.amount);
          return {
            insurance,
            payer,
            period,
            kind,
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

function headOf({
  insurance,
  payer,
  period,
  ratePpm,
}: Pick<LevyLine, 'insurance' | 'payer' | 'period' | 'ratePpm'>) {
  return { insurance, payer, period, ratePpm };
}

function groupKey({ insurance, payer, period, kind, aggregate }: Head): number {
  const side = insurances.indexOf(insurance) * 2 + payers.indexOf(payer);
  return (side * 40_000 + period) * 8 + kinds.indexOf(kind) * 2 + (aggregate ? 1 : 0);
}

function inListedOrder(a: Group, b: Group): number {
  return groupKey(a.head) - groupKey(b.head) || (a.dueDate < b.dueDate ? -1 : 1);
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

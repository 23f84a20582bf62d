import type { dueUnit, DueItem as ShownItem } from '@shebao/contract';
import { dayOf, formatDay, formatMonth, formatRate, formatYuan, type Month } from '@shebao/kernel';
import { insuranceName, levyItemName } from '@shebao/levy';
import type * as z from 'zod';
import type { Unit } from '../employer/index.ts';
import { kindNames } from './declaration.ts';
import { type Dues, totalOf } from './dues.ts';
import type { DueItem } from './dues-items.ts';

/** Refusals shown for a unit; the wage page lists everybody. */
const refusalsShown = 500;

/** First and last day of a month. */
export function daysOf(month: Month): { readonly start: string; readonly end: string } {
  return { start: formatDay(dayOf(month, 1)), end: formatDay(dayOf(month, 31)) };
}

/** An item as the API shows it. */
export function showItem(unitNo: string, item: Omit<DueItem, 'lines' | 'aggregate'>): ShownItem {
  const { start, end } = daysOf(item.period);
  return {
    key: item.key,
    unitNo,
    insurance: item.insurance,
    payer: item.payer,
    insuranceName: insuranceName(item.insurance),
    levyItem: levyItemName(item.insurance, item.payer),
    kind: kindNames[item.kind],
    period: formatMonth(item.period),
    periodStart: start,
    periodEnd: end,
    people: item.people,
    contributionBase: formatYuan(item.baseFen),
    rate: formatRate(item.ratePpm),
    amountDue: formatYuan(item.amountFen),
    lateFee: formatYuan(item.lateFeeFen),
    dueDate: item.dueDate,
    provisional: item.provisional,
  };
}

/** A unit's dues as the API shows them. */
export function showDues(
  unit: Unit,
  dues: Dues,
  names: ReadonlyMap<string, string>,
  pending: boolean,
): z.infer<typeof dueUnit> {
  return {
    unitNo: unit.unitNo,
    unitName: unit.name,
    people: dues.people,
    amountDue: formatYuan(dues.amountFen),
    lateFee: formatYuan(dues.lateFeeFen),
    total: formatYuan(totalOf(dues)),
    items: dues.items.map((item) => showItem(unit.unitNo, item)),
    refusals: shownRefusals(dues).map(({ personId, code, from, to, detail }) => ({
      personId: personId ?? '',
      name: names.get(personId ?? '') ?? '',
      code,
      from: formatMonth(from),
      to: formatMonth(to),
      detail,
    })),
    overpaid: formatYuan(dues.overpaidFen),
    version: dues.version,
    pending,
  };
}

/** One refusal per person, months and reason: insurances share a wage. */
export function shownRefusals(dues: Dues): Dues['refusals'] {
  const shown = new Map<string, Dues['refusals'][number]>();
  for (const refusal of dues.refusals) {
    const { personId, code, from, to } = refusal;
    const key = `${personId} ${code} ${from} ${to}`;
    if (!shown.has(key)) shown.set(key, refusal);
    if (shown.size >= refusalsShown) break;
  }
  return [...shown.values()];
}

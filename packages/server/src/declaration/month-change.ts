import { type Fen, fen, formatMonthChinese, formatYuanGrouped, type Month } from '@shebao/kernel';
import type { Dues } from './dues.ts';
import type { InsuranceMonth, PersonMonth } from './history.ts';

/** One person's month beside the one before. */
export interface PersonChange {
  readonly personId: string;
  readonly beforeFen: Fen;
  readonly afterFen: Fen;
  /** What the month costs now (joiners, changed bases), or cost before (leavers). */
  readonly amountFen: Fen;
}

/** What changed since the previous month, and why the total moved. */
export interface MonthChange {
  readonly period: Month;
  readonly previousFen: Fen;
  readonly currentFen: Fen;
  readonly backPayFen: Fen;
  readonly joiners: readonly PersonChange[];
  readonly leavers: readonly PersonChange[];
  readonly baseChanges: readonly PersonChange[];
  readonly reasons: readonly string[];
}

export interface MonthChangeInput {
  readonly dues: Dues;
  /** Levied for the current month in declarations already made. */
  readonly current: readonly PersonMonth[];
  readonly previous: readonly PersonMonth[];
  /** Sums of both months by insurance, with lines that have no person. */
  readonly sums: readonly InsuranceMonth[];
}

/** Compares the current month, declared and still due, with the month before. */
export function compareMonths({ dues, current, previous, sums }: MonthChangeInput): MonthChange {
  const period = dues.current;
  const before = new Map(previous.map((row) => [row.personId, row]));
  const after = currentByPerson(dues, current);
  const joiners: PersonChange[] = [];
  const baseChanges: PersonChange[] = [];
  for (const [personId, { baseFen, amountFen }] of after) {
    const old = before.get(personId);
    const change = { personId, beforeFen: old?.baseFen ?? fen(0), afterFen: baseFen, amountFen };
    if (!old || old.amountFen <= 0) joiners.push(change);
    else if (old.baseFen !== baseFen) baseChanges.push(change);
  }
  const leavers = previous
    .filter((row) => row.amountFen > 0 && !after.has(row.personId))
    .map(({ personId, baseFen, amountFen }) => ({
      personId,
      beforeFen: baseFen,
      afterFen: fen(0),
      amountFen,
    }));
  const due = dues.items.filter((item) => item.period === period);
  const backPay = dues.items.filter((item) => item.period !== period);
  const previousFen = sumOf(sums.filter((row) => row.period === period - 1));
  const currentFen = fen(sumOf(sums.filter((row) => row.period === period)) + sumOf(due));
  const backPayFen = sumOf(backPay);
  const change = { period, previousFen, currentFen, backPayFen, joiners, leavers, baseChanges };
  return { ...change, reasons: reasonsOf(change, before) };
}

function currentByPerson(
  dues: Dues,
  declared: readonly PersonMonth[],
): Map<string, { baseFen: Fen; amountFen: Fen }> {
  const people = new Map<string, { baseFen: Fen; amountFen: Fen }>();
  const add = (personId: string, baseFen: Fen, amountFen: Fen) => {
    const known = people.get(personId);
    if (!known) people.set(personId, { baseFen, amountFen });
    else {
      if (baseFen > known.baseFen) known.baseFen = baseFen;
      known.amountFen = fen(known.amountFen + amountFen);
    }
  };
  for (const row of declared) if (row.amountFen > 0) add(row.personId, row.baseFen, row.amountFen);
  for (const item of dues.items) {
    if (item.period !== dues.current) continue;
    for (const { personId, baseFen, amountFen } of item.lines) add(personId, baseFen, amountFen);
  }
  return people;
}

function sumOf(rows: readonly { readonly amountFen: Fen }[]): Fen {
  return fen(rows.reduce((sum, row) => sum + row.amountFen, 0));
}

function reasonsOf(
  change: Omit<MonthChange, 'reasons'>,
  before: ReadonlyMap<string, PersonMonth>,
): string[] {
  const { joiners, leavers, baseChanges, backPayFen, previousFen, currentFen, period } = change;
  const reasons: string[] = [];
  const joined = sumOf(joiners);
  const left = sumOf(leavers);
  const moved = baseChanges.reduce(
    (sum, { personId, amountFen }) => sum + amountFen - (before.get(personId)?.amountFen ?? 0),
    0,
  );
  if (joiners.length > 0) reasons.push(`新增 ${joiners.length} 人，${signed(joined)}`);
  if (leavers.length > 0) reasons.push(`减员 ${leavers.length} 人，${signed(fen(0 - left))}`);
  if (baseChanges.length > 0) {
    reasons.push(`缴费基数变化 ${baseChanges.length} 人，${signed(fen(moved))}`);
  }
  const rest = fen(currentFen - previousFen - joined + left - moved);
  if (rest !== 0) reasons.push(`费率、工资总额等其他变化，${signed(rest)}`);
  if (backPayFen > 0) {
    reasons.push(
      `另有 ${formatMonthChinese(period)} 以前的补缴、补差 ${formatYuanGrouped(backPayFen)} 元`,
    );
  }
  if (reasons.length === 0) reasons.push('与上月相同');
  return reasons;
}

function signed(amount: Fen): string {
  const text = `${formatYuanGrouped(fen(Math.abs(amount)))} 元`;
  return amount < 0 ? `减少 ${text}` : `增加 ${text}`;
}

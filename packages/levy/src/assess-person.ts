import { type Fen, formatMonthChinese, type Month, type Ppm, shareOf } from '@shebao/kernel';
import type { Work } from './assess.ts';
import type { Aggregates } from './assess-aggregate.ts';
import { clampBase } from './base.ts';
import { defaultedWage } from './default-base.ts';
import { createBook, type LeviedBook } from './levied-book.ts';
import { insuranceName } from './names.ts';
import { type Cell, isError, type Share } from './plan.ts';
import type { LevyError } from './rules.ts';
import type { AssessPerson, Enrolment, Insurance, LevyLine, LineKind } from './types.ts';
import { insurances } from './types.ts';
import { findWage } from './wage.ts';

/** Assesses one person; returns an error that ends the whole assessment, or undefined. */
export function assessPerson(
  work: Work,
  person: AssessPerson,
  notOffered: ReadonlySet<Insurance>,
  aggregates: Aggregates,
): LevyError | undefined {
  const book = createBook(person.levied);
  for (const insurance of insurances) {
    const spans = person.enrolments.filter((each) => each.insurance === insurance);
    if (spans.length === 0 || notOffered.has(insurance)) continue;
    const failed = assessInsurance(work, person, insurance, spans, book, aggregates);
    if (failed) return failed;
  }
  book.forEachLeft((insurance, payer, period, amount) => {
    if (notOffered.has(insurance) || period > work.current) return;
    if (payer === 'employer' && work.plan.aggregates(insurance, period)) {
      aggregates.addLevied(insurance, period, amount);
    } else if (period >= (person.assessFrom ?? 0) && amount !== 0) {
      work.lines.push(noLongerLiable(person.id, insurance, payer, period, amount));
    }
  });
  return undefined;
}

/** Walks the liable months of one insurance in time order. */
function assessInsurance(
  work: Work,
  person: AssessPerson,
  insurance: Insurance,
  spans: readonly Enrolment[],
  book: LeviedBook,
  aggregates: Aggregates,
): LevyError | undefined {
  const assessFrom = person.assessFrom ?? 0;
  const first = Math.min(assessFrom, aggregates.from);
  const refused = createRefuser(work, person.id, insurance);
  let windowFrom = -1;
  let lacksHere = false;
  let lacksEarlier = false;
  for (const month of liableMonths(spans, first, work.current)) {
    const from = work.plan.windowFrom(insurance, month);
    if (isError(from)) return from;
    if (from !== windowFrom) {
      lacksEarlier ||= lacksHere;
      lacksHere = false;
      windowFrom = from;
    }
    const declared = findWage(person.wages, insurance, from, month);
    const wage = declared ?? defaultedWage(work.plan, person.wages, insurance, from, month);
    if (wage && 'code' in wage) return wage;
    if (month >= assessFrom) {
      lacksHere ||= wage === undefined;
      if (wage === undefined || lacksEarlier) {
        book.drop(insurance, month, work.plan.aggregates(insurance, month));
        aggregates.markIncomplete(insurance, month);
        refused.add(month, from, wage ? 'YEAR_ORDER' : 'WAGE_MISSING');
        continue;
      }
    }
    if (wage === undefined) {
      aggregates.markIncomplete(insurance, month);
      continue;
    }
    const cell = work.plan.cell(insurance, month);
    if (isError(cell)) return cell;
    if (month >= aggregates.from) aggregates.addWage(cell, wage.wageFen);
    if (month < assessFrom) continue;
    const groups = person.supplements ?? [];
    const own = groups.length === 0 ? cell : work.plan.supplemented(cell, groups);
    const failed = addLines(work, person.id, own, wage.wageFen, book);
    if (failed) return failed;
  }
  refused.flush();
  return undefined;
}

/** The liable months of overlapping spans, each once, in time order. */
function* liableMonths(
  spans: readonly Enrolment[],
  first: number,
  current: Month,
): Generator<Month> {
  const sorted = spans.length === 1 ? spans : [...spans].sort((a, b) => a.from - b.from);
  let next = first;
  for (const span of sorted) {
    const end = Math.min(span.to ?? current, current);
    for (let month = Math.max(span.from, next); month <= end; month++) yield month as Month;
    next = Math.max(next, end + 1);
  }
}

function addLines(
  work: Work,
  personId: string,
  cell: Cell,
  wageFen: Fen,
  book: LeviedBook,
): LevyError | undefined {
  const bounds = book.has(cell.insurance, cell.period) ? cell : boundsCell(work, cell);
  if (isError(bounds)) return bounds;
  const { baseFen } = clampBase(wageFen, bounds, cell.baseRounding);
  for (const share of cell.shares) {
    if (share.aggregate) continue;
    const levied =
      share.bookkeeping && isSplit(cell)
        ? undefined
        : book.take(cell.insurance, share.payer, cell.period);
    const line = makeLine(personId, cell, share, wageFen, baseFen, levied, work.current);
    if (line.deltaFen !== 0 || line.bookkeeping) work.lines.push(line);
  }
  return undefined;
}

/** Where the annuity's employer share is real in part, what was levied counts against that part. */
function isSplit(cell: Cell): boolean {
  return cell.shares.filter((share) => share.payer === 'employer').length > 1;
}

/** The cell whose bounds hold: the current month's where the region says so of old base years. */
function boundsCell(work: Work, cell: Cell): Cell | LevyError {
  const { plan, current } = work;
  if (cell.period === current || !plan.backPayRule(cell.insurance, current)) return cell;
  const currentCell = plan.cell(cell.insurance, current);
  if (isError(currentCell)) return currentCell;
  return cell.period < currentCell.windowFrom ? currentCell : cell;
}

/** The line of one share on a base, and what it changes against what was levied. */
export function makeLine(
  personId: string | null,
  cell: Cell,
  share: Share,
  wageFen: Fen,
  baseFen: Fen,
  levied: number | undefined,
  current: Month,
): LevyLine {
  const rounded = shareOf(baseFen, share.ratePpm, cell.amountRounding);
  const amountFen = (rounded + share.fixedFen) as Fen;
  const deltaFen = (amountFen - (levied ?? 0)) as Fen;
  return {
    personId,
    insurance: cell.insurance,
    payer: share.payer,
    period: cell.period,
    wageFen,
    baseFen,
    ratePpm: share.ratePpm,
    fixedFen: share.fixedFen,
    amountFen,
    deltaFen,
    kind: kindOf(deltaFen, cell.period, current, levied !== undefined),
    bookkeeping: share.bookkeeping,
    provisional: share.provisional,
    ruleIds: share.ruleIds,
  };
}

/** 多缴 where less is due than was levied, else 正常应征, 补缴 or 补差. */
function kindOf(deltaFen: number, period: Month, current: Month, wasLevied: boolean): LineKind {
  if (deltaFen < 0) return 'overpaid';
  if (period === current) return 'current';
  return wasLevied ? 'topUp' : 'backPay';
}

/** The line that gives back what was levied for a month in which nothing is due. */
export function noLongerLiable(
  personId: string | null,
  insurance: Insurance,
  payer: LevyLine['payer'],
  period: Month,
  levied: number,
): LevyLine {
  return {
    personId,
    insurance,
    payer,
    period,
    wageFen: 0 as Fen,
    baseFen: 0 as Fen,
    ratePpm: 0 as Ppm,
    fixedFen: 0 as Fen,
    amountFen: 0 as Fen,
    deltaFen: -levied as Fen,
    kind: 'overpaid',
    bookkeeping: false,
    provisional: false,
    ruleIds: [],
  };
}

const reasons = {
  WAGE_MISSING: '没有缴费工资，请先申报缴费工资',
  YEAR_ORDER: '以前年度还有月份没有缴费工资，请按时间顺序申报',
};

/** Joins refused months that follow each other within one base year. */
function createRefuser(work: Work, personId: string, insurance: Insurance) {
  let open: { from: Month; to: Month; window: number; code: keyof typeof reasons } | undefined;
  const flush = () => {
    if (!open) return;
    const { from, to, code } = open;
    const months = `${formatMonthChinese(from)}至${formatMonthChinese(to)}`;
    const detail = `${insuranceName(insurance)}${months}${reasons[code]}`;
    work.refusals.push({ personId, insurance, from, to, code, detail });
    open = undefined;
  };
  return {
    add(month: Month, window: number, code: keyof typeof reasons) {
      if (open && open.to + 1 === month && open.window === window && open.code === code) {
        open.to = month;
        return;
      }
      flush();
      open = { from: month, to: month, window, code };
    },
    flush,
  };
}

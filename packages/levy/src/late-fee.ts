import {
  addDays,
  assert,
  type Day,
  type Decimal,
  dayOf,
  type Fen,
  fen,
  formatDay,
  type Month,
  monthOfDay,
  multiplyDecimals,
  parseDay,
  roundDecimal,
} from '@shebao/kernel';
import type { LateFeeConvention } from './rules.ts';

/** Days at one rate, both ends counted. */
export interface LateFeeSegment {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  /** A decimal: `0.0005` is 0.05 % a day. */
  readonly dailyRate: string;
}

/** A late fee (滞纳金) with the stretches of days it was counted over. */
export interface LateFee {
  readonly days: number;
  readonly lateFeeFen: Fen;
  readonly segments: readonly LateFeeSegment[];
}

/** 千分之二 a day, 社会保险费征缴暂行条例 art. 13. */
const oldRate: Decimal = { units: 2n, scale: 3 };
/** 万分之五 a day, 社会保险法 art. 86. */
const newRate: Decimal = { units: 5n, scale: 4 };
/** The Social Insurance Law came into force. */
const rateChange = day('2011-07-01');

/**
 * The late fee (滞纳金) for the days `from` to `to`, both counted: 0.2 % a day to 2011-06-30, 0.05 % after,
 * simple, rounded once half up over all segments. No days where `to` lies before `from`.
 *
 * @example
 * const fee = lateFee(fen(100000), '2021-04-01', '2021-04-10');
 * [fee.days, fee.lateFeeFen] //=> [10, 500]
 */
export function lateFee(principal: Fen, from: string, to: string): LateFee {
  return overDays(principal, day(from), day(to));
}

/**
 * The late fee of a number of days at one rate.
 *
 * @example
 * lateFeeForDays(fen(100000), 10) //=> 500
 */
export function lateFeeForDays(principal: Fen, days: number, dailyRate: Decimal = newRate): Fen {
  return toFen(multiplyDecimals(product(principal, days), dailyRate));
}

/**
 * The late fee of dues paid after their due day, by a region's way of counting days. `taxStyle`: from the
 * day after the due day through the day of payment. `nextMonthFirst`: from the 1st of the month after
 * the due day's, through the day of payment. `hrStyle`: from the 1st of the second month after the due
 * day's, through the day before payment.
 *
 * @example
 * lateFeeBetween(fen(100000), '2021-03-31', '2021-04-10').days //=> 10
 * lateFeeBetween(fen(100000), '2021-03-15', '2021-04-10', 'nextMonthFirst').days //=> 10
 */
export function lateFeeBetween(
  principal: Fen,
  due: string,
  paid: string,
  convention: LateFeeConvention = 'taxStyle',
): LateFee {
  const dueDay = day(due);
  const paidDay = day(paid);
  const firstOf = (offset: number) => dayOf((monthOfDay(dueDay) + offset) as Month, 1);
  if (convention === 'nextMonthFirst') return overDays(principal, firstOf(1), paidDay);
  if (convention === 'hrStyle') return overDays(principal, firstOf(2), addDays(paidDay, -1));
  return overDays(principal, addDays(dueDay, 1), paidDay);
}

function overDays(principal: Fen, from: Day, to: Day): LateFee {
  const parts = [
    { from, to: Math.min(to, rateChange - 1) as Day, rate: oldRate, dailyRate: '0.002' },
    { from: Math.max(from, rateChange) as Day, to, rate: newRate, dailyRate: '0.0005' },
  ].filter((part) => part.to >= part.from);
  let total: Decimal = { units: 0n, scale: 4 };
  let days = 0;
  for (const part of parts) {
    const count = part.to - part.from + 1;
    const fee = multiplyDecimals(product(principal, count), part.rate);
    total = { units: total.units + fee.units * 10n ** BigInt(4 - fee.scale), scale: 4 };
    days += count;
  }
  return {
    days,
    lateFeeFen: toFen(total),
    segments: parts.map((part) => ({
      from: formatDay(part.from),
      to: formatDay(part.to),
      days: part.to - part.from + 1,
      dailyRate: part.dailyRate,
    })),
  };
}

function product(principal: Fen, days: number): Decimal {
  assert(principal >= 0 && days >= 0, 'principal and days must not be negative');
  return { units: BigInt(principal) * BigInt(days), scale: 0 };
}

/** From fen with decimals to whole fen, half up. */
function toFen(value: Decimal): Fen {
  return fen(Number(roundDecimal(value, 0)));
}

function day(text: string): Day {
  const parsed = parseDay(text);
  assert(parsed.ok, `not a day: ${text}`);
  return parsed.value;
}

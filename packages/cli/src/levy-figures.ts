import {
  type AmountRounding,
  amountRoundings,
  type BaseRounding,
  baseRoundings,
  checkCreditCode,
  checkIdentity,
  type Decimal,
  type Fen,
  fen,
  formatDay,
  formatMonth,
  formatYuan,
  multiplyDecimals,
  roundBase,
  roundDecimal,
} from '@shebao/kernel';
import {
  clampBase,
  default110Amount,
  default110Base,
  extendDue,
  extensions,
  type LateFee,
  lateFee,
  lateFeeBetween,
  lateFeeConventions,
  lateFeeForDays,
  nominalDue,
  retirement,
  retirementKinds,
} from '@shebao/levy';
import { answerOf, type LevyContext } from './levy-answer.ts';
import {
  date,
  decimal,
  type Fields,
  given,
  InputFault,
  money,
  month,
  text,
  whole,
  word,
} from './levy-input.ts';

const amountUnits = {
  fenHalfUp: [2, 'halfUp'],
  jiaoHalfUp: [1, 'halfUp'],
  jiaoCeil: [1, 'ceil'],
  yuanHalfUp: [0, 'halfUp'],
  yuanCeil: [0, 'ceil'],
} as const satisfies Record<AmountRounding, readonly [number, 'halfUp' | 'ceil']>;

/** `amount`: base × rate, rounded once, plus a fixed amount. */
export function askAmount(fields: Fields): Fields {
  const product = multiplyDecimals(decimal(fields, 'base'), decimal(fields, 'rate'));
  const rounding = roundingOf(fields, amountRoundings, 'fenHalfUp');
  const [scale, mode] = amountUnits[rounding];
  const rounded = roundDecimal(product, scale, mode) * 10n ** BigInt(2 - scale);
  const fixed = given(fields, 'fixed') ? BigInt(money(fields, 'fixed')) : 0n;
  return { amount: yuanOf(rounded + fixed) };
}

/** `base` with bounds that the question brings: rounds a wage, then clamps it. */
export function askBaseWithin(fields: Fields): Fields {
  const floorFen = money(fields, 'floor');
  const capFen = money(fields, 'cap');
  if (floorFen > capFen) throw new InputFault('floor', '下限高于上限');
  const rounding = roundingOf(fields, baseRoundings, 'yuanHalfUp');
  const { baseFen, clamped } = clampBase(roundWage(fields, rounding), { floorFen, capFen }, 'none');
  return { base: formatYuan(baseFen), clamped };
}

/** The wage of a question, rounded; it may have more decimals than money has. */
export function roundWage(fields: Fields, rounding: BaseRounding): Fen {
  const wage = decimal(fields, 'wage');
  if (wage.scale <= 2) return roundBase(money(fields, 'wage'), rounding);
  if (rounding === 'none') return toFen(wage, 2, 1n);
  if (rounding === 'tenYuanHalfUp') return toFen({ ...wage, scale: wage.scale + 1 }, 0, 1000n);
  if (rounding === 'jiaoThenYuan') return roundBase(toFen(wage, 1, 10n), 'yuanHalfUp');
  return toFen(wage, 0, 100n);
}

/** The rounding a question asks for. */
function roundingOf<T extends string>(fields: Fields, allowed: readonly T[], standard: T): T {
  return given(fields, 'rounding') ? word(fields, 'rounding', allowed) : standard;
}

/** `lateFee` by days, by first and last day, or by due day and day of payment. */
export function askLateFee(fields: Fields): Fields {
  const principal = money(fields, 'principal');
  if (given(fields, 'days')) {
    const days = whole(fields, 'days', 0, 100_000);
    const rate = given(fields, 'dailyRate') ? decimal(fields, 'dailyRate') : undefined;
    return { days, lateFee: formatYuan(lateFeeForDays(principal, days, rate)) };
  }
  if (given(fields, 'from') || given(fields, 'to')) {
    return feeAnswer(lateFee(principal, date(fields, 'from'), date(fields, 'to')));
  }
  const convention = given(fields, 'convention')
    ? word(fields, 'convention', lateFeeConventions)
    : 'taxStyle';
  return feeAnswer(
    lateFeeBetween(principal, date(fields, 'due'), date(fields, 'paid'), convention),
  );
}

/** `default110`: a person's base or a unit's amount when nothing was declared. */
export function askDefault110(fields: Fields): Fields {
  if (given(fields, 'previousMonthAmount')) {
    return { amount: formatYuan(default110Amount(money(fields, 'previousMonthAmount'))) };
  }
  const oldBase = money(fields, 'oldBase');
  const floorFen = given(fields, 'floor') ? money(fields, 'floor') : fen(0);
  const capFen = given(fields, 'cap') ? money(fields, 'cap') : fen(Number.MAX_SAFE_INTEGER);
  return { base: formatYuan(default110Base(oldBase, { floorFen, capFen })) };
}

/** `dueDate`: a nominal day of a month, moved by the calendar. */
export function askDueDate(fields: Fields, { policy }: LevyContext): Fields {
  const nominal = nominalDue(month(fields, 'month'), whole(fields, 'nominalDay', 1, 31));
  const due = extendDue(policy.calendars, nominal, word(fields, 'extend', extensions));
  return answerOf(due, (day) => ({ due: formatDay(day) }));
}

/** `retirement` by month of birth. */
export function askRetirement(fields: Fields): Fields {
  const kind = word(fields, 'kind', retirementKinds);
  const { retirementMonth, delayMonths } = retirement(month(fields, 'birthMonth'), kind);
  return { retirementMonth: formatMonth(retirementMonth), delayMonths };
}

/** `identity`: an invalid number is an answer, not a failure. */
export function askIdentity(fields: Fields, { today }: LevyContext): Fields {
  const checked = checkIdentity(text(fields, 'number'), today);
  return checked.ok ? { valid: true } : { valid: false, reason: checked.error };
}

/** `creditCode`, strictly. */
export function askCreditCode(fields: Fields): Fields {
  const checked = checkCreditCode(text(fields, 'code'));
  return checked.ok ? { valid: true } : { valid: false, reason: checked.error };
}

function feeAnswer(fee: LateFee): Fields {
  return { days: fee.days, lateFee: formatYuan(fee.lateFeeFen), segments: fee.segments };
}

function toFen(value: Decimal, scale: number, unitFen: bigint): Fen {
  return fen(Number(roundDecimal(value, scale) * unitFen));
}

function yuanOf(cents: bigint): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

import { type Fen, fen, type Ppm } from './money.ts';
import { assert } from './result.ts';

/**
 * How an amount is rounded after base × rate. Half up means away from zero at exactly one half;
 * a ceiling keeps whole units as they are. `fenHalfUp` is the rule of nearly every region today.
 */
export type AmountRounding = 'fenHalfUp' | 'jiaoHalfUp' | 'jiaoCeil' | 'yuanHalfUp' | 'yuanCeil';

/**
 * How a declared wage is rounded before it is clamped. `jiaoThenYuan` is Shanghai's cascade:
 * half up to 0.1 yuan, then half up to the yuan, so x.45 becomes x + 1.
 */
export type BaseRounding = 'yuanHalfUp' | 'none' | 'jiaoThenYuan' | 'tenYuanHalfUp';

const PPM = 1_000_000;

/** Below this the sum of product and divisor, and its quotient, are exact in a double. */
const EXACT = 2 ** 52;

const units = {
  fenHalfUp: { unitFen: 1, ceil: false },
  jiaoHalfUp: { unitFen: 10, ceil: false },
  jiaoCeil: { unitFen: 10, ceil: true },
  yuanHalfUp: { unitFen: 100, ceil: false },
  yuanCeil: { unitFen: 100, ceil: true },
} as const satisfies Record<AmountRounding, { unitFen: number; ceil: boolean }>;

/** All amount roundings, for validation of input. */
export const amountRoundings = Object.keys(units) as readonly AmountRounding[];

/** All base roundings, for validation of input. */
export const baseRoundings: readonly BaseRounding[] = [
  'yuanHalfUp',
  'none',
  'jiaoThenYuan',
  'tenYuanHalfUp',
];

/**
 * base × rate, rounded once: the amount due of one line (应缴费额 without fixed amounts).
 * Exact for every safe base: doubles where the product is exact, BigInt beyond.
 * Base and rate must not be negative.
 *
 * @example
 * // 3321.60 × 16 % = 531.456 → 531.46
 * shareOf(fen(332160), ppm(160000)) //=> 53146
 * shareOf(fen(332160), ppm(160000), 'jiaoCeil') //=> 53150
 */
export function shareOf(base: Fen, rate: Ppm, rounding: AmountRounding = 'fenHalfUp'): Fen {
  assert(base >= 0 && rate >= 0, `base and rate must not be negative: ${base}, ${rate}`);
  const { unitFen, ceil } = units[rounding];
  const divisor = PPM * unitFen;
  const product = base * rate;
  const lift = ceil ? divisor - 1 : divisor / 2;
  if (product + divisor < EXACT) return (Math.floor((product + lift) / divisor) * unitFen) as Fen;
  const exact = (BigInt(base) * BigInt(rate) + BigInt(lift)) / BigInt(divisor);
  return fen(Number(exact) * unitFen);
}

/**
 * Rounds a declared wage (缴费工资) in fen by a region's rule, before bounds are applied.
 *
 * @example
 * roundBase(fen(825050), 'yuanHalfUp') //=> 825100
 * roundBase(fen(825045), 'yuanHalfUp') //=> 825000
 * roundBase(fen(825045), 'jiaoThenYuan') //=> 825100
 */
export function roundBase(wage: Fen, rounding: BaseRounding): Fen {
  assert(wage >= 0, `a wage must not be negative: ${wage}`);
  if (rounding === 'none') return wage;
  if (rounding === 'tenYuanHalfUp') return halfUp(wage, 1000);
  if (rounding === 'jiaoThenYuan') return halfUp(halfUp(wage, 10), 100);
  return halfUp(wage, 100);
}

function halfUp(amount: Fen, unitFen: number): Fen {
  return fen(Math.floor((amount + unitFen / 2) / unitFen) * unitFen);
}

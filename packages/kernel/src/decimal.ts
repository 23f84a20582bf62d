import { type Ppm, ppm } from './money.ts';
import { assert, err, ok, type Result } from './result.ts';

/** An exact decimal: `units` / 10^`scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const DECIMAL = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/**
 * Reads a plain decimal string, any number of digits up to thirty on each side.
 *
 * @example
 * parseDecimal('0.16') //=> { ok: true, value: { units: 16n, scale: 2 } }
 * parseDecimal('1e5') //=> { ok: false, error: 'not-a-decimal' }
 */
export function parseDecimal(text: string): Result<Decimal, 'not-a-decimal'> {
  const match = DECIMAL.exec(text);
  if (!match) return err('not-a-decimal');
  const fraction = match[3] ?? '';
  return ok({ units: BigInt(`${match[1]}${match[2]}${fraction}`), scale: fraction.length });
}

/**
 * Writes a decimal without trailing zeros: `0.16`, `0`, `1.5`.
 *
 * @example
 * formatDecimal({ units: 1600n, scale: 4 }) //=> '0.16'
 */
export function formatDecimal({ units, scale }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
}

/**
 * The product of two decimals, exact.
 *
 * @example
 * multiplyDecimals({ units: 16n, scale: 2 }, { units: 5n, scale: 1 }) //=> { units: 80n, scale: 3 }
 */
export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, scale: left.scale + right.scale };
}

/**
 * Rounds a decimal that is not negative to a whole number of 10^-`scale`, half up or up.
 *
 * @example
 * // 53.145 → 53.15
 * roundDecimal({ units: 53145n, scale: 3 }, 2) //=> 5315n
 */
export function roundDecimal(value: Decimal, scale: number, mode: 'halfUp' | 'ceil' = 'halfUp') {
  assert(value.units >= 0n, 'only amounts that are not negative are rounded');
  if (value.scale <= scale) return value.units * 10n ** BigInt(scale - value.scale);
  const divisor = 10n ** BigInt(value.scale - scale);
  const lift = mode === 'ceil' ? divisor - 1n : divisor / 2n;
  return (value.units + lift) / divisor;
}

/**
 * Reads a rate given as a fraction into parts per million; refuses what is finer.
 *
 * @example
 * parseRate('0.16') //=> { ok: true, value: 160000 }
 * parseRate('0.0000001') //=> { ok: false, error: 'not-a-rate' }
 */
export function parseRate(text: string): Result<Ppm, 'not-a-rate'> {
  const value = parseDecimal(text);
  if (!value.ok || value.value.units < 0n) return err('not-a-rate');
  const { units, scale } = value.value;
  const scaled = units * 10n ** BigInt(Math.max(0, 6 - scale));
  const divisor = 10n ** BigInt(Math.max(0, scale - 6));
  if (scaled % divisor !== 0n || scaled / divisor > 1_000_000_000n) return err('not-a-rate');
  return ok(ppm(Number(scaled / divisor)));
}

/**
 * Writes parts per million as a fraction: 160000 is `0.16`.
 *
 * @example
 * formatRate(ppm(160000)) //=> '0.16'
 */
export function formatRate(rate: Ppm): string {
  return formatDecimal({ units: BigInt(rate), scale: 6 });
}

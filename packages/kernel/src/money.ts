import { assert, err, ok, type Result } from './result.ts';

declare const fenBrand: unique symbol;
declare const ppmBrand: unique symbol;

/** Money in fen (1/100 yuan), a safe integer. May be negative where a difference is meant. */
export type Fen = number & { readonly [fenBrand]: true };

/** A rate in parts per million: 16 % is 160000. */
export type Ppm = number & { readonly [ppmBrand]: true };

/**
 * Brands an integer as fen. Throws on anything that is not a safe integer.
 *
 * @example
 * fen(332160) //=> 332160
 */
export function fen(value: number): Fen {
  assert(Number.isSafeInteger(value), `not a whole number of fen: ${value}`);
  return (Object.is(value, -0) ? 0 : value) as Fen;
}

/**
 * Brands an integer as parts per million. Throws on anything that is not a safe integer.
 *
 * @example
 * ppm(160000) //=> 160000
 */
export function ppm(value: number): Ppm {
  assert(Number.isSafeInteger(value), `not a whole number of ppm: ${value}`);
  return value as Ppm;
}

const YUAN = /^(-?)(0|[1-9]\d{0,12}|[1-9]\d{0,2}(?:,\d{3}){1,4})(?:\.(\d{1,2}))?$/;

/**
 * Reads yuan as people type them (`8250.5`, `8,250.50`) into fen.
 * Refuses more than two decimals, signs other than a leading minus, and anything else that is no amount.
 *
 * @example
 * parseYuan('8,250.5') //=> { ok: true, value: 825050 }
 * parseYuan('8250.505') //=> { ok: false, error: 'not-an-amount' }
 */
export function parseYuan(text: string): Result<Fen, 'not-an-amount'> {
  const match = YUAN.exec(text.trim());
  if (!match) return err('not-an-amount');
  const whole = Number((match[2] ?? '').replaceAll(',', ''));
  const cents = Number((match[3] ?? '').padEnd(2, '0'));
  const value = whole * 100 + cents;
  return ok(fen(match[1] === '-' ? -value : value));
}

/**
 * Writes fen as a decimal string in yuan with exactly two digits: `1234.50`. The form used in JSON and CSV.
 *
 * @example
 * formatYuan(fen(123450)) //=> '1234.50'
 */
export function formatYuan(amount: Fen): string {
  const digits = String(Math.abs(amount)).padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/**
 * Writes fen with thousands separators: `1,234.50`. The form used on screen and paper.
 *
 * @example
 * formatYuanGrouped(fen(123450)) //=> '1,234.50'
 */
export function formatYuanGrouped(amount: Fen): string {
  const plain = formatYuan(amount);
  const [whole = '', cents = ''] = plain.split('.');
  return `${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}.${cents}`;
}

/**
 * Adds amounts in fen; throws when the sum leaves the safe integers.
 *
 * @example
 * sumFen([fen(100), fen(-30)]) //=> 70
 */
export function sumFen(amounts: Iterable<Fen>): Fen {
  let total = 0;
  for (const amount of amounts) total += amount;
  return fen(total);
}

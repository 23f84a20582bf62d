import { isLeapYear } from './day.ts';
import { err, ok, type Result } from './result.ts';

/** Why a citizen identity number is refused. */
export type IdentityFault = 'length' | 'characters' | 'date' | 'future' | 'check';

/** What a valid citizen identity number says. */
export interface IdentityFacts {
  /** The number with an upper-case X. */
  readonly number: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
  readonly sex: 'male' | 'female';
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checks = '10X98765432';
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Checks a citizen identity number (公民身份号码, GB 11643): 18 characters, a real birth date not
 * after `today` (`YYYY-MM-DD`), and the check character. A lower-case x is read as X. No age limit,
 * no list of areas.
 *
 * @example
 * value(checkIdentity('11010519491231002X', '2021-03-10')).birthDate //=> '1949-12-31'
 * checkIdentity('110105194912310021', '2021-03-10') //=> { ok: false, error: 'check' }
 */
export function checkIdentity(number: string, today: string): Result<IdentityFacts, IdentityFault> {
  if (number.length !== 18) return err('length');
  const upper = number.toUpperCase();
  if (!/^\d{17}[\dX]$/.test(upper)) return err('characters');
  const birthDate = `${upper.slice(6, 10)}-${upper.slice(10, 12)}-${upper.slice(12, 14)}`;
  if (!isRealDate(birthDate)) return err('date');
  if (birthDate > today) return err('future');
  let sum = 0;
  for (let at = 0; at < 17; at++) sum += Number(upper[at]) * (weights[at] ?? 0);
  if (checks[sum % 11] !== upper[17]) return err('check');
  const sex = Number(upper[16]) % 2 === 1 ? 'male' : 'female';
  return ok({ number: upper, birthDate, sex });
}

function isRealDate(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const leapDay = month === 2 && isLeapYear(year) ? 1 : 0;
  return year > 0 && day > 0 && day <= (monthDays[month - 1] ?? 0) + leapDay;
}

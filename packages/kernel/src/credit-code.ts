import { err, ok, type Result } from './result.ts';

/** Why a unified social credit code is refused. */
export type CreditCodeFault = 'length' | 'characters' | 'check';

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/**
 * Checks a unified social credit code (统一社会信用代码, GB 32100): 18 characters of its alphabet
 * (no I O S V Z) and the check character. Codes with a wrong check character were really issued:
 * whoever registers a unit warns instead of refusing.
 *
 * @example
 * checkCreditCode('91350100M000100Y43') //=> { ok: true, value: '91350100M000100Y43' }
 * checkCreditCode('91350100M000100Y44') //=> { ok: false, error: 'check' }
 */
export function checkCreditCode(code: string): Result<string, CreditCodeFault> {
  if (code.length !== 18) return err('length');
  for (const character of code) {
    if (!alphabet.includes(character)) return err('characters');
  }
  return creditCodeCheck(code) === code[17] ? ok(code) : err('check');
}

/**
 * The check character that belongs to the first 17 characters of a credit code.
 *
 * @example
 * creditCodeCheck('91350100M000100Y4') //=> '3'
 */
export function creditCodeCheck(code: string): string {
  let sum = 0;
  for (let at = 0; at < 17; at++) sum += alphabet.indexOf(code.charAt(at)) * (weights[at] ?? 0);
  // The outer remainder matters: a sum divisible by 31 has the check character 0.
  return alphabet.charAt((31 - (sum % 31)) % 31);
}

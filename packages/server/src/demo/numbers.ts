import { checkIdentity, creditCodeCheck } from '@shebao/kernel';
import type { Source } from './random.ts';

/** Districts of Hangzhou, as the first six digits of identity numbers. */
const areas = ['330102', '330105', '330106', '330108', '330109', '330110', '330111'];
const checks = '0123456789X';

/** Draws identity numbers that pass every check and of which none comes twice. */
export function identityNumbers(source: Source, year: number, today: string): () => string {
  const given = new Set<string>();
  return () => {
    for (;;) {
      const birthYear = year - source.between(22, 54);
      const month = String(source.between(1, 12)).padStart(2, '0');
      const day = String(source.between(1, 28)).padStart(2, '0');
      const order = String(source.between(1, 998)).padStart(3, '0');
      const body = `${source.pick(areas)}${birthYear}${month}${day}${order}`;
      if (given.has(body)) continue;
      given.add(body);
      return withCheck(body, today);
    }
  };
}

function withCheck(body: string, today: string): string {
  for (const check of checks) {
    if (checkIdentity(body + check, today).ok) return body + check;
  }
  throw new Error(`no check character for ${body}`);
}

const orgAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const orgWeights = [3, 7, 9, 10, 5, 8, 4, 2];

/**
 * A unified social credit code from its first eight characters (authority, kind, area) and the
 * eight of the organisation: both check characters are put in (GB 11714, GB 32100).
 */
export function creditCode(head: string, organisation: string): string {
  let sum = 0;
  for (let at = 0; at < 8; at += 1) {
    sum += orgAlphabet.indexOf(organisation.charAt(at)) * (orgWeights[at] ?? 0);
  }
  const check = (11 - (sum % 11)) % 11;
  const body = head + organisation + (check === 10 ? 'X' : String(check));
  return body + creditCodeCheck(body);
}

import { randomInt } from 'node:crypto';

/** No characters that are mistaken for each other, none that a shell takes for its own. */
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const length = 18;

/** A random password that follows either password profile: long, three kinds of characters. */
export function inventPassword(): string {
  for (;;) {
    const drawn = Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('');
    if (/[a-z]/.test(drawn) && /[A-Z]/.test(drawn) && /\d/.test(drawn)) return drawn;
  }
}

import { type Fen, fen, formatYuan } from '@shebao/kernel';

/** Reads an amount that has passed its field check (`0.00`, two digits) as fen. */
export function amountOf(text: string): Fen {
  return fen(Number(text.replace('.', '')));
}

/** Writes an amount of the channel. The amount is fen, not negative. */
export function amountText(amount: Fen): string {
  return formatYuan(amount);
}

/** Adds amounts as written. */
export function sumOf(texts: Iterable<string>): Fen {
  let total = 0;
  for (const text of texts) total += amountOf(text);
  return fen(total);
}

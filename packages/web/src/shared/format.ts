import {
  type Fen,
  fen,
  formatMonthChinese,
  formatYuan,
  formatYuanGrouped,
  parseMonth,
  parseYuan,
} from '@shebao/kernel';

/** Fen of an amount as the API writes it. Throws on anything else. */
export function fenOf(yuan: string): Fen {
  const parsed = parseYuan(yuan);
  if (!parsed.ok) throw new Error(`not an amount: ${yuan}`);
  return parsed.value;
}

/** `8250.50` → `8,250.50`. */
export function formatAmount(yuan: string): string {
  return formatYuanGrouped(fenOf(yuan));
}

/** The sum of amounts, as the API writes amounts. */
export function sumYuan(amounts: Iterable<string>): string {
  let total = 0;
  for (const amount of amounts) total += fenOf(amount);
  return formatYuan(fen(total));
}

/** Fen of what somebody typed (separators allowed, up to two digits after the point), or undefined. */
export function parseTyped(text: string): Fen | undefined {
  const parsed = parseYuan(text.replaceAll('，', ',').trim());
  return parsed.ok && parsed.value >= 0 ? parsed.value : undefined;
}

/** `2019-04` → `2019年4月`, the form of 生效年月. */
export function monthChinese(month: string): string {
  const parsed = parseMonth(month);
  return parsed.ok ? formatMonthChinese(parsed.value) : month;
}

const instantFormat = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** An instant as `2021-03-10 09:00`, business time zone. */
export function formatInstant(iso: string): string {
  return instantFormat.format(new Date(iso));
}

/** A rate as the API writes it (`0.16`) in per cent: `16%`. */
export function formatRate(rate: string): string {
  const ppm = Math.round(Number(rate) * 1_000_000);
  return `${Number((ppm / 10_000).toFixed(4))}%`;
}

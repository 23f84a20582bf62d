import {
  type Decimal,
  type Fen,
  fen,
  formatDecimal,
  type Month,
  parseDay,
  parseDecimal,
  parseMonth,
} from '@shebao/kernel';

/** One question, as it came from a line. */
export type Fields = Readonly<Record<string, unknown>>;

/** An input that is refused: where it is, and why, in Chinese. Caught once per line. */
export class InputFault extends Error {
  readonly path: string;
  constructor(path: string, detail: string) {
    super(detail);
    this.path = path;
  }
}

/** Whether a field was given; null counts as not given. */
export function given(fields: Fields, name: string): boolean {
  return fields[name] !== undefined && fields[name] !== null;
}

/** A decimal string (or a whole number), not negative. */
export function decimal(fields: Fields, name: string, path = name): Decimal {
  const value = fields[name];
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string') throw new InputFault(path, '缺少，或不是十进制数字的字符串');
  const parsed = parseDecimal(text);
  if (!parsed.ok) throw new InputFault(path, `不是十进制数字：${text}`);
  if (parsed.value.units < 0n) throw new InputFault(path, `不能为负数：${text}`);
  return parsed.value;
}

/** Yuan with at most two decimals. */
export function money(fields: Fields, name: string, path = name): Fen {
  const { units, scale } = decimal(fields, name, path);
  const whole = scale <= 2 ? units * 10n ** BigInt(2 - scale) : exactCents(units, scale, path);
  if (whole > BigInt(Number.MAX_SAFE_INTEGER)) throw new InputFault(path, '金额过大');
  return fen(Number(whole));
}

function exactCents(units: bigint, scale: number, path: string): bigint {
  const divisor = 10n ** BigInt(scale - 2);
  if (units % divisor !== 0n) throw new InputFault(path, '金额最多两位小数');
  return units / divisor;
}

/** A month `YYYY-MM`. */
export function month(fields: Fields, name: string, path = name): Month {
  const value = fields[name];
  const parsed = parseMonth(typeof value === 'string' ? value : '');
  if (!parsed.ok) throw new InputFault(path, `月份格式应为 YYYY-MM：${String(value)}`);
  return parsed.value;
}

/** A day `YYYY-MM-DD`. */
export function date(fields: Fields, name: string, path = name): string {
  const value = fields[name];
  if (typeof value !== 'string' || !parseDay(value).ok) {
    throw new InputFault(path, `日期格式应为 YYYY-MM-DD：${String(value)}`);
  }
  return value;
}

/** One of a list of words. */
export function word<T extends string>(
  fields: Fields,
  name: string,
  allowed: readonly T[],
  path = name,
): T {
  const found = allowed.find((each) => each === fields[name]);
  if (found === undefined) throw new InputFault(path, `应为 ${allowed.join('、')} 之一`);
  return found;
}

/** A text that is not empty. */
export function text(fields: Fields, name: string, path = name): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new InputFault(path, '缺少');
  return value;
}

/** A GB/T 2260 code. */
export function region(fields: Fields, path = 'region'): string {
  const value = fields.region;
  if (typeof value !== 'string' || !/^\d{6}$/.test(value)) {
    throw new InputFault(path, '应为 6 位行政区划代码');
  }
  return value;
}

/** A whole number within limits, given as number or digits. */
export function whole(
  fields: Fields,
  name: string,
  least: number,
  most: number,
  path = name,
): number {
  const value = fields[name];
  const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most) {
    throw new InputFault(path, `应为 ${least} 至 ${most} 的整数`);
  }
  return number;
}

/** A decimal kept as text, given as string or number. */
export function decimalText(fields: Fields, name: string, path = name): string {
  const value = fields[name];
  const shown = typeof value === 'number' ? String(value) : value;
  return formatDecimal(decimal({ value: shown }, 'value', path));
}

/** An object. */
export function object(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputFault(path, '应为对象');
  }
  return value as Fields;
}

/** An array of objects; not given is empty. */
export function objects(value: unknown, path: string): readonly Fields[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new InputFault(path, '应为数组');
  return value.map((each, at) => object(each, `${path}[${at}]`));
}

import { gbkWidth } from './gbk.ts';

/**
 * How a field is written, as in the channel's specification: `n8` eight digits, `t60` text of at most 60 GBK bytes,
 * `d` a date, `a` an amount in yuan, `r` a fraction of six decimals, `i` an integer, `e0-2` one digit of a range;
 * `n14` is always a time, `n6` a time of day. `?` after it: may be empty.
 */
export type FieldType = `${'n' | 't'}${number}` | 'd' | 'a' | 'r' | 'i' | `e${number}-${number}`;
export type FieldSpec = FieldType | `${FieldType}?`;

/** Why a value does not fit its field. */
export type FieldProblem = 'missing' | 'format' | 'width' | 'spaces' | 'control';

const EDGE_SPACE = /^[\s\u3000]|[\s\u3000]$/u;
const PATTERNS = {
  a: /^(0|[1-9]\d{0,12})\.\d{2}$/,
  r: /^(0|[1-9]\d{0,7})\.\d{6}$/,
  i: /^(0|[1-9]\d{0,7})$/,
} as const;

/** Checks one value against its field; null when it fits. */
export function fieldProblem(value: string, spec: FieldSpec): FieldProblem | null {
  const optional = spec.endsWith('?');
  if (value === '') return optional ? null : 'missing';
  if (hasControl(value)) return 'control';
  if (EDGE_SPACE.test(value)) return 'spaces';
  const type = optional ? spec.slice(0, -1) : spec;
  const rest = type.slice(1);
  switch (type[0]) {
    case 't':
      return gbkWidth(value) <= Number(rest) ? null : 'width';
    case 'n':
      return digits(value, Number(rest)) ? null : 'format';
    case 'd':
      return isDate(value) ? null : 'format';
    case 'e':
      return inDigitRange(value, rest) ? null : 'format';
    case 'a':
    case 'r':
    case 'i':
      return PATTERNS[type[0]].test(value) ? null : 'format';
    default:
      return 'format';
  }
}

/** The widest text a field takes, in GBK bytes; 0 for fields that are no text. */
export function textWidth(spec: FieldSpec): number {
  return spec.startsWith('t') ? Number.parseInt(spec.slice(1), 10) : 0;
}

/** Whether a text is a real date YYYYMMDD. */
export function isDate(text: string): boolean {
  if (!/^\d{8}$/.test(text)) return false;
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6, 8)].map(Number);
  if (!year || !month || !day || month > 12) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day <= days;
}

/** Whether a text is a real time YYYYMMDDhhmmss. */
export function isTime(text: string): boolean {
  return /^\d{14}$/.test(text) && isDate(text.slice(0, 8)) && isTimeOfDay(text.slice(8));
}

function isTimeOfDay(text: string): boolean {
  return /^([01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(text);
}

// Only times have 14 and 6 digits in this catalogue.
function digits(value: string, count: number): boolean {
  if (!/^\d+$/.test(value) || value.length !== count) return false;
  if (count === 14) return isTime(value);
  return count === 6 ? isTimeOfDay(value) : true;
}

function inDigitRange(value: string, range: string): boolean {
  const [low = '', high = ''] = range.split('-');
  return /^\d$/.test(value) && value >= low && value <= high;
}

function hasControl(value: string): boolean {
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

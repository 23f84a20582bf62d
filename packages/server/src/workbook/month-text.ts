import { type Month, monthOf } from '@shebao/kernel';

const forms = [
  /^(\d{4})-(\d{1,2})(?:-\d{1,2})?$/,
  /^(\d{4})\/(\d{1,2})(?:\/\d{1,2})?$/,
  /^(\d{4})年(\d{1,2})月(?:\d{1,2}日)?$/,
  /^(\d{4})\.(\d{2})(?:\.\d{2})?$/,
  /^(\d{4})(\d{2})(?:\d{2})?$/,
];

/**
 * Reads a month as people and programs write it in a sheet: `2021-03`, `2021/3`, `202103`,
 * `2021年3月`, `2021.03`, also with a day, which is dropped. Undefined: no month.
 */
export function monthFromText(text: string): Month | undefined {
  for (const form of forms) {
    const match = form.exec(text);
    if (!match) continue;
    const year = Number(match[1]);
    const month = Number(match[2]);
    return year >= 1950 && year <= 2199 && month >= 1 && month <= 12
      ? monthOf(year, month)
      : undefined;
  }
  return undefined;
}

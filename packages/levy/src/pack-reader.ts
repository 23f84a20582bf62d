import type { Ppm } from '@shebao/kernel';
import {
  type Fen,
  fen,
  type Month,
  parseDay,
  parseMonth,
  parseRate,
  parseYuan,
} from '@shebao/kernel';
import type { PackData, PackRow } from './pack.ts';
import type { RuleRow } from './rules.ts';

/** A field of a pack that does not say what it must. */
export class PackError extends Error {
  readonly path: string;
  constructor(path: string, problem: string) {
    super(`policy pack, ${path}: ${problem}`);
    this.path = path;
  }
}

/** Reads the fields of one pack; each reader throws `PackError` with the path of what is wrong. */
export interface PackReader {
  month(text: string, path: string): Month;
  day(text: string, path: string): string;
  money(text: string | undefined, path: string): Fen;
  rate(text: string | undefined, path: string): Ppm;
  oneOf<T extends string>(allowed: readonly T[], text: string, path: string): T;
  manyOf<T extends string>(allowed: readonly T[], texts: readonly string[], path: string): T[];
  source(key: string, path: string): string;
  row(row: PackRow, path: string): RuleRow;
}

const statuses = ['final', 'provisional', 'assumed', 'missing'] as const;

/** A reader for the rows of one pack. */
export function packReader(pack: PackData): PackReader {
  const reader: PackReader = {
    month(text, path) {
      const month = parseMonth(text);
      if (!month.ok) throw new PackError(path, `not a month: ${text}`);
      return month.value;
    },
    day(text, path) {
      if (!parseDay(text).ok) throw new PackError(path, `not a day: ${text}`);
      return text;
    },
    money(text, path) {
      const amount = parseYuan(text ?? '');
      if (!amount.ok || amount.value < 0) throw new PackError(path, `not an amount: ${text}`);
      return fen(amount.value);
    },
    rate(text, path) {
      const value = parseRate(text ?? '');
      if (!value.ok) throw new PackError(path, `not a rate: ${text}`);
      return value.value;
    },
    oneOf: (allowed, text, path) => oneOf(allowed, text, path),
    manyOf: (allowed, texts, path) => texts.map((text) => oneOf(allowed, text, path)),
    source(key, path) {
      const source = pack.sources[key];
      if (!source) throw new PackError(path, `unknown source: ${key}`);
      return source.url === null ? source.title : `${source.title} ${source.url}`;
    },
    row(row, path) {
      const from = reader.month(row.from, `${path}.from`);
      const to = row.to === null ? null : reader.month(row.to, `${path}.to`);
      if (to !== null && to < from) throw new PackError(path, 'ends before it begins');
      if (!/^\d{6}$/.test(row.region)) throw new PackError(path, `not a region: ${row.region}`);
      return {
        id: row.id,
        region: row.region,
        from,
        to,
        publishedOn: reader.day(row.publishedOn, `${path}.publishedOn`),
        status: oneOf(statuses, row.status, `${path}.status`),
        source: reader.source(row.source, `${path}.source`),
        basis: row.basis ?? null,
      };
    },
  };
  return reader;
}

function oneOf<T extends string>(allowed: readonly T[], text: string, path: string): T {
  const found = allowed.find((each) => each === text);
  if (found === undefined) throw new PackError(path, `${text} is none of ${allowed.join(', ')}`);
  return found;
}

import type { Month } from '@shebao/kernel';
import type { Policy, RuleRow } from './rules.ts';

/** A rule found for a month. */
export interface Found<Row extends RuleRow> {
  readonly row: Row;
  /** The rule of an earlier period, because none for this month was published by then. */
  readonly carried: boolean;
}

/** Later than any publication: everything known counts. */
export const everythingKnown = '9999-12-31';

/** District, city, province, nation. */
export function regionChain(region: string): readonly string[] {
  const [city, province] = [`${region.slice(0, 4)}00`, `${region.slice(0, 2)}0000`];
  return [...new Set([region, city, province, '000000'])];
}

/**
 * Finds the row of a key for a month as it was known on a day. The most specific region that has a row
 * for the month wins; among its rows the one published last by `asOf`. Where that region's row was not
 * yet published, or no region has one, the last earlier row is carried on. A `missing` row keeps less
 * specific regions out. Undefined: neither a value nor an earlier one.
 */
export function lookup<Row extends RuleRow>(
  policy: Policy,
  key: string,
  region: string,
  month: Month,
  asOf: string,
  accepts: (row: Row) => boolean = () => true,
): Found<Row> | undefined {
  const passed: Row[] = [];
  for (const each of regionChain(region)) {
    const rows = ((policy.index.get(`${key}|${each}`) ?? []) as readonly Row[]).filter(accepts);
    const covering = rows.filter((row) => row.from <= month && (row.to ?? month) >= month);
    const known = latest(covering.filter((row) => row.publishedOn <= asOf));
    if (known && known.status !== 'missing') return { row: known, carried: false };
    // Most specific regions come first, so that on equal ends they are carried before wider ones.
    passed.push(...rows.filter((row) => row.status !== 'missing' && row.publishedOn <= asOf));
    if (covering.length > 0) break;
  }
  const carried = lastBefore(passed, month);
  return carried && { row: carried, carried: true };
}

function latest<Row extends RuleRow>(rows: readonly Row[]): Row | undefined {
  let best: Row | undefined;
  for (const row of rows) if (!best || row.publishedOn >= best.publishedOn) best = row;
  return best;
}

function lastBefore<Row extends RuleRow>(rows: readonly Row[], month: Month): Row | undefined {
  let best: Row | undefined;
  for (const row of rows) {
    if (row.to === null || row.to >= month) continue;
    const bestTo = best?.to ?? 0;
    const later = row.to > bestTo;
    const newer = row.to === bestTo && row.region === best?.region;
    if (!best || later || (newer && row.publishedOn >= best.publishedOn)) best = row;
  }
  return best;
}

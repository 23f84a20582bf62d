import { amountRoundings, baseRoundings, type Fen, fen, type Ppm } from '@shebao/kernel';
import type { PackData } from './pack.ts';
import { PackError, type PackReader, packReader } from './pack-reader.ts';
import {
  type BoundsRow,
  extensions,
  type LateFeeRuleRow,
  lateFeeConventions,
  type Policy,
  type RateRow,
  type RuleRow,
} from './rules.ts';
import { insurances, payers, unitKinds, unitSizes } from './types.ts';

/**
 * Compiles packs into a policy. Later packs go before earlier ones where both have a row of the same
 * region, months and publication day, so an overlay (a what-if, an authority's own rows) comes last.
 * Throws `PackError` naming the row and field that is wrong: a pack is data that was tested.
 *
 * @example
 * const small = { id: 'small', region: '999900', name: '试验', regions: {}, assumptions: [], sources: {} };
 * definePolicy([small]).rates.length //=> 0
 */
export function definePolicy(packs: readonly PackData[]): Policy {
  const parts = packs.map(readPack);
  const all = <K extends keyof Parts>(part: K) =>
    parts.flatMap((each) => each[part] as Parts[K][number][]);
  const rates = all('rates');
  const bounds = all('bounds');
  const windows = all('windows');
  const rounding = all('rounding');
  const unitShare = all('unitShare');
  const backPayBounds = all('backPayBounds');
  const riskScales = all('riskScales');
  const dueRules = all('dueRules');
  const minimumWages = all('minimumWages');
  const index = new Map<string, RuleRow[]>();
  for (const row of rates) put(index, `rate|${row.insurance}|${row.payer}`, row);
  putEach(index, 'bounds', bounds);
  putEach(index, 'window', windows);
  putEach(index, 'rounding', rounding);
  putEach(index, 'unitShare', unitShare);
  putEach(index, 'backPayBounds', backPayBounds);
  for (const row of riskScales) put(index, 'riskScale', row);
  for (const row of dueRules) put(index, 'dueRule', row);
  for (const row of minimumWages) put(index, 'minimumWage', row);
  return {
    version: `${packs.map((pack) => pack.id).join('+')}@${digest(JSON.stringify(packs))}`,
    regionNames: new Map(packs.flatMap((pack) => Object.entries(pack.regions))),
    rates,
    bounds,
    windows,
    rounding,
    riskScales,
    unitShare,
    backPayBounds,
    relief: all('relief'),
    deferrals: all('deferrals'),
    supplements: all('supplements'),
    collectedFrom: all('collectedFrom'),
    dueRules,
    lateFeeRules: all('lateFeeRules'),
    minimumWages,
    calendars: all('calendars'),
    index,
  };
}

/**
 * Identifies the rules that a figure was computed with: pack names and a digest of their content.
 *
 * @example
 * policyVersion(policy).includes('zhejiang') //=> true
 */
export function policyVersion(policy: Policy): string {
  return policy.version;
}

type Parts = Omit<Policy, 'version' | 'regionNames' | 'index'>;

function readPack(pack: PackData): Parts {
  const read = packReader(pack);
  const at = (part: string, id: string) => `${pack.id}.${part}[${id}]`;
  return {
    rates: (pack.rates ?? []).map((row) => readRate(read, row, at('rates', row.id))),
    bounds: (pack.bounds ?? []).map((row) => readBounds(read, row, at('bounds', row.id))),
    windows: (pack.windows ?? []).map((row) => ({
      ...read.row(row, at('windows', row.id)),
      insurances: read.manyOf(insurances, row.insurances, at('windows', row.id)),
      startMonth: row.startMonth,
    })),
    rounding: (pack.rounding ?? []).map((row) => ({
      ...read.row(row, at('rounding', row.id)),
      insurances: read.manyOf(insurances, row.insurances, at('rounding', row.id)),
      base: read.oneOf(baseRoundings, row.base, at('rounding', row.id)),
      amount: read.oneOf(amountRoundings, row.amount, at('rounding', row.id)),
    })),
    riskScales: (pack.riskScales ?? []).map((row) => ({
      ...read.row(row, at('riskScales', row.id)),
      ratesPpm: row.rates.map((rate) => read.rate(rate, at('riskScales', row.id))),
    })),
    unitShare: (pack.unitShare ?? []).map((row) => ({
      ...read.row(row, at('unitShare', row.id)),
      insurances: read.manyOf(insurances, row.insurances, at('unitShare', row.id)),
      mode: read.oneOf(['perPerson', 'aggregate'], row.mode, at('unitShare', row.id)),
    })),
    backPayBounds: (pack.backPayBounds ?? []).map((row) => ({
      ...read.row(row, at('backPayBounds', row.id)),
      insurances: read.manyOf(insurances, row.insurances, at('backPayBounds', row.id)),
      mode: read.oneOf(
        ['periodOfLiability', 'currentWindow'],
        row.mode,
        at('backPayBounds', row.id),
      ),
    })),
    ...readOther(pack, read, at),
  };
}

function readOther(pack: PackData, read: PackReader, at: (part: string, id: string) => string) {
  return {
    relief: (pack.relief ?? []).map((row) => ({
      ...read.row({ ...row, status: 'final' }, at('relief', row.id)),
      insurances: read.manyOf(insurances, row.insurances, at('relief', row.id)),
      unitKinds: read.manyOf(unitKinds, row.unitKinds, at('relief', row.id)),
      unitSizes: row.unitSizes ? read.manyOf(unitSizes, row.unitSizes, at('relief', row.id)) : null,
      factorPpm: read.rate(row.factor, at('relief', row.id)),
    })),
    deferrals: (pack.deferrals ?? []).map((row) => ({
      ...read.row({ ...row, status: 'final' }, at('deferrals', row.id)),
      insurances: read.manyOf(insurances, row.insurances, at('deferrals', row.id)),
      group: row.group,
      dueOn: read.day(row.dueOn, at('deferrals', row.id)),
    })),
    supplements: (pack.supplements ?? []).map((row) => ({
      ...read.row(row, at('supplements', row.id)),
      insurance: read.oneOf(insurances, row.insurance, at('supplements', row.id)),
      payer: read.oneOf(payers, row.payer, at('supplements', row.id)),
      group: row.group,
      ratePpm: read.rate(row.rate, at('supplements', row.id)),
    })),
    collectedFrom: (pack.collectedFrom ?? []).map((row) => ({
      id: row.id,
      region: row.region,
      insurances: read.manyOf(insurances, row.insurances, at('collectedFrom', row.id)),
      date: read.day(row.date, at('collectedFrom', row.id)),
      source: read.source(row.source, at('collectedFrom', row.id)),
    })),
    dueRules: (pack.dueRules ?? []).map((row) => ({
      ...read.row(row, at('dueRules', row.id)),
      periodOffset: row.periodOffset,
      startDay: row.startDay,
      dueDay: row.dueDay === 'monthEnd' ? 31 : Number(row.dueDay),
      extend: read.oneOf(extensions, row.extend, at('dueRules', row.id)),
    })),
    lateFeeRules: (pack.lateFeeRules ?? []).map(
      (row): LateFeeRuleRow => ({
        id: row.id,
        region: row.region,
        convention: read.oneOf(lateFeeConventions, row.convention, at('lateFeeRules', row.id)),
        backPay: read.oneOf(
          ['fromPeriodDue', 'fromAssessmentDue'],
          row.backPay,
          at('lateFeeRules', row.id),
        ),
        cap: read.oneOf(['none', 'principal'], row.cap, at('lateFeeRules', row.id)),
        source: read.source(row.source, at('lateFeeRules', row.id)),
      }),
    ),
    minimumWages: (pack.minimumWages ?? []).map((row) => ({
      ...read.row(row, at('minimumWages', row.id)),
      amountFen: read.money(row.amount, at('minimumWages', row.id)),
    })),
    calendars: pack.calendars ?? [],
  };
}

function readRate(
  read: PackReader,
  row: NonNullable<PackData['rates']>[number],
  path: string,
): RateRow {
  const missing = row.status === 'missing';
  return {
    ...read.row(row, path),
    insurance: read.oneOf(insurances, row.insurance, path),
    payer: read.oneOf(payers, row.payer, path),
    ratePpm: missing ? (0 as Ppm) : read.rate(row.rate, `${path}.rate`),
    fixedFen: row.fixed === undefined ? (0 as Fen) : read.money(row.fixed, `${path}.fixed`),
    unitKinds: row.unitKinds ? read.manyOf(unitKinds, row.unitKinds, path) : null,
  };
}

function readBounds(
  read: PackReader,
  row: NonNullable<PackData['bounds']>[number],
  path: string,
): BoundsRow {
  const missing = row.status === 'missing';
  const floorFen = missing ? fen(0) : read.money(row.floor, `${path}.floor`);
  const capFen = missing ? fen(0) : read.money(row.cap, `${path}.cap`);
  if (floorFen > capFen) throw new PackError(path, 'the floor lies above the cap');
  return {
    ...read.row(row, path),
    insurances: read.manyOf(insurances, row.insurances, path),
    settleBy: row.settleBy === undefined ? null : read.day(row.settleBy, `${path}.settleBy`),
    floorFen,
    capFen,
  };
}

function putEach(
  index: Map<string, RuleRow[]>,
  part: string,
  rows: readonly (RuleRow & { readonly insurances: readonly string[] })[],
): void {
  for (const row of rows) {
    for (const insurance of row.insurances) put(index, `${part}|${insurance}`, row);
  }
}

function put(index: Map<string, RuleRow[]>, key: string, row: RuleRow): void {
  const at = `${key}|${row.region}`;
  const rows = index.get(at);
  if (rows) rows.push(row);
  else index.set(at, [row]);
}

/** Two independent FNV-1a hashes of 32 bits: enough to tell versions apart, not against an attacker. */
function digest(text: string): string {
  let [left, right] = [0x811c9dc5, 0x9e3779b9];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    left = Math.imul(left ^ code, 0x01000193);
    right = Math.imul(right ^ (code + at), 0x85ebca6b);
  }
  const hex = (value: number) => (value >>> 0).toString(16).padStart(8, '0');
  return hex(left) + hex(right);
}

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatMonth } from '@shebao/kernel';
import { coverageKeys, coverageReport, coveredFrom, stretches } from './coverage.ts';
import type { PackData, PackRow } from './pack.ts';
import { allPacks, knownPolicy as policy } from './packs.ts';
import { definePolicy } from './policy.ts';
import type { RuleRow } from './rules.ts';
import { insurances } from './types.ts';

function datedRows(pack: PackData): readonly PackRow[] {
  const { rates, bounds, windows, rounding, riskScales, unitShare, dueRules, minimumWages } = pack;
  const parts = [rates, bounds, windows, rounding, riskScales, unitShare, dueRules, minimumWages];
  return parts.flatMap((part): readonly PackRow[] => part ?? []);
}

/** Keys with two rows for one month, published on one day: nothing would say which holds. */
function overlaps(index: ReadonlyMap<string, readonly RuleRow[]>): string[] {
  const found: string[] = [];
  for (const [key, rows] of index) {
    for (const [at, left] of rows.entries()) {
      for (const right of rows.slice(at + 1)) {
        const apart = (left.to ?? Infinity) < right.from || (right.to ?? Infinity) < left.from;
        if (!apart && left.publishedOn === right.publishedOn) found.push(`${key}: ${left.id}`);
      }
    }
  }
  return found;
}

test('no two rows of a key hold for the same month and became known on the same day', () => {
  assert.deepEqual(overlaps(policy.index), []);
  const [zhejiang] = allPacks.filter((pack) => pack.id === 'zhejiang');
  assert.ok(zhejiang?.bounds);
  const twice = { ...zhejiang, bounds: [...zhejiang.bounds, ...zhejiang.bounds.slice(0, 1)] };
  assert.notDeepEqual(overlaps(definePolicy([twice]).index), []);
});

test('every row has a unique name and a source, every assumed row names where it was carried from', () => {
  const ids = new Set<string>();
  for (const pack of allPacks) {
    for (const row of [...datedRows(pack), ...(pack.relief ?? []), ...(pack.lateFeeRules ?? [])]) {
      assert.ok(!ids.has(row.id), `twice: ${row.id}`);
      ids.add(row.id);
      assert.ok(pack.sources[row.source]?.title, row.id);
    }
    for (const row of [...(pack.rates ?? []), ...(pack.bounds ?? [])]) {
      if (row.status !== 'assumed') continue;
      assert.ok(row.carriedFrom, `assumed from nowhere: ${row.id}`);
    }
    for (const source of Object.keys(pack.sources)) {
      const used = JSON.stringify({ ...pack, sources: {} }).includes(`"source":"${source}"`);
      assert.ok(used, `${pack.id}: ${source} is not used`);
    }
  }
});

test('2018 to 2026 has no silent gap: before the first value and between values stands a row', () => {
  const gaps: string[] = [];
  for (const pack of allPacks) {
    for (const region of Object.keys(pack.regions)) {
      if (region === '000000') continue;
      for (const { key } of coverageKeys()) {
        const all = stretches(policy, key, region);
        for (const [at, stretch] of all.entries()) {
          const isLast = at === all.length - 1;
          if (!stretch.row && !(isLast && at > 0)) {
            gaps.push(`${region} ${key} from ${formatMonth(stretch.from)}`);
          }
        }
      }
    }
  }
  assert.deepEqual(gaps, []);
});

test('a missing row never follows a value of its own region', () => {
  for (const [key, rows] of policy.index) {
    for (const row of rows) {
      if (row.status !== 'missing') continue;
      const earlier = rows.filter((each) => each.status !== 'missing' && each.from <= row.from);
      assert.deepEqual(earlier, [], `${key} ${row.id}`);
    }
  }
});

test('every insurance of every region knows its base years and its rounding', () => {
  for (const pack of allPacks) {
    for (const region of Object.keys(pack.regions)) {
      for (const insurance of insurances) {
        const base = ['medical', 'maternity', 'largeMedical'].includes(insurance)
          ? 'medical'
          : insurance.replace('occupationalAnnuity', 'institutionPension');
        for (const part of ['window', 'rounding']) {
          const [first, ...more] = stretches(policy, `${part}|${base}`, region);
          assert.ok(first?.row && first.from === coveredFrom, `${region} ${part} ${insurance}`);
          for (const each of more) assert.ok(each.row);
        }
      }
    }
  }
});

test('docs/policy-coverage.md tells what the packs hold', () => {
  const path = new URL('../../../docs/policy-coverage.md', import.meta.url);
  const report = coverageReport(allPacks);
  if (process.env.UPDATE === '1') writeFileSync(path, report);
  assert.equal(readFileSync(path, 'utf8'), report, 'run it with UPDATE=1');
});

import { formatMonth, formatRate, formatYuan, type Month } from '@shebao/kernel';
import { boundsFor } from './base.ts';
import { regionChain } from './lookup.ts';
import { insuranceName } from './names.ts';
import type { PackData } from './pack.ts';
import { definePolicy } from './policy.ts';
import type { BoundsRow, Policy, RateRow, RuleRow } from './rules.ts';
import { type Insurance, insurances, type Payer, payers } from './types.ts';
import { baseInsurance } from './window.ts';

/** Months that every pack accounts for, by a value, an assumed one or a `missing` row. */
export const coveredFrom = (2018 * 12) as Month;
const coveredTo = (2026 * 12 + 11) as Month;

/** A stretch of months that one row (or none) governs. */
export interface Stretch {
  readonly from: Month;
  readonly to: Month;
  /** Undefined: no row at all, an earlier one may be carried on. */
  readonly row: RuleRow | undefined;
}

/** Which row governs each month of a key in a region, everything known. */
export function stretches(policy: Policy, key: string, region: string): readonly Stretch[] {
  const found: { from: Month; to: Month; row: RuleRow | undefined }[] = [];
  for (let month = coveredFrom; month <= coveredTo; month++) {
    const row = governing(policy, key, region, month);
    const last = found.at(-1);
    if (last && last.row === row) last.to = month;
    else found.push({ from: month, to: month, row });
  }
  return found;
}

function governing(policy: Policy, key: string, region: string, month: Month) {
  for (const each of regionChain(region)) {
    const rows = (policy.index.get(`${key}|${each}`) ?? []).filter(
      (row) => row.from <= month && (row.to ?? month) >= month,
    );
    const last = rows.toSorted((a, b) => (a.publishedOn < b.publishedOn ? -1 : 1)).at(-1);
    if (last) return last;
  }
  return undefined;
}

/** The keys whose months must be accounted for. */
export function coverageKeys(): readonly { key: string; insurance: Insurance; payer?: Payer }[] {
  const rates = insurances.flatMap((insurance) =>
    payers.map((payer) => ({ key: `rate|${insurance}|${payer}`, insurance, payer })),
  );
  // Work injury's employer rate comes from the scale of risk classes.
  const keyed = rates.filter(({ key }) => key !== 'rate|workInjury|employer');
  const bounds = insurances
    .filter((insurance) => baseInsurance(insurance) === insurance)
    .map((insurance) => ({ key: `bounds|${insurance}`, insurance }));
  return [...keyed, ...bounds];
}

const statusNames: Record<RuleRow['status'], string> = {
  final: '正式',
  provisional: '暂定',
  assumed: '设定',
  missing: '缺',
};

/** What the packs hold, where from, and what they lack: `docs/policy-coverage.md`. */
export function coverageReport(packs: readonly PackData[]): string {
  const policy = definePolicy(packs);
  const parts = packs.map((pack) => packReport(pack, policy));
  return [
    '# 政策参数覆盖情况',
    '',
    '本文件由 `policies/` 的数据生成，请勿手工修改（`UPDATE=1 node --test packages/levy/src/coverage.test.ts`）。',
    '「缺」表示没有来源，核定时拒绝并说明地区、险种和月份；「设定」沿用所列的另一行；',
    '「未列」的月份暂按此前最后公布的一行。',
    '',
    ...parts,
  ].join('\n');
}

function packReport(pack: PackData, policy: Policy): string {
  const lines = [`## ${pack.name}`, '', ...pack.assumptions.map((each) => `- ${each}`), ''];
  for (const [region, name] of Object.entries(pack.regions)) {
    lines.push(`### ${name} ${region}`, '', '| 项目 | 起 | 止 | 值 | 状态 | 来源 |');
    lines.push('| --- | --- | --- | --- | --- | --- |');
    for (const { key, insurance, payer } of coverageKeys()) {
      const side = payer === undefined ? '上下限' : payer === 'employer' ? '单位' : '个人';
      for (const stretch of stretches(policy, key, region)) {
        const { row } = stretch;
        // What a wider region says is told there.
        if (row && row.region !== region) continue;
        const months = `${formatMonth(stretch.from)} | ${formatMonth(stretch.to)}`;
        const value = row ? valueOf(row) : carriedValue(policy, region, key, stretch.from);
        const status = row ? statusNames[row.status] : '未列';
        lines.push(
          `| ${insuranceName(insurance)}${side} | ${months} | ${value} | ${status} | ${row?.source ?? ''} |`,
        );
      }
    }
    lines.push('');
  }
  return lines.join('\n');
}

function valueOf(row: RuleRow): string {
  if (row.status === 'missing') return '';
  if ('floorFen' in row) {
    const { floorFen, capFen } = row as BoundsRow;
    return `${formatYuan(floorFen)} ~ ${formatYuan(capFen)}`;
  }
  const { ratePpm, fixedFen } = row as RateRow;
  return formatRate(ratePpm) + (fixedFen === 0 ? '' : ` + ${formatYuan(fixedFen)}`);
}

function carriedValue(policy: Policy, region: string, key: string, month: Month): string {
  const [part, insurance] = key.split('|');
  if (part !== 'bounds') return '';
  const bounds = boundsFor(policy, region, insurance as Insurance, month);
  if (!bounds.ok) return '';
  return `暂按 ${formatYuan(bounds.value.floorFen)} ~ ${formatYuan(bounds.value.capFen)}`;
}

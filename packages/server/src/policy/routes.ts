import { policyPack, policyRows } from '@shebao/contract';
import { formatMonth, formatRate, formatYuan, ok } from '@shebao/kernel';
import {
  type BoundsRow,
  insuranceName,
  type Policy,
  policyVersion,
  type RateRow,
  type RuleRow,
} from '@shebao/levy';
import { type BoundRoute, handle } from '../platform/index.ts';
import { packsFor, policyFor } from './packs.ts';

const statusNames: Readonly<Record<RuleRow['status'], string>> = {
  final: '正式',
  provisional: '暂定',
  assumed: '设定',
  missing: '缺',
};
const payerNames = { employer: '单位缴纳', employee: '个人缴纳' } as const;

/** District, city, province and nation of a region. */
function regionsOf(region: string): ReadonlySet<string> {
  return new Set([region, `${region.slice(0, 4)}00`, `${region.slice(0, 2)}0000`, '000000']);
}

function dated(row: RuleRow) {
  return {
    from: formatMonth(row.from),
    to: row.to === null ? '' : formatMonth(row.to),
    status: statusNames[row.status],
    publishedOn: row.publishedOn,
    source: row.basis ?? row.source,
  };
}

function rateRow(row: RateRow) {
  return {
    kind: 'rate' as const,
    insurance: insuranceName(row.insurance),
    payer: payerNames[row.payer],
    value: row.status === 'missing' ? '' : formatRate(row.ratePpm),
    ...dated(row),
  };
}

function boundsRows(row: BoundsRow) {
  const value =
    row.status === 'missing' ? '' : `${formatYuan(row.floorFen)}–${formatYuan(row.capFen)}`;
  return row.insurances.map((insurance) => ({
    kind: 'bounds' as const,
    insurance: insuranceName(insurance),
    payer: '',
    value,
    ...dated(row),
  }));
}

function rowsOf(policy: Policy, region: string) {
  const regions = regionsOf(region);
  const here = (row: RuleRow) => regions.has(row.region);
  return [
    ...policy.rates.filter(here).map(rateRow),
    ...policy.bounds.filter(here).flatMap(boundsRows),
  ];
}

const rows = handle(policyRows, async ({ query }) => {
  const policy = policyFor(query.region);
  return ok({ version: policyVersion(policy), rows: rowsOf(policy, query.region) });
});

const pack = handle(policyPack, async ({ params }) => {
  const { region } = params;
  return ok({ version: policyVersion(policyFor(region)), pack: packsFor(region) });
});

/** Policy as officers read it, and as the engine in the browser takes it. */
export const policyRoutes: readonly BoundRoute[] = [rows, pack];

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fen, formatMonth, formatRate, formatYuan, type Month } from '@shebao/kernel';
import { assess } from './assess.ts';
import { boundsFor } from './base.ts';
import { insuranceName, levyItemName } from './names.ts';
import { knownPolicy as policy } from './packs.ts';
import { institution, m } from './testing.ts';
import { type Insurance, insurances, type UnitProfile } from './types.ts';

// A salary ladder for each region: from half the floor to three times the cap. Whoever changes a rule
// sees in the difference of the file whose contributions move, and has it reviewed.
const regions = [
  ['330100', '杭州市'],
  ['330200', '宁波市'],
  ['110000', '北京市'],
  ['310000', '上海市'],
  ['500000', '重庆市'],
  ['320100', '南京市'],
  ['440100', '广州市'],
  ['440300', '深圳市'],
] as const;
const months = ['2019-04', '2020-06', '2021-03', '2023-08', '2025-09'].map(m);

function ladder(region: string, name: string): readonly string[] {
  const enterprise: UnitProfile = {
    region,
    unitKind: 'enterprise',
    fundingType: 'none',
    unitSize: 'large',
    riskClass: 2,
  };
  const rows = months.flatMap((month) =>
    insurances.flatMap((insurance) => {
      const isPublic = insurance === 'institutionPension' || insurance === 'occupationalAnnuity';
      return rungs(isPublic ? { ...institution, region } : enterprise, insurance, month);
    }),
  );
  return [
    `## ${name} ${region}`,
    '',
    '| 月份 | 险种 | 缴费工资 | 缴费基数 | 品目、费率、金额 |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ];
}

function rungs(unit: UnitProfile, insurance: Insurance, month: Month): readonly string[] {
  const bounds = boundsFor(policy, unit.region, insurance, month);
  const head = `| ${formatMonth(month)} | ${insuranceName(insurance)}`;
  if (!bounds.ok) return [`${head} | | | 没有上下限 |`];
  const { floorFen, capFen } = bounds.value;
  const top = Math.min(capFen, 5_000_000);
  const wages = [floorFen / 2, (floorFen + top) / 2 + 50, top * 3];
  return wages.flatMap((wage) => {
    const wageFen = fen(Math.round(wage));
    const answer = assess({
      policy,
      unit,
      current: month,
      people: [
        {
          id: 'p',
          enrolments: [{ insurance, from: month }],
          wages: [{ effective: month, wageFen }],
        },
      ],
    });
    if (!answer.ok) return [`${head} | ${formatYuan(wageFen)} | | ${answer.error.code} |`];
    const { lines } = answer.value;
    const items = lines.map(
      (line) =>
        `${levyItemName(line.insurance, line.payer)} ${formatRate(line.ratePpm)} ${formatYuan(line.amountFen)}`,
    );
    const base = lines.find((line) => line.personId !== null)?.baseFen;
    return [
      `${head} | ${formatYuan(wageFen)} | ${base === undefined ? '' : formatYuan(base)} | ${items.join('；')} |`,
    ];
  });
}

test('docs/salary-ladder.md is what the engine gives today', () => {
  const path = new URL('../../../docs/salary-ladder.md', import.meta.url);
  const intro = [
    '# 工资阶梯',
    '',
    '各地各险种从下限一半到上限三倍的应缴费额，由引擎生成（`UPDATE=1 node --test packages/levy/src/ladder.test.ts`），',
    '作为回归基准：改动规则后应逐行复核差异。企业按大型、工伤二类；机关事业单位按差额拨款。',
    '',
  ];
  const text = [...intro, ...regions.flatMap(([region, name]) => ladder(region, name))].join('\n');
  if (process.env.UPDATE === '1') writeFileSync(path, text);
  assert.equal(
    readFileSync(path, 'utf8'),
    text,
    'review the difference, then run it with UPDATE=1',
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fen } from '@shebao/kernel';
import { lateFeeOn } from './collected.ts';
import { deferralFor, shareDueOn } from './due.ts';
import { knownPolicy as policy } from './packs.ts';
import { definePolicy } from './policy.ts';
import type { Policy } from './rules.ts';
import { m } from './testing.ts';
import type { Payer } from './types.ts';

test('2022 deferrals move the due day of approved units’ own shares, and nothing else', () => {
  const approved = { region: '330106', deferrals: ['hardship5'] };
  const due = (insurance: 'enterprisePension' | 'unemployment' | 'medical', month: string) =>
    shareDueOn(policy, approved, insurance, 'employer', m(month), '2022-06-30');
  // Pension to 2022-12, unemployment to 2023-03; before and after, and other insurances: as ever.
  assert.equal(due('enterprisePension', '2022-04'), '2023-12-31');
  assert.equal(due('enterprisePension', '2022-12'), '2023-12-31');
  assert.equal(due('enterprisePension', '2022-03'), '2022-06-30');
  assert.equal(due('enterprisePension', '2023-01'), '2022-06-30');
  assert.equal(due('unemployment', '2023-03'), '2023-12-31');
  assert.equal(due('unemployment', '2023-04'), '2022-06-30');
  assert.equal(due('medical', '2022-06'), '2022-06-30');
  const share = (unit: { region: string; deferrals?: readonly string[] }, payer: Payer) =>
    deferralFor(policy, unit, 'enterprisePension', payer, m('2022-06'));
  assert.equal(share(approved, 'employee'), null);
  assert.equal(share({ region: '330106' }, 'employer'), null);
  assert.equal(share({ region: '330106', deferrals: ['another'] }, 'employer'), null);
  // A later day than the programme's is not brought forward.
  const late = shareDueOn(
    policy,
    approved,
    'enterprisePension',
    'employer',
    m('2022-06'),
    '2024-03-31',
  );
  assert.equal(late, '2024-03-31');
});

test('a late fee on a day follows the region, its cap, and none up to the due day', () => {
  const capped = definePolicy([
    {
      id: 'capped',
      region: '990000',
      name: '试验',
      regions: {},
      assumptions: [],
      sources: { S: { title: '试验', url: null } },
      lateFeeRules: [
        {
          id: 'fee',
          region: '990000',
          convention: 'taxStyle',
          backPay: 'fromPeriodDue',
          cap: 'principal',
          source: 'S',
        },
      ],
    },
  ]);
  const on = (rules: Policy, region: string, day: string) =>
    lateFeeOn(rules, region, fen(10_000), '2015-01-31', day);
  assert.equal(on(capped, '990000', '2015-01-31'), 0);
  assert.equal(on(capped, '990000', '2015-02-01'), 5);
  // 2000 days at 0.05 % are the principal itself; the cap holds from there on.
  assert.equal(on(capped, '990000', '2020-07-24'), 10_000);
  assert.equal(on(capped, '990000', '2021-07-24'), 10_000);
  assert.ok(on(policy, '330100', '2021-07-24') > 10_000, 'no cap where none is set');
});

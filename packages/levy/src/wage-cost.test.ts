import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownPolicy as policy } from './packs.ts';
import { enterprise, institution, m, must, person, yuan } from './testing.ts';
import type { Insurance, Payer, UnitProfile } from './types.ts';
import { type LeviedWage, type WageCostPerson, wageCosts } from './wage-cost.ts';

const current = m('2021-03');
// Ten days after March's dues were payable.
const late = '2021-04-10';

function declaring(
  insurance: Insurance,
  from: string,
  wages: Readonly<Record<string, string>>,
  more: Partial<WageCostPerson> = {},
): WageCostPerson {
  const { enrolments, wages: declared } = person('a', [insurance], from, wages);
  return { id: 'a', enrolments, wages: [], declaring: declared, levied: [], ...more };
}
const levied = (
  insurance: Insurance,
  payer: Payer,
  period: string,
  wage: string,
  amount: string,
): LeviedWage => ({
  insurance,
  payer,
  period: m(period),
  wageFen: yuan(wage),
  amountFen: yuan(amount),
});
function costsOf(
  one: WageCostPerson,
  {
    unit = institution,
    today = late,
    at = current,
  }: Partial<{
    unit: UnitProfile;
    today: string;
    at: typeof current;
  }> = {},
) {
  const answer = must(wageCosts({ policy, unit, people: [one], current: at, today }));
  return (answer.get('a') ?? []).map((cost) => [
    cost.effective,
    cost.employerFen,
    cost.employeeFen,
    cost.backPayMonths,
    cost.backPayFen,
    cost.lateFeeFen,
  ]);
}

test('each wage costs its own months: back-payment against what is levied, late fee line by line', () => {
  const wages = { '2021-01': '8250.50', '2020-11': '7000.50' };
  const one = declaring('institutionPension', '2020-11', wages, {
    levied: [
      levied('institutionPension', 'employer', '2020-11', '5000', '800.00'),
      levied('institutionPension', 'employee', '2020-11', '5000', '400.00'),
    ],
  });
  // 24 % of 7,001 for two months less 1,200; then 24 % of 8,251 for two months and each month on.
  // Ten days at 0.05 %, every share of every month rounded by itself.
  assert.deepEqual(costsOf(one), [
    [m('2020-11'), 0, 0, 2, 216_048, 1_080],
    [m('2021-01'), 132_016, 66_008, 2, 396_048, 1_980],
  ]);
  assert.deepEqual(
    costsOf(one, { today: '2021-03-31' }).map((cost) => cost.at(-1)),
    [0, 0],
    'nothing is late on the last day',
  );
});

test('a wage that stands already bounds the months of an earlier one, and one of the same month gives way', () => {
  const { wages } = person('a', [], '2021-01', { '2021-01': '6000', '2021-02': '6000' });
  const one = declaring('institutionPension', '2021-01', { '2021-01': '5000' }, { wages });
  assert.deepEqual(costsOf(one), [[m('2021-01'), 0, 0, 1, 120_000, 600]]);
});

test('months that were levied alike do not count; less than was levied gives back and bears no fee', () => {
  const insurance = 'institutionPension' as const;
  const one = (january: string, own: string) =>
    declaring(
      insurance,
      '2021-01',
      { '2021-01': '8250.50' },
      {
        levied: [
          levied(insurance, 'employer', '2021-01', '1', january),
          levied(insurance, 'employee', '2021-01', '1', own),
          levied('occupationalAnnuity', 'employer', '2021-02', '1', '999.00'),
        ],
      },
    );
  assert.deepEqual(costsOf(one('1320.16', '660.08')), [
    [m('2021-01'), 132_016, 66_008, 1, 198_024, 990],
  ]);
  assert.deepEqual(costsOf(one('2000.00', '1000.00')), [
    [m('2021-01'), 132_016, 66_008, 2, 96_048, 990],
  ]);
});

test('of a share on the payroll counts the part that the wage makes', () => {
  const one = declaring(
    'enterprisePension',
    '2021-02',
    { '2021-02': '6000.49' },
    {
      levied: [levied('enterprisePension', 'employee', '2021-02', '5000.50', '400.08')],
    },
  );
  // 14 % of 6,000 and 8 %; February less 14 % of 5,001 and what the person paid.
  assert.deepEqual(costsOf(one, { unit: enterprise }), [
    [m('2021-02'), 84_000, 48_000, 1, 21_978, 110],
  ]);
});

test('a recorded share costs nobody anything', () => {
  const unit = { ...institution, fundingType: 'full' } as const;
  const one = declaring('occupationalAnnuity', '2021-02', { '2021-02': '5000' });
  assert.deepEqual(costsOf(one, { unit }), [[m('2021-02'), 0, 20_000, 1, 20_000, 100]]);
});

test('an approved deferral keeps the late fee from the employer’s share alone', () => {
  const at = m('2022-06');
  const unit = { ...enterprise, deferrals: ['hardship5'] };
  const one = declaring('enterprisePension', '2022-05', { '2022-05': '5000' });
  const fee = (who: UnitProfile) => costsOf(one, { unit: who, at, today: '2022-07-10' })[0]?.at(-1);
  // May: 15 % and 8 % of 5,000, ten days late.
  assert.equal(fee(enterprise), 375 + 200);
  assert.equal(fee(unit), 200);
});

test('nothing declared costs nothing; a rule that is missing is told', () => {
  const idle = declaring('institutionPension', '2021-01', {});
  assert.deepEqual(costsOf(idle), []);
  const two = [
    idle,
    { ...declaring('institutionPension', '2021-03', { '2021-03': '5000' }), id: 'b' },
  ];
  const both = must(
    wageCosts({ policy, unit: institution, people: two, current, today: '2021-03-10' }),
  );
  assert.deepEqual([...both.keys()], ['a', 'b']);
  assert.equal(both.get('b')?.[0]?.employerFen, 80_000);
  const unit = { ...enterprise, region: '650000' };
  const people = [declaring('medical', '2021-03', { '2021-03': '5000' })];
  const unknown = wageCosts({ policy, unit, people, current, today: '2021-03-10' });
  assert.equal(!unknown.ok && unknown.error.code, 'POLICY_MISSING');
  const noDueDay = wageCosts({
    policy,
    unit: { ...enterprise, region: '500000' },
    people: [declaring('enterprisePension', '2021-03', { '2021-03': '5000' })],
    current,
    today: '2021-03-10',
  });
  assert.ok(!noDueDay.ok && 'part' in noDueDay.error && noDueDay.error.part === 'dueRule');
});

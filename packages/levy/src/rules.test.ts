import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMonth } from '@shebao/kernel';
import { default110Amount, default110Base } from './base.ts';
import { isCollected, lateFeeRuleFor, minimumWage } from './collected.ts';
import { lateFee, lateFeeBetween, lateFeeForDays } from './late-fee.ts';
import { insuranceName, levyItemName, lineKindName } from './names.ts';
import { knownPolicy as policy } from './packs.ts';
import { type RateProfile, rateFor } from './rate.ts';
import { retirement } from './retirement.ts';
import { institution, m, must, yuan } from './testing.ts';
import { type Insurance, insurances, payers } from './types.ts';
import { baseWindows, effectiveMonthsFor, windowOf } from './window.ts';

const rate = (
  region: string,
  insurance: Insurance,
  period: string,
  unit: Partial<RateProfile> = {},
) => {
  const found = rateFor(policy, { region, ...unit }, insurance, 'employer', m(period));
  return found.ok ? found.value.exact : found.error.code;
};

test('employers’ pension rates by region and month', () => {
  assert.equal(rate('330100', 'institutionPension', '2019-04'), '0.2');
  assert.equal(rate('330100', 'institutionPension', '2019-05'), '0.16');
  assert.equal(rate('330100', 'enterprisePension', '2021-12'), '0.14');
  assert.equal(rate('330100', 'enterprisePension', '2022-12'), '0.15');
  assert.equal(rate('330100', 'enterprisePension', '2023-01'), '0.16');
  assert.equal(rate('110105', 'enterprisePension', '2019-04'), '0.19');
  assert.equal(rate('110105', 'enterprisePension', '2019-05'), '0.16');
  assert.equal(rate('440100', 'enterprisePension', '2023-12'), '0.15');
  assert.equal(rate('410100', 'enterprisePension', '2019-05'), '0.16');
  assert.equal(rate('410100', 'enterprisePension', '2019-04'), 'POLICY_MISSING');
  assert.equal(rate('410100', 'medical', '2021-01'), 'POLICY_MISSING');
});

test('the 2020 relief by kind, size and month, Hubei’s apart', () => {
  const relieved = (period: string, unit: Partial<RateProfile>, region = '330100') =>
    rate(region, 'enterprisePension', period, unit);
  const large = { unitKind: 'enterprise', unitSize: 'large' } as const;
  const small = { unitKind: 'enterprise', unitSize: 'small' } as const;
  assert.deepEqual(
    ['2020-01', '2020-02', '2020-06', '2020-07'].map((each) => relieved(each, large)),
    ['0.14', '0.07', '0.07', '0.14'],
  );
  assert.deepEqual(
    ['2020-01', '2020-02', '2020-12', '2021-01'].map((each) => relieved(each, small)),
    ['0.14', '0', '0', '0.14'],
  );
  assert.deepEqual(
    ['2020-06', '2020-07'].map((each) => relieved(each, { unitKind: 'privateNonEnterprise' })),
    ['0.07', '0.14'],
  );
  assert.deepEqual(
    ['2020-06', '2020-12'].map((each) => relieved(each, { unitKind: 'soleTrader' })),
    ['0', '0'],
  );
  assert.equal(relieved('2020-03', { unitKind: 'institution' }), '0.14');
  assert.equal(relieved('2020-03', {}), '0.14');
  assert.deepEqual(
    ['2020-06', '2020-07'].map((each) => relieved(each, large, '420100')),
    ['0', '0.16'],
  );
  assert.equal(relieved('2020-08', small, '420100'), '0');
  assert.equal(rate('330100', 'medical', '2020-03', small), '0.099');
  const known = (asOf: string) =>
    must(
      rateFor(
        policy,
        { region: '330100', ...small },
        'unemployment',
        'employer',
        m('2020-08'),
        asOf,
      ),
    ).exact;
  assert.deepEqual([known('2020-06-21'), known('2020-06-22')], ['0.005', '0']);
  const employee = rateFor(
    policy,
    { region: '330100', ...small },
    'enterprisePension',
    'employee',
    m('2020-03'),
  );
  assert.equal(must(employee).exact, '0.08');
});

test('work injury: class, float and staged cut, exact', () => {
  const of = (unit: Partial<RateProfile>) => rate('330100', 'workInjury', '2019-06', unit);
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((riskClass) => of({ riskClass })),
    ['0.002', '0.004', '0.007', '0.009', '0.011', '0.013', '0.016', '0.019'],
  );
  assert.equal(of({ riskClass: 1, floatFactor: '1.5', stagedCut: '0.2' }), '0.0024');
  assert.equal(of({ riskClass: 3, stagedCut: '0.5' }), '0.0035');
  assert.equal(of({ baseRate: '0.0033', floatFactor: '0.333333' }), '0.0010999989');
  assert.equal(
    must(
      rateFor(
        policy,
        { region: '330100', baseRate: '0.0033', floatFactor: '0.333333' },
        'workInjury',
        'employer',
        m('2019-06'),
      ),
    ).ratePpm,
    null,
  );
  assert.equal(rate('440100', 'workInjury', '2019-06', { riskClass: 8 }), '0.014');
  for (const unit of [
    {},
    { riskClass: 0 },
    { riskClass: 9 },
    { riskClass: 1, floatFactor: 'x' },
    { riskClass: 1, floatFactor: '-1' },
    { riskClass: 1, stagedCut: '1.1' },
    { riskClass: 1, stagedCut: '-0.1' },
    { baseRate: 'x' },
    { baseRate: '-1' },
  ]) {
    assert.equal(of(unit), 'PROFILE_INVALID', JSON.stringify(unit));
  }
  assert.equal(of({ riskClass: 1, stagedCut: '1' }), '0');
  assert.equal(rate('330100', 'workInjury', '2015-09', { riskClass: 1 }), 'POLICY_MISSING');
});

test('base years: January, July, Shanghai’s change, Jiangsu’s halves, Guangdong by insurance', () => {
  const span = (region: string, insurance: Insurance, month: string) => {
    const { from, to } = must(windowOf(policy, region, insurance, m(month)));
    return `${formatMonth(from)} ${formatMonth(to)}`;
  };
  assert.equal(span('330100', 'institutionPension', '2019-04'), '2019-01 2019-12');
  assert.equal(span('110105', 'medical', '2019-06'), '2018-07 2019-06');
  assert.equal(span('110105', 'medical', '2019-07'), '2019-07 2020-06');
  assert.equal(span('310101', 'medical', '2019-03'), '2018-04 2019-03');
  assert.equal(span('310101', 'medical', '2019-04'), '2019-04 2020-06');
  assert.equal(span('310101', 'medical', '2020-07'), '2020-07 2021-06');
  assert.equal(span('320100', 'medical', '2021-06'), '2021-01 2021-06');
  assert.equal(span('320100', 'medical', '2021-07'), '2021-07 2021-12');
  assert.equal(span('320100', 'medical', '2022-07'), '2022-01 2022-12');
  assert.equal(span('440100', 'enterprisePension', '2021-03'), '2020-07 2021-06');
  assert.equal(span('440100', 'occupationalAnnuity', '2021-03'), '2021-01 2021-12');
  assert.equal(span('990000', 'medical', '2021-03'), '2021-01 2021-12');
  assert.equal(windowOf(policy, '330100', 'medical', m('1989-12')).ok, false);
});

test('生效年月: the start month, then the first month of each later base year', () => {
  const options = (start: string, now: string, region = '330100') =>
    must(effectiveMonthsFor(policy, { region }, 'institutionPension', m(start), m(now))).map(
      formatMonth,
    );
  assert.deepEqual(options('2019-04', '2021-03'), ['2019-04', '2020-01', '2021-01']);
  assert.deepEqual(options('2021-01', '2021-03'), ['2021-01']);
  assert.deepEqual(options('2020-12', '2021-01'), ['2020-12', '2021-01']);
  assert.deepEqual(options('2021-04', '2021-03'), []);
  assert.deepEqual(options('2019-04', '2021-03', '110105'), ['2019-04', '2019-07', '2020-07']);
  assert.equal(
    must(baseWindows(policy, institution, 'medical', m('2019-04'), m('2021-03'))).length,
    3,
  );
  assert.equal(baseWindows(policy, institution, 'medical', m('1980-04'), m('2021-03')).ok, false);
  assert.equal(
    effectiveMonthsFor(policy, institution, 'medical', m('1980-04'), m('2021-03')).ok,
    false,
  );
});

test('late fees: three ways to count, the change of 2011, rounded once', () => {
  assert.deepEqual(lateFee(yuan('1000'), '2021-04-01', '2021-04-10').lateFeeFen, yuan('5'));
  assert.deepEqual(lateFee(yuan('0.01'), '2011-06-01', '2011-07-31'), {
    days: 61,
    lateFeeFen: 0,
    segments: [
      { from: '2011-06-01', to: '2011-06-30', days: 30, dailyRate: '0.002' },
      { from: '2011-07-01', to: '2011-07-31', days: 31, dailyRate: '0.0005' },
    ],
  });
  assert.equal(lateFee(yuan('1.25'), '2011-06-30', '2011-07-03').lateFeeFen, 0);
  assert.equal(lateFee(yuan('1.43'), '2011-06-30', '2011-07-03').lateFeeFen, 1);
  const by = (convention: 'taxStyle' | 'nextMonthFirst' | 'hrStyle', paid: string) => {
    const fee = lateFeeBetween(yuan('1000'), '2021-03-25', paid, convention);
    return [fee.days, fee.segments[0]?.from, fee.segments[0]?.to];
  };
  assert.deepEqual(by('taxStyle', '2021-06-10'), [77, '2021-03-26', '2021-06-10']);
  assert.deepEqual(by('nextMonthFirst', '2021-06-10'), [71, '2021-04-01', '2021-06-10']);
  assert.deepEqual(by('hrStyle', '2021-06-10'), [40, '2021-05-01', '2021-06-09']);
  assert.deepEqual(by('taxStyle', '2021-03-25'), [0, undefined, undefined]);
  assert.deepEqual(by('hrStyle', '2021-05-01'), [0, undefined, undefined]);
  assert.equal(lateFeeBetween(yuan('1000'), '2021-03-25', '2021-03-26').days, 1);
  assert.equal(lateFeeForDays(yuan('1000'), 10), yuan('5'));
  assert.equal(lateFeeForDays(yuan('1000'), 10, { units: 2n, scale: 3 }), yuan('20'));
  assert.throws(() => lateFeeForDays(yuan('-1'), 10), /negative/);
  assert.throws(() => lateFee(yuan('1'), 'soon', '2021-01-01'), /not a day/);
  assert.equal(lateFeeRuleFor(policy, '330106')?.backPay, 'fromAssessmentDue');
  assert.equal(lateFeeRuleFor(policy, '110105')?.backPay, 'fromPeriodDue');
});

test('retirement months of the decision’s tables', () => {
  const of = (birth: string, kind: 'male60' | 'female55' | 'female50') => {
    const { retirementMonth, delayMonths } = retirement(m(birth), kind);
    return `${formatMonth(retirementMonth)} ${delayMonths}`;
  };
  assert.equal(of('1964-12', 'male60'), '2024-12 0');
  assert.equal(of('1965-01', 'male60'), '2025-02 1');
  assert.equal(of('1965-04', 'male60'), '2025-05 1');
  assert.equal(of('1965-05', 'male60'), '2025-07 2');
  assert.equal(of('1976-08', 'male60'), '2039-07 35');
  assert.equal(of('1976-09', 'male60'), '2039-09 36');
  assert.equal(of('1990-01', 'male60'), '2053-01 36');
  assert.equal(of('1970-01', 'female55'), '2025-02 1');
  assert.equal(of('1981-09', 'female55'), '2039-09 36');
  assert.equal(of('1975-01', 'female50'), '2025-02 1');
  assert.equal(of('1975-03', 'female50'), '2025-05 2');
  assert.equal(of('1984-11', 'female50'), '2039-11 60');
  assert.equal(of('1974-12', 'female50'), '2024-12 0');
});

test('defaults of 110 %, in both forms', () => {
  assert.equal(default110Base(yuan('5000.45')), yuan('5500'));
  assert.equal(
    default110Base(yuan('3000'), { floorFen: yuan('3321.60'), capFen: yuan('17880.75') }),
    yuan('3321.60'),
  );
  assert.equal(
    default110Base(yuan('17000'), { floorFen: yuan('3321.60'), capFen: yuan('17880.75') }),
    yuan('17880.75'),
  );
  assert.equal(default110Amount(yuan('531.46')), yuan('584.61'));
});

test('collection by declaration date and the minimum wage', () => {
  assert.equal(
    isCollected(policy, { region: '330106' }, 'institutionPension', '2021-02-28'),
    false,
  );
  assert.equal(
    isCollected(policy, { region: '330106' }, 'occupationalAnnuity', '2021-03-01'),
    true,
  );
  assert.equal(isCollected(policy, { region: '330106' }, 'medical', '2000-01-01'), true);
  assert.equal(isCollected(policy, { region: '110105' }, 'institutionPension', '2000-01-01'), true);
  assert.equal(minimumWage(policy, '330106', m('2021-07')), yuan('2010'));
  assert.equal(minimumWage(policy, '330106', m('2021-08')), yuan('2280'));
  assert.equal(minimumWage(policy, '330106', m('2026-08')), yuan('2490'));
  assert.equal(minimumWage(policy, '330106', m('2017-11')), null);
  assert.equal(minimumWage(policy, '330200', m('2021-08')), null);
});

test('names as on receipts', () => {
  assert.equal(
    levyItemName('institutionPension', 'employer'),
    '机关事业单位基本养老保险(单位缴纳)',
  );
  assert.equal(levyItemName('occupationalAnnuity', 'employee'), '职业年金(个人缴纳)');
  assert.equal(levyItemName('workInjury', 'employer'), '工伤保险');
  assert.equal(insuranceName('institutionPension'), '机关事业单位基本养老保险费');
  assert.deepEqual((['current', 'backPay', 'topUp', 'overpaid'] as const).map(lineKindName), [
    '正常缴费',
    '补缴',
    '补差',
    '多缴',
  ]);
  const items = insurances.flatMap((each) => payers.map((payer) => levyItemName(each, payer)));
  assert.equal(new Set(items).size, items.length - 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess } from './assess.ts';
import { explain } from './explain.ts';
import { explainText, lateFeeText } from './explain-text.ts';
import { lateFee } from './late-fee.ts';
import { knownPolicy as policy } from './packs.ts';
import { enterprise, institution, m, must, person, yuan } from './testing.ts';
import type { AssessPerson, Levied, LevyLine, UnitProfile } from './types.ts';

const current = m('2021-03');
const asOf = '2021-03-10';

function sentences(
  unit: UnitProfile,
  one: AssessPerson,
  pick: (line: LevyLine) => boolean,
  more: { current?: typeof current; asOf?: string; wageEffective?: typeof current | null } = {},
): readonly string[] {
  const now = more.current ?? current;
  const known = more.asOf ?? asOf;
  const { lines } = must(assess({ policy, unit, people: [one], current: now, asOf: known }));
  const line = lines.find(pick);
  assert.ok(line);
  return explainText(must(explain({ policy, unit, line, current: now, asOf: known, ...more })));
}

test('a clamped, provisional, current line', () => {
  const one = person('p', ['institutionPension'], '2021-03', { '2021-03': '20000.50' });
  assert.deepEqual(
    sentences(institution, one, (line) => line.payer === 'employer', { wageEffective: current }),
    [
      '机关事业单位基本养老保险(单位缴纳)，费款所属期2021年3月。',
      '缴费年度2021年1月至2021年12月的缴费工资20,000.50元，自2021年3月起生效。',
      '缴费工资20,000.50元四舍五入到元，为20,001.00元（浙江省2019、2020年度缴费基数上下限；1990年1月起）。',
      '下限3,321.60元，上限17,880.75元，高于上限，缴费基数取上限17,880.75元（浙江省2019、2020年度缴费基数上下限；2020年1月至2020年12月，暂按此执行）。',
      '公布费率16%（浙人社发〔2019〕20号；2019年5月起）。',
      '17,880.75元 × 16%，四舍五入到分，为2,860.92元。',
      '应缴费额2,860.92元。',
    ],
  );
});

test('a back-payment below the floor, with relief, float and cut', () => {
  const unit: UnitProfile = {
    ...enterprise,
    unitSize: 'large',
    riskClass: 3,
    floatFactor: '1.2',
    stagedCut: '0.2',
  };
  const told = sentences(
    unit,
    person('p', ['workInjury'], '2020-06', { '2020-06': '3000' }),
    () => true,
  );
  assert.deepEqual(told.slice(2), [
    '下限3,321.60元，上限17,880.75元，低于下限，缴费基数取下限3,321.60元（浙江省2019、2020年度缴费基数上下限；2020年1月至2020年12月）。',
    '公布费率0.7%（人社部发〔2015〕71号；2015年10月起）。',
    '工伤风险第3类，浮动系数1.2，阶段性下调比例0.2。',
    '阶段性减征，按50%征收单位部分（人社部发〔2020〕11号、49号：大型企业减半征收到6月底；2020年2月至2020年6月）。',
    '3,321.60元 × 0.336%，四舍五入到分，为11.16元。',
    '应缴费额11.16元；这个月早于当前费款所属期，此前没有征收，故为补缴。',
  ]);
  assert.equal(told[0], '工伤保险，费款所属期2020年6月。');
  assert.equal(told[1], '缴费年度2020年1月至2020年12月的缴费工资3,000.00元。');
});

test('the total payroll, what is only recorded, what is given back, what is added', () => {
  const of = (levied: Partial<Levied>[], to: string | null = null) => ({
    ...person(
      'p',
      ['institutionPension', 'occupationalAnnuity'],
      '2021-02',
      { '2021-02': '8000' },
      to,
    ),
    levied: levied.map(
      (each): Levied => ({
        insurance: 'institutionPension',
        payer: 'employee',
        period: m('2021-02'),
        amountFen: yuan('700'),
        ...each,
      }),
    ),
  });
  const whole = sentences(
    enterprise,
    person('p', ['unemployment'], '2021-03', { '2021-03': '3000' }),
    (line) => line.personId === null,
  );
  assert.equal(whole[0], '失业保险(单位缴纳)（按单位），费款所属期2021年3月。');
  assert.match(whole[1] ?? '', /^按全部职工工资总额3,000\.00元计征，不按个人上下限/);
  const full = { ...institution, fundingType: 'full' } as const;
  assert.ok(
    sentences(full, of([]), (line) => line.bookkeeping).includes(
      '单位部分记账，只作记录，不征收，费率8%。',
    ),
  );
  assert.ok(
    sentences(institution, of([]), (line) => line.insurance === 'occupationalAnnuity').includes(
      '单位部分实账征收，费率8%。',
    ),
  );
  assert.equal(
    sentences(institution, of([{}]), (line) => line.payer === 'employee').at(-1),
    '应缴费额640.00元，此前已征700.00元，多缴60.00元。',
  );
  assert.equal(
    sentences(
      institution,
      of([{ amountFen: yuan('600') }]),
      (line) => line.payer === 'employee',
    ).at(-1),
    '应缴费额640.00元，此前已征600.00元，应补差40.00元。',
  );
  assert.equal(
    sentences(
      institution,
      of([{ amountFen: yuan('600'), period: current }]),
      (line) => line.payer === 'employee' && line.period === current,
    ).at(-1),
    '应缴费额640.00元，已征600.00元，应补40.00元。',
  );
  const gone = sentences(
    institution,
    of([{ period: current }], '2021-02'),
    (line) => line.period === current,
  );
  assert.deepEqual(gone.slice(1), [
    '这个月不再需要缴纳机关事业单位基本养老保险费。',
    '应缴费额0.00元，此前已征700.00元，多缴700.00元。',
  ]);
});

test('fixed amounts, the cascade, a default and Chongqing’s bounds of today', () => {
  const beijing = { ...enterprise, region: '110105' };
  const fixed = sentences(
    beijing,
    person('p', ['medical'], '2021-03', { '2021-03': '8000' }),
    (line) => line.payer === 'employee',
  );
  assert.ok(fixed.includes('另加每人每月定额3.00元。'));
  assert.equal(fixed.at(-1), '应缴费额163.00元。');
  const shanghai = { ...enterprise, region: '310101' };
  const cascade = sentences(
    shanghai,
    person('p', ['unemployment'], '2021-03', { '2021-03': '8000.45' }),
    () => true,
  );
  assert.match(
    cascade[2] ?? '',
    /^缴费工资8,000\.45元先四舍五入到角，再四舍五入到元，为8,001\.00元/,
  );
  const chongqing = { ...enterprise, region: '500100' };
  const old = sentences(
    chongqing,
    person('p', ['unemployment'], '2019-06', { '2019-06': '3000' }, '2019-06'),
    () => true,
    { current: m('2022-12'), asOf: '2022-12-31', wageEffective: null },
  );
  assert.equal(old[1], '缴费年度2019年1月至2019年12月没有申报缴费工资，按规定推定为3,000.00元。');
  assert.match(old[2] ?? '', /^补缴以前年度的费款，按2022年12月的上下限。下限3,957\.00元/);
});

test('an explanation by other rules says that it does not fit', () => {
  const one = person('p', ['institutionPension'], '2021-03', { '2021-03': '20000' });
  const { lines } = must(assess({ policy, unit: institution, people: [one], current, asOf }));
  const [line] = lines;
  assert.ok(line);
  const told = must(explain({ policy, unit: institution, line }));
  assert.equal(told.consistent, false);
  assert.match(explainText(told).at(-1) ?? '', /另一版本/);
  const failed = explain({
    policy,
    unit: { ...institution, region: '330200' },
    line: { ...line, insurance: 'largeMedical' },
  });
  assert.ok(!failed.ok && failed.error.code === 'POLICY_MISSING');
});

test('a late fee tells its stretches', () => {
  assert.deepEqual(lateFeeText(yuan('1000'), lateFee(yuan('1000'), '2011-06-30', '2011-07-01')), [
    '欠缴费款1,000.00元。',
    '2011-06-30至2011-06-30共1天，按日加收千分之二。',
    '2011-07-01至2011-07-01共1天，按日加收万分之五。',
    '滞纳金合计2.50元，各段相加后四舍五入到分，不计复利（社会保险法第八十六条）。',
  ]);
  assert.deepEqual(lateFeeText(yuan('1'), lateFee(yuan('1'), '2021-03-02', '2021-03-01')), [
    '没有超过期限，不加收滞纳金。',
  ]);
});

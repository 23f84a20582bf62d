import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess } from './assess.ts';
import { nationalAndZhejiang as policy } from './packs.ts';
import { brief, enterprise, institution, m, must, person, yuan } from './testing.ts';
import type { AssessInput, LevyLine } from './types.ts';

const pensions = ['institutionPension', 'occupationalAnnuity'] as const;
const asOf = '2021-03-10';
const current = m('2021-03');

function lines(input: Partial<AssessInput> & Pick<AssessInput, 'people'>): readonly LevyLine[] {
  return must(assess({ policy, unit: institution, current, asOf, ...input })).lines;
}

function amountOf(all: readonly LevyLine[], insurance: string, payer: string, period: string) {
  return all
    .filter((line) => line.insurance === insurance && line.payer === payer)
    .find((line) => line.period === m(period))?.amountFen;
}

test('somebody insured since April 2019 owes three base years, worked out by hand', () => {
  const all = lines({
    people: [
      person('p', pensions, '2019-04', {
        '2019-04': '8000',
        '2020-01': '3000',
        '2021-01': '20000',
      }),
    ],
  });
  assert.equal(all.length, 24 * 4);
  // April 2019 at 20 %, May 2019 and later at 16 %.
  assert.equal(amountOf(all, 'institutionPension', 'employer', '2019-04'), yuan('1600.00'));
  assert.equal(amountOf(all, 'institutionPension', 'employer', '2019-05'), yuan('1280.00'));
  assert.equal(amountOf(all, 'institutionPension', 'employee', '2019-12'), yuan('640.00'));
  assert.equal(amountOf(all, 'occupationalAnnuity', 'employer', '2019-04'), yuan('640.00'));
  assert.equal(amountOf(all, 'occupationalAnnuity', 'employee', '2019-04'), yuan('320.00'));
  // 2020: floor 3321.60; × 16 % = 531.456, × 8 % = 265.728, × 4 % = 132.864.
  assert.equal(amountOf(all, 'institutionPension', 'employer', '2020-01'), yuan('531.46'));
  assert.equal(amountOf(all, 'institutionPension', 'employee', '2020-12'), yuan('265.73'));
  assert.equal(amountOf(all, 'occupationalAnnuity', 'employee', '2020-06'), yuan('132.86'));
  // 2021 is not published by March: 2020's cap 17880.75, × 16 % = 2860.92.
  assert.equal(amountOf(all, 'institutionPension', 'employer', '2021-03'), yuan('2860.92'));
  assert.equal(amountOf(all, 'occupationalAnnuity', 'employer', '2021-01'), yuan('1430.46'));
  for (const line of all) {
    assert.equal(line.provisional, line.period >= m('2021-01'));
    assert.equal(line.kind, line.period === current ? 'current' : 'backPay');
    assert.equal(line.deltaFen, line.amountFen);
  }
});

test('nothing is left when what was assessed has been levied', () => {
  const people = [
    person('p', pensions, '2019-04', { '2019-04': '8000', '2020-01': '8100', '2021-01': '8200' }),
  ];
  const levied = lines({ people });
  const again = lines({ people: people.map((each) => ({ ...each, levied })) });
  assert.deepEqual(again, []);
});

test('new bounds give top-ups and overpayments only to those they touch', () => {
  const wages = { '2021-01': '3500' };
  const people = [
    person('low', ['institutionPension'], '2021-02', wages),
    person('middle', ['institutionPension'], '2021-02', { '2021-01': '9000' }),
    person('high', ['institutionPension'], '2021-02', { '2021-01': '30000' }),
  ];
  const before = lines({ people });
  const after = lines({
    asOf: '2021-10-08',
    people: people.map((each) => ({
      ...each,
      levied: before.filter((line) => line.personId === each.id),
    })),
  });
  // low: 3500.00 → 3957.00; × 16 % 560.00 → 633.12. high: 17880.75 → 19783.00.
  assert.deepEqual(after.map(brief), [
    `low institutionPension employer ${m('2021-02')} 63312 7312 topUp`,
    `low institutionPension employee ${m('2021-02')} 31656 3656 topUp`,
    `low institutionPension employer ${m('2021-03')} 63312 7312 current`,
    `low institutionPension employee ${m('2021-03')} 31656 3656 current`,
    `high institutionPension employer ${m('2021-02')} 316528 30436 topUp`,
    `high institutionPension employee ${m('2021-02')} 158264 15218 topUp`,
    `high institutionPension employer ${m('2021-03')} 316528 30436 current`,
    `high institutionPension employee ${m('2021-03')} 158264 15218 current`,
  ]);
  const back = lines({
    people: people.slice(0, 1).map((each) => ({
      ...each,
      levied: after.map((line) => ({ ...line, amountFen: line.amountFen })).slice(0, 2),
    })),
  });
  assert.deepEqual(back.map(brief).slice(0, 2), [
    `low institutionPension employer ${m('2021-02')} 56000 -7312 overpaid`,
    `low institutionPension employee ${m('2021-02')} 28000 -3656 overpaid`,
  ]);
});

test('a month that is no longer liable is given back', () => {
  const was = lines({
    people: [person('p', ['institutionPension'], '2021-01', { '2021-01': '8000' })],
  });
  const now = person('p', ['institutionPension'], '2021-01', { '2021-01': '8000' }, '2021-02');
  assert.deepEqual(lines({ people: [{ ...now, levied: was }] }).map(brief), [
    `p institutionPension employer ${current} 0 -128000 overpaid`,
    `p institutionPension employee ${current} 0 -64000 overpaid`,
  ]);
});

test('months without a wage are refused, later base years wait, all others are answered', () => {
  const answer = must(
    assess({
      policy,
      unit: institution,
      current,
      asOf,
      people: [
        person('order', ['institutionPension'], '2019-10', { '2020-01': '8000' }),
        person('late', ['institutionPension'], '2019-10', { '2019-12': '8000', '2020-01': '8000' }),
        person('none', ['institutionPension'], '2021-02', {}),
      ],
    }),
  );
  const short = answer.refusals.map((each) => [each.personId, each.code, each.from, each.to]);
  assert.deepEqual(short, [
    ['order', 'WAGE_MISSING', m('2019-10'), m('2019-12')],
    ['order', 'YEAR_ORDER', m('2020-01'), m('2020-12')],
    ['order', 'WAGE_MISSING', m('2021-01'), m('2021-03')],
    ['late', 'WAGE_MISSING', m('2019-10'), m('2019-11')],
    ['late', 'YEAR_ORDER', m('2020-01'), m('2020-12')],
    ['late', 'WAGE_MISSING', m('2021-01'), m('2021-03')],
    ['none', 'WAGE_MISSING', m('2021-02'), m('2021-03')],
  ]);
  assert.deepEqual(answer.lines.map(brief), [
    `late institutionPension employer ${m('2019-12')} 128000 128000 backPay`,
    `late institutionPension employee ${m('2019-12')} 64000 64000 backPay`,
  ]);
  assert.match(answer.refusals[0]?.detail ?? '', /2019年10月至2019年12月没有缴费工资/);
});

test('assessFrom limits the months, not the wages before it', () => {
  const one = {
    ...person('p', ['institutionPension'], '2019-04', { '2021-01': '8000' }),
    assessFrom: current,
  };
  const answer = must(assess({ policy, unit: institution, current, asOf, people: [one] }));
  assert.equal(answer.lines.length, 2);
  assert.deepEqual(answer.refusals, []);
});

test('the annuity is recorded, not levied, where the unit is fully funded', () => {
  const people = [person('p', ['occupationalAnnuity'], '2021-02', { '2021-02': '9000' })];
  const full = { ...institution, fundingType: 'full' } as const;
  const answer = must(assess({ policy, unit: full, current, asOf, people }));
  assert.deepEqual(answer.lines.map(brief).slice(0, 2), [
    `p occupationalAnnuity employer ${m('2021-02')} 72000 72000 backPay bookkeeping`,
    `p occupationalAnnuity employee ${m('2021-02')} 36000 36000 backPay`,
  ]);
  assert.deepEqual(answer.totals, [
    { insurance: 'occupationalAnnuity', payer: 'employee', amountFen: 72000, deltaFen: 72000 },
  ]);
  const changed = { ...full, annuityUnitMode: [{ from: m('2021-03'), mode: 'real' as const }] };
  const later = lines({ unit: changed, people });
  assert.deepEqual(
    later.map((line) => line.bookkeeping),
    [true, false, false, false],
  );
  const half = lines({ unit: { ...institution, realShareRatio: '0.5' }, people }).slice(0, 3);
  assert.deepEqual(half.map(brief), [
    `p occupationalAnnuity employer ${m('2021-02')} 36000 36000 backPay`,
    `p occupationalAnnuity employer ${m('2021-02')} 36000 36000 backPay bookkeeping`,
    `p occupationalAnnuity employee ${m('2021-02')} 36000 36000 backPay`,
  ]);
});

test('an enterprise: aggregate shares, no line of its own for maternity, injury by class', () => {
  const five = ['enterprisePension', 'unemployment', 'medical', 'maternity', 'workInjury'] as const;
  const people = [
    person('a', five, '2021-03', { '2021-03': '3000' }),
    person('b', five, '2021-03', { '2021-03': '30000' }),
  ];
  const all = lines({ unit: enterprise, people });
  assert.deepEqual(all.map(brief), [
    `a enterprisePension employee ${current} 26573 26573 current`,
    `a unemployment employee ${current} 1661 1661 current`,
    `a medical employer ${current} 32884 32884 current`,
    `a medical employee ${current} 6643 6643 current`,
    `a workInjury employer ${current} 1329 1329 current`,
    `b enterprisePension employee ${current} 143046 143046 current`,
    `b unemployment employee ${current} 8940 8940 current`,
    `b medical employer ${current} 177019 177019 current`,
    `b medical employee ${current} 35762 35762 current`,
    `b workInjury employer ${current} 7152 7152 current`,
    // 33000.00 of payroll, not clamped: × 14 % and × 0.5 %.
    `null enterprisePension employer ${current} 462000 462000 current`,
    `null unemployment employer ${current} 16500 16500 current`,
  ]);
  // From 2022 on the employer's share is levied person by person, at 15 %.
  const next = lines({
    unit: enterprise,
    current: m('2022-01'),
    asOf: '2022-12-31',
    people: [person('a', ['enterprisePension'], '2022-01', { '2022-01': '5000' })],
  });
  assert.deepEqual(next.map(brief), [
    `a enterprisePension employer ${m('2022-01')} 75000 75000 current`,
    `a enterprisePension employee ${m('2022-01')} 40000 40000 current`,
  ]);
});

test('what was levied in aggregate, or with a person, counts against the aggregate line', () => {
  const period = m('2021-02');
  const levied = { insurance: 'enterprisePension', payer: 'employer', period } as const;
  const people = [person('a', ['enterprisePension'], '2021-02', { '2021-02': '10000' }, '2021-02')];
  const [only] = lines({
    unit: enterprise,
    people: people.map((each) => ({ ...each, levied: [{ ...levied, amountFen: yuan('400') }] })),
    leviedAggregate: [{ ...levied, amountFen: yuan('600') }],
  }).filter((line) => line.personId === null);
  assert.equal(only && brief(only), `null enterprisePension employer ${period} 140000 40000 topUp`);
  const later = lines({
    unit: enterprise,
    people,
    leviedAggregate: [{ ...levied, amountFen: yuan('1400') }],
    assessAggregateFrom: current,
  });
  assert.deepEqual(
    later.filter((line) => line.personId === null),
    [],
  );
});

test('a payroll that lacks a wage never gives money back', () => {
  const levied = [
    { insurance: 'enterprisePension', payer: 'employer', period: current, amountFen: yuan('2000') },
  ] as const;
  const people = [
    person('a', ['enterprisePension'], '2021-03', { '2021-03': '10000' }),
    person('b', ['enterprisePension'], '2021-03', {}),
  ];
  const all = lines({ unit: enterprise, people, leviedAggregate: levied });
  assert.deepEqual(
    all.filter((line) => line.personId === null),
    [],
  );
  const alone = lines({ unit: enterprise, people: people.slice(1), leviedAggregate: levied });
  assert.deepEqual(alone, []);
  const nobody = lines({ unit: enterprise, people: [], leviedAggregate: levied });
  assert.deepEqual(nobody.map(brief), [
    `null enterprisePension employer ${current} 0 -200000 overpaid`,
  ]);
});

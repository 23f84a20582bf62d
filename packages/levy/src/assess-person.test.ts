import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess } from './assess.ts';
import { knownPolicy as policy } from './packs.ts';
import { brief, institution, m, must, person, yuan } from './testing.ts';
import type { AssessPerson, Levied } from './types.ts';

const current = m('2021-03');
const asOf = '2021-03-10';
const levied = (period: string, amount: string, payer: Levied['payer'] = 'employee'): Levied => ({
  insurance: 'institutionPension',
  payer,
  period: m(period),
  amountFen: yuan(amount),
});
const nobody = (own: Partial<AssessPerson>): AssessPerson => ({
  id: 'a',
  enrolments: [],
  wages: [],
  ...own,
});
const linesOf = (one: AssessPerson, more: { declaredOn?: string } = {}) =>
  must(assess({ policy, unit: institution, people: [one], current, asOf, ...more })).lines;

test('what was levied for a month that is not liable is given back as a line of its own', () => {
  assert.deepEqual(linesOf(nobody({ levied: [levied('2021-02', '400.00')] })), [
    {
      personId: 'a',
      insurance: 'institutionPension',
      payer: 'employee',
      period: m('2021-02'),
      wageFen: 0,
      baseFen: 0,
      ratePpm: 0,
      fixedFen: 0,
      amountFen: 0,
      deltaFen: -40_000,
      kind: 'overpaid',
      bookkeeping: false,
      provisional: false,
      ruleIds: [],
    },
  ]);
});

test('only from the first evaluated month on, through the current one, and where anything is left', () => {
  const entries = ['2021-01', '2021-02', '2021-03', '2021-04'].map((at) => levied(at, '400.00'));
  const months = (one: AssessPerson) => linesOf(one).map(({ period }) => period);
  const given = { levied: entries, assessFrom: m('2021-02') };
  assert.deepEqual(months(nobody(given)), [m('2021-02'), m('2021-03')]);
  const undone = [levied('2021-02', '400.00'), levied('2021-02', '-400.00')];
  assert.deepEqual(linesOf(nobody({ levied: undone })), []);
});

test('nothing is given back of what is not collected on the day', () => {
  const one = nobody({ levied: [levied('2021-02', '400.00')] });
  assert.deepEqual(linesOf(one, { declaredOn: '2021-02-28' }), []);
  assert.equal(linesOf(one, { declaredOn: '2021-03-01' }).length, 1);
});

test('where the annuity is real in part, what was levied counts against that part alone', () => {
  const unit = { ...institution, realShareRatio: '0.5' };
  const insured = {
    ...person('a', ['occupationalAnnuity'], '2021-03', { '2021-03': '5000' }),
    levied: [
      {
        insurance: 'occupationalAnnuity' as const,
        payer: 'employer' as const,
        period: current,
        amountFen: yuan('150.00'),
      },
    ],
  };
  const { lines } = must(assess({ policy, unit, people: [insured], current, asOf }));
  // 4 % real, of which 150 yuan were levied; 4 % recorded; 4 % the person's own.
  assert.deepEqual(lines.map(brief), [
    `a occupationalAnnuity employer ${current} 20000 5000 current`,
    `a occupationalAnnuity employer ${current} 20000 20000 current bookkeeping`,
    `a occupationalAnnuity employee ${current} 20000 20000 current`,
  ]);
  const whole = must(assess({ policy, unit: institution, people: [insured], current, asOf }));
  assert.equal(whole.lines[0]?.deltaFen, 25_000, '8 % real, less what was levied');
});

test('a recorded share is not told twice from what was recorded before', () => {
  const unit = { ...institution, fundingType: 'full' } as const;
  const insured = {
    ...person('a', ['occupationalAnnuity'], '2021-03', { '2021-03': '5000' }),
    levied: [
      {
        insurance: 'occupationalAnnuity' as const,
        payer: 'employer' as const,
        period: current,
        amountFen: yuan('400.00'),
      },
    ],
  };
  const { lines } = must(assess({ policy, unit, people: [insured], current, asOf }));
  assert.equal(lines[0]?.bookkeeping, true);
  assert.equal(lines[0]?.deltaFen, 0, 'what was levied for it counts');
});

test('Chongqing: back-payments of an earlier base year take the bounds of the current month', () => {
  const unit = { region: '500000', unitKind: 'enterprise', fundingType: 'none' } as const;
  const insured = person('a', ['enterprisePension'], '2021-11', {
    '2021-11': '3000',
    '2022-01': '3000',
  });
  const bases = (own: Partial<AssessPerson>) =>
    must(
      assess({ policy, unit, people: [{ ...insured, ...own }], current: m('2022-03') }),
    ).lines.flatMap(({ payer, baseFen }) => (payer === 'employee' ? [baseFen] : []));
  assert.deepEqual(bases({}), [395_700, 395_700, 395_700, 395_700, 395_700]);
  // A month that was levied before keeps its own bounds: only the difference in wage is settled.
  const once: Levied = {
    insurance: 'enterprisePension',
    payer: 'employee',
    period: m('2021-12'),
    amountFen: yuan('1.00'),
  };
  assert.deepEqual(bases({ levied: [once] }), [395_700, 369_900, 395_700, 395_700, 395_700]);
});

test('months without a wage are refused base year by base year', () => {
  const unpaid = person('a', ['institutionPension'], '2019-04', {});
  const { refusals } = must(
    assess({ policy, unit: institution, people: [unpaid], current: m('2020-02'), asOf }),
  );
  assert.deepEqual(
    refusals.map(({ from, to, code }) => [from, to, code]),
    [
      [m('2019-04'), m('2019-12'), 'WAGE_MISSING'],
      [m('2020-01'), m('2020-02'), 'WAGE_MISSING'],
    ],
  );
});

test('spans that overlap or come in any order are walked once, in time order', () => {
  const insurance = 'institutionPension' as const;
  const one: AssessPerson = {
    id: 'a',
    enrolments: [
      { insurance, from: m('2021-02'), to: m('2021-03') },
      { insurance, from: m('2020-11'), to: m('2021-02') },
    ],
    wages: [
      { effective: m('2020-11'), wageFen: yuan('5000') },
      { effective: m('2021-01'), wageFen: yuan('5000') },
    ],
  };
  const months = linesOf(one).flatMap(({ payer, period }) =>
    payer === 'employee' ? [period] : [],
  );
  assert.deepEqual(months, ['2020-11', '2020-12', '2021-01', '2021-02', '2021-03'].map(m));
});

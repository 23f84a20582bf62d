import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownPolicy } from '@shebao/levy/packs';
import { answerLine } from './levy.ts';

const context = { policy: knownPolicy, today: '2021-03-10' };

type Answer = Readonly<Record<string, unknown>>;

function ask(question: Answer): Answer {
  return JSON.parse(answerLine(JSON.stringify(question), context)) as Answer;
}

const someone = {
  id: 'a',
  enrolments: [{ insurance: 'occupationalAnnuity', from: '2021-03' }],
  wages: [{ effective: '2021-03', wage: '9000' }],
};
const question = {
  ask: 'assess',
  unit: { region: '330100', unitKind: 'institution', fundingType: 'full' },
  people: [someone, { ...someone, id: 'b', wages: [] }],
  current: '2021-03',
  asOf: '2021-03-10',
};

test('an assessment: lines, what is only recorded, refusals, totals', () => {
  const line = {
    person: 'a',
    insurance: 'occupationalAnnuity',
    period: '2021-03',
    base: '9000.00',
    kind: 'current',
  };
  assert.deepEqual(ask(question), {
    id: null,
    ok: true,
    lines: [
      {
        ...line,
        payer: 'employer',
        rate: '0.08',
        amount: '720.00',
        delta: '720.00',
        bookkeeping: true,
      },
      { ...line, payer: 'employee', rate: '0.04', amount: '360.00', delta: '360.00' },
    ],
    refusals: [
      {
        person: 'b',
        insurance: 'occupationalAnnuity',
        from: '2021-03',
        to: '2021-03',
        code: 'WAGE_MISSING',
        detail: '职业年金2021年3月至2021年3月没有缴费工资，请先申报缴费工资',
      },
    ],
    totals: [
      { insurance: 'occupationalAnnuity', payer: 'employee', amount: '360.00', delta: '360.00' },
    ],
  });
});

test('bounds that the question brings, in three forms', () => {
  const bases = (bounds: unknown) =>
    (ask({ ...question, bounds }).lines as Answer[]).map((line) => line.base);
  assert.deepEqual(bases({ floor: '9500', cap: '10000' }), ['9500.00', '9500.00']);
  assert.deepEqual(bases({ occupationalAnnuity: { floor: '1', cap: '5000' } }), [
    '5000.00',
    '5000.00',
  ]);
  const row = { floor: '1', cap: '6000' };
  assert.deepEqual(bases([{ ...row, from: '2021-03' }]), ['6000.00', '6000.00']);
  assert.deepEqual(bases([{ ...row, to: '2021-02' }]), ['9000.00', '9000.00']);
  assert.deepEqual(bases([{ ...row, period: '2021-03', insurance: 'occupationalAnnuity' }]), [
    '6000.00',
    '6000.00',
  ]);
  assert.deepEqual(bases([{ ...row, insurance: 'medical' }]), ['9000.00', '9000.00']);
});

test('a bad line spoils its own answer only, and says where', () => {
  const broken = (change: Answer) => {
    const answer = ask({ id: 7, ...question, ...change });
    assert.equal(answer.id, 7);
    return [answer.code, answer.path];
  };
  assert.deepEqual(broken({ ask: 'tea' }), ['UNKNOWN_ASK', undefined]);
  assert.deepEqual(broken({ ask: 'toString' }), ['UNKNOWN_ASK', undefined]);
  assert.deepEqual(broken({ ask: null }), ['UNKNOWN_ASK', undefined]);
  assert.deepEqual(broken({ current: '2021-3' }), ['BAD_INPUT', 'current']);
  assert.deepEqual(broken({ asOf: '2021-02-30' }), ['BAD_INPUT', 'asOf']);
  assert.deepEqual(broken({ unit: [] }), ['BAD_INPUT', 'unit']);
  assert.deepEqual(broken({ unit: { ...question.unit, region: '3301' } }), [
    'BAD_INPUT',
    'unit.region',
  ]);
  assert.deepEqual(broken({ unit: { ...question.unit, unitKind: 'club' } }), [
    'BAD_INPUT',
    'unit.unitKind',
  ]);
  assert.deepEqual(broken({ unit: { ...question.unit, riskClass: 9 } }), [
    'BAD_INPUT',
    'unit.riskClass',
  ]);
  assert.deepEqual(broken({ people: {} }), ['BAD_INPUT', 'people']);
  assert.deepEqual(broken({ people: [someone, someone] }), ['BAD_INPUT', 'people[1].id']);
  const wage = (...wages: Answer[]) => broken({ people: [{ ...someone, wages }] });
  assert.deepEqual(wage({ effective: '2021-03', wage: '9,000' }), [
    'BAD_INPUT',
    'people[0].wages[0].wage',
  ]);
  assert.deepEqual(wage({ effective: '2021-03', wage: '-1' }), [
    'BAD_INPUT',
    'people[0].wages[0].wage',
  ]);
  assert.deepEqual(wage({ effective: '2021-03', wage: '1.234' }), [
    'BAD_INPUT',
    'people[0].wages[0].wage',
  ]);
  assert.deepEqual(wage({ effective: '2021-03', wage: '1' }, { effective: '2021-03', wage: '2' }), [
    'BAD_INPUT',
    'people[0].wages[1]',
  ]);
  assert.deepEqual(broken({ ask: 'amount', base: '1' }), ['BAD_INPUT', 'rate']);
  assert.deepEqual(broken({ ask: 'amount', base: 1.5, rate: '1' }), ['BAD_INPUT', 'base']);
  assert.deepEqual(broken({ ask: 'amount', base: '1', rate: '1', rounding: 'up' }), [
    'BAD_INPUT',
    'rounding',
  ]);
  assert.deepEqual(broken({ ask: 'base', wage: '1', floor: '2', cap: '1' }), [
    'BAD_INPUT',
    'floor',
  ]);
  for (const line of ['', 'null', '[]', '3', '"amount"', '{"ask":']) {
    const answer = JSON.parse(answerLine(line, context)) as Answer;
    assert.equal(answer.ok, false, line);
    assert.equal(answer.id, null);
  }
});

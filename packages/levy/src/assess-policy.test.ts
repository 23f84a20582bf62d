import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess } from './assess.ts';
import { nationalAndZhejiang as policy } from './packs.ts';
import { enterprise, institution, m, must, person, yuan } from './testing.ts';
import type { AssessInput, LevyLine } from './types.ts';

const pensions = ['institutionPension', 'occupationalAnnuity'] as const;
const asOf = '2021-03-10';
const current = m('2021-03');

function lines(input: Partial<AssessInput> & Pick<AssessInput, 'people'>): readonly LevyLine[] {
  return must(assess({ policy, unit: institution, current, asOf, ...input })).lines;
}

test('the 2020 relief holds for back-payments made years later', () => {
  const people = [person('a', ['workInjury'], '2020-06', { '2020-06': '10000' }, '2020-07')];
  const amounts = (unit: typeof enterprise) =>
    lines({ unit, people, current: m('2025-03'), asOf: '2025-03-01' }).map(
      (line) => line.amountFen,
    );
  assert.deepEqual(amounts(enterprise), []);
  assert.deepEqual(amounts({ ...enterprise, unitSize: 'large' }), [2000, 4000]);
  assert.deepEqual(amounts({ ...enterprise, unitKind: 'socialOrganisation' }), [2000, 4000]);
  assert.deepEqual(amounts({ ...enterprise, unitKind: 'soleTrader' }), []);
  assert.deepEqual(amounts({ ...enterprise, unitKind: 'institution' }), [4000, 4000]);
});

test('institution items are not offered for declarations before 2021-03-01', () => {
  const people = [person('p', pensions, '2021-01', { '2021-01': '9000' })];
  const early = must(
    assess({ policy, unit: institution, people, current: m('2021-02'), declaredOn: '2021-02-28' }),
  );
  assert.deepEqual(early.lines, []);
  assert.deepEqual(
    early.refusals.map((each) => [each.code, each.insurance, each.from, each.to]),
    pensions.map((each) => ['NOT_COLLECTED', each, m('2021-01'), m('2021-02')]),
  );
  assert.equal(lines({ people, declaredOn: '2021-03-01' }).length, 12);
});

test('defaults stand in for a wage that was not declared', () => {
  const people = [person('p', ['institutionPension'], '2020-12', { '2020-12': '9000.50' })];
  const of = (defaultPolicy: 'personBase110' | 'keepBaseLiftToFloor', current: string) =>
    lines({
      unit: { ...institution, defaultPolicy },
      people,
      current: m(current),
      asOf: '2026-01-01',
    })
      .filter((line) => line.payer === 'employee' && line.period === m(current))
      .map((line) => line.baseFen);
  assert.deepEqual(of('personBase110', '2021-02'), [yuan('9901')]);
  assert.deepEqual(of('personBase110', '2022-02'), [yuan('10891')]);
  assert.deepEqual(of('keepBaseLiftToFloor', '2022-02'), [yuan('9001')]);
  assert.deepEqual(
    lines({ unit: { ...institution, defaultPolicy: 'unitAmount110' }, people }).length,
    2,
  );
});

test('one wage for an insurance goes before the wage for all of the same month', () => {
  const base = person(
    'p',
    ['institutionPension', 'occupationalAnnuity', 'unemployment'],
    '2021-03',
    {
      '2021-03': '8000',
    },
  );
  const own = {
    effective: current,
    wageFen: yuan('9000'),
    insurance: 'institutionPension',
  } as const;
  for (const wages of [
    [...base.wages, own],
    [own, ...base.wages],
  ]) {
    const all = lines({ people: [{ ...base, wages }] });
    const bases = all.filter((line) => line.payer === 'employee').map((line) => line.baseFen);
    assert.deepEqual(bases, [yuan('9000'), yuan('9000'), yuan('8000')]);
  }
});

test('a rule without a value refuses the whole, with region, insurance and month', () => {
  const answer = assess({
    policy,
    unit: { ...enterprise, region: '330200' },
    current,
    people: [person('p', ['medical'], '2020-01', { '2020-01': '8000' })],
  });
  assert.deepEqual(answer, {
    ok: false,
    error: {
      code: 'POLICY_MISSING',
      part: 'rate',
      region: '330200',
      insurance: 'medical',
      payer: 'employer',
      period: m('2020-01'),
    },
  });
  const { riskClass: _, ...unclassed } = enterprise;
  const injured = [person('p', ['workInjury'], '2021-01', { '2021-01': '8000' })];
  assert.deepEqual(assess({ policy, unit: unclassed, current, people: injured }), {
    ok: false,
    error: {
      code: 'PROFILE_INVALID',
      path: 'riskClass',
      insurance: 'workInjury',
      period: m('2021-01'),
    },
  });
});

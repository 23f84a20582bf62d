import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMonth } from '@shebao/kernel';
import { assess } from './assess.ts';
import { knownPolicy as policy } from './packs.ts';
import { retro, retroColumns } from './retro.ts';
import { enterprise, institution, m, must, person } from './testing.ts';
import type { Insurance, LevyLine } from './types.ts';

const current = m('2021-03');
const short = ({ personId, payer, period, deltaFen, kind }: LevyLine) =>
  `${personId} ${payer} ${formatMonth(period)} ${deltaFen} ${kind}`;
const insuredSince = (id: string, wage: string, insurance: Insurance = 'institutionPension') =>
  person(id, [insurance], '2021-01', { '2021-01': wage });

test('final bounds settle only those whom they move, to the fen', () => {
  const people = [
    insuredSince('low', '3000'),
    insuredSince('middle', '8000'),
    insuredSince('high', '30000'),
  ];
  const input = { policy, unit: institution, before: people, after: people, current };
  const settled = must(retro({ ...input, asOfBefore: '2021-03-10', asOf: '2021-12-31' }));
  // The floor rises from 3,321.60 to 3,957 yuan, the cap from 17,880.75 to 19,783: 16 % and 8 % of it.
  const expected = ['2021-01', '2021-02', '2021-03'].flatMap((month) => {
    const kind = month === '2021-03' ? 'current' : 'topUp';
    return [
      `low employer ${month} 10166 ${kind}`,
      `low employee ${month} 5083 ${kind}`,
      `high employer ${month} 30436 ${kind}`,
      `high employee ${month} 15218 ${kind}`,
    ];
  });
  assert.deepEqual(new Set(settled.lines.map(short)), new Set(expected));
  assert.equal(settled.lines.length, expected.length);
  const known = must(retro({ ...input, asOfBefore: '2021-03-10' }));
  assert.deepEqual(known.lines, settled.lines, 'without a day everything known counts');
  assert.deepEqual(
    must(retro({ ...input, asOf: '2021-03-10', asOfBefore: '2021-03-10' })).lines,
    [],
  );
});

test('what was only recorded is owed in full once it is real, and settled nowhere before', () => {
  const unit = { ...institution, fundingType: 'full' } as const;
  const before = [insuredSince('a', '5000', 'occupationalAnnuity')];
  const after = [insuredSince('a', '6000', 'occupationalAnnuity')];
  const asOf = '2021-03-10';
  const input = { policy, current, asOf, asOfBefore: asOf };
  const raised = must(retro({ ...input, unit, before, after }));
  assert.deepEqual(
    raised.lines.map(short),
    ['2021-01', '2021-02', '2021-03'].map(
      (month) => `a employee ${month} 4000 ${month === '2021-03' ? 'current' : 'topUp'}`,
    ),
  );
  const real = must(
    retro({ ...input, unit: institution, unitBefore: unit, before, after: before }),
  );
  assert.deepEqual(
    real.lines.map(({ payer, deltaFen }) => [payer, deltaFen]),
    [
      ['employer', 40_000],
      ['employer', 40_000],
      ['employer', 40_000],
    ],
  );
});

test('a rule that is missing before or after ends it', () => {
  const unit = { ...enterprise, region: '650000' };
  const insured = [insuredSince('a', '5000', 'medical')];
  for (const [before, after] of [
    [insured, []],
    [[], insured],
  ] as const) {
    const answer = retro({ policy, unit, before, after, current });
    assert.equal(!answer.ok && answer.error.code, 'POLICY_MISSING');
  }
});

test('whoever is gone gets back all that was assessed, and nobody else anything', () => {
  const [stays, goes] = [insuredSince('stays', '5000'), insuredSince('goes', '6000')];
  const asOf = '2021-03-10';
  const input = { policy, unit: institution, current, asOf, asOfBefore: asOf };
  const answer = must(retro({ ...input, before: [stays, goes], after: [stays] }));
  const had = must(assess({ policy, unit: institution, people: [goes], current, asOf })).lines;
  const back = had.map(
    ({ payer, period, amountFen }) => `${payer} ${period} ${0 - amountFen} overpaid`,
  );
  const given = answer.lines.map(({ personId, payer, period, deltaFen, kind }) => {
    assert.equal(personId, 'goes');
    return `${payer} ${period} ${deltaFen} ${kind}`;
  });
  assert.equal(given.length, 6);
  assert.deepEqual(new Set(given), new Set(back));
  assert.deepEqual(answer.refusals, []);
});

const yearOfWages = (wages: readonly number[]) => wages.map((yuan) => Int32Array.of(yuan * 100));

test('columns of histories: who, when, what, by how much; each kind once', () => {
  const answer = must(
    retroColumns({
      policy,
      unit: institution,
      insurances: ['institutionPension', 'occupationalAnnuity'],
      from: m('2020-01'),
      before: yearOfWages([5000]),
      after: yearOfWages([6000, 6000]),
    }),
  );
  // The second month has no history before: all of it is new.
  assert.deepEqual(
    [...answer.deltaFen],
    [16_000, 8_000, 8_000, 4_000, 96_000, 48_000, 48_000, 24_000],
  );
  assert.deepEqual(
    [...answer.amountFen],
    [96_000, 48_000, 48_000, 24_000, 96_000, 48_000, 48_000, 24_000],
  );
  assert.deepEqual(
    [...answer.period].map((at) => at - m('2020-01')),
    [0, 0, 0, 0, 1, 1, 1, 1],
  );
  assert.deepEqual([...answer.kind], [0, 1, 2, 3, 0, 1, 2, 3]);
  assert.deepEqual(
    answer.kinds.map(({ insurance, payer }) => `${insurance} ${payer}`),
    [
      'institutionPension employer',
      'institutionPension employee',
      'occupationalAnnuity employer',
      'occupationalAnnuity employee',
    ],
  );
  assert.deepEqual(answer.aggregates, []);
});

test('columns leave out what is only recorded, and keep shares on the payroll apart', () => {
  const months = { from: m('2021-02'), before: yearOfWages([5000]), after: yearOfWages([6000]) };
  const full = { ...institution, fundingType: 'full' } as const;
  const recorded = must(
    retroColumns({ policy, unit: full, insurances: ['occupationalAnnuity'], ...months }),
  );
  assert.deepEqual(recorded.kinds, [{ insurance: 'occupationalAnnuity', payer: 'employee' }]);
  const payroll = must(
    retroColumns({ policy, unit: enterprise, insurances: ['enterprisePension'], ...months }),
  );
  // 14 % of the payroll for the employer; the person's own 8 % in the columns.
  assert.deepEqual(payroll.aggregates, [
    { insurance: 'enterprisePension', period: m('2021-02'), amountFen: 84_000, deltaFen: 14_000 },
  ]);
  assert.deepEqual([...payroll.deltaFen], [8_000]);
});

test('columns grow beyond what they were made for and lose nothing', () => {
  const people = 70_000;
  const wages = (yuan: number) => [new Int32Array(people).fill(yuan * 100)];
  const answer = must(
    retroColumns({
      policy,
      unit: institution,
      insurances: ['institutionPension'],
      from: m('2020-01'),
      before: wages(5000),
      after: wages(6000),
    }),
  );
  assert.equal(answer.length, 2 * people);
  for (const at of [0, 1, people - 1]) {
    assert.deepEqual([answer.person[at], answer.kind[at], answer.deltaFen[at]], [at, 0, 16_000]);
    const own = people + at;
    assert.deepEqual(
      [answer.person[own], answer.kind[own], answer.amountFen[own]],
      [at, 1, 48_000],
    );
  }
});

test('columns need their rules before and after', () => {
  const columns = {
    policy,
    unit: institution,
    insurances: ['institutionPension'] as const,
    from: m('2020-01'),
    before: yearOfWages([5000]),
    after: yearOfWages([6000]),
  };
  const known = { asOf: '2021-01-01', asOfBefore: '2021-01-01' };
  assert.ok(retroColumns({ ...columns, ...known }).ok);
  for (const unknown of [{ asOf: '1990-01-01' }, { asOfBefore: '1990-01-01' }]) {
    const answer = retroColumns({ ...columns, ...known, ...unknown });
    assert.equal(!answer.ok && answer.error.code, 'POLICY_MISSING');
  }
});

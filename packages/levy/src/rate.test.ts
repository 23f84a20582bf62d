import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess } from './assess.ts';
import { dueOn } from './due.ts';
import { explain } from './explain.ts';
import { createBook } from './levied-book.ts';
import { knownPolicy as policy } from './packs.ts';
import { definePolicy } from './policy.ts';
import { annuityModeOf, type RateProfile, rateFor, supplementsFor } from './rate.ts';
import { brief, enterprise, institution, inventedPack, m, must, person, yuan } from './testing.ts';
import type { Insurance, LevyLine, Payer } from './types.ts';

const period = m('2021-03');
const injury = (profile: Partial<RateProfile>, payer: Payer = 'employer') =>
  rateFor(policy, { region: '330100', ...profile }, 'workInjury', payer, period);

test('what is wrong with a unit’s injury profile is named, each by its field', () => {
  const refusals: [Partial<RateProfile>, string][] = [
    [{}, 'riskClass'],
    [{ riskClass: 9 }, 'riskClass'],
    [{ baseRate: 'x' }, 'baseRate'],
    [{ baseRate: '-0.01' }, 'baseRate'],
    [{ riskClass: 2, floatFactor: 'x' }, 'floatFactor'],
    [{ riskClass: 2, floatFactor: '-1' }, 'floatFactor'],
    [{ riskClass: 2, stagedCut: 'x' }, 'stagedCut'],
    [{ riskClass: 2, stagedCut: '-0.1' }, 'stagedCut'],
    [{ riskClass: 2, stagedCut: '1.1' }, 'stagedCut'],
  ];
  for (const [profile, path] of refusals) {
    const error = { code: 'PROFILE_INVALID', path, insurance: 'workInjury', period };
    assert.deepEqual(injury(profile), { ok: false, error });
  }
  assert.equal(must(injury({ riskClass: 2, floatFactor: '0' })).exact, '0');
  assert.equal(must(injury({ riskClass: 2, stagedCut: '1' })).exact, '0');
  assert.equal(must(injury({ baseRate: '0' })).exact, '0');
  const given = must(injury({ baseRate: '0.004', floatFactor: '1.2', stagedCut: '0.5' }));
  assert.deepEqual([given.exact, given.row, given.ruleIds], ['0.0024', null, []]);
  // The person's share of work injury is nothing, whatever floats.
  assert.equal(must(injury({ floatFactor: 'x' }, 'employee')).ratePpm, 0);
  const other = { region: '330100', floatFactor: 'x' };
  assert.ok(rateFor(policy, other, 'institutionPension', 'employer', period).ok);
});

test('a rate names the rows behind it; a provisional row makes it provisional', () => {
  const sized = { region: '330100', unitKind: 'enterprise', unitSize: 'large' } as const;
  const relieved = must(rateFor(policy, sized, 'enterprisePension', 'employer', m('2020-03')));
  assert.equal(relieved.exact, '0.07');
  assert.deepEqual(relieved.ruleIds, [relieved.row?.id, relieved.relief?.id]);
  const { unitSize: _, ...unsized } = sized;
  const plain = must(rateFor(policy, unsized, 'enterprisePension', 'employer', m('2020-03')));
  assert.deepEqual([plain.exact, plain.relief, plain.ruleIds], ['0.14', null, [plain.row?.id]]);
  const early = rateFor(policy, sized, 'unemployment', 'employer', m('2026-02'));
  assert.equal(must(early).provisional, true);
  assert.equal(
    must(rateFor(policy, sized, 'unemployment', 'employer', m('2025-02'))).provisional,
    false,
  );
  // Without a kind a unit counts as an enterprise.
  const { unitKind: __, ...unnamed } = sized;
  assert.equal(
    must(rateFor(policy, unnamed, 'enterprisePension', 'employer', m('2020-03'))).exact,
    '0.07',
  );
});

test('the annuity’s mode follows the last change that has begun, in whatever order they stand', () => {
  const unit = {
    ...institution,
    annuityUnitMode: [
      { from: m('2021-03'), mode: 'real' as const },
      { from: m('2020-01'), mode: 'bookkeeping' as const },
    ],
  };
  const modes = ['2019-12', '2020-01', '2021-02', '2021-03', '2022-01'].map((at) =>
    annuityModeOf(unit, m(at)),
  );
  assert.deepEqual(modes, ['real', 'bookkeeping', 'bookkeeping', 'real', 'real']);
  assert.equal(
    annuityModeOf({ ...institution, annuityUnitMode: 'bookkeeping' }, period),
    'bookkeeping',
  );
  assert.equal(annuityModeOf({ ...institution, fundingType: 'full' }, period), 'bookkeeping');
});

const supplement = {
  status: 'final',
  source: 'T',
  insurance: 'medical',
  payer: 'employer',
  group: 'g',
  rate: '0.01',
} as const;
const supplemented = definePolicy([
  inventedPack({
    supplements: [
      {
        ...supplement,
        id: 'province',
        region: '990000',
        from: '2020-01',
        to: '2020-12',
        publishedOn: '2020-01-15',
      },
      {
        ...supplement,
        id: 'city',
        region: '990100',
        from: '2021-01',
        to: null,
        publishedOn: '2021-02-01',
      },
    ],
  }),
]);

test('a supplement holds in its region and months, once published, for its group and share', () => {
  const found = (
    region: string,
    month: string,
    more: { asOf?: string; insurance?: Insurance; payer?: Payer; groups?: string[] } = {},
  ) => {
    const { asOf, insurance = 'medical', payer = 'employer', groups = ['g'] } = more;
    return supplementsFor(supplemented, region, insurance, payer, m(month), groups, asOf).map(
      (row) => row.id,
    );
  };
  assert.deepEqual(found('990101', '2019-12'), []);
  assert.deepEqual(found('990101', '2020-01'), ['province']);
  assert.deepEqual(found('990101', '2020-12'), ['province']);
  assert.deepEqual(found('990101', '2021-01'), ['city']);
  assert.deepEqual(found('990000', '2021-01'), []);
  assert.deepEqual(found('990101', '2021-01', { asOf: '2021-01-31' }), []);
  assert.deepEqual(found('990101', '2021-01', { asOf: '2021-02-01' }), ['city']);
  assert.deepEqual(found('990101', '2021-01', { insurance: 'unemployment' }), []);
  assert.deepEqual(found('990101', '2021-01', { payer: 'employee' }), []);
  assert.deepEqual(found('990101', '2021-01', { groups: ['h'] }), []);
});

test('the annuity’s real part must be a part of it', () => {
  const insured = person('a', ['occupationalAnnuity'], '2021-03', { '2021-03': '5000' });
  const lines = (realShareRatio: string) =>
    assess({
      policy,
      unit: { ...institution, realShareRatio },
      people: [insured],
      current: period,
    });
  for (const wrong of ['x', '1.01', '-0.5']) {
    const answer = lines(wrong);
    assert.deepEqual(answer, {
      ok: false,
      error: {
        code: 'PROFILE_INVALID',
        path: 'realShareRatio',
        insurance: 'occupationalAnnuity',
        period,
      },
    });
  }
  const shown = (ratio: string) =>
    must(lines(ratio)).lines.map(
      ({ payer, amountFen, bookkeeping }) =>
        `${payer} ${amountFen}${bookkeeping ? ' recorded' : ''}`,
    );
  assert.deepEqual(shown('1'), ['employer 40000', 'employee 20000']);
  assert.deepEqual(shown('0'), ['employer 40000 recorded', 'employee 20000']);
  assert.deepEqual(shown('0.25'), ['employer 10000', 'employer 30000 recorded', 'employee 20000']);
});

test('every line of a split annuity follows from its rules, and no other amount does', () => {
  const unit = { ...institution, realShareRatio: '0.25' };
  const insured = person('a', ['occupationalAnnuity'], '2021-03', { '2021-03': '5000' });
  const { lines } = must(assess({ policy, unit, people: [insured], current: period }));
  const fits = (line: LevyLine, who = unit) =>
    must(explain({ policy, unit: who, line })).consistent;
  assert.ok(lines.every((line) => fits(line)));
  const [real] = lines;
  assert.ok(real);
  assert.ok(!fits(real, { ...institution, realShareRatio: undefined as never }));
  assert.ok(!fits({ ...real, amountFen: yuan('100.01') }));
  assert.ok(!fits({ ...real, ratePpm: 90_000 as never, amountFen: yuan('450.00') }));
});

test('by default policies a wage is carried on year by year, lifted or kept', () => {
  const insured = person('a', ['institutionPension'], '2019-04', { '2019-04': '10000' });
  const bases = (
    defaultPolicy: 'personBase110' | 'keepBaseLiftToFloor' | 'unitAmount110' | 'block',
  ) =>
    must(
      assess({
        policy,
        unit: { ...institution, defaultPolicy },
        people: [insured],
        current: m('2021-02'),
        asOf: '2021-03-10',
      }),
    ).lines.flatMap(({ payer, baseFen }) => (payer === 'employee' ? [baseFen] : []));
  const years = (a: number, b: number, c: number) => [
    ...Array.from({ length: 9 }, () => a),
    ...Array.from({ length: 12 }, () => b),
    ...Array.from({ length: 2 }, () => c),
  ];
  assert.deepEqual(bases('personBase110'), years(1_000_000, 1_100_000, 1_210_000));
  assert.deepEqual(bases('keepBaseLiftToFloor'), years(1_000_000, 1_000_000, 1_000_000));
  for (const none of ['unitAmount110', 'block'] as const) assert.equal(bases(none).length, 9);
  // Nobody ever declared a wage before: nothing stands in.
  const later = person('b', ['institutionPension'], '2020-12', { '2021-01': '5000' });
  const { refusals } = must(
    assess({
      policy,
      unit: { ...institution, defaultPolicy: 'personBase110' },
      people: [later],
      current: m('2021-01'),
      asOf: '2021-03-10',
    }),
  );
  assert.deepEqual(
    refusals.map(({ from, code }) => [from, code]),
    [
      [m('2020-12'), 'WAGE_MISSING'],
      [m('2021-01'), 'YEAR_ORDER'],
    ],
  );
});

test('a book of what was levied adds up, gives each amount once, and tells the rest in order', () => {
  const entry = (insurance: Insurance, payer: Payer, month: string, amount: string) => ({
    insurance,
    payer,
    period: m(month),
    amountFen: yuan(amount),
  });
  const book = createBook([
    entry('medical', 'employee', '2021-02', '5'),
    entry('medical', 'employer', '2021-02', '4'),
    entry('institutionPension', 'employer', '2021-02', '1'),
    entry('medical', 'employee', '2021-01', '3'),
    entry('medical', 'employee', '2021-01', '0.50'),
    entry('unemployment', 'employee', '2021-01', '9'),
  ]);
  assert.ok(book.has('medical', m('2021-01')), 'one payer is enough');
  assert.ok(!book.has('medical', m('2021-03')));
  assert.equal(book.take('unemployment', 'employee', m('2021-01')), 900);
  assert.equal(book.take('unemployment', 'employee', m('2021-01')), undefined);
  const left = () => {
    const rows: string[] = [];
    book.forEachLeft((insurance, payer, month, amount) =>
      rows.push(`${month} ${insurance} ${payer} ${amount}`),
    );
    return rows;
  };
  const all = [
    `${m('2021-01')} medical employee 350`,
    `${m('2021-02')} institutionPension employer 100`,
    `${m('2021-02')} medical employer 400`,
    `${m('2021-02')} medical employee 500`,
  ];
  assert.deepEqual(left(), all);
  book.drop('medical', m('2021-02'), true);
  assert.deepEqual(left(), all.slice(0, 3), 'the employer’s stays where it is levied in aggregate');
  book.drop('medical', m('2021-02'), false);
  assert.deepEqual(left(), all.slice(0, 2));
});

test('a back-payment is due with its own month or with the one that found it, as the region says', () => {
  const due = (region: string, of: string, foundIn: string) =>
    must(dueOn(policy, region, m(of), m(foundIn)));
  assert.equal(due('330100', '2020-05', '2021-03'), '2021-03-31');
  assert.equal(due('330100', '2021-03', '2020-05'), '2021-03-31', 'never before its own month');
  assert.equal(due('110000', '2021-03', '2021-06'), due('110000', '2021-03', '2021-03'));
  const unknown = dueOn(policy, '500000', m('2021-03'), m('2021-03'));
  assert.equal(!unknown.ok && unknown.error.code, 'POLICY_MISSING');
});

test('an injury rate finer than parts per million is refused, not rounded', () => {
  const unit = { ...enterprise, floatFactor: '0.33333' };
  const insured = person('a', ['workInjury'], '2021-03', { '2021-03': '5000' });
  const answer = assess({ policy, unit, people: [insured], current: period });
  assert.deepEqual(answer, {
    ok: false,
    error: { code: 'PROFILE_INVALID', path: 'floatFactor', insurance: 'workInjury', period },
  });
  const fine = must(assess({ policy, unit: enterprise, people: [insured], current: period }));
  assert.equal(fine.lines.map(brief).length, 1);
});

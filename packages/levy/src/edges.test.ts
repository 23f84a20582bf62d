import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseFor, boundsFor, default110Base, roundingFor } from './base.ts';
import { extendDue, nominalDue } from './calendar.ts';
import { lateFeeBetween, lateFeeForDays } from './late-fee.ts';
import { lookup } from './lookup.ts';
import { knownPolicy } from './packs.ts';
import { definePolicy } from './policy.ts';
import type { BoundsRow } from './rules.ts';
import { inventedPack, m, must, yuan } from './testing.ts';
import { windowOf } from './window.ts';

const bounds = {
  region: '990000',
  insurances: ['medical'],
  floor: '4000.00',
  cap: '20000.00',
  from: '2020-01',
  to: '2020-12',
  publishedOn: '2020-03-01',
  status: 'final',
  source: 'T',
} as const;

test('a base is the wage, rounded by the region, within the bounds of the month', () => {
  const base = must(baseFor(knownPolicy, '310101', 'medical', m('2021-03'), yuan('8000.45')));
  assert.deepEqual([base.baseFen, base.clamped], [yuan('8001'), null]);
  assert.equal(base.bounds.ruleId.length > 0, true);
  const low = must(baseFor(knownPolicy, '330100', 'institutionPension', m('2020-12'), yuan('1')));
  assert.deepEqual([low.baseFen, low.clamped], [yuan('3321.60'), 'floor']);
  assert.deepEqual(low.bounds.capFen, yuan('17880.75'));
});

test('a missing rule says which one, for which region, insurance and month', () => {
  const refused = { ok: false } as const;
  const error = { code: 'POLICY_MISSING', region: '010000', insurance: 'medical', payer: null };
  const period = m('2021-03');
  const expected = (part: string) => ({ ...refused, error: { ...error, part, period } });
  assert.deepEqual(boundsFor(knownPolicy, '010000', 'medical', period), expected('bounds'));
  assert.deepEqual(
    baseFor(knownPolicy, '010000', 'medical', period, yuan('8000')),
    expected('bounds'),
  );
  const unrounded = definePolicy([inventedPack({ rounding: [] })]);
  const invented = {
    ...expected('rounding'),
    error: { ...expected('rounding').error, region: '990000' },
  };
  assert.deepEqual(roundingFor(unrounded, '990000', 'medical', period), invented);
  assert.deepEqual(baseFor(unrounded, '990000', 'medical', period, yuan('8000')), invented);
  const unwindowed = definePolicy([inventedPack({ windows: [] })]);
  assert.deepEqual(windowOf(unwindowed, '990000', 'medical', period), {
    ...invented,
    error: { ...invented.error, part: 'window' },
  });
});

test('a row that is known on its day of publication holds on that day, and only its status tells more', () => {
  const policy = definePolicy([
    inventedPack({
      bounds: [
        { ...bounds, id: 'y2020' },
        {
          ...bounds,
          id: 'y2021',
          from: '2021-01',
          to: '2021-12',
          floor: '4500.00',
          publishedOn: '2021-06-01',
          status: 'assumed',
        },
      ],
    }),
  ]);
  const found = (period: string, asOf?: string) => {
    const answer = boundsFor(policy, '990000', 'medical', m(period), asOf);
    return answer.ok ? [answer.value.ruleId, answer.value.status] : answer.error.code;
  };
  assert.deepEqual(found('2020-06', '2020-03-01'), ['y2020', 'final']);
  assert.deepEqual(found('2020-06', '2020-02-29'), 'POLICY_MISSING');
  assert.deepEqual(found('2021-01', '2021-05-31'), ['y2020', 'provisional']);
  assert.deepEqual(found('2021-01', '2021-06-01'), ['y2021', 'assumed']);
  assert.deepEqual(found('2022-01', '2021-06-01'), ['y2021', 'provisional']);
  assert.deepEqual(found('2021-01', '2020-03-01'), ['y2020', 'provisional']);
});

test('of two rows that ended in one month the one published last is carried', () => {
  const policy = definePolicy([
    inventedPack({
      bounds: [
        { ...bounds, id: 'late', publishedOn: '2020-09-01', floor: '4100.00' },
        { ...bounds, id: 'early' },
      ],
    }),
  ]);
  const carried = lookup<BoundsRow>(policy, 'bounds|medical', '990000', m('2021-01'), '2021-12-31');
  assert.deepEqual([carried?.row.id, carried?.carried], ['late', true]);
});

test('a fee of nothing, for no day, is nothing; negative ones are programmers errors', () => {
  assert.equal(lateFeeForDays(yuan('0'), 10), 0);
  assert.equal(lateFeeForDays(yuan('1000'), 0), 0);
  assert.throws(() => lateFeeForDays(yuan('1000'), -1), /negative/);
  assert.throws(() => lateFeeForDays(yuan('-1'), 1), /negative/);
  assert.equal(lateFeeBetween(yuan('0'), '2021-03-31', '2021-04-10').lateFeeFen, 0);
});

test('110 % of a base is rounded half up to the yuan and stays within bounds', () => {
  const limits = { floorFen: yuan('4000'), capFen: yuan('20000') };
  assert.equal(default110Base(yuan('5000.45'), limits), yuan('5500'));
  assert.equal(default110Base(yuan('1000'), limits), yuan('4000'));
  assert.equal(default110Base(yuan('19000'), limits), yuan('20000'));
  assert.equal(default110Base(yuan('5000.50')), yuan('5501'));
});

test('a calendar is read once and answers the same again; other calendars answer by themselves', () => {
  const { calendars } = knownPolicy;
  const due = (month: string) => extendDue(calendars, nominalDue(m(month), 15), 'tax109');
  assert.deepEqual(due('2021-02'), due('2021-02'));
  const other = extendDue([], nominalDue(m('2021-02'), 15), 'tax109');
  assert.deepEqual(other, {
    ok: false,
    error: {
      code: 'POLICY_MISSING',
      part: 'calendar',
      region: '000000',
      insurance: null,
      payer: null,
      period: m('2021-02'),
    },
  });
});

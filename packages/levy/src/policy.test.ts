import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundsFor } from './base.ts';
import { lookup, regionChain } from './lookup.ts';
import { PackError } from './pack-reader.ts';
import { knownPolicy, nation, nationalAndZhejiang as policy, zhejiang } from './packs.ts';
import { definePolicy, policyVersion } from './policy.ts';
import { rateFor } from './rate.ts';
import { inventedPack, m, must, yuan } from './testing.ts';

test('bounds of Zhejiang, Ningbo and of what nobody published yet', () => {
  const short = (
    region: string,
    insurance: 'institutionPension' | 'enterprisePension',
    period: string,
    asOf?: string,
  ) => {
    const bounds = boundsFor(policy, region, insurance, m(period), asOf);
    if (!bounds.ok) return bounds.error.code;
    const { floorFen, capFen, status } = bounds.value;
    return [floorFen / 100, capFen / 100, status];
  };
  assert.deepEqual(short('330106', 'institutionPension', '2020-12'), [3321.6, 17880.75, 'final']);
  assert.deepEqual(short('330100', 'institutionPension', '2021-03', '2021-03-10'), [
    3321.6,
    17880.75,
    'provisional',
  ]);
  assert.deepEqual(short('330100', 'institutionPension', '2021-03', '2021-12-31'), [
    3957,
    19783,
    'final',
  ]);
  assert.deepEqual(short('330100', 'institutionPension', '2022-06'), [4462, 22311, 'final']);
  assert.deepEqual(short('330100', 'enterprisePension', '2022-06'), [3957, 22311, 'final']);
  assert.deepEqual(short('330200', 'enterprisePension', '2020-06'), [3815, 19070, 'final']);
  assert.deepEqual(short('330200', 'enterprisePension', '2021-06'), [3957, 19783, 'final']);
  assert.deepEqual(short('330200', 'enterprisePension', '2019-06'), 'POLICY_MISSING');
  assert.deepEqual(short('330100', 'enterprisePension', '2017-12'), 'POLICY_MISSING');
  assert.deepEqual(short('330100', 'institutionPension', '2027-01'), [4986, 25299, 'provisional']);
  assert.deepEqual(short('410100', 'institutionPension', '2021-03'), 'POLICY_MISSING');
});

test('regions go from district to nation, each once', () => {
  assert.deepEqual(regionChain('330106'), ['330106', '330100', '330000', '000000']);
  assert.deepEqual(regionChain('330000'), ['330000', '000000']);
});

test('the annuity uses the institution pension’s bounds, maternity the medical ones', () => {
  for (const [insurance, other] of [
    ['occupationalAnnuity', 'institutionPension'],
    ['maternity', 'medical'],
    ['largeMedical', 'medical'],
  ] as const) {
    const [left, right] = [insurance, other].map((each) =>
      boundsFor(policy, '330100', each, m('2022-06')),
    );
    assert.deepEqual(left, right);
  }
});

test('a provisional value holds until the final one is published', () => {
  const cap = (asOf: string) =>
    must(boundsFor(knownPolicy, '320100', 'medical', m('2022-03'), asOf)).capFen;
  assert.equal(cap('2022-03-10'), yuan('21821'));
  assert.equal(cap('2022-12-31'), yuan('22470'));
});

test('an unpublished row of a region keeps the nation out: its own earlier row is carried on', () => {
  const rate = (asOf: string) =>
    must(
      rateFor(policy, { region: '330100' }, 'enterprisePension', 'employer', m('2022-01'), asOf),
    );
  assert.equal(rate('2022-01-05').ratePpm, 140_000);
  assert.equal(rate('2022-01-05').provisional, true);
  assert.equal(rate('2022-02-05').ratePpm, 150_000);
  assert.equal(rate('2022-02-05').provisional, false);
});

test('of several rows for a month the one published last wins, later packs on the same day', () => {
  const base = {
    region: '990000',
    insurances: ['medical'],
    to: null,
    status: 'final',
    source: 'T',
  };
  const row = (id: string, floor: string, from: string, publishedOn: string) => ({
    ...base,
    id,
    floor,
    cap: '30000.00',
    from,
    publishedOn,
  });
  const first = inventedPack({
    bounds: [
      row('a', '1000.00', '2018-01', '2018-01-01'),
      row('b', '2000.00', '2020-01', '2020-05-01'),
    ],
  });
  const floor = (packs: Parameters<typeof definePolicy>[0], period: string, asOf?: string) =>
    must(boundsFor(definePolicy(packs), '990000', 'medical', m(period), asOf)).floorFen / 100;
  assert.equal(floor([first], '2020-03', '2020-04-30'), 1000);
  assert.equal(floor([first], '2020-03', '2020-05-01'), 2000);
  assert.equal(floor([first], '2019-12'), 1000);
  const whatIf = inventedPack({
    id: 'what-if',
    bounds: [row('c', '2500.00', '2020-01', '2020-05-01')],
  });
  assert.equal(floor([first, whatIf], '2020-03'), 2500);
  assert.equal(floor([whatIf, first], '2020-03'), 2000);
});

test('of ended rows the one that ended last is carried on, the most specific on a tie', () => {
  const row = (id: string, region: string, to: string, publishedOn = '2018-01-01') => ({
    id,
    region,
    insurances: ['medical'],
    floor: '1.00',
    cap: '2.00',
    from: '2018-01',
    to,
    publishedOn,
    status: 'final',
    source: 'T',
  });
  const carried = (...bounds: ReturnType<typeof row>[]) =>
    lookup(
      definePolicy([inventedPack({ bounds })]),
      'bounds|medical',
      '990102',
      m('2021-01'),
      '9999',
    )?.row.id;
  assert.equal(
    carried(row('district', '990102', '2019-12'), row('province', '990000', '2020-12')),
    'province',
  );
  assert.equal(
    carried(row('province', '990000', '2020-12'), row('district', '990102', '2020-12')),
    'district',
  );
  assert.equal(
    carried(row('old', '990000', '2020-12'), row('new', '990000', '2020-12', '2019-01-01')),
    'new',
  );
  assert.equal(
    carried(row('new', '990000', '2020-12', '2019-01-01'), row('old', '990000', '2020-12')),
    'new',
  );
  assert.equal(carried(), undefined);
});

test('the version names the packs and changes with their content', () => {
  assert.match(policyVersion(policy), /^nation\+zhejiang@[0-9a-f]{16}$/);
  assert.equal(policyVersion(definePolicy([nation, zhejiang])), policyVersion(policy));
  const changed = structuredClone(zhejiang);
  const [first] = changed.bounds ?? [];
  assert.ok(first);
  Object.assign(first, { floor: '3054.96' });
  assert.notEqual(policyVersion(definePolicy([nation, changed])), policyVersion(policy));
  const swapped = { ...zhejiang, assumptions: [...zhejiang.assumptions].reverse() };
  assert.notEqual(policyVersion(definePolicy([nation, swapped])), policyVersion(policy));
});

test('a pack that says something wrong is refused with the row and field', () => {
  const wrong = [
    [{ rates: [{ rate: '-0.1' }] }, /rates\[x\]\.rate: not a rate/],
    [{ rates: [{ insurance: 'pet' }] }, /pet is none of/],
    [{ rates: [{ payer: 'state' }] }, /state is none of/],
    [{ rates: [{ from: '2018-13' }] }, /\.from: not a month/],
    [{ rates: [{ to: '2017-12' }] }, /ends before it begins/],
    [{ rates: [{ publishedOn: '2018-02-30' }] }, /\.publishedOn: not a day/],
    [{ rates: [{ source: 'nowhere' }] }, /unknown source: nowhere/],
    [{ rates: [{ status: 'rumour' }] }, /rumour is none of/],
    [{ rates: [{ region: '99' }] }, /not a region: 99/],
    [{ rates: [{ fixed: '1.234' }] }, /\.fixed: not an amount/],
    [{ bounds: [{ floor: '5.00', cap: '4.00' }] }, /the floor lies above the cap/],
    [{ bounds: [{ floor: '-5.00', cap: '4.00' }] }, /\.floor: not an amount/],
  ] as const;
  const rate = {
    id: 'x',
    region: '990000',
    insurance: 'medical',
    payer: 'employer',
    rate: '0.1',
    from: '2018-01',
    to: null,
    publishedOn: '2018-01-01',
    status: 'final',
    source: 'T',
  };
  const bounds = { ...rate, insurances: ['medical'], floor: '1.00', cap: '2.00' };
  for (const [change, message] of wrong) {
    const pack = inventedPack({
      ...('rates' in change && { rates: change.rates.map((each) => ({ ...rate, ...each })) }),
      ...('bounds' in change && { bounds: change.bounds.map((each) => ({ ...bounds, ...each })) }),
    });
    assert.throws(() => definePolicy([pack]), message);
    assert.throws(() => definePolicy([pack]), PackError);
  }
});

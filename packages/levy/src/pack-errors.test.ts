import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PackData } from './pack.ts';
import { PackError } from './pack-reader.ts';
import { definePolicy } from './policy.ts';
import { inventedPack } from './testing.ts';

const row = {
  id: 'r',
  region: '990000',
  from: '2020-01',
  to: null,
  publishedOn: '2020-01-01',
  status: 'final',
  source: 'T',
} as const;
const { to: _, status: __, ...plain } = row;
const span = { ...plain, to: '2020-12' };
const medical = ['medical'] as const;

/** A good row of every part of a pack. */
const good: { readonly [P in keyof PackData]?: PackData[P] } = {
  rates: [{ ...row, insurance: 'medical', payer: 'employer', rate: '0.1', fixed: '3.00' }],
  bounds: [{ ...row, insurances: medical, floor: '1.00', cap: '2.00', settleBy: '2020-12-31' }],
  windows: [{ ...row, insurances: medical, startMonth: 1 }],
  rounding: [{ ...row, insurances: medical, base: 'yuanHalfUp', amount: 'fenHalfUp' }],
  riskScales: [{ ...row, rates: ['0.002'] }],
  unitShare: [{ ...row, insurances: medical, mode: 'aggregate' }],
  backPayBounds: [{ ...row, insurances: medical, mode: 'currentWindow' }],
  relief: [
    {
      ...span,
      insurances: medical,
      unitKinds: ['enterprise'],
      unitSizes: ['large'],
      factor: '0.5',
    },
  ],
  deferrals: [{ ...span, insurances: medical, group: 'g', dueOn: '2021-12-31' }],
  supplements: [{ ...row, insurance: 'medical', payer: 'employer', group: 'g', rate: '0.01' }],
  collectedFrom: [
    { id: 'r', region: '990000', insurances: medical, date: '2021-03-01', source: 'T' },
  ],
  dueRules: [{ ...row, periodOffset: 0, startDay: 1, dueDay: 15, extend: 'none' }],
  lateFeeRules: [
    {
      id: 'r',
      region: '990000',
      convention: 'taxStyle',
      backPay: 'fromPeriodDue',
      cap: 'none',
      source: 'T',
    },
  ],
  minimumWages: [{ ...row, amount: '2000.00' }],
};

type Part = keyof typeof good;

/** What may stand wrong in a row, and the end of the path that names it. */
const wrong: readonly (readonly [Part, string, unknown, string])[] = [
  ['rates', 'insurance', 'x', ''],
  ['rates', 'payer', 'x', ''],
  ['rates', 'rate', 'x', '.rate'],
  ['rates', 'fixed', '-1', '.fixed'],
  ['rates', 'unitKinds', ['x'], ''],
  ['rates', 'from', '2020-13', '.from'],
  ['rates', 'to', 'x', '.to'],
  ['rates', 'to', '2019-12', ''],
  ['rates', 'region', '99', ''],
  ['rates', 'publishedOn', '2020-02-30', '.publishedOn'],
  ['rates', 'status', 'x', '.status'],
  ['rates', 'source', 'x', '.source'],
  ['bounds', 'insurances', ['x'], ''],
  ['bounds', 'floor', 'x', '.floor'],
  ['bounds', 'cap', 'x', '.cap'],
  ['bounds', 'floor', '3.00', ''],
  ['bounds', 'settleBy', 'x', '.settleBy'],
  ['windows', 'insurances', ['x'], ''],
  ['windows', 'from', 'x', '.from'],
  ['rounding', 'insurances', ['x'], ''],
  ['rounding', 'base', 'x', ''],
  ['rounding', 'amount', 'x', ''],
  ['rounding', 'from', 'x', '.from'],
  ['riskScales', 'rates', ['x'], ''],
  ['riskScales', 'from', 'x', '.from'],
  ['unitShare', 'insurances', ['x'], ''],
  ['unitShare', 'mode', 'x', ''],
  ['unitShare', 'from', 'x', '.from'],
  ['backPayBounds', 'insurances', ['x'], ''],
  ['backPayBounds', 'mode', 'x', ''],
  ['backPayBounds', 'from', 'x', '.from'],
  ['relief', 'insurances', ['x'], ''],
  ['relief', 'unitKinds', ['x'], ''],
  ['relief', 'unitSizes', ['x'], ''],
  ['relief', 'factor', 'x', ''],
  ['relief', 'from', 'x', '.from'],
  ['deferrals', 'insurances', ['x'], ''],
  ['deferrals', 'dueOn', 'x', ''],
  ['deferrals', 'from', 'x', '.from'],
  ['supplements', 'insurance', 'x', ''],
  ['supplements', 'payer', 'x', ''],
  ['supplements', 'rate', 'x', ''],
  ['supplements', 'from', 'x', '.from'],
  ['collectedFrom', 'insurances', ['x'], ''],
  ['collectedFrom', 'date', 'x', ''],
  ['collectedFrom', 'source', 'x', ''],
  ['dueRules', 'extend', 'x', ''],
  ['dueRules', 'from', 'x', '.from'],
  ['lateFeeRules', 'convention', 'x', ''],
  ['lateFeeRules', 'backPay', 'x', ''],
  ['lateFeeRules', 'cap', 'x', ''],
  ['lateFeeRules', 'source', 'x', ''],
  ['minimumWages', 'amount', 'x', ''],
  ['minimumWages', 'from', 'x', '.from'],
];

test('a pack with a good row in every part is read, row by row', () => {
  const policy = definePolicy([inventedPack(good)]);
  for (const part of Object.keys(good) as Part[]) {
    const rows = policy[part as 'rates'];
    assert.deepEqual(
      rows.map(({ id, region }) => [id, region]),
      [['r', '990000']],
      part,
    );
  }
  assert.deepEqual(policy.relief[0]?.unitSizes, ['large']);
  assert.equal(policy.bounds[0]?.settleBy, '2020-12-31');
  assert.deepEqual([policy.rates[0]?.fixedFen, policy.rates[0]?.ratePpm], [300, 100_000]);
  assert.equal(policy.dueRules[0]?.dueDay, 15);
  assert.deepEqual(policy.deferrals[0]?.dueOn, '2021-12-31');
  const monthEnd = {
    ...good,
    dueRules: [{ ...row, periodOffset: 1, startDay: 1, dueDay: 'monthEnd', extend: 'tax109' }],
  };
  assert.equal(definePolicy([inventedPack(monthEnd)]).dueRules[0]?.dueDay, 31);
});

for (const [part, field, value, end] of wrong) {
  test(`a wrong ${field} in ${part} is named by pack, part, row and field: ${String(value)}`, () => {
    const [first] = good[part] as readonly object[];
    const broken = { [part]: [{ ...first, [field]: value }] };
    assert.throws(
      () => definePolicy([inventedPack(broken)]),
      (error: unknown) => {
        assert.ok(error instanceof PackError);
        assert.equal(error.path, `invented.${part}[r]${end}`);
        assert.ok(error.message.startsWith(`policy pack, ${error.path}: `));
        return true;
      },
    );
  });
}

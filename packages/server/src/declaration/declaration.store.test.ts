import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Unit } from '../employer/index.ts';
import type { TestWorld } from '../platform/testing.ts';
import { takeOverWages } from '../wage/index.ts';
import type { Dues } from './dues.ts';
import { totalOf } from './dues.ts';
import { takeOverLevied } from './takeover.ts';
import {
  arrive,
  askVoid,
  declare,
  declareWages,
  duesOf,
  inside,
  makeUnit,
  month,
  openWorld,
  setBill,
  statusOf,
  verdicts,
  yuan,
} from './testing.ts';

/** The amounts of a month's four items, as yuan: pension unit, person, annuity unit, person. */
function amounts(dues: Dues, period: string): string[] {
  return dues.items
    .filter((item) => item.period === month(period))
    .map((item) => `${item.kind} ${item.people} ${(item.amountFen / 100).toFixed(2)}`);
}

/** The employer's one long-standing person, whose history was taken over through 2021-02. */
async function takeOverVeteran(world: TestWorld, unit: Unit): Promise<string> {
  const ids = await arrive(world, unit, [{ no: 1, from: '2014-10' }]);
  const personId = ids.get(1) ?? '';
  await inside(world, async (tx) => {
    const wage = { personId, wageFen: yuan('8250.50') };
    await takeOverWages(tx, unit.id, [
      { ...wage, effectiveMonth: month('2019-01') },
      { ...wage, effectiveMonth: month('2020-01') },
      { ...wage, effectiveMonth: month('2021-01') },
    ]);
    const figures = { wageFen: yuan('8250.50'), baseFen: yuan('8251.00'), people: 1 };
    const run = { personId, from: month('2019-05'), to: month('2021-02'), ...figures };
    const spans = [
      ['institutionPension', 'employer', 160_000, '1320.16'],
      ['institutionPension', 'employee', 80_000, '660.08'],
      ['occupationalAnnuity', 'employer', 80_000, '660.08'],
      ['occupationalAnnuity', 'employee', 40_000, '330.04'],
    ] as const;
    await takeOverLevied(
      tx,
      unit.id,
      spans.map(([insurance, payer, ratePpm, amount]) => ({
        ...run,
        insurance,
        payer,
        ratePpm: ratePpm as never,
        amountFen: yuan(amount),
      })),
      { collectedBy: '人社' },
    );
  });
  return personId;
}

test('the month of the founding document, to the fen', async (t) => {
  const world = await openWorld(t, { now: '2021-03-10' });
  const unit = await makeUnit(world);
  const veteran = await takeOverVeteran(world, unit);
  const ids = await arrive(world, unit, [
    { no: 2, from: '2021-03' },
    { no: 3, from: '2019-04' },
  ]);
  const [newcomer, returned] = [ids.get(2) ?? '', ids.get(3) ?? ''];

  // Nobody's wage is invented: only the veteran is due, and the two are named as lacking a wage.
  const before = await duesOf(world, unit);
  assert.deepEqual(amounts(before, '2021-03'), [
    'current 1 1320.16',
    'current 1 660.08',
    'current 1 660.08',
    'current 1 330.04',
  ]);
  assert.equal(before.items.length, 4);
  assert.deepEqual(
    new Set(before.refusals.map(({ personId }) => personId)),
    new Set([newcomer, returned]),
  );

  // 2020 before 2019 is refused, as is a wage below Hangzhou's minimum; the rest is accepted.
  const partial = await declareWages(world, unit, [
    [newcomer, '2021-03', '2009.99'],
    [returned, '2020-01', '20000'],
  ]);
  assert.deepEqual(await verdicts(world, partial), ['WAGE_BELOW_MINIMUM', 'WAGE_YEAR_ORDER']);
  const accepted = await declareWages(world, unit, [
    [newcomer, '2021-03', '3000'],
    [returned, '2020-01', '20000'],
    [returned, '2019-04', '6000'],
    [returned, '2021-01', '9000'],
  ]);
  assert.deepEqual(await verdicts(world, accepted), [null, null, null, null]);

  const dues = await duesOf(world, unit);
  // 3 people: 8251 (8250.50 rounded), 3321.60 (floor), 9000.
  assert.deepEqual(amounts(dues, '2021-03'), [
    'current 3 3291.62',
    'current 3 1645.81',
    'current 3 1645.81',
    'current 3 822.90',
  ]);
  const each = (rows: readonly string[]) => rows.map((row) => `backPay 1 ${row}`);
  // April 2019 at 20 %, May at 16 %; 2020 at the cap 17,880.75.
  assert.deepEqual(amounts(dues, '2019-04'), each(['1200.00', '480.00', '480.00', '240.00']));
  assert.deepEqual(amounts(dues, '2019-05'), each(['960.00', '480.00', '480.00', '240.00']));
  assert.deepEqual(amounts(dues, '2020-07'), each(['2860.92', '1430.46', '1430.46', '715.23']));
  assert.deepEqual(amounts(dues, '2021-02'), each(['1440.00', '720.00', '720.00', '360.00']));
  assert.equal(dues.items.length, 24 * 4);
  assert.equal(dues.amountFen, yuan('110810.98'));
  assert.equal(dues.lateFeeFen, 0);
  assert.equal(dues.people, 3);

  // Declared: the wages are locked until the declaration is voided.
  const first = await declare(world, unit);
  assert.deepEqual(await statusOf(world, first), { status: '全部申报成功', failureCode: null });
  assert.equal((await duesOf(world, unit)).items.length, 0);
  const change = [[returned, '2019-04', '6500']] as const;
  assert.equal(await declareWages(world, unit, change), 'DECLARATION_LIVE');
  assert.equal((await askVoid(world, unit, first)).ok, true);
  await world.drainTasks();
  assert.equal((await statusOf(world, first)).status, '已作废');
  assert.equal((await duesOf(world, unit)).version, dues.version);

  // 2019 at 6,500 instead: 200 more in April, 180 more in each of eight months.
  await declareWages(world, unit, change);
  assert.equal(totalOf(await duesOf(world, unit)), yuan('112450.98'));
  const second = await declare(world, unit);
  await setBill(world, second, 'PAID');
  const refused = await askVoid(world, unit, second);
  assert.equal(refused.ok ? '' : refused.error.code, 'DECLARATION_NOT_VOIDABLE');

  // Paid: wages are open again. The veteran's rise gives a top-up also of months taken over, the
  // other's lower 2020 an overpayment.
  await declareWages(world, unit, [
    [veteran, '2021-01', '9000'],
    [returned, '2020-01', '15000'],
  ]);
  const later = await duesOf(world, unit);
  const more = ['119.84', '59.92', '59.92', '29.96'];
  assert.deepEqual(
    amounts(later, '2021-01'),
    more.map((row) => `topUp 1 ${row}`),
  );
  assert.deepEqual(
    amounts(later, '2021-03'),
    more.map((row) => `current 1 ${row}`),
  );
  assert.equal(later.amountFen, yuan('808.92'));
  assert.equal(later.overpaidFen, 0 - yuan('12444.84'));
  await declare(world, unit);
  const settled = await duesOf(world, unit);
  assert.deepEqual([settled.items.length, settled.overpaid.length], [0, 0]);
});

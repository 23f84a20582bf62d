import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fen } from '@shebao/kernel';
import type { UnitRegistration } from '../employer/index.ts';
import { checkLevied } from './check.ts';
import { type Dues, totalOf } from './dues.ts';
import {
  arrive,
  askVoid,
  declare,
  declareWages,
  duesOf,
  makeUnit,
  month,
  openWorld,
  setBill,
  statusOf,
  submit,
  yuan,
} from './testing.ts';

const enterprise: Partial<UnitRegistration> = {
  unitNo: '330100009',
  unitKind: 'enterprise',
  fundingType: 'none',
  unitSize: 'large',
  riskClass: 2,
  insurances: ['enterprisePension', 'unemployment', 'medical', 'workInjury'],
};

/** Item, people, base and sum of a month. */
function rows(dues: Dues, period: string): string[] {
  return dues.items
    .filter((item) => item.period === month(period))
    .map(({ insurance, payer, kind, people, baseFen, amountFen }) =>
      [insurance, payer, kind, people, baseFen / 100, amountFen / 100].join(' '),
    );
}

test('the unit share on total payroll moves by what touched people bring, and nobody else', async (t) => {
  const world = await openWorld(t, { now: '2021-02-10' });
  const unit = await makeUnit(world, enterprise);
  const ids = await arrive(world, unit, [
    { no: 1, from: '2021-02' },
    { no: 2, from: '2021-02' },
  ]);
  const [one, two] = [ids.get(1) ?? '', ids.get(2) ?? ''];
  await declareWages(world, unit, [
    [one, '2021-02', '10000.50'],
    [two, '2021-02', '30000'],
  ]);
  // Payroll 10,001 + 30,000, above the person's cap of 17,880.75.
  assert.deepEqual(rows(await duesOf(world, unit), '2021-02'), [
    'enterprisePension employer current 2 40001 5600.14',
    'enterprisePension employee current 2 27881.75 2230.54',
    'unemployment employer current 2 40001 200.01',
    'unemployment employee current 2 27881.75 139.41',
    'medical employer current 2 27881.75 2760.29',
    'medical employee current 2 27881.75 557.64',
    'workInjury employer current 2 27881.75 111.52',
  ]);
  await setBill(world, await declare(world, unit), 'PAID');

  // A third arrives in March, insured since February: the payroll of February grows by 5,000.
  world.clock.set('2021-03-10');
  const three = (await arrive(world, unit, [{ no: 3, from: '2021-02' }])).get(3) ?? '';
  await declareWages(world, unit, [[three, '2021-02', '5000']]);
  const grown = await duesOf(world, unit);
  assert.deepEqual(rows(grown, '2021-02'), [
    'enterprisePension employer topUp 1 45001 700',
    'enterprisePension employee backPay 1 5000 400',
    'unemployment employer topUp 1 45001 25',
    'unemployment employee backPay 1 5000 25',
    'medical employer backPay 1 5000 495',
    'medical employee backPay 1 5000 100',
    'workInjury employer backPay 1 5000 20',
  ]);
  assert.equal(rows(grown, '2021-03')[0], 'enterprisePension employer current 3 45001 6300.14');
  assert.equal(grown.lateFeeFen, 0);
  await setBill(world, await declare(world, unit), 'PAID');

  // 30,000 becomes 20,000: still above the cap for the person, 10,000 less for the payroll.
  await declareWages(world, unit, [[two, '2021-02', '20000']]);
  const less = await duesOf(world, unit);
  assert.deepEqual(less.items, []);
  assert.deepEqual(
    less.overpaid.map((line) => [line.personId, line.insurance, line.deltaFen / 100]),
    [
      [null, 'enterprisePension', -1400],
      [null, 'enterprisePension', -1400],
      [null, 'unemployment', -50],
      [null, 'unemployment', -50],
    ],
  );
  assert.deepEqual(await checkLevied(world.services.db.q), []);
});

test('lines of a void declaration come back though a later one stands; late fees run from their own due day', async (t) => {
  const world = await openWorld(t, { now: '2021-02-10' });
  const unit = await makeUnit(world, enterprise);
  const some = ['medical'] as const;
  const ids = await arrive(world, unit, [
    { no: 1, from: '2021-02' },
    { no: 2, from: '2021-02', insurances: some },
  ]);
  await declareWages(world, unit, [
    [ids.get(1) ?? '', '2021-02', '10000'],
    [ids.get(2) ?? '', '2021-02', '6000'],
  ]);
  const dues = await duesOf(world, unit);
  const first = await declare(world, unit);
  // The agencies add pension for the second: a second declaration of the same month.
  await arrive(world, unit, [
    { no: 2, from: '2021-02', insurances: ['medical', 'enterprisePension'] },
  ]);
  const more = await duesOf(world, unit);
  assert.deepEqual(rows(more, '2021-02'), [
    'enterprisePension employer current 1 16000 840',
    'enterprisePension employee current 1 6000 480',
  ]);
  const second = await declare(world, unit);
  assert.equal((await askVoid(world, unit, first)).ok, true);
  await world.drainTasks();
  const back = await duesOf(world, unit);
  assert.equal(back.amountFen, dues.amountFen);
  assert.equal(rows(back, '2021-02')[0], 'enterprisePension employer current 1 16000 1400');

  // Not declared again before March: those lines are now back-payments, late since February's end.
  world.clock.set('2021-03-10');
  const march = await duesOf(world, unit);
  const february = march.items.filter((item) => item.period === month('2021-02'));
  assert.deepEqual(new Set(february.map((item) => item.dueDate)), new Set(['2021-02-28']));
  // 10 days at 0.05 % of 1,400.00.
  assert.equal(february[0]?.lateFeeFen, yuan('7.00'));
  const third = await declare(world, unit);
  assert.equal((await statusOf(world, third)).status, '全部申报成功');
  assert.equal((await duesOf(world, unit)).items.length, 0);
  assert.deepEqual(await checkLevied(world.services.db.q), []);

  // What is submitted must be what is due under the lock.
  assert.equal((await submit(world, unit)).refusal?.code, 'NOTHING_DUE');
  assert.equal((await askVoid(world, unit, second)).ok, true);
  const meanwhile = await askVoid(world, unit, third);
  assert.equal(meanwhile.ok ? '' : meanwhile.error.code, 'DECLARATION_PENDING');
  await world.drainTasks();
  const stale = await submit(world, unit, { version: 'old', totalFen: fen(100) });
  assert.equal((await submit(world, unit)).refusal?.code, 'DECLARATION_PENDING');
  await world.drainTasks();
  assert.deepEqual(await statusOf(world, stale.id), {
    status: '全部申报失败',
    failureCode: 'DUES_CHANGED',
  });
  assert.ok(totalOf(await duesOf(world, unit)) > 0);
});

test('institution items are offered from declarations of 2021-03-01 on, earlier months included', async (t) => {
  const world = await openWorld(t, { now: '2021-02-28' });
  const unit = await makeUnit(world);
  const ids = await arrive(world, unit, [{ no: 1, from: '2021-01' }]);
  await declareWages(world, unit, [[ids.get(1) ?? '', '2021-01', '8000']]);
  const before = await duesOf(world, unit);
  assert.deepEqual([before.items, before.refusals], [[], []]);
  world.clock.set('2021-03-01');
  const after = await duesOf(world, unit);
  assert.deepEqual(
    [...new Set(after.items.map(({ period }) => period))],
    ['2021-01', '2021-02', '2021-03'].map(month),
  );
  assert.equal(after.items.length, 12);
  // (16 + 8 + 8 + 4) % of 8,000, three months.
  assert.equal(after.amountFen, yuan('8640.00'));
});

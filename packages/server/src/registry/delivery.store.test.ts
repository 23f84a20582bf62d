import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { sql } from 'kysely';
import { registerTaxpayer, registerUnit } from '../employer/index.ts';
import { type TestWorld, testDatabase } from '../platform/testing.ts';
import type { Delivered } from './deliver.ts';
import { deliverCommand, identityNumbers, readDelivery } from './index.ts';

const officer = { kind: 'user', userId: 'o1', realm: 'office' } as const;
const head = '单位编号,姓名,证件类型,证件号码,险种,参保起始年月,参保终止年月';
const numbers = ['11010519491231002X', '440101200001010017'];

async function office(world: TestWorld): Promise<void> {
  const taxpayer = { taxpayerId: '91350100M000100Y43', name: '示例公司' };
  await world.execute(registerTaxpayer, taxpayer, { actor: officer });
  const unit = {
    taxpayerId: taxpayer.taxpayerId,
    unitNo: '33010001',
    name: '示例公司',
    region: '330100',
    unitKind: 'enterprise',
    fundingType: 'none',
    unitSize: 'medium',
    riskClass: 2,
    floatFactor: '1.2',
    insurances: ['enterprisePension', 'medical'],
  } as const;
  const done = await world.execute(registerUnit, unit, { actor: officer });
  assert.equal(done.ok, true);
}

async function deliver(world: TestWorld, lines: readonly string[]): Promise<Delivered> {
  const file = Buffer.from([head, ...lines].join('\r\n'));
  const content = await readDelivery(file, world.clock.now().date);
  assert.ok(content.ok, JSON.stringify(content));
  const input = { id: randomUUID(), fileName: '参保数据.csv', content: content.value };
  const done = await world.execute(deliverCommand(world.services.crypto), input, {
    actor: officer,
  });
  assert.ok(done.ok);
  return done.value;
}

async function registry(world: TestWorld): Promise<unknown[]> {
  const found = await sql`SELECT name, spells, is_open, arrived_on::text AS arrived, revision
    FROM registry_person ORDER BY person_id`.execute(world.services.db.q);
  return found.rows;
}

test('a delivery takes effect row by row, and the same file again changes nothing', async (t) => {
  const world = await testDatabase(t);
  await office(world);
  const lines = [
    `33010001,王一,居民身份证,${numbers[0]},企业职工基本养老保险费,2021-01,`,
    `33010001,王一,居民身份证,${numbers[0]},职工基本医疗保险,2021年1月,`,
    `33010001,李二,,${numbers[1]},企业养老保险,202001,202102`,
  ];
  const first = await deliver(world, lines);
  assert.deepEqual([first.accepted, first.unchanged, first.rejected], [3, 0, 0]);
  const after = await registry(world);
  assert.deepEqual(after, [
    {
      name: '王一',
      spells: [1, 24252, 0, 5, 24252, 0],
      is_open: true,
      arrived: '2021-03-10',
      revision: 1,
    },
    {
      name: '李二',
      spells: [1, 24240, 24253],
      is_open: false,
      arrived: '2021-03-10',
      revision: 1,
    },
  ]);
  world.clock.set('2021-04-01');
  const second = await deliver(world, lines);
  assert.deepEqual([second.accepted, second.unchanged, second.rejected], [0, 3, 0]);
  assert.deepEqual(await registry(world), after);
  const ids = await sql<{ id: string; cipher: Buffer }>`
    SELECT person_id::text AS id, number_cipher AS cipher FROM identity ORDER BY 1`.execute(
    world.services.db.q,
  );
  const { db, crypto } = world.services;
  const clear = await identityNumbers(
    db.q,
    crypto,
    ids.rows.map((row) => row.id),
  );
  assert.deepEqual(new Set(clear.values()), new Set(numbers));
  assert.ok(ids.rows.every((row) => !row.cipher.includes(Buffer.from(numbers[0] ?? ''))));
});

test('an overlapping spell corrects the held one; a return after a stop arrives anew', async (t) => {
  const world = await testDatabase(t);
  await office(world);
  const pension = (months: string): string => `33010001,王一,,${numbers[0]},企业养老保险,${months}`;
  await deliver(world, [pension('2020-01,')]);
  world.clock.set('2021-03-20');
  await deliver(world, [pension('2020-02,2021-02')]);
  const stopped = (await registry(world)) as { spells: number[]; arrived: string }[];
  assert.deepEqual(stopped[0]?.spells, [1, 24241, 24253]);
  assert.equal(stopped[0]?.arrived, '2021-03-10');
  world.clock.set('2021-06-02');
  const back = await deliver(world, [pension('2021-06,')]);
  assert.equal(back.accepted, 1);
  const again = (await registry(world)) as { spells: number[]; arrived: string }[];
  assert.deepEqual(again[0]?.spells, [1, 24241, 24253, 1, 24257, 0]);
  assert.equal(again[0]?.arrived, '2021-06-02');
});

test('every unsound row is refused with its row, column and what to do', async (t) => {
  const world = await testDatabase(t);
  await office(world);
  const unit = '33010001';
  const done = await deliver(world, [
    `${unit},王一,,4.4E+17,企业养老保险,2021-01,`,
    `${unit},王一,,110105194912310021,企业养老保险,2021-01,`,
    `99999999,王一,,${numbers[0]},企业养老保险,2021-01,`,
    `${unit},王一,,${numbers[0]},失业保险,2021-01,`,
    `${unit},王一,,${numbers[0]},彩票,2021-01,`,
    `${unit},王一,,${numbers[0]},企业养老保险,2021-13,`,
    `${unit},王一,,${numbers[0]},企业养老保险,2021-03,2021-02`,
    `${unit},,,${numbers[0]},企业养老保险,2021-03,`,
    `${unit},王一,身份证,${numbers[0]},企业养老保险,2021-03,`,
    `${unit},王一,,${numbers[0]},企业养老保险,2021-01,`,
    `${unit},王二,,${numbers[0]},医疗保险,2021-01,`,
    `${unit},王一,,${numbers[0]},企业养老保险,2021-01,2021-02`,
    `${unit},王一,外国护照,E1234567,企业养老保险,2021-01,`,
  ]);
  const got = done.problems.map((problem) => [problem.row, problem.column, problem.code]);
  assert.deepEqual(got, [
    [2, '证件号码', 'DIGITS_LOST'],
    [3, '证件号码', 'IDENTITY_INVALID'],
    [4, '单位编号', 'UNIT_UNKNOWN'],
    [5, '险种', 'INSURANCE_UNREGISTERED'],
    [6, '险种', 'INSURANCE_UNKNOWN'],
    [7, '参保起始年月', 'MONTH_INVALID'],
    [8, '参保终止年月', 'MONTH_ORDER'],
    [9, '姓名', 'NAME_INVALID'],
    [10, '证件类型', 'DOCUMENT_TYPE_UNKNOWN'],
    [12, '姓名', 'NAME_DIFFERS'],
    [13, '参保起始年月', 'ROW_CONTRADICTS'],
  ]);
  assert.deepEqual([done.rows, done.accepted, done.rejected], [13, 2, 11]);
  assert.equal((await registry(world)).length, 2);
});

test('registering: credit codes with faults warn, what exists is refused', async (t) => {
  const world = await testDatabase(t);
  await office(world);
  const input = { taxpayerId: '91350100M000100Y44', name: '另一公司' };
  const odd = await world.execute(registerTaxpayer, input, { actor: officer });
  assert.ok(odd.ok);
  assert.match(odd.value.warnings.join(), /校验码不符/);
  const twice = await world.execute(registerTaxpayer, input, { actor: officer });
  assert.deepEqual(twice, { ok: false, error: { code: 'TAXPAYER_EXISTS' } });
  const unit = {
    taxpayerId: input.taxpayerId,
    unitNo: '33010001',
    name: '另一公司',
    region: '330100',
    unitKind: 'enterprise',
    fundingType: 'none',
    unitSize: null,
    riskClass: null,
    floatFactor: '1',
    insurances: ['workInjury'],
  } as const;
  const taken = await world.execute(registerUnit, unit, { actor: officer });
  assert.deepEqual(taken, { ok: false, error: { code: 'UNIT_EXISTS' } });
  const free = { ...unit, unitNo: '33010002' };
  const warned = await world.execute(registerUnit, free, { actor: officer });
  assert.ok(warned.ok);
  assert.match(warned.value.warnings.join(), /风险类别/);
});

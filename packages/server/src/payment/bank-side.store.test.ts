import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { arrive, declare, declareWages, makeUnit } from '../declaration/testing.ts';
import { testService } from '../testing.ts';
import { billStates } from './index.ts';
import { payAtBank } from './testing.ts';

async function declared(t: TestContext) {
  const service = await testService(t, { now: '2021-03-10' });
  const unit = await makeUnit(service);
  const people = await arrive(service, unit, [{ no: 1, from: '2021-03' }]);
  await declareWages(service, unit, [[people.get(1) ?? '', '2021-03', '8000.00']]);
  return { service, id: await declare(service, unit) };
}

test("a bank's list confirms a voucher whose confirmation got lost", async (t) => {
  const { service, id } = await declared(t);
  await payAtBank(service, id, '3113');
  const [bill] = await billStates(service.services.db.q, { declarationIds: [id] });
  assert.equal(bill?.status, '已缴款未入库');
});

test('a list that names another amount leaves the voucher 待核实 and opens a case', async (t) => {
  const { service, id } = await declared(t);
  await payAtBank(service, id, '3113 with another amount');
  const [bill] = await billStates(service.services.db.q, { declarationIds: [id] });
  assert.equal(bill?.status, '待核实');
  const { rows } = await service.pools.read.query('select kind, state from exception_case');
  assert.deepEqual(rows, [{ kind: 'answerContradicts', state: '待处理' }]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '@shebao/kernel';
import { registerTaxpayer, registerUnit, unitByNo } from '../employer/index.ts';
import type { Command, Tx } from '../platform/index.ts';
import { testDatabase } from '../platform/testing.ts';
import { billStates, createBill, voidBill } from './index.ts';

const declarationId = '7d9f0a52-4f0e-4b4e-9a51-2f6a4c5d6e01';

function command<T>(run: (tx: Tx, at: Parameters<Command<null, T>['run']>[2]) => Promise<T>) {
  return {
    name: 'test.bill',
    chain: () => 'agency:test',
    describe: () => ({ subject: 'test', detail: {} }),
    run: async (tx: Tx, _input: null, context: Parameters<Command<null, T>['run']>[2]) =>
      ok(await run(tx, context)),
  } as unknown as Command<null, T>;
}

test('a bill is made with its declaration, shown unpaid, and voided once', async (t) => {
  const world = await testDatabase(t);
  const actor = { kind: 'system', name: 'test' } as const;
  const taxpayerId = '12330100470000001X';
  await world.execute(registerTaxpayer, { taxpayerId, name: '杭州市示例学校' }, { actor });
  await world.execute(
    registerUnit,
    {
      taxpayerId,
      unitNo: '330100000123',
      name: '杭州市示例学校',
      region: '330100',
      unitKind: 'institution',
      fundingType: 'partial',
      unitSize: null,
      riskClass: null,
      floatFactor: '1',
      insurances: ['institutionPension', 'occupationalAnnuity'],
    },
    { actor },
  );
  const unit = await unitByNo(world.services.db.q, '330100000123');
  assert.ok(unit);
  const line = { insurance: 'institutionPension', period: 24254, kind: 'current' } as const;
  const common = { people: 2, baseFen: 1_000_000, dueDate: '2021-03-31' };
  const made = await world.execute(
    command(async (tx, context) =>
      createBill(
        tx,
        {
          unitId: unit.id,
          declarationId,
          declaredOn: '2021-03-10',
          dueDate: '2021-03-31',
          periodFrom: 24254,
          periodTo: 24254,
          lines: [
            { ...line, ...common, payer: 'employer', ratePpm: 160_000, amountFen: 160_000 },
            { ...line, ...common, payer: 'employee', ratePpm: 80_000, amountFen: 80_000 },
          ],
        },
        context,
      ),
    ),
    null,
    { actor },
  );
  assert.ok(made.ok);
  const [state] = await billStates(world.services.db.q, { unitIds: [unit.id] });
  assert.deepEqual(state, {
    declarationId,
    unitId: unit.id,
    state: 'UNPAID',
    status: '未缴费',
    paidOn: null,
    amountFen: 240_000,
    lateFeeFen: 0,
    refundedFen: 0,
    taxVoucherNo: null,
  });
  const again = command((tx, context) => voidBill(tx, declarationId, context));
  const first = await world.execute(again, null, { actor });
  assert.deepEqual(first, ok(ok(null)));
  const second = await world.execute(again, null, { actor });
  assert.ok(second.ok && !second.value.ok);
  assert.equal(second.value.error.code, 'DECLARATION_NOT_VOIDABLE');
  const { rows } = await world.pools.read.query(
    'select debit, credit, amount_fen from journal order by seq',
  );
  assert.deepEqual(rows, [
    { debit: 'receivable', credit: 'assessed', amount_fen: 240_000 },
    { debit: 'assessed', credit: 'receivable', amount_fen: 240_000 },
  ]);
  await assert.rejects(world.pools.write.query('delete from payment_event'), /append-only/);
});

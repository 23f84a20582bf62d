// A debit whose task ended without it comes to its end all the same.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../platform/testing.ts';
import { eightDigits, taxVoucherNo } from '../treasury/index.ts';
import { usualTimes } from './advance.ts';
import { takeOver } from './agreements.ts';
import { addBill } from './bills.ts';
import { confirmPayment } from './confirm.ts';
import { openPayments } from './index.ts';
import { takeUpForgotten } from './sender.ts';
import { agreements } from './tables.ts';
import { inStore, openDay } from './testing.ts';

const taxOrg = '133010000000';
const taxpayerId = '12330100470000001X';

test('debits that nobody follows are taken up, those under way are left alone', async (t) => {
  const world = await testDatabase(t);
  // No bank: what is sent finds no connection.
  const { ports, tasks } = await openPayments(world.services, {
    treasuryUrl: 'http://127.0.0.1:9',
  });
  const billIds = [randomUUID(), randomUUID()];
  const [agreement] = await inStore(world, async (store) => {
    await openDay(store, taxOrg);
    await takeOver(store, {
      taxpayerId,
      taxpayerName: '示例学校',
      taxOrg,
      protocolNo: '202100000001',
      bankName: '示例银行',
      openingBankNo: '102331000001',
      clearingBankNo: '102331000000',
      account: '1202021099000001',
      holder: '示例学校',
    });
    for (const declarationId of billIds) {
      await addBill(store, {
        declarationId,
        unitId: 1,
        unitNo: '330100000123',
        unitName: '示例学校',
        taxpayerId,
        taxpayerName: '示例学校',
        taxOrg,
        region: '330100',
        declaredOn: '2021-03-10',
        dueDate: '2021-03-31',
        periodFrom: 24254,
        periodTo: 24254,
        lines: [
          {
            insurance: 'institutionPension',
            payer: 'employer',
            period: 24254,
            kind: 'current',
            people: 2,
            baseFen: 1_000_000,
            ratePpm: 160_000,
            amountFen: 160_000,
            dueDate: '2021-03-31',
          },
        ],
      });
    }
    return store.of(agreements).find({});
  });
  for (const [at, billId] of billIds.entries()) {
    const number = {
      billId,
      taxVouNo: taxVoucherNo(taxOrg, '2021', at + 1),
      traNo: eightDigits(at + 1),
      msgId: `202103101001${eightDigits(at + 1)}`,
      workDate: '2021-03-10',
    };
    const order = {
      id: randomUUID(),
      taxpayerId,
      requestedBy: 'clerk',
      agreementId: agreement?.id ?? 0,
      bills: [{ id: billId, version: 2, totalFen: 160_000 }],
      totalFen: 160_000,
    };
    const done = await inStore(world, (store) =>
      confirmPayment(store, order, [number], usualTimes),
    );
    assert.ok(done.ok, JSON.stringify(done));
  }
  // The tasks ended, but the debits stand where they were: one not sent, one sent.
  await world.pools.write.query(`update task set state = 'done' where kind = 'payment.send'`);
  await world.pools.write.query(
    `update attempt set state = 'SENT', boot_id = $1, sent_at = created_at where tra_no = '00000002'`,
    [ports.bootId],
  );
  const states = async () => {
    const { rows } = await world.pools.read.query(
      `select a.state, b.state as bill from attempt a join bill b on b.id = a.bill_id
       order by a.tra_no`,
    );
    return rows.map(({ state, bill }) => `${state} ${bill}`);
  };
  await takeUpForgotten(ports);
  assert.deepEqual(await states(), ['NEW LOCKED', 'SENT LOCKED'], 'not long ago');
  world.clock.pass(6 * 60_000);
  await takeUpForgotten(ports);
  await takeUpForgotten(ports);
  await world.drainTasks({ handlers: tasks, limit: 1 });
  assert.deepEqual(await states(), ['NOT_SENT UNPAID', 'UNKNOWN LOCKED']);
});

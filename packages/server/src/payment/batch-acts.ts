import { err, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import type { Reader, Store } from '../treasury/index.ts';
import { type Candidate, modeInForce, type PlannedLine, planBatch } from './batch.ts';
import {
  agreements,
  type BatchLineRecord,
  type BatchRecord,
  batches,
  batchLines,
  billLines,
  bills,
  modes,
} from './tables.ts';

/** The bills of units in batch mode that are not paid, with what a batch would do with each. */
export async function proposal(
  store: Reader,
  month: number,
  today: string,
): Promise<readonly PlannedLine[]> {
  const choices = await store.of(modes).find({}, { order: ['unitId', 'seq'] });
  const byUnit = Map.groupBy(choices, (choice) => choice.unitId);
  const inForce = [...byUnit.values()].flatMap((own) => modeInForce(own, month) ?? []);
  const batch = inForce.filter((choice) => choice.mode === 'batch');
  const unitId = batch.map((choice) => choice.unitId);
  if (unitId.length === 0) return [];
  const open = await store
    .of(bills)
    .find({ unitId, state: ['UNPAID', 'LOCKED'] }, { order: ['unitId', 'declaredOn', 'id'] });
  const ids = batch.flatMap((choice) => choice.agreementId ?? []);
  const held = await store.of(agreements).find({ id: ids });
  const lines = await store.of(billLines).find({ billId: open.map((bill) => bill.id) });
  const byBill = Map.groupBy(lines, (line) => line.billId);
  const candidates = open.map((bill): Candidate => {
    const choice = batch.find((one) => one.unitId === bill.unitId);
    const own = byBill.get(bill.id) ?? [];
    return {
      bill,
      lines: own.filter((line) => line.orderId === null),
      agreement: held.find((agreement) => agreement.id === choice?.agreementId),
    };
  });
  return planBatch(candidates, today);
}

/** One officer puts a batch together as it stands now; nothing is locked or sent before another one releases it. */
export async function makeBatch(
  store: Store,
  given: {
    readonly id: string;
    readonly month: number;
    readonly returnTerm: number;
    readonly officer: string;
    /** The sum that the officer saw. */
    readonly totalFen: number;
  },
): Promise<Result<BatchRecord, Refusal>> {
  const planned = await proposal(store, given.month, store.at.date);
  const taken = planned.filter((line) => line.leftOut === null);
  if (taken.length === 0) return err({ code: 'NOTHING_DUE' });
  const totalFen = taken.reduce((sum, line) => sum + line.amountFen, 0);
  if (totalFen !== given.totalFen) return err({ code: 'BATCH_CHANGED' });
  const batch: BatchRecord = {
    id: given.id,
    state: '待复核',
    returnTerm: given.returnTerm,
    madeBy: given.officer,
    madeAt: store.at.iso,
    decidedBy: null,
    decidedAt: null,
    version: 1,
  };
  await store.of(batches).insert(batch);
  const lines = planned.map(
    ({ bill, agreementId, amountFen, leftOut }): BatchLineRecord => ({
      unitId: bill.unitId,
      batchId: batch.id,
      billId: bill.id,
      unitNo: bill.unitNo,
      unitName: bill.unitName,
      agreementId,
      billVersion: bill.version,
      amountFen,
      state: leftOut === null ? '待发出' : '未列入',
      reason: leftOut,
      version: 1,
    }),
  );
  await store.of(batchLines).insert(...lines);
  store.tell('office', 'batch', { id: batch.id });
  return ok(batch);
}

/** Drops a batch that was not released. */
export async function cancelBatch(
  store: Store,
  id: string,
  version: number,
  officer: string,
): Promise<Result<BatchRecord, Refusal>> {
  const batch = await store.of(batches).get({ id }, { lock: true });
  if (!batch) return err({ code: 'NOT_FOUND' });
  if (batch.state !== '待复核' || batch.version !== version) return err({ code: 'BATCH_CHANGED' });
  return ok(await decided(store, batch, '已取消', officer));
}

/** Ends the wait of a batch for its second officer. */
export function decided(
  store: Store,
  batch: BatchRecord,
  state: BatchRecord['state'],
  officer: string,
): Promise<BatchRecord> {
  store.tell('office', 'batch', { id: batch.id });
  const changes = { state, decidedBy: officer, decidedAt: store.at.iso };
  return store.of(batches).update(batch, changes);
}

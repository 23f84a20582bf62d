// Batch debit against the simulator's process: two officers, lost receipts and results, stop notices; each bill once.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  type ApiError,
  getBatch,
  listBatches,
  listBills,
  listPaymentModes,
  listPayments,
} from '@shebao/contract';
import { eventually, openOffice, payBill } from './support/api.ts';
import { type Batch, chooseMode, make, type Person, release, stop } from './support/batches.ts';
import { freePort, type Part, startServicePart, startSimulatorPart } from './support/parts.ts';
import {
  ample,
  declare,
  openPaying,
  type PayableBill,
  shown,
  steerBank,
} from './support/paying.ts';
import type { DemoFile, DemoTaxpayer } from './support/product.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'shebao-batch-'));
const parts: Part[] = [];
let bank: string;
let school: DemoTaxpayer;
let clerk: Person;
let maker: Person;
let checker: Person;
let agreementId: string;
const bills: PayableBill[] = [];

before(async () => {
  const port = await freePort();
  const treasuryPort = await freePort();
  const url = `http://127.0.0.1:${port}`;
  bank = `http://127.0.0.1:${treasuryPort}`;
  const now = '2021-03-10T09:00:00+08:00';
  parts.push(await startServicePart({ dataDir, port, treasuryUrl: bank, now }));
  parts.push(await startSimulatorPart(dataDir, treasuryPort));
  const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
  school = demo.taxpayers[0] as DemoTaxpayer;
  clerk = { session: await openPaying(url, school), password: school.password };
  const officers = demo.officers.filter(({ roles }) => roles.includes('reconcile'));
  const [first, second] = await Promise.all(
    officers.map(async (one) => ({ session: await openOffice(url, one), password: one.password })),
  );
  assert.ok(first && second, 'the demo world has two officers who reconcile');
  maker = first;
  checker = second;
  agreementId = await ample(clerk.session, school);
});
after(async () => {
  for (const part of parts) await part.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const steer = (command: string, values: Record<string, unknown>) =>
  steerBank(bank, command, values);
const read = (id: string): Promise<Batch> => maker.session.call(getBatch, { params: { id } });
const refused = (code: string) => (error: ApiError) => error.code === code;
const statesOf = (batch: Batch) => batch.lines.map((line) => line.state);

/** What the bank took of the account, in fen. */
async function taken(): Promise<number> {
  const state = (await (await fetch(`${bank}/control/state`)).json()) as {
    accounts: { balance: string }[];
  };
  return -state.accounts.reduce(
    (sum, { balance }) => sum + Math.round(Number(balance.replaceAll(',', '')) * 100),
    0,
  );
}

describe('batch debit', { concurrency: false }, () => {
  test('a unit chooses its mode with 安全认证, for this month or a later one', async () => {
    const [first, second] = school.units;
    assert.ok(first && second);
    const choice = { mode: 'batch', agreementId, effectiveMonth: '2021-03' } as const;
    const early = chooseMode(clerk, first.unitNo, { ...choice, effectiveMonth: '2021-02' });
    await assert.rejects(early, refused('MODE_MONTH_INVALID'));
    const chosen = await chooseMode(clerk, first.unitNo, choice);
    assert.deepEqual([chosen.mode, chosen.effectiveMonth], ['batch', '2021-03']);
    await chooseMode(clerk, second.unitNo, { ...choice, effectiveMonth: '2021-05' });
    await chooseMode(clerk, second.unitNo, choice);
    const later = { mode: 'self', agreementId: null, effectiveMonth: '2021-06' } as const;
    await chooseMode(clerk, first.unitNo, later);
    const { units } = await clerk.session.call(listPaymentModes);
    assert.deepEqual(
      units.map((unit) => [unit.mode, unit.next?.mode ?? null]),
      [
        ['batch', 'self'],
        ['batch', null],
      ],
    );
  });

  test('two officers, a lost receipt: the same pack again, every bill is debited once', async () => {
    for (const unit of school.units) bills.push(await declare(clerk.session, unit.unitNo));
    await assert.rejects(make(maker, '1.00'), refused('BATCH_CHANGED'));
    const id = await make(maker);
    await assert.rejects(release(maker, id), refused('BATCH_SAME_OFFICER'));
    await steer('settings', { processMs: 86_400_000 });
    await steer('fault', { msgNo: '1102', kind: 'dropAnswer', times: 'once' });
    await release(checker, id);
    const held = await taken();
    const own = bills[0];
    assert.ok(own);
    const { bills: now } = await clerk.session.call(listBills);
    const inPack = now.find((bill) => bill.id === own.id);
    assert.equal(inPack?.payable, false);
    assert.match(inPack?.note ?? '', /列入批量扣款/);
    const self = payBill(
      clerk.session,
      clerk.password,
      { ...shown(own), version: inPack?.version ?? 0 },
      agreementId,
    );
    await assert.rejects(self, refused('BILL_IN_BATCH'));
    await eventually(
      'the receipt of the same bytes',
      () => read(id),
      (batch) => batch.packs[0]?.state === '已接收',
      120_000,
    );
    const [pack] = (await read(id)).packs;
    assert.equal(pack?.lines, 2);
    assert.equal(await taken(), held, 'nothing is debited before the bank begins');
  });

  test('one line is stopped in time, the other is debited; the bank tells of both', async () => {
    const { batches } = await maker.session.call(listBatches);
    const id = batches[0]?.id ?? '';
    const before = await read(id);
    const held = await taken();
    const [stopped, kept] = before.lines;
    const [pack] = before.packs;
    assert.ok(pack && stopped?.attemptId && kept);
    await stop(checker, pack.id, stopped.attemptId);
    await assert.rejects(stop(checker, pack.id, stopped.attemptId), refused('STOP_RUNNING'));
    await eventually(
      'the answer to the stop notice',
      () => read(id),
      ({ stops }) => stops[0]?.state === '已止付',
    );
    // The day ends: the bank settles what is left, tells by 2102, and its list agrees.
    await steer('close-day', {});
    const after = await eventually(
      'the result',
      () => read(id),
      (batch) => statesOf(batch).every((state) => state === '缴费成功' || state === '缴费失败'),
    );
    assert.deepEqual(statesOf(after), ['缴费失败', '缴费成功']);
    assert.equal((await taken()) - held, Math.round(Number(kept.amount) * 100), 'debited once');
    await assert.rejects(stop(checker, pack.id, null), refused('STOP_TOO_LATE'));
    const { payments } = await eventually(
      'the entry into the treasury',
      () => clerk.session.call(listPayments),
      (all) => all.payments.some((payment) => payment.status === '已入库'),
    );
    assert.ok(payments.length > 0);
  });

  test('a lost result is asked for or decided by the list: never declined, never twice', async () => {
    await steer('settings', { processMs: 1_000 });
    await steer('fault', { msgNo: '2102', kind: 'dropAnswer', times: 'once' });
    const held = await taken();
    const id = await make(maker);
    const made = await read(id);
    assert.deepEqual([made.count, made.leftOut], [1, 0]);
    await release(checker, id);
    await eventually('the debit at the bank', taken, (now) => now > held);
    assert.deepEqual(statesOf(await read(id)), ['扣款中']);
    await steer('close-day', {});
    const after = await eventually(
      'the list',
      () => read(id),
      (batch) => statesOf(batch)[0] === '缴费成功',
    );
    assert.equal((await taken()) - held, Math.round(Number(after.collected) * 100));
    await assert.rejects(make(maker), refused('NOTHING_DUE'));
  });
});

// Every class of the day's list, made by tampering with the bank, and every decision of two officers about it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { step } from '@shebao/treasury-simulator';
import { usualTimes } from '../src/payment/advance.ts';
import type { CaseDecision } from '../src/payment/case.ts';
import { approveCase, handleCase, returnCase } from '../src/payment/case-acts.ts';
import { reconLines } from '../src/payment/recon-lines.ts';
import { attempts, bills, caseEvents, cases, orders } from '../src/payment/tables.ts';
import { type Answers, pay } from './clerk.ts';
import { BILL_IDS } from './demo.ts';
import { quiet } from './faults.ts';
import { checkMoment } from './invariants.ts';
import { World } from './world.ts';

const [BILL1 = '', BILL2 = ''] = BILL_IDS;
const minute = 60_000;

/** A quiet world with some bills and a session that stands. */
async function quietWorld(billCount: number): Promise<World> {
  const world = new World(1, (moving) => checkMoment(moving));
  await world.prepare(billCount);
  world.net.faults = quiet;
  world.startRun();
  await world.until(world.clock.nowMs + minute);
  return world;
}

let paid = 0;
async function payOne(world: World, billId: string): Promise<void> {
  const answers: Answers = new Map();
  paid += 1;
  const wish = { id: `case-${paid}`, billIds: [billId], agreementId: world.agreementIds[0] ?? 0 };
  const paying = pay(world, wish, answers);
  await world.until(world.clock.nowMs + 2 * minute);
  await paying;
}

async function closeDay(world: World): Promise<void> {
  world.peer.command('close-day', {});
  await world.until(world.clock.nowMs + 5 * minute);
}

const stepOf = (name: string) => ({ name, chain: 'agency:test', subject: name });

async function caseOf(world: World, kind: string) {
  const found = await world.books.read.of(cases).find({ kind });
  assert.equal(found.length, 1, `${kind}: ${JSON.stringify(found)}`);
  return found[0] as (typeof found)[number];
}

async function decide(world: World, kind: string, decision: CaseDecision) {
  const { id, version } = await caseOf(world, kind);
  const act = { id, version, officer: 'first', decision, reason: '已核实', papers: '银行回单' };
  const handled = await world.books.transact(stepOf('handle'), (store) => handleCase(store, act));
  if (!handled.ok) return handled;
  const closing = { id, version: handled.value.version, officer: 'second' };
  return world.books.transact(stepOf('approve'), (store) =>
    approveCase(store, { times: usualTimes }, closing),
  );
}

async function classes(world: World): Promise<number[]> {
  const lines = await world.books.read.of(reconLines).find({}, { order: ['lineNo'] });
  return lines.map((line) => line.reconClass);
}

async function statesOf(world: World, billId: string): Promise<string[]> {
  const { read } = world.books;
  const bill = await read.of(bills).get({ id: billId });
  const own = await read.of(attempts).find({ billId }, { order: ['createdAt', 'id'] });
  return [bill?.state ?? '', ...own.map((attempt) => attempt.state)];
}

test('class 3: refused here, collected there, booked by two officers, entered late', async () => {
  const world = await quietWorld(1);
  world.peer.command('fault', { msgNo: '1001', kind: 'answerCode', code: '24004' });
  await payOne(world, BILL1);
  assert.deepEqual(await statesOf(world, BILL1), ['UNPAID', 'DECLINED']);
  await closeDay(world);
  assert.deepEqual(await classes(world), [3]);
  const done = await decide(world, 'listed', 'bookPaid');
  assert.ok(done.ok);
  assert.equal(done.value.state, '已处理');
  // Its 入库流水 came while it was held for failed: it is entered with the decision.
  assert.deepEqual(await statesOf(world, BILL1), ['TREASURED', 'SUCCEEDED']);
  const [order] = await world.books.read.of(orders).find({ billId: BILL1 });
  assert.equal(order?.paidOn, '2021-03-10');
  const history = await world.books.read.of(caseEvents).find({ caseId: done.value.id });
  assert.deepEqual(
    history.map(({ actor, event, stateAfter }) => [actor, event, stateAfter]),
    [
      ['first', 'handled', '待复核'],
      ['second', 'approved', '已处理'],
    ],
  );
});

test('class 3 of a bill that was paid otherwise is over-collected and refunded', async () => {
  const world = await quietWorld(1);
  world.peer.command('fault', { msgNo: '1001', kind: 'answerCode', code: '24004' });
  await payOne(world, BILL1);
  await payOne(world, BILL1);
  await closeDay(world);
  assert.deepEqual(await statesOf(world, BILL1), ['TREASURED', 'OVERCOLLECTED', 'SUCCEEDED']);
  assert.deepEqual(
    (await classes(world)).toSorted((a, b) => a - b),
    [1, 3],
  );
  const wrong = await decide(world, 'listed', 'bookPaid');
  assert.equal(wrong.ok ? '' : wrong.error.code, 'CASE_DECISION_INVALID');
  const done = await decide(world, 'listed', 'refund');
  assert.ok(done.ok);
  assert.equal(done.value.refundFen, 240_001);
});

test('class 3 while the bill is being collected again waits for that outcome', async () => {
  const world = await quietWorld(1);
  world.peer.command('fault', { msgNo: '1001', kind: 'answerCode', code: '24004' });
  await payOne(world, BILL1);
  await closeDay(world);
  world.peer.command('fault', { msgNo: '1001', kind: 'dropRequest' });
  const answers: Answers = new Map();
  const wish = { id: 'again', billIds: [BILL1], agreementId: world.agreementIds[0] ?? 0 };
  const paying = pay(world, wish, answers);
  await world.until(world.clock.nowMs + 5_000);
  const refused = await decide(world, 'listed', 'bookPaid');
  assert.equal(refused.ok ? '' : refused.error.code, 'CASE_BILL_BUSY');
  await world.until(world.clock.nowMs + 20 * minute);
  await paying;
});

test('class 2 freezes a debit until two officers decide: booked, or taken back and refunded', async () => {
  for (const decision of ['bookPaid', 'undo'] as const) {
    const world = await quietWorld(1);
    world.peer.command('fault', { msgNo: '3122', kind: 'wrongAmount' });
    // The bank collects, but we hear nothing of it before the list.
    world.net.faults = { ...quiet, lostAnswer: 1 };
    const answers: Answers = new Map();
    const wish = { id: decision, billIds: [BILL1], agreementId: world.agreementIds[0] ?? 0 };
    const paying = pay(world, wish, answers);
    await world.until(world.clock.nowMs + 2 * minute);
    world.peer.command('close-day', {});
    await world.until(world.clock.nowMs + minute);
    world.net.faults = quiet;
    await paying;
    const [, state] = await statesOf(world, BILL1);
    assert.ok(state === 'UNKNOWN' || state === 'REVERSING', state);
    await world.until(world.clock.nowMs + 60 * minute);
    assert.equal((await statesOf(world, BILL1))[1], state, 'no answer decides any more');
    const done = await decide(world, 'listedDiffers', decision);
    assert.ok(done.ok);
    const after = await statesOf(world, BILL1);
    if (decision === 'undo') assert.deepEqual(after, ['UNPAID', 'REVERSED']);
    else assert.equal(after[1], 'SUCCEEDED');
    assert.equal(done.value.refundFen, decision === 'undo' ? 240_101 : null);
  }
});

test('class 2 of a payment that we hold can be taken back as well', async () => {
  const world = await quietWorld(1);
  world.peer.command('fault', { msgNo: '3122', kind: 'wrongAmount' });
  await payOne(world, BILL1);
  await closeDay(world);
  assert.deepEqual(await classes(world), [2]);
  const done = await decide(world, 'listedDiffers', 'undo');
  assert.ok(done.ok);
  assert.deepEqual(await statesOf(world, BILL1), ['UNPAID', 'REVERSED_BY_RECON']);
});

test('classes 4 and 5: money without a record is owed back, a payment that is not listed is undone', async () => {
  const world = await quietWorld(2);
  await payOne(world, BILL1);
  await payOne(world, BILL2);
  const { hub } = world.peer;
  step(hub, () => {
    const [first, second] = hub.store.all('debit');
    assert.ok(first && second);
    hub.store.put('debit', first.key, { ...first, state: 'refused' });
    hub.store.put('debit', second.key, { ...second, traNo: '99999999', voucher: '9'.repeat(18) });
  });
  await closeDay(world);
  assert.deepEqual(
    (await classes(world)).toSorted((a, b) => a - b),
    [4, 5, 5],
  );
  assert.deepEqual(await statesOf(world, BILL1), ['UNPAID', 'REVERSED_BY_RECON']);
  const owed = await decide(world, '3122', 'refund');
  assert.ok(owed.ok && owed.value.refundFen !== null);
  // What the treasury entered of that money is no further case; it is of the money that nobody listed.
  await world.until(world.clock.nowMs + 60 * minute);
  assert.equal((await world.books.read.of(cases).find({ kind: '3126' })).length, 0);
});

test('a case is never closed by who handled it, and comes back with a reason', async () => {
  const world = await quietWorld(1);
  world.peer.command('fault', { msgNo: '1001', kind: 'answerCode', code: '24004' });
  await payOne(world, BILL1);
  await closeDay(world);
  const { id, version } = await caseOf(world, 'listed');
  const papers = { reason: '已核实', papers: '银行回单' };
  const handle = { id, version, officer: 'first', decision: 'bookPaid', ...papers } as const;
  const run = world.books;
  const handled = await run.transact(stepOf('handle'), (store) => handleCase(store, handle));
  assert.ok(handled.ok);
  const again = await run.transact(stepOf('handle'), (store) => handleCase(store, handle));
  assert.equal(again.ok ? '' : again.error.code, 'CASE_CHANGED');
  const own = { id, version: handled.value.version, officer: 'first' };
  const ports = { times: usualTimes };
  const alone = await run.transact(stepOf('approve'), (store) => approveCase(store, ports, own));
  assert.equal(alone.ok ? '' : alone.error.code, 'CASE_SAME_OFFICER');
  const back = { ...own, officer: 'second', reason: '缺少银行回单' };
  const returned = await run.transact(stepOf('return'), (store) => returnCase(store, back));
  assert.ok(returned.ok);
  assert.equal(returned.value.state, '待处理');
  const nobody = { ...own, id: 'none' };
  const none = await run.transact(stepOf('approve'), (store) => approveCase(store, ports, nobody));
  assert.equal(none.ok ? '' : none.error.code, 'NOT_FOUND');
});

import assert from 'node:assert/strict';
import { attemptStates, openAttemptStates } from '../src/payment/attempt.ts';
import { expectedBalances } from '../src/payment/ledger.ts';
import { chainHash } from '../src/payment/payment.ts';
import { reconLines } from '../src/payment/recon-lines.ts';
import { refundMachine } from '../src/payment/refund.ts';
import { type RefundRecord, refunds } from '../src/payment/refund-tables.ts';
import {
  attempts,
  bills,
  journal,
  type LedgerAccount,
  ledgerAccounts,
  orders,
  paymentEvents,
  payments,
} from '../src/payment/tables.ts';
import { lists } from '../src/treasury/index.ts';
import { AGREEMENTS, BRANCH } from './demo.ts';
import type { World } from './world.ts';

const startFen = AGREEMENTS.reduce(
  (sum, { balance }) => sum + Math.round(Number(balance) * 100),
  0,
);

/** I5 and the half of I1 that holds at every moment: no money is made, none is taken twice for a voucher. */
export function checkMoment(world: World): void {
  const { store } = world.peer.hub;
  const places = [...store.all('account'), ...store.all('treasury')];
  const total = places.reduce((sum, place) => sum + place.balanceFen, 0);
  assert.equal(total, startFen, 'I5: money only moves');
  const vouchers = store
    .all('debit')
    .filter((debit) => debit.state === 'collected')
    .map((debit) => debit.voucher);
  assert.equal(new Set(vouchers).size, vouchers.length, 'I1: a voucher is collected once');
}

/** What must hold once both lists are in and nothing moves any more. */
export async function checkEnd(world: World): Promise<void> {
  assert.deepEqual(world.failures, []);
  const { read } = world.books;
  const all = await read.of(attempts).find({});
  for (const attempt of all) {
    const open = (openAttemptStates as readonly string[]).includes(attempt.state);
    assert.ok(!open, `I6: ${attempt.id} is still ${attempt.state}`);
  }
  const arrived = await arrivedRefunds(world);
  await checkMoney(world, arrived);
  await checkLists(world);
  await checkBills(world, arrived);
  for (const bill of await read.of(bills).find({})) await checkHistory(world, bill.id);
  const done = await read.of(lists).find({ kind: '3122' });
  assert.ok(
    done.every((list) => list.state === 'applied'),
    'every list is applied',
  );
}

/** Refunds by their end: each is decided, and the treasury paid out those that we hold for paid out, to the fen. */
async function arrivedRefunds(world: World): Promise<readonly RefundRecord[]> {
  const all = await world.books.read.of(refunds).find({});
  for (const { id, state } of all) {
    assert.ok(refundMachine.final.includes(state), `I6: refund ${id} is still ${state}`);
  }
  const arrived = all.filter(({ state }) => state === '已退');
  const theirs = world.peer.hub.store.all('refund').filter(({ state }) => state === 'paidOut');
  assert.deepEqual(
    theirs.map(({ order }) => `${order?.refundVoucher} ${order?.amountFen}`).toSorted(),
    arrived.map(({ drawBackVouNo, amountFen }) => `${drawBackVouNo} ${amountFen}`).toSorted(),
    'I2: the treasury paid out what we hold for paid out',
  );
  return arrived;
}

const sumOf = (some: readonly { readonly amountFen: number }[]): number =>
  some.reduce((sum, { amountFen }) => sum + amountFen, 0);

/** I2: what left the accounts is what we hold for collected, debit by debit, less what was paid back. */
async function checkMoney(world: World, arrived: readonly RefundRecord[]): Promise<void> {
  const { store } = world.peer.hub;
  const { read } = world.books;
  const held = new Set<string>();
  let heldFen = 0;
  for (const attempt of await read.of(attempts).find({ state: 'SUCCEEDED' })) {
    const order = await read.of(orders).get({ id: attempt.orderId });
    assert.ok(order);
    heldFen += order.amountFen;
    held.add(`${attempt.taxOrg}:${attempt.entrustDate.replaceAll('-', '')}:${attempt.traNo}`);
  }
  const collected = store.all('debit').filter((debit) => debit.state === 'collected');
  assert.deepEqual(
    collected.map((debit) => debit.key).toSorted(),
    [...held].toSorted(),
    'I2: the bank collected what we hold for collected',
  );
  const balances = AGREEMENTS.map(
    ({ account }) => store.get('account', `${BRANCH}:${account}`)?.balanceFen ?? 0,
  );
  const goneFen = startFen - balances.reduce((sum, fen) => sum + fen, 0);
  assert.equal(goneFen, heldFen - sumOf(arrived), 'I2: to the fen');
}

/** 对账: what is confirmed by a day's list came into the treasury, and the lines are those of the list. */
async function checkLists(world: World): Promise<void> {
  const { read } = world.books;
  for (const attempt of await read.of(attempts).find({ state: 'SUCCEEDED' })) {
    assert.equal(attempt.reconClass, 1, `${attempt.id} is not confirmed by a list`);
    const order = await read.of(orders).get({ id: attempt.orderId });
    assert.equal(order?.state, 'TREASURED', `${attempt.id} is confirmed, but not in the treasury`);
  }
  for (const list of await read.of(lists).find({ kind: '3122', state: 'applied' })) {
    const lines = await read.of(reconLines).find({ taxOrg: list.taxOrg, chkDate: list.chkDate });
    for (let at = 0; at <= 7; at += 1) {
      const own = lines.filter((line) => line.reconClass === at).length;
      assert.equal(own, list.summary[`class${at}`], `${list.chkDate}: class ${at}`);
    }
    const both = lines.filter((line) => line.reconClass === 1);
    for (const line of both) assert.ok(line.listedFen !== null, 'class 1 is on the list');
  }
}

/** I1, I3 and the journal, bill by bill. */
async function checkBills(world: World, arrived: readonly RefundRecord[]): Promise<void> {
  const { read } = world.books;
  for (const bill of await read.of(bills).find({})) {
    const own = await read.of(orders).find({ billId: bill.id });
    const live = own.filter((order) => order.active);
    assert.ok(live.length <= 1, `I3: ${bill.id} is in ${live.length} live orders`);
    const succeeded = await read.of(attempts).find({ billId: bill.id, state: 'SUCCEEDED' });
    const paid = ['PAID', 'TREASURED', 'REFUNDED'].includes(bill.state);
    assert.equal(succeeded.length, paid ? 1 : 0, `I1: ${bill.id} is ${bill.state}`);
    assert.ok(paid || bill.state === 'UNPAID' || bill.state === 'VOIDED', bill.state);
    const order = own.find((one) => one.id === succeeded[0]?.orderId);
    const totalFen = bill.amountFen + bill.lateFeeFen;
    if (order) assert.equal(order.amountFen, totalFen, 'I1: the amount');
    const back = sumOf(arrived.filter(({ oriTaxVouNo }) => oriTaxVouNo === order?.taxVouNo));
    assert.equal(bill.refundedFen, back, `I2: ${bill.id} tells what was paid back`);
    assert.equal(bill.state === 'REFUNDED', back > 0 && back === totalFen, bill.state);
    const expected = expectedBalances(bill, false, 0);
    const booked = Object.fromEntries(ledgerAccounts.map((name) => [name, 0])) as Record<
      LedgerAccount,
      number
    >;
    for (const row of await read.of(journal).find({ billId: bill.id })) {
      booked[row.debit] += row.amountFen;
      booked[row.credit] -= row.amountFen;
    }
    for (const name of ledgerAccounts) {
      assert.equal(booked[name] + 0, expected[name] + 0, `${bill.id} ${bill.state}: ${name}`);
    }
  }
}

const finals = attemptStates.filter(
  (state) => !(openAttemptStates as readonly string[]).includes(state),
);
const byRecon = ['notListed', 'bookedByCase', 'overcollected'];

/** I4 and I7: the chain of events is whole, tells every state, and final states stay. */
async function checkHistory(world: World, billId: string): Promise<void> {
  const { read } = world.books;
  const events = await read.of(paymentEvents).find({ billId }, { order: ['seq'] });
  const own = await read.of(attempts).find({ billId });
  const debits = new Set(own.map((attempt) => attempt.id));
  const last = new Map<string, string>();
  let hash = '';
  for (const [at, event] of events.entries()) {
    assert.equal(event.seq, at + 1, 'I7: no event is missing');
    const { seq, subject, stateBefore, stateAfter, cause, text } = event;
    assert.ok(cause !== '', 'I7: every event has a cause');
    const moment = Date.parse(event.at);
    const row = [billId, seq, moment, subject, event.event, stateBefore, stateAfter, cause, text];
    hash = chainHash(hash, row);
    assert.equal(event.hash, hash, 'I7: the chain holds');
    const known = last.get(subject);
    if (known !== undefined && debits.has(subject)) {
      assert.equal(stateBefore, known, `I7: a change of ${subject} without event`);
    }
    if (!debits.has(subject)) continue;
    if (stateBefore !== stateAfter && (finals as readonly string[]).includes(stateBefore)) {
      assert.ok(byRecon.includes(event.event), `I4: ${stateBefore} moved by ${event.event}`);
    }
    last.set(subject, stateAfter);
  }
  for (const attempt of own) {
    assert.equal(last.get(attempt.id) ?? 'NEW', attempt.state, `I7: ${attempt.id}`);
  }
}

/** I8: what a client was told under its key stays true. */
export async function checkKeys(world: World, keys: Iterable<string>): Promise<void> {
  for (const id of keys) {
    const kept = await world.books.read.of(payments).get({ id });
    assert.ok(kept, `I8: the accepted order ${id} is lost`);
  }
}

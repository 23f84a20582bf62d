import { refunds } from '../src/payment/refund-tables.ts';
import { attempts, packs, stops } from '../src/payment/tables.ts';
import type { OpenBooks } from './books.ts';
import { type Answers, pay, voidIt } from './clerk.ts';
import {
  AGREEMENTS,
  applicationIdOf,
  BILL_IDS,
  BRANCH,
  batchIdOf,
  NINE,
  paymentIdOf,
  stopIdOf,
} from './demo.ts';
import { chooseFaults, quiet } from './faults.ts';
import { checkEnd, checkKeys, checkMoment } from './invariants.ts';
import { batchDebit, stopSome } from './officer.ts';
import { payBackSome } from './refunder.ts';
import { World } from './world.ts';

const minute = 60_000;
const hour = 60 * minute;

/** What a history came to, for the count of what was reached. */
export interface Reached {
  readonly events: number;
  readonly states: Readonly<Record<string, number>>;
}

/** Plays one history from its seed and throws where an invariant does not hold. */
export async function playHistory(
  seed: number,
  openBooks?: OpenBooks,
  refundChance = 0.04,
): Promise<Reached> {
  let events = 0;
  const check = (moving: World): void => {
    events += 1;
    checkMoment(moving);
  };
  const world = new World(seed, check, openBooks);
  const { random, clock } = world;
  const billIds = BILL_IDS.slice(0, random.between(1, 3));
  await world.prepare(billIds.length);
  for (let runs = random.pick([1, 1, 2]); runs > 0; runs -= 1) world.startRun();
  const answers: Answers = new Map();
  const guard = (work: Promise<void>) =>
    work.catch((error: Error) => void world.failures.push(`clerk: ${error.stack}`));
  const lastMs = random.pick([10, 60, 180]) * minute;
  const acts = random.between(2, 6) * billIds.length;
  let actMs = 0;
  for (let at = 0; at < acts; at += 1) {
    actMs = random.between(0, lastMs);
    const billId = random.pick(billIds);
    const several = random.chance(0.2) ? billIds : [billId];
    const wish = {
      id: paymentIdOf(at),
      billIds: several,
      agreementId: world.agreementIds[random.pick([0, 0, 0, 1])] ?? 0,
    };
    clock.after(actMs, () =>
      random.chance(0.1)
        ? void guard(voidIt(world, billId))
        : void guard(pay(world, wish, answers)),
    );
  }
  if (random.chance(0.35)) await officersAct(world, lastMs, guard);
  const cut = () => world.peer.command('close-day', {});
  // Often while a debit is under way.
  if (random.chance(0.7)) clock.after(actMs + random.between(100, 8 * minute), cut);
  if (random.chance(0.2)) outage(world, actMs);
  if (random.chance(0.2)) troubleAtBank(world, lastMs);
  await world.until(NINE + lastMs + random.between(0, 20) * minute);
  // The network heals; what is under way comes to its end by answers, reversals, and the day's lists.
  world.net.faults = quiet;
  await world.until(clock.nowMs + random.pick([1, 30]) * minute);
  loseAtCut(world);
  cut();
  await world.until(clock.nowMs + 7 * hour);
  // A pack may have until the cut-off of the next work date.
  if (await mayWait(world)) {
    cut();
    await world.until(clock.nowMs + 7 * hour);
  }
  if (random.chance(refundChance)) await moneyGoesBack(world, guard);
  await checkEnd(world);
  await checkKeys(world, answers.keys());
  return { events, states: await statesOf(world) };
}

/** The unit is debited in batches for a while: batches are made, released and stopped between its own payments. */
async function officersAct(
  world: World,
  lastMs: number,
  guard: (work: Promise<void>) => Promise<unknown>,
): Promise<void> {
  const { clock, random, peer } = world;
  await world.chooseBatch(random.pick([0, 0, 1]));
  // Often the bank has not begun when the stop notice or the cut-off comes.
  peer.command('settings', { processMs: random.pick([3_000, 60_000, 7_200_000]) });
  for (let at = random.between(1, 3); at > 0; at -= 1) {
    const ms = random.between(0, lastMs);
    clock.after(ms, () => void guard(batchDebit(world, batchIdOf(at))));
    if (!random.chance(0.4)) continue;
    clock.after(
      ms + random.between(0, 5 * minute),
      () => void guard(stopSome(world, stopIdOf(at))),
    );
  }
}

/** Part or all of what was collected is paid back, over a network that fails anew, at times over a cut-off. */
async function moneyGoesBack(
  world: World,
  guard: (work: Promise<void>) => Promise<unknown>,
): Promise<void> {
  const { clock, random, net } = world;
  net.faults = chooseFaults(random);
  world.peer.command('settings', { processMs: random.pick([0, 3_000, 300_000]) });
  let lastMs = 0;
  for (let at = random.between(1, 4); at > 0; at -= 1) {
    lastMs += random.between(0, 8 * minute);
    clock.after(lastMs, () => void guard(payBackSome(world, applicationIdOf(at))));
  }
  const overCutOff = random.chance(0.2);
  if (overCutOff) {
    clock.after(random.between(0, lastMs + minute), () => world.peer.command('close-day', {}));
  }
  await world.until(clock.nowMs + lastMs + random.between(0, 10) * minute);
  net.faults = quiet;
  // Until the last repeat; the list of another day takes longer.
  await world.until(clock.nowMs + (overCutOff ? 7 * hour : 40 * minute));
}

async function mayWait(world: World): Promise<boolean> {
  return (await world.books.read.of(packs).get({ returnTerm: 1 })) !== undefined;
}

/** Wholly lost, for good: the notice of the cut-off, the day's list, or its entries. They must be asked for. */
function loseAtCut({ peer, random }: World): void {
  if (random.chance(0.7)) return;
  const all = ['9101', '3122', '3126', '3111', '3139'];
  const lost = random.pick([['9101'], ['3122'], ['3126'], ['9101', '3122'], all]);
  for (const msgNo of lost) peer.command('fault', { msgNo, kind: 'dropAnswer' });
}

/** Requests still arrive, but nothing comes back, neither answers nor lists: over the cut-off, for a while. */
function outage(world: World, fromMs: number): void {
  const { clock, net, random } = world;
  const before = net.faults;
  const sinceMs = fromMs + random.between(-5_000, 5_000);
  clock.after(sinceMs, () => {
    net.faults = { ...before, lostAnswer: 1, lostPush: 1 };
  });
  clock.after(sinceMs + random.between(5, 15) * minute, () => {
    if (net.faults !== quiet) net.faults = { ...before, lostPush: random.pick([0, 0.9]) };
  });
}

/** A bank that stops for a while, an account that is frozen, an agreement that is ended. */
function troubleAtBank(world: World, lastMs: number): void {
  const { clock, random, peer } = world;
  const acct = AGREEMENTS[0].account;
  const on = { bankNo: BRANCH, acct };
  const first = random.between(0, lastMs);
  const trouble = random.pick(['freeze', 'stop'] as const);
  const turn = (wrong: boolean) =>
    trouble === 'freeze'
      ? peer.command('account', { ...on, state: wrong ? 'frozen' : 'open' })
      : peer.command('sys-stat', { sysStat: wrong ? '2' : '0' });
  clock.after(first, () => turn(true));
  clock.after(first + random.between(minute, hour), () => turn(false));
}

/** How often attempts ended how, and who decided it. */
async function statesOf(world: World): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { msgNo, state, source } of await world.books.read.of(attempts).find({})) {
    const name = `${msgNo} ${state} by ${source ?? 'nobody'}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  for (const { state } of await world.books.read.of(packs).find({})) {
    counts[`pack ${state}`] = (counts[`pack ${state}`] ?? 0) + 1;
  }
  for (const { state } of await world.books.read.of(stops).find({})) {
    counts[`stop ${state}`] = (counts[`stop ${state}`] ?? 0) + 1;
  }
  for (const { state } of await world.books.read.of(refunds).find({})) {
    counts[`refund ${state}`] = (counts[`refund ${state}`] ?? 0) + 1;
  }
  return counts;
}

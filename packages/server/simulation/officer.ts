import { makeBatch, proposal } from '../src/payment/batch-acts.ts';
import { drawBatchNumbers, drawStopNumbers } from '../src/payment/batch-numbers.ts';
import { releaseBatch } from '../src/payment/batch-release.ts';
import { askToStop } from '../src/payment/pack-stop.ts';
import { attempts, batches, packs } from '../src/payment/tables.ts';
import { Stale, UniqueBroken } from '../src/treasury/index.ts';
import { MONTH } from './demo.ts';
import type { Run } from './service.ts';
import type { World } from './world.ts';

class Refused extends Error {}

/** One officer makes a batch of all that is due, another one releases it a while later. */
export async function batchDebit(world: World, id: string): Promise<void> {
  const run = world.anyRun();
  if (!run) return;
  await attempt(async () => {
    const planned = await proposal(run.ports.read, MONTH, run.ports.now().date);
    const taken = planned.filter((line) => line.leftOut === null);
    const totalFen = taken.reduce((sum, line) => sum + line.amountFen, 0);
    const returnTerm = world.random.pick([0, 0, 0, 1]);
    const given = { id, month: MONTH, returnTerm, officer: 'maker', totalFen };
    await inStep(run, 'makeBatch', id, async (store) => {
      const made = await makeBatch(store, given);
      if (!made.ok) throw new Refused(made.error.code);
    });
  });
  await world.clock.pause(world.random.between(100, 60_000));
  const other = world.anyRun();
  if (!other) return;
  await attempt(async () => {
    const batch = await other.ports.read.of(batches).get({ id });
    if (!batch) return;
    // One to a pack, or all in one.
    const drawn = await drawBatchNumbers(other.ports, id, world.random.pick([1, 2, 1000]));
    if (!drawn.ok) return;
    const act = { id, version: batch.version, officer: 'checker', ...drawn.value };
    await inStep(other, 'releaseBatch', id, async (store) => {
      const released = await releaseBatch(store, act);
      if (!released.ok) throw new Refused(released.error.code);
    });
  });
}

/** An officer stops a pack that is under way, or one line of it. */
export async function stopSome(world: World, id: string): Promise<void> {
  const run = world.anyRun();
  if (!run) return;
  await attempt(async () => {
    const open = await run.ports.read
      .of(packs)
      .find({ state: ['SENT', 'RECEIVED'] }, { order: ['id'] });
    if (open.length === 0) return;
    const pack = world.random.pick(open);
    const { taxOrg, entrustDate, packNo } = pack;
    const where = { taxOrg, entrustDate, packNo };
    const line = await run.ports.read.of(attempts).get(where, { order: ['id'] });
    const numbers = await drawStopNumbers(run.ports, taxOrg);
    if (!numbers.ok) return;
    const attemptId = world.random.chance(0.5) ? (line?.id ?? null) : null;
    await inStep(run, 'stop', id, async (store) => {
      const asked = await askToStop(store, {
        id,
        packId: pack.id,
        attemptId,
        reason: '申报有误',
        officer: 'checker',
        numbers: numbers.value,
      });
      if (!asked.ok) throw new Refused(asked.error.code);
    });
  });
}

type InStep = Parameters<Run['ports']['transact']>[1];

function inStep(run: Run, name: string, subject: string, work: InStep): Promise<unknown> {
  return run.ports.transact({ name: `payment.${name}`, chain: 'agency:treasury', subject }, work);
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Refused || error instanceof Stale || error instanceof UniqueBroken) return;
    throw error;
  }
}

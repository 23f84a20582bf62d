// The whole of payment from a seed: decisions, sender, resolver, reconciliation and codec against the simulator's core,
// in virtual time, over a network that loses, delays, doubles, reorders and changes what passes, with crashes between.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { playHistory } from './history.ts';
import type { Played, Shard } from './shard.ts';

const wanted = Number(process.env['SHEBAO_SIM_RUNS'] ?? 10_000);
const firstSeed = Number(process.env['SIM_FIRST'] ?? 1);
const oneSeed = process.env['SIM_SEED'];
// As many histories as fit: the suite has two minutes for them.
const budgetMs = process.env['SHEBAO_SIM_RUNS'] === undefined ? 110_000 : Number.MAX_SAFE_INTEGER;

test('each bill is collected once or not at all, whatever happens', async (t) => {
  if (oneSeed !== undefined) {
    t.diagnostic(JSON.stringify(await playHistory(Number(oneSeed))));
    return;
  }
  const workers = Math.min(4, availableParallelism());
  const startedAt = performance.now();
  const played = await Promise.all(
    Array.from({ length: workers }, (_, at) =>
      play({
        first: firstSeed + at,
        stride: workers,
        count: Math.ceil(wanted / workers),
        budgetMs,
      }),
    ),
  );
  const histories = played.reduce((sum, part) => sum + part.histories, 0);
  const events = played.reduce((sum, part) => sum + part.events, 0);
  const perSecond = (histories * 1000) / (performance.now() - startedAt);
  t.diagnostic(`${histories} histories, ${events} events, ${perSecond.toFixed(0)} histories/s`);
  t.diagnostic(JSON.stringify(sum(played)));
  const failed = played.flatMap((part) => part.failed);
  for (const { seed, stack } of failed) {
    t.diagnostic(
      `replay: SIM_SEED=${seed} node --test packages/server/simulation/payments.test.ts\n${stack}`,
    );
  }
  assert.deepEqual(
    failed.map(({ seed }) => seed),
    [],
    'seeds whose history breaks an invariant',
  );
});

test('the same seed is the same history', async () => {
  assert.deepEqual(await playHistory(7), await playHistory(7));
});

function play(shard: Shard): Promise<Played> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./shard.ts', import.meta.url), { workerData: shard });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function sum(played: readonly Played[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [name, count] of played.flatMap((part) => Object.entries(part.states))) {
    total[name] = (total[name] ?? 0) + count;
  }
  return total;
}

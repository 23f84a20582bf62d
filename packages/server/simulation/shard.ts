import { parentPort, workerData } from 'node:worker_threads';
import { playHistory } from './history.ts';

/** What one worker is to play: every `stride`-th seed from `first`, until the time is up. */
export interface Shard {
  readonly first: number;
  readonly stride: number;
  readonly count: number;
  readonly budgetMs: number;
}

/** What it found. */
export interface Played {
  readonly histories: number;
  readonly events: number;
  readonly states: Readonly<Record<string, number>>;
  readonly failed: readonly { readonly seed: number; readonly stack: string }[];
}

const shard = workerData as Shard;
const endMs = performance.now() + shard.budgetMs;
const states: Record<string, number> = {};
const failed: { seed: number; stack: string }[] = [];
let histories = 0;
let events = 0;
while (histories < shard.count && failed.length < 3 && performance.now() < endMs) {
  const seed = shard.first + histories * shard.stride;
  histories += 1;
  try {
    const reached = await playHistory(seed);
    events += reached.events;
    for (const [name, count] of Object.entries(reached.states)) {
      states[name] = (states[name] ?? 0) + count;
    }
  } catch (error) {
    failed.push({ seed, stack: String((error as Error).stack) });
  }
}
parentPort?.postMessage({ histories, events, states, failed } satisfies Played);

import { exchange, WAIT_MS } from '@shebao/channel';
import { pushReturned } from './answers-back.ts';
import { nextEventAt, tick } from './day.ts';
import { type Hub, hubNow, step } from './hub.ts';
import type { Journal } from './journal.ts';
import { type DuePush, duePushes } from './outbox.ts';
import type { Step } from './store.ts';

const MAX_PUSHES = 8;
const LONGEST_SLEEP_MS = 1_000;

/** Runs the core against disk, clock and network: a step is on the disk before anybody learns of it. */
export class Runtime {
  readonly hub: Hub;
  readonly #journal: Journal;
  readonly #sending = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(hub: Hub, journal: Journal) {
    this.hub = hub;
    this.#journal = journal;
  }

  /** Runs a step and makes it durable. */
  async run<T>(act: () => Step<T>): Promise<T> {
    const { value, changes } = act();
    if (changes.length > 0) await this.#journal.append(changes);
    this.#wake(0);
    return value;
  }

  /** Does what is due, sends what waits, and keeps doing so. */
  start(): void {
    this.#wake(0);
  }

  /** Ends the work. A push on its way goes out again, with the same bytes, after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#journal.close();
  }

  #wake(afterMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#work(), Math.max(afterMs, 5));
  }

  async #work(): Promise<void> {
    const { changes } = step(this.hub, () => tick(this.hub));
    if (changes.length > 0) await this.#journal.append(changes);
    if (this.#stopped) return;
    for (const due of duePushes(this.hub)) {
      if (this.#sending.size >= MAX_PUSHES) break;
      if (!this.#sending.has(due.id)) this.#sending.set(due.id, this.#send(due));
    }
    const next = nextEventAt(this.hub);
    const waitMs = next === null ? LONGEST_SLEEP_MS : next - hubNow(this.hub);
    this.#wake(Math.min(Math.max(waitMs, 20), LONGEST_SLEEP_MS));
  }

  async #send(due: DuePush): Promise<void> {
    const outcome = await exchange({ url: due.url, bytes: due.bytes, waitMs: WAIT_MS });
    if (this.#stopped) return;
    const { changes } = pushReturned(this.hub, due.id, outcome);
    await this.#journal.append(changes);
    this.#sending.delete(due.id);
    this.#wake(0);
  }
}

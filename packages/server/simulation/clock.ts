/** Virtual time: what is to happen when. Nothing here waits for a real clock. */
export class Clock {
  nowMs: number;
  #order = 0;
  readonly #events: { at: number; order: number; act: () => void }[] = [];

  readonly #settled: () => Promise<void>;

  /** `settled` ends when no code is left that could go on without time passing. */
  constructor(startMs: number, settled: () => Promise<void> = nothingLeft) {
    this.nowMs = startMs;
    this.#settled = settled;
  }

  /** Waits for everything that follows at once from what happened. */
  settled(): Promise<void> {
    return this.#settled();
  }

  after(ms: number, act: () => void): void {
    const event = { at: this.nowMs + Math.max(0, Math.round(ms)), order: this.#order, act };
    this.#order += 1;
    let place = this.#events.length;
    while (place > 0 && (this.#events[place - 1]?.at ?? 0) > event.at) place -= 1;
    this.#events.splice(place, 0, event);
  }

  /** Waits in virtual time. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  nextAt(): number | null {
    return this.#events[0]?.at ?? null;
  }

  /** Lets the next event happen, and everything that follows from it at once. */
  async turn(): Promise<void> {
    const event = this.#events.shift();
    if (!event) return;
    this.nowMs = Math.max(this.nowMs, event.at);
    event.act();
    await this.#settled();
  }
}

/** Where nothing waits for the outside, one turn of the event loop is enough. */
export function nothingLeft(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What a stopped process still waits for: nothing ever comes. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

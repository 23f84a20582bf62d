import type { PasswordProfile } from './password-rules.ts';

/** The failures counted for one identifier or one source. */
export interface Tally {
  readonly failures: number;
  readonly lastMs: number;
  /** Locked until then; 0 when not. */
  readonly lockedUntilMs: number;
}

export interface TallyRule {
  readonly failuresToLock: number;
  readonly lockMs: number;
}

/** Counts one failure more. A lock is never prolonged by tries made during it. */
export function countFailure(tally: Tally | undefined, rule: TallyRule, nowMs: number): Tally {
  const fresh = tally === undefined || isForgotten(tally, rule, nowMs);
  if (!fresh && tally.lockedUntilMs > nowMs) return tally;
  const failures = (fresh ? 0 : tally.failures) + 1;
  const lockedUntilMs = failures >= rule.failuresToLock ? nowMs + rule.lockMs : 0;
  return { failures, lastMs: nowMs, lockedUntilMs };
}

/** After a lock has run out, or as long without a failure, counting begins anew. */
function isForgotten(tally: Tally, rule: TallyRule, nowMs: number): boolean {
  if (tally.lockedUntilMs > 0) return tally.lockedUntilMs <= nowMs;
  return nowMs - tally.lastMs >= rule.lockMs;
}

/** A whole office may sit behind one address. */
const sourceFailuresToLock = 300;
const mostTallies = 200_000;

/** Counts failed sign-ins per identifier, known or not, and per source, on the monotonic clock. */
export class AttemptGate {
  readonly #tallies = new Map<string, Tally>();
  readonly #identifier: TallyRule;
  readonly #source: TallyRule;
  readonly #delayFrom: number;
  readonly #nowMs: () => number;

  constructor(profile: PasswordProfile, nowMs: () => number) {
    const lockMs = profile.lockMinutes * 60_000;
    this.#identifier = { failuresToLock: profile.failuresToLock, lockMs };
    this.#source = { failuresToLock: sourceFailuresToLock, lockMs };
    this.#delayFrom = profile.delayFromFailure;
    this.#nowMs = nowMs;
  }

  /** Whole minutes to wait; 0 when a try is allowed. */
  waitMinutes(identifier: string, source: string): number {
    const until = [`i ${identifier}`, `s ${source}`].map(
      (key) => this.#tallies.get(key)?.lockedUntilMs ?? 0,
    );
    return Math.ceil(Math.max(0, Math.max(...until) - this.#nowMs()) / 60_000);
  }

  fail(identifier: string, source: string): void {
    this.#count(`i ${identifier}`, this.#identifier);
    this.#count(`s ${source}`, this.#source);
  }

  /** How long the answer to a failure is held back: grows from the profile's n-th failure on. */
  delayMs(identifier: string): number {
    const failures = this.#tallies.get(`i ${identifier}`)?.failures ?? 0;
    return Math.min(600, Math.max(0, failures - this.#delayFrom + 1) * 100);
  }

  succeed(identifier: string): void {
    this.#tallies.delete(`i ${identifier}`);
  }

  #count(key: string, rule: TallyRule): void {
    const next = countFailure(this.#tallies.get(key), rule, this.#nowMs());
    // Inserted again at the end: the oldest go first when there are too many.
    this.#tallies.delete(key);
    this.#tallies.set(key, next);
    if (this.#tallies.size > mostTallies) {
      const oldest = this.#tallies.keys().next().value;
      if (oldest !== undefined) this.#tallies.delete(oldest);
    }
  }
}

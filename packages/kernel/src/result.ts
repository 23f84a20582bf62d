/** The outcome of something that may be refused for an expected reason. Programmers' errors are thrown, never returned. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/**
 * Wraps a value as a success.
 *
 * @example
 * ok(1) //=> { ok: true, value: 1 }
 */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/**
 * Wraps a reason as a refusal.
 *
 * @example
 * err('not-a-day') //=> { ok: false, error: 'not-a-day' }
 */
export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/**
 * Crashes when an invariant does not hold: a programmer's error, never a user's.
 *
 * @example
 * assert(fen(1) > 0, 'one fen is something') //=> undefined
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}

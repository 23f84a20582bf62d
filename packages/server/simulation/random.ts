/** Numbers that depend on nothing but the seed (mulberry32), so that a history can be played again. */
export interface Random {
  /** From 0 up to, but not including, 1. */
  next(): number;
  /** Whether something that happens in `rate` of all cases happens now. */
  chance(rate: number): boolean;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  pick<T>(choices: readonly T[]): T;
}

export function randomOf(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    between,
    chance: (rate) => next() < rate,
    pick: (choices) => choices[between(0, choices.length - 1)] as (typeof choices)[number],
  };
}

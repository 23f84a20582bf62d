import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fen, ppm } from './money.ts';
import {
  type AmountRounding,
  amountRoundings,
  baseRoundings,
  roundBase,
  shareOf,
} from './rounding.ts';

const unitFen: Record<AmountRounding, bigint> = {
  fenHalfUp: 1n,
  jiaoHalfUp: 10n,
  jiaoCeil: 10n,
  yuanHalfUp: 100n,
  yuanCeil: 100n,
};

/** base × rate / 10⁶ as a rational, rounded without any shortcut. */
function oracle(base: number, rate: number, rounding: AmountRounding): bigint {
  const divisor = 1_000_000n * unitFen[rounding];
  const product = BigInt(base) * BigInt(rate);
  const whole = product / divisor;
  const rest = product % divisor;
  const up = rounding.endsWith('Ceil') ? rest > 0n : rest * 2n >= divisor;
  return (whole + (up ? 1n : 0n)) * unitFen[rounding];
}

test('a share equals the exact rational, rounded, for every base, rate and rounding', () => {
  const base = fc.oneof(
    fc.nat(3_000_000),
    fc.nat(9_100_000_000),
    fc.nat(Number.MAX_SAFE_INTEGER - 100),
  );
  const rate = fc.oneof(
    fc.constantFrom(0, 5000, 40_000, 80_000, 99_000, 160_000),
    fc.nat(1_000_000),
  );
  fc.assert(
    fc.property(base, rate, fc.constantFrom(...amountRoundings), (b, r, rounding) => {
      assert.equal(BigInt(shareOf(fen(b), ppm(r), rounding)), oracle(b, r, rounding));
    }),
    { numRuns: 5000 },
  );
});

test('a share is exact where the product leaves the exact doubles', () => {
  for (const base of [2 ** 52 / 160_000, 9_007_199_254, 9_007_199_255, 1e11 + 3, 2 ** 53 - 1]) {
    const whole = Math.floor(base);
    for (const rounding of amountRoundings) {
      assert.equal(
        BigInt(shareOf(fen(whole), ppm(160_000), rounding)),
        oracle(whole, 160_000, rounding),
      );
    }
  }
});

test('every half of a fen goes up', () => {
  for (let base = 0; base < 20_000; base++) {
    const amount = shareOf(fen(base), ppm(5000));
    assert.equal(amount, Number((BigInt(base) * 5n + 500n) / 1000n), `base ${base}`);
  }
});

test('wages round to the yuan, the cascade, tens of yuan or not at all', () => {
  const cases = [
    [825_049, 825_000, 825_100, 825_000],
    [825_045, 825_000, 825_100, 825_000],
    [825_044, 825_000, 825_000, 825_000],
    [825_050, 825_100, 825_100, 825_000],
    [825_500, 825_500, 825_500, 826_000],
    [825_499, 825_500, 825_500, 825_000],
    [0, 0, 0, 0],
  ] as const;
  for (const [wage, yuan, cascade, tens] of cases) {
    assert.equal(roundBase(fen(wage), 'yuanHalfUp'), yuan);
    assert.equal(roundBase(fen(wage), 'jiaoThenYuan'), cascade);
    assert.equal(roundBase(fen(wage), 'tenYuanHalfUp'), tens);
    assert.equal(roundBase(fen(wage), 'none'), wage);
  }
});

test('every rounding has its name', () => {
  assert.deepEqual(amountRoundings, Object.keys(unitFen));
  assert.deepEqual(baseRoundings, ['yuanHalfUp', 'none', 'jiaoThenYuan', 'tenYuanHalfUp']);
});

test('negative bases, rates and wages are programmers errors', () => {
  assert.throws(() => shareOf(fen(-1), ppm(1)), /negative/);
  assert.throws(() => shareOf(fen(1), ppm(-1)), /negative/);
  assert.throws(() => roundBase(fen(-1), 'yuanHalfUp'), /negative/);
});

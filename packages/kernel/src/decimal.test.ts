import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  formatDecimal,
  formatRate,
  multiplyDecimals,
  parseDecimal,
  parseRate,
  roundDecimal,
} from './decimal.ts';
import { ppm } from './money.ts';

test('decimals are read exactly and written without trailing zeros', () => {
  const cases = [
    ['0.16', '0.16'],
    ['0.160', '0.16'],
    ['0.1600', '0.16'],
    ['-0', '0'],
    ['10', '10'],
    ['-0.5', '-0.5'],
    ['007', '7'],
    ['0.000001', '0.000001'],
    ['12345678901234567890.5', '12345678901234567890.5'],
    ['0.0', '0'],
  ] as const;
  for (const [text, shown] of cases) {
    const value = parseDecimal(text);
    assert.ok(value.ok);
    assert.equal(formatDecimal(value.value), shown);
  }
  for (const text of ['', '.5', '5.', '1e3', ' 1', '+1', '1,000', 'NaN', '--1', '0x1']) {
    assert.deepEqual(parseDecimal(text), { ok: false, error: 'not-a-decimal' }, text);
  }
});

test('rounding goes half up or up at any number of places', () => {
  const round = (text: string, scale: number, mode?: 'halfUp' | 'ceil') => {
    const value = parseDecimal(text);
    assert.ok(value.ok);
    return roundDecimal(value.value, scale, mode);
  };
  assert.equal(round('53.145', 2), 5315n);
  assert.equal(round('53.1449', 2), 5314n);
  assert.equal(round('53.1', 2), 5310n);
  assert.equal(round('53.14', 2, 'ceil'), 5314n);
  assert.equal(round('53.1401', 2, 'ceil'), 5315n);
  assert.equal(round('0.5', 0), 1n);
  assert.equal(round('0.05', 1, 'ceil'), 1n);
  assert.equal(round('0.99', 0, 'ceil'), 1n);
  assert.equal(round('0', 0), 0n);
  assert.throws(() => roundDecimal({ units: -1n, scale: 2 }, 0), /not negative/);
});

test('rates are read into parts per million and back', () => {
  assert.deepEqual(parseRate('0.16'), { ok: true, value: 160_000 });
  assert.deepEqual(parseRate('0.1600000'), { ok: true, value: 160_000 });
  assert.deepEqual(parseRate('0'), { ok: true, value: 0 });
  assert.deepEqual(parseRate('999.99999900'), { ok: true, value: 999_999_999 });
  assert.deepEqual(parseRate('1000'), { ok: true, value: 1_000_000_000 });
  for (const text of ['0.0000001', '-0.1', 'x', '1000.000001']) {
    assert.deepEqual(parseRate(text), { ok: false, error: 'not-a-rate' }, text);
  }
  fc.assert(
    fc.property(fc.nat(2_000_000), (value) => {
      assert.deepEqual(parseRate(formatRate(ppm(value))), { ok: true, value });
    }),
  );
});

test('products are exact', () => {
  assert.deepEqual(multiplyDecimals({ units: 16n, scale: 2 }, { units: 5n, scale: 1 }), {
    units: 80n,
    scale: 3,
  });
});

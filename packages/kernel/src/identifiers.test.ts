import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkCreditCode, creditCodeCheck } from './credit-code.ts';
import { checkIdentity } from './identity.ts';

const today = '2021-03-10';

/** The check character by ISO 7064 MOD 11-2, whose powers of two the published weights are. */
function mod11(digits: string): string {
  const sum = [...digits].reduce(
    (all, digit, at) => all + BigInt(digit) * 2n ** BigInt(17 - at),
    0n,
  );
  const check = (12n - (sum % 11n)) % 11n;
  return check === 10n ? 'X' : String(check);
}

test('the standard’s own example is valid and says who it is', () => {
  assert.deepEqual(checkIdentity('11010519491231002X', today), {
    ok: true,
    value: { number: '11010519491231002X', birthDate: '1949-12-31', sex: 'female' },
  });
  assert.equal(checkIdentity('11010519491231002x', today).ok, true);
});

test('identity numbers are refused with the reason', () => {
  const cases = [
    ['', 'length'],
    ['110105194912310', 'length'],
    ['11010519491231002XX', 'length'],
    ['1101051949123100AX', 'characters'],
    ['X1010519491231002X', 'characters'],
    ['1101051949123100２1', 'characters'],
    ['11010519491231002\n', 'characters'],
    ['110105194902300027', 'date'],
    ['1101051949123100X2', 'characters'],
    ['110105194904310021', 'date'],
    ['110105194902290027', 'date'],
    ['110105194913310027', 'date'],
    ['110105194900310027', 'date'],
    ['110105194912000027', 'date'],
    ['110105000012310027', 'date'],
    ['110105202103110020', 'future'],
    ['110105194912310021', 'check'],
    ['110105194912310029', 'check'],
  ] as const;
  for (const [number, reason] of cases) {
    assert.deepEqual(checkIdentity(number, today), { ok: false, error: reason }, number);
  }
});

test('one check character of eleven fits, born today included', () => {
  fc.assert(
    fc.property(fc.nat(999_999), fc.nat(999), fc.nat({ max: 40_000 }), (area, order, age) => {
      const born = new Date(Date.UTC(2021, 2, 10) - age * 86_400_000).toISOString().slice(0, 10);
      const head =
        String(area).padStart(6, '0') + born.replaceAll('-', '') + String(order).padStart(3, '0');
      const fits = [...'0123456789X'].filter((check) => checkIdentity(head + check, today).ok);
      assert.deepEqual(fits, [mod11(head)]);
      const answer = checkIdentity(head + fits[0], today);
      assert.ok(answer.ok);
      assert.equal(answer.value.birthDate, born);
      assert.equal(answer.value.sex, order % 2 === 1 ? 'male' : 'female');
    }),
  );
});

test('leap days are real in leap years only', () => {
  const ask = (date: string) => checkIdentity(`110105${date}0020`, today);
  assert.deepEqual(ask('19000229'), { ok: false, error: 'date' });
  assert.notDeepEqual(ask('20000229'), { ok: false, error: 'date' });
  assert.notDeepEqual(ask('19960229'), { ok: false, error: 'date' });
});

test('credit codes: published codes pass, one wrong character does not', () => {
  assert.deepEqual(checkCreditCode('91350100M000100Y43'), {
    ok: true,
    value: '91350100M000100Y43',
  });
  assert.deepEqual(checkCreditCode('91350100M000100Y44'), { ok: false, error: 'check' });
  assert.deepEqual(checkCreditCode('91350100M000100Y4'), { ok: false, error: 'length' });
  assert.deepEqual(checkCreditCode('91350100M000100YI3'), { ok: false, error: 'characters' });
  assert.deepEqual(checkCreditCode('91350100m000100Y43'), { ok: false, error: 'characters' });
});

test('a sum divisible by 31 has the check character 0', () => {
  // 17 zeros: the sum is 0, and many snippets then look up a 32nd character.
  assert.equal(creditCodeCheck('0'.repeat(17)), '0');
  assert.equal(checkCreditCode('0'.repeat(18)).ok, true);
});

test('every single wrong character of a credit code is found', () => {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const code = '91350100M000100Y43';
  for (let at = 0; at < 18; at++) {
    for (const other of alphabet) {
      if (other === code[at]) continue;
      const wrong = code.slice(0, at) + other + code.slice(at + 1);
      assert.deepEqual(checkCreditCode(wrong), { ok: false, error: 'check' }, wrong);
    }
  }
});

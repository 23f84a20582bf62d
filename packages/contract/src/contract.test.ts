import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as contract from './index.ts';

const isRoute = (value: unknown): value is contract.Route =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value;
const routes = Object.values<unknown>(contract).filter(isRoute);

/** POSTs that check or open something and leave no business record that a repeat could double. */
const repeatable = new Set([
  'signIn',
  'officeSignIn',
  'officeSetup',
  'changePassword',
  'reauthenticate',
  'previewWages',
  'verifyCertificate',
]);

test('every route has one name and one address, and a summary', () => {
  assert.ok(routes.length > 60);
  assert.equal(new Set(routes.map((route) => route.name)).size, routes.length);
  assert.equal(new Set(routes.map((route) => `${route.method} ${route.path}`)).size, routes.length);
  for (const route of routes) assert.ok(route.summary.length > 1, route.name);
});

test('every POST that changes something takes an idempotency key', () => {
  for (const route of routes) {
    if (route.method !== 'POST') continue;
    assert.equal(route.idempotent === true, !repeatable.has(route.name), route.name);
  }
});

test('the parameters in an address are those of its schema', () => {
  for (const route of routes) {
    const named = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]);
    const schema = route.params as { shape?: Record<string, unknown> } | undefined;
    assert.deepEqual(new Set(Object.keys(schema?.shape ?? {})), new Set(named), route.name);
  }
});

test('every error has a status, a text and a next step', () => {
  for (const [code, [status, text, nextStep]] of Object.entries(contract.errorRegistry)) {
    assert.ok(status >= 400 && status < 600, code);
    assert.ok(/\p{Script=Han}/u.test(text) && /\p{Script=Han}/u.test(nextStep), code);
  }
  assert.equal(
    contract.errorText('TOO_MANY_ATTEMPTS', { minutes: 15 }),
    '尝试次数过多，请在 15 分钟后再试',
  );
});

test('canonical JSON does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = contract.canonicalJson(value);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(contract.canonicalJson(reversed(JSON.parse(text))), text);
    }),
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, member]) => [key, reversed(member)] as const);
  return Object.fromEntries(entries.reverse());
}

test('amounts and months are read as they are written, and nothing else is', () => {
  for (const good of ['0.00', '8250.50', '-1.00']) assert.ok(contract.yuan.safeParse(good).success);
  for (const bad of ['1', '1.5', '01.00', '1,000.00', '4.4E+17', '']) {
    assert.ok(!contract.yuan.safeParse(bad).success, bad);
  }
  for (const good of ['8250.5', '8,250.50', '0']) {
    assert.ok(contract.typedYuan.safeParse(good).success, good);
  }
  for (const bad of ['-1', '1.234', '82,50', '１２', '1e3']) {
    assert.ok(!contract.typedYuan.safeParse(bad).success, bad);
  }
  assert.ok(!contract.typedWage.safeParse('0.00').success);
  assert.ok(!contract.month.safeParse('2021-13').success);
});

test('an address takes its parameters and query encoded', () => {
  const url = contract.urlOf('http://x', contract.listDuePeople, {
    params: { unitNo: '330100000123', key: 'institutionPension:employer:2021-03:current' },
    query: { offset: 0, limit: 10 },
  });
  assert.equal(
    url,
    'http://x/api/v1/units/330100000123/dues/institutionPension%3Aemployer%3A2021-03%3Acurrent/people?offset=0&limit=10',
  );
});

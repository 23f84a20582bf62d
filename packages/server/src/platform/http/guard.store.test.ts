import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as contract from '@shebao/contract';
import * as z from 'zod';
import type { TestClient } from '../../testing.ts';
import { checkPermission, nobody } from './dispatch.ts';
import { others, ours, registered, unitOf } from './registered.fixture.ts';

/** Something for every path parameter; the unit is the one asked about. */
function paramsFor(route: contract.Route, unitNo: string): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [, name = ''] of route.path.matchAll(/:(\w+)/g)) {
    params[name] = name === 'unitNo' ? unitNo : '00000000-0000-8000-a000-000000000000';
  }
  return params;
}

test("another taxpayer's unit does not exist, on every route that names one", async (t) => {
  const s = await registered(t);
  const client = await s.administrator(ours);
  let checked = 0;
  for (const { route } of s.capabilities.routes) {
    if (route.permission.who !== 'employer' || !route.path.includes(':unitNo')) continue;
    const params = paramsFor(route, unitOf[others] as string);
    const answer = await client.call(route, await validCall(route, params));
    assert.equal(answer.status, 404, `${route.name}: ${answer.raw.toString().slice(0, 200)}`);
    assert.equal(answer.body['code'], 'NOT_FOUND');
    checked += 1;
  }
  assert.ok(checked >= 10, `only ${checked} routes name a unit`);
});

// Bodies and queries differ; the guard must answer before they matter, so wrong ones may be refused first.
async function validCall(route: contract.Route, params: Record<string, string>) {
  const body = route.body ? sample(route.body) : undefined;
  const query = route.query ? (sample(route.query) as Record<string, unknown>) : undefined;
  const file = route.upload ? { name: 'a.csv', bytes: Buffer.from('x') } : undefined;
  return {
    params,
    ...(body === undefined ? {} : { body }),
    ...(query === undefined ? {} : { query }),
    ...(file === undefined ? {} : { file }),
  };
}

/** A value that fits a schema, made from its JSON schema. */
function sample(schema: Parameters<typeof toJson>[0]): unknown {
  return sampleOf(toJson(schema));
}

interface Json {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Json[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly items?: Json;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
}

const texts: readonly string[] = [
  '1',
  'abcd',
  '2021-03',
  '2021-03-10',
  '8250.50',
  '0.16',
  ours,
  'a'.repeat(64),
  '330106',
  '123456789012',
];

function sampleOf(json: Json): unknown {
  if (json.const !== undefined) return json.const;
  if (json.enum) return json.enum[0];
  if (json.anyOf) return sampleOf(json.anyOf[0] as Json);
  switch (json.type) {
    case 'object': {
      const required = new Set(json.required ?? []);
      const entries = Object.entries(json.properties ?? {}).filter(([name]) => required.has(name));
      return Object.fromEntries(entries.map(([name, value]) => [name, sampleOf(value)]));
    }
    case 'array':
      return Array.from({ length: json.minItems ?? 1 }, () => sampleOf(json.items ?? {}));
    case 'integer':
    case 'number':
      return Math.max(1, json.minimum ?? 1);
    case 'boolean':
      return true;
    default: {
      if (json.format === 'uuid') return '8f14e45f-ceea-467f-9c3b-6a1c2b3d4e5f';
      const pattern = json.pattern === undefined ? undefined : new RegExp(json.pattern, 'u');
      return texts.find((text) => pattern?.test(text) ?? true);
    }
  }
}

function toJson(schema: NonNullable<contract.Route['body']>): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
}

test('every route: who may not, is told so before anything is read', async (t) => {
  const s = await registered(t);
  const clients: Record<string, TestClient> = {
    public: s.browser(),
    employer: await s.administrator(ours),
    auditor: await s.officer('auditor'),
  };
  for (const { route } of s.capabilities.routes) {
    const { permission } = route;
    const params = paramsFor(route, unitOf[ours] as string);
    const tell = async (who: string) =>
      (await (clients[who] as TestClient).call(route, { params })).body['code'];
    if (permission.who === 'public') continue;
    assert.equal(await tell('public'), 'NOT_SIGNED_IN', route.name);
    if (permission.who === 'employer') assert.equal(await tell('auditor'), 'FORBIDDEN', route.name);
    if (permission.who !== 'office') continue;
    assert.equal(await tell('employer'), 'FORBIDDEN', route.name);
    if (!permission.roles.includes('auditor')) {
      assert.equal(await tell('auditor'), 'FORBIDDEN', route.name);
    }
  }
});

test('the permission table, role by role and function by function', () => {
  const officer = { ...nobody, realm: 'office', roles: ['policy'] } as const;
  const grants = new Map([['1', ['query']]] as const);
  const clerk = { ...nobody, realm: 'employer', grants } as const;
  for (const role of contract.officeRoles) {
    const refused = checkPermission({ who: 'office', roles: [role] }, officer)?.code;
    assert.equal(refused, role === 'policy' ? undefined : 'FORBIDDEN');
    assert.equal(checkPermission({ who: 'office', roles: [role] }, clerk)?.code, 'FORBIDDEN');
  }
  for (const does of contract.employerFunctions) {
    const refused = checkPermission({ who: 'employer', does }, clerk)?.code;
    assert.equal(refused, does === 'query' ? undefined : 'FORBIDDEN');
    assert.equal(checkPermission({ who: 'employer', does }, officer)?.code, 'FORBIDDEN');
  }
});

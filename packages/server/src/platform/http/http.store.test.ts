import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as contract from '@shebao/contract';
import * as z from 'zod';
import { type BoundRoute, handle } from './binding.ts';
import { checkPermission, nobody } from './dispatch.ts';
import { type TestClient, type TestService, testService } from '../../testing.ts';

const ours = '91330106MA00000017';
const others = '91330106MA00000025';
const unitOf = { [ours]: '330100001', [others]: '330100002' };

async function registered(t: Parameters<typeof testService>[0]): Promise<TestService> {
  const s = await testService(t);
  const officer = await s.officer('register');
  for (const [taxpayerId, unitNo] of Object.entries(unitOf)) {
    await officer.call(contract.registerTaxpayer, { body: { taxpayerId, name: '单位' } });
    await officer.call(contract.registerUnit, {
      params: { taxpayerId },
      body: {
        unitNo,
        name: '单位',
        region: '330106',
        unitKind: 'enterprise',
        fundingType: 'none',
        unitSize: 'medium',
        riskClass: 2,
        insurances: ['enterprisePension'],
      },
    });
  }
  return s;
}

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

test('bad input is refused with its path and a Chinese text, never with 5xx', async (t) => {
  const s = await registered(t);
  const officer = await s.officer('register');
  const tell = async (body: unknown) => {
    const answer = await officer.call(contract.registerTaxpayer, { body });
    assert.equal(answer.status, 400, answer.raw.toString());
    return (answer.body['errors'] as { path: string; detail: string }[]).map(
      ({ path, detail }) => `${path} ${detail}`,
    );
  };
  assert.deepEqual(await tell({ taxpayerId: ours }), ['body.name 缺少此项，请填写']);
  assert.deepEqual(await tell({ taxpayerId: ours, name: 7 }), ['body.name 类型不对，应为文字']);
  assert.deepEqual(await tell({ taxpayerId: ours, name: '甲', role: 'boss' }), [
    'body.role 没有这个字段，请去掉',
  ]);
  assert.deepEqual(await tell([]), ['body 类型不对，应为对象']);
  const raw = async (payload: string, type = 'application/json') => {
    const headers: Record<string, string> = {
      'content-type': type,
      'idempotency-key': 'x',
      cookie: officer.cookie ?? '',
      'x-shebao-csrf': officer.csrfToken ?? '',
    };
    const url = '/api/v1/office/taxpayers';
    return (await s.app.inject({ method: 'POST', url, headers, payload })).statusCode;
  };
  assert.equal(await raw('{"taxpayerId":'), 400);
  assert.equal(await raw('{"__proto__":{"admin":true},"name":"x"}'), 400);
  assert.equal(await raw('taxpayerId=1&name=x', 'application/x-www-form-urlencoded'), 400);
  assert.equal(await raw(`{"name":"${'x'.repeat(9 * 1024 * 1024)}"}`), 413);
  const keyless = await officer.call(contract.registerTaxpayer, {
    body: { taxpayerId: ours, name: 'x' },
    idempotencyKey: '',
  });
  assert.equal(keyless.body['code'], 'IDEMPOTENCY_KEY_REQUIRED');
});

test('the same key answers the same; for another body it is refused', async (t) => {
  const s = await registered(t);
  const officer = await s.officer('register');
  const body = { taxpayerId: '91330106MA00000033', name: '丙公司' };
  const first = await officer.call(contract.registerTaxpayer, { body, idempotencyKey: 'k' });
  const second = await officer.call(contract.registerTaxpayer, { body, idempotencyKey: 'k' });
  assert.equal(first.status, 200);
  assert.deepEqual(second.body, first.body);
  const other = { ...body, name: '丁公司' };
  const refused = await officer.call(contract.registerTaxpayer, {
    body: other,
    idempotencyKey: 'k',
  });
  assert.equal(refused.status, 422);
  const fresh = await officer.call(contract.registerTaxpayer, { body });
  assert.equal(fresh.body['code'], 'TAXPAYER_EXISTS');
});

function isRoute(value: unknown): value is contract.Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'permission' in value;
}

test('every route of the contract is served, once, and described', async (t) => {
  const s = await testService(t);
  const declared = Object.values(contract as Record<string, unknown>).filter(isRoute);
  const served = new Set(s.capabilities.routes.map((bound) => bound.route.name));
  assert.equal(served.size, s.capabilities.routes.length);
  const tasks = ['getTask', 'listTasks'];
  const missing = declared.map((route) => route.name).filter((name) => !served.has(name));
  assert.deepEqual(missing.sort(), tasks);
  const document = JSON.parse((await s.app.inject('/openapi.json')).payload) as {
    openapi: string;
    paths: Record<string, object>;
  };
  assert.equal(document.openapi, '3.1.0');
  const operations = Object.values(document.paths).flatMap((path) => Object.keys(path));
  assert.equal(operations.length, declared.length);
});

test('answers carry the headers that browsers need', async (t) => {
  const s = await registered(t);
  const client = await s.administrator(ours);
  const { headers } = await client.call(contract.currentSession);
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /default-src 'self'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline/);
  const docs = await s.app.inject('/docs/');
  assert.equal(docs.statusCode, 200);
  assert.doesNotMatch(docs.payload, /<script>/);
  assert.doesNotMatch(String(docs.headers['content-security-policy']), /script-src[^;]*unsafe/);
  const metrics = await s.app.inject('/metrics');
  assert.match(metrics.payload, /shebao_commands_total/);
});

test('a failure nobody expected says nothing of the inside but a reference', async (t) => {
  const s = await registered(t);
  const broken: BoundRoute = handle(contract.listTasks, () => {
    throw new Error('secret select * from identity');
  });
  const client = await s.administrator(ours);
  const { createHttpServer } = await import('./server.ts');
  const { authenticator, sessionCookies } = await import('../../access/index.ts');
  const app = await createHttpServer({
    services: s.services,
    authenticate: authenticator(s.capabilities.access),
    cookies: sessionCookies(s.capabilities.access),
    routes: [broken],
    ready: async () => '数据库暂时不可用',
  });
  t.after(() => app.close());
  const headers = { cookie: client.cookie ?? '' };
  const answer = await app.inject({ url: '/api/v1/tasks', headers });
  assert.equal(answer.statusCode, 500);
  const body = answer.json() as Record<string, unknown>;
  assert.equal(body['code'], 'INTERNAL');
  assert.equal(typeof body['reference'], 'string');
  assert.doesNotMatch(answer.payload, /secret|select/);
  assert.equal((await app.inject('/readyz')).statusCode, 503);
});

test('events reach the browsers of their taxpayer and nobody else', async (t) => {
  const s = await registered(t);
  const listen = async (client: TestClient) => {
    const url = `${address}/api/v1/events`;
    const abort = new AbortController();
    t.after(() => abort.abort());
    const headers = { cookie: client.cookie ?? '' };
    const response = await fetch(url, { headers, signal: abort.signal });
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    return async (mark: string) => {
      let text = '';
      while (!text.includes(mark))
        text += Buffer.from((await reader.read()).value ?? []).toString();
      return text;
    };
  };
  const address = await s.app.listen({ port: 0, host: '127.0.0.1' });
  const our = await listen(await s.administrator(ours));
  const their = await listen(await s.administrator(others));
  const publish = (taxpayer: string, mark: string) =>
    s.services.events.publish([
      { audience: `taxpayer:${taxpayer}`, type: 'roster', data: { mark } },
    ]);
  publish(others, 'for-them');
  publish(ours, 'for-us');
  publish(others, 'their-end');
  const seen = await our('for-us');
  assert.match(seen, /event: roster\ndata: \{"mark":"for-us"\}/);
  assert.doesNotMatch(seen, /for-them/);
  assert.doesNotMatch(await their('their-end'), /for-us/);
  const unknown = await fetch(`${address}/api/v1/events`);
  assert.equal(unknown.status, 401);
  await unknown.body?.cancel();
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as contract from '@shebao/contract';
import { sql } from 'kysely';
import { type TestClient, testService } from '../../testing.ts';
import { OutcomeUnknown } from '../commit.ts';
import { type BoundRoute, handle } from './binding.ts';
import { others, ours, registered } from './registered.fixture.ts';

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
  const unclear: BoundRoute = handle(contract.getTask, () => {
    throw new OutcomeUnknown('transaction 7');
  });
  const full: BoundRoute = handle(contract.listAudit, async ({ services }) => {
    // What the database says when it cannot extend a file.
    await sql`do $$ begin raise exception 'no space' using errcode = 'disk_full'; end $$`.execute(
      services.db.q,
    );
    throw new Error('not reached');
  });
  const client = await s.administrator(ours);
  const { createHttpServer } = await import('./server.ts');
  const { authenticator, sessionCookies } = await import('../../access/index.ts');
  const app = await createHttpServer({
    services: s.services,
    authenticate: authenticator(s.capabilities.access),
    cookies: sessionCookies(s.capabilities.access),
    routes: [broken, unclear, full],
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
  const unknown = await app.inject({ url: '/api/v1/tasks/1', headers });
  assert.equal(unknown.statusCode, 503);
  assert.equal((unknown.json() as Record<string, unknown>)['code'], 'UNAVAILABLE');
  assert.equal((await app.inject('/readyz')).statusCode, 503);
  const officer = await s.officer('auditor');
  const office = { cookie: officer.cookie ?? '' };
  const outOfSpace = await app.inject({ url: '/api/v1/office/audit', headers: office });
  assert.equal(outOfSpace.statusCode, 503);
  assert.equal((outOfSpace.json() as Record<string, unknown>)['code'], 'STORAGE_FULL');
});

test('too many requests to what anybody may call are held off', async (t) => {
  const s = await testService(t);
  const client = s.browser('10.9.8.7');
  const codes = new Map<unknown, number>();
  for (let n = 0; n < 610; n += 1) {
    const answer = await client.call(contract.signIn, { body: {} });
    const code = answer.body['code'];
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  assert.deepEqual(
    [...codes],
    [
      ['INPUT_INVALID', 600],
      ['TOO_MANY_REQUESTS', 10],
    ],
  );
  const other = await s.browser('10.9.8.8').call(contract.signIn, { body: {} });
  assert.equal(other.body['code'], 'INPUT_INVALID');
});

test('whoever takes a file out leaves a row in the audit log', async (t) => {
  const s = await registered(t);
  const officer = await s.officer('register');
  const file = await officer.call(contract.deliveryTemplate);
  assert.equal(file.status, 200);
  assert.match(String(file.headers['content-disposition']), /^attachment; filename\*=UTF-8''/);
  const { rows } = await s.pools.read.query(
    `select chain, payload::jsonb->'detail'->>'route' as route, actor like 'office:%' as officer
     from audit_entry where action = 'platform.export'`,
  );
  assert.deepEqual(rows, [{ chain: 'agency:office', route: 'deliveryTemplate', officer: true }]);
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

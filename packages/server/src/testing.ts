import type { TestContext } from 'node:test';
import { type OfficeRole, type Route, urlOf } from '@shebao/contract';
import type { FastifyInstance } from 'fastify';
import {
  authenticator,
  provisionAdministrator,
  provisionOfficer,
  sessionCookies,
} from './access/index.ts';
import { type Capabilities, openCapabilities } from './capabilities.ts';
import { createHttpServer } from './platform/http/server.ts';
import { taskRoutes } from './platform/task-routes.ts';
import { type TestOptions, type TestWorld, testDatabase } from './platform/testing.ts';

/** The whole service on a database of its own, spoken to over HTTP without a socket. */
export interface TestService extends TestWorld {
  readonly app: FastifyInstance;
  readonly capabilities: Capabilities;
  /** Somebody at a browser who has not signed in. */
  browser(source?: string): TestClient;
  /** An officer with these roles, signed in. */
  officer(...roles: OfficeRole[]): Promise<TestClient>;
  /** The administrator of a registered taxpayer, signed in. */
  administrator(taxpayerId: string): Promise<TestClient>;
}

export interface TestAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly raw: Buffer;
}

export interface TestCall {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
  /** A fresh one when absent. */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Keeps cookie and CSRF token as a browser's page does. */
export interface TestClient {
  cookie: string | undefined;
  csrfToken: string | undefined;
  call(route: Route, call?: TestCall): Promise<TestAnswer>;
}

export const testPassword = 'Drei Eichen am Fluss 2021';

/** Starts the service for a test; tasks run when the test drains them. */
export async function testService(t: TestContext, options: TestOptions = {}): Promise<TestService> {
  const world = await testDatabase(t, options);
  const capabilities = await openCapabilities(world.services);
  const app = await createHttpServer({
    services: world.services,
    authenticate: authenticator(capabilities.access),
    cookies: sessionCookies(capabilities.access),
    routes: [...capabilities.routes, ...taskRoutes],
    extend: (http) => capabilities.extend(http),
    ready: async () => undefined,
  });
  t.after(() => app.close());
  let made = 0;
  const browser = (source?: string): TestClient => createClient(app, source);
  return {
    ...world,
    app,
    capabilities,
    browser,
    drainTasks: (drain) => world.drainTasks({ handlers: capabilities.tasks, ...drain }),
    async officer(...roles) {
      made += 1;
      const userName = `officer${made}`;
      const officer = { userName, displayName: userName, password: testPassword, roles };
      expectOk(await provisionOfficer(world.services, officer));
      const client = browser();
      await signInAt(client, '/office/sessions', { userName, password: testPassword });
      return client;
    },
    async administrator(taxpayerId) {
      const administrator = { taxpayerId, password: testPassword, initial: false };
      expectOk(await provisionAdministrator(world.services, administrator));
      const client = browser();
      await signInAt(client, '/sessions', { taxpayerId, password: testPassword });
      return client;
    },
  };
}

function expectOk(result: { readonly ok: boolean }): void {
  if (!result.ok) throw new Error(JSON.stringify(result));
}

async function signInAt(client: TestClient, path: string, body: unknown): Promise<void> {
  const route = { name: '', method: 'POST', path, summary: '', permission: { who: 'public' } };
  const answer = await client.call(route as Route, { body });
  if (answer.status !== 200) throw new Error(`sign-in: ${answer.raw.toString()}`);
}

let keys = 0;

function createClient(app: FastifyInstance, source = '127.0.0.1'): TestClient {
  const client: TestClient = {
    cookie: undefined,
    csrfToken: undefined,
    async call(route, call = {}) {
      const headers: Record<string, string> = { ...call.headers };
      if (client.cookie !== undefined) headers['cookie'] = client.cookie;
      if (client.csrfToken !== undefined) headers['x-shebao-csrf'] ??= client.csrfToken;
      keys += 1;
      if (route.idempotent) headers['idempotency-key'] = call.idempotencyKey ?? `test-${keys}`;
      const payload = payloadOf(call, headers);
      const response = await app.inject({
        method: route.method,
        url: urlOf('', route, { params: call.params, query: call.query } as never),
        headers,
        remoteAddress: source,
        ...(payload === undefined ? {} : { payload }),
      });
      const body = parse(response.payload);
      for (const cookie of response.cookies) {
        client.cookie = cookie.value === '' ? undefined : `${cookie.name}=${cookie.value}`;
      }
      if (typeof body['csrfToken'] === 'string') client.csrfToken = body['csrfToken'];
      const { statusCode: status, rawPayload: raw } = response;
      return { status, body, headers: response.headers, raw };
    },
  };
  return client;
}

function payloadOf(call: TestCall, headers: Record<string, string>): string | Buffer | undefined {
  if (call.file) {
    const boundary = 'boundary-of-the-test';
    headers['content-type'] = `multipart/form-data; boundary=${boundary}`;
    const head =
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; ` +
      `filename="${call.file.name}"\r\ncontent-type: application/octet-stream\r\n\r\n`;
    return Buffer.concat([
      Buffer.from(head),
      call.file.bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
  }
  if (call.body === undefined) return undefined;
  headers['content-type'] = 'application/json';
  return JSON.stringify(call.body);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { OutcomeUnknown } from '../commit.ts';
import { isConnectionLost, isOutOfSpace } from '../pg-errors.ts';
import type { Refusal } from '../types.ts';
import type { BoundRoute } from './binding.ts';
import { type DispatchPorts, dispatch, sendRefusal } from './dispatch.ts';
import { serveEvents } from './event-stream.ts';
import { type Operations, serveOperations } from './operations.ts';
import { serveClient } from './static-client.ts';

export interface HttpPorts extends DispatchPorts, Operations {
  readonly routes: readonly BoundRoute[];
  /** Adds what is no route of the contract, e.g. the inbox of the treasury channel. */
  extend?(app: FastifyInstance): void;
}

const jsonLimitBytes = 8 * 1024 * 1024;
/** From one address. A payroll program of a large employer stays far below. */
const requestsPerMinute = 60_000;
/** To routes that anybody may call: signing in, checking a certificate. */
const publicRequestsPerMinute = 600;

/** The HTTP server with every route of the capabilities, not yet listening. */
export async function createHttpServer(ports: HttpPorts): Promise<FastifyInstance> {
  const { config, metrics } = ports.services;
  const app = fastify({
    logger: false,
    trustProxy: config.trustProxy,
    bodyLimit: jsonLimitBytes,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    requestTimeout: 120_000,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
  });
  await app.register(cookie);
  await app.register(multipart, { throwFileSizeLimit: true });
  await app.register(helmet, helmetOptions(config.publicUrl.startsWith('https:')));
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: () => new RateLimited(),
    allowList: (request) => request.url === '/healthz' || request.url === '/readyz',
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const status = String(reply.statusCode);
    metrics.requests.inc({ method: request.method, route, status });
    metrics.requestSeconds.observe({ route }, reply.elapsedTime / 1000);
    done();
  });
  setErrorAnswers(app, ports);
  await app.register(
    async (api) => {
      api.addHook('onSend', async (_request, reply) => {
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      });
      for (const bound of ports.routes) addRoute(api, ports, bound);
      serveEvents(api, ports);
    },
    { prefix: '/api/v1' },
  );
  ports.extend?.(app);
  await serveOperations(app, ports, ports.routes);
  await serveClient(app);
  return app;
}

class RateLimited extends Error {
  readonly statusCode = 429;
}

function addRoute(app: FastifyInstance, ports: HttpPorts, bound: BoundRoute): void {
  const { method, path, upload, permission } = bound.route;
  const rateLimit = { max: publicRequestsPerMinute, timeWindow: 60_000 };
  app.route({
    method,
    url: path,
    ...(permission.who === 'public' ? { config: { rateLimit } } : {}),
    ...(upload ? { bodyLimit: upload.maxBytes + 64 * 1024 } : {}),
    handler: (request, reply) => dispatch(ports, bound, request, reply),
  });
}

function helmetOptions(secure: boolean): Parameters<typeof helmet>[1] {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        frameSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    crossOriginOpenerPolicy: secure ? { policy: 'same-origin' } : false,
    originAgentCluster: secure,
  };
}

/** Every failure becomes a problem: known ones by their code, the others logged under a reference. */
function setErrorAnswers(app: FastifyInstance, ports: HttpPorts): void {
  app.setErrorHandler((error: FastifyError, request, reply: FastifyReply) => {
    const refusal = refusalOf(error);
    if (refusal.code === 'STORAGE_FULL') {
      ports.services.log.error({ route: request.routeOptions.url, err: error }, 'no space left');
    }
    if (refusal.code !== 'INTERNAL') return sendRefusal(reply, refusal);
    ports.services.log.error(
      { reference: request.id, route: request.routeOptions.url, err: error },
      'request failed',
    );
    return sendRefusal(reply, refusal, request.id);
  });
}

const badBody = (detail: string): Refusal => ({
  code: 'INPUT_INVALID',
  errors: [{ path: 'body', code: 'invalid_format', detail }],
});

function refusalOf(error: FastifyError): Refusal {
  if (error instanceof OutcomeUnknown || isConnectionLost(error)) return { code: 'UNAVAILABLE' };
  if (isOutOfSpace(error)) return { code: 'STORAGE_FULL' };
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
    case 'FST_FILES_LIMIT':
    case 'FST_PARTS_LIMIT':
    case 'FST_FIELDS_LIMIT':
      return { code: 'TOO_LARGE' };
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return badBody('请以 application/json 提交');
    default:
  }
  const status = error.statusCode ?? 500;
  if (status === 429) return { code: 'TOO_MANY_REQUESTS' };
  if (status === 413) return { code: 'TOO_LARGE' };
  if (status === 404) return { code: 'NOT_FOUND' };
  if (status >= 400 && status < 500) return badBody('内容无法读取，应为 JSON');
  return { code: 'INTERNAL' };
}

import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { Services } from '../types.ts';
import type { BoundRoute } from './binding.ts';
import { openApiDocument } from './openapi.ts';

export interface Operations {
  readonly services: Services;
  /** Whether the service can do its work now; a text says why not. */
  ready(): Promise<string | undefined>;
}

/** What operators and developers look at: health, figures, the API's description. */
export async function serveOperations(
  app: FastifyInstance,
  ports: Operations,
  routes: readonly BoundRoute[],
): Promise<void> {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const why = await ports.ready();
    return why === undefined
      ? { status: 'ready' }
      : reply.code(503).send({ status: 'unavailable', detail: why });
  });
  app.get('/metrics', async (_request, reply) => {
    const { registry } = ports.services.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
  const document = openApiDocument(
    routes.map((bound) => bound.route),
    ports.services.config.publicUrl,
  );
  app.get('/openapi.json', async () => document);
  await app.register(swagger, { mode: 'static', specification: { document: document as never } });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: '单位社保费管理接口' },
    // The interface draws with style attributes; scripts stay limited to our own files.
    staticCSP: {
      'default-src': "'self'",
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
      'object-src': "'none'",
      'img-src': "'self' data:",
      'style-src': "'self' 'unsafe-inline'",
      'script-src': "'self'",
    },
  });
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { sendRefusal } from './dispatch.ts';

const built = fileURLToPath(new URL('../../../../web/dist/', import.meta.url));

/** Serves the built client; every address that is no file and no API is a page of the client. */
export async function serveClient(app: FastifyInstance): Promise<void> {
  const client = existsSync(path.join(built, 'index.html'));
  if (client) {
    await app.register(fastifyStatic, {
      root: built,
      wildcard: false,
      index: false,
      preCompressed: true,
      setHeaders(reply, file) {
        const lasting = file.includes(`${path.sep}assets${path.sep}`);
        reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const page =
      client &&
      (request.method === 'GET' || request.method === 'HEAD') &&
      !/^\/(api|docs)\b/.test(request.url) &&
      !path.posix.basename(request.url.split('?')[0] ?? '').includes('.');
    if (!page) return sendRefusal(reply, { code: 'NOT_FOUND' });
    return reply.header('cache-control', 'no-cache').sendFile('index.html');
  });
}

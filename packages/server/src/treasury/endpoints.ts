import { CONTENT_TYPE, INITIATOR_PATHS, keyDocument, MAX_BYTES } from '@shebao/channel';
import type { FastifyInstance } from 'fastify';
import type { TreasuryPorts } from './ports.ts';
import { type Handlers, receive } from './receiver.ts';

/** Serves what the peer may call: our public key and the inbox. HTTP carries no business meaning. */
export function treasuryEndpoints(
  app: FastifyInstance,
  ports: TreasuryPorts,
  handlers: Handlers,
): void {
  app.get(INITIATOR_PATHS.certificate, async (_request, reply) =>
    reply.type('text/plain; charset=us-ascii').send(keyDocument(ports.signer.publicKey)),
  );
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
    scope.route({
      method: 'POST',
      url: INITIATOR_PATHS.inbox,
      bodyLimit: MAX_BYTES.inbox + 1024,
      handler: async (request, reply) => {
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const answer = await receive(ports, handlers, bytes);
        reply.code(answer.status);
        return answer.bytes ? reply.type(CONTENT_TYPE).send(answer.bytes) : reply.send();
      },
    });
  });
}

import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { audienceOf } from '../worker.ts';
import { type DispatchPorts, sendRefusal } from './dispatch.ts';

const heartbeatMs = 20_000;
/** A stream ends after this long, so that an ended session is noticed; browsers reconnect. */
const longestMs = 10 * 60_000;
const mostStreams = 2_000;

/** Server-sent events: what happened at the caller's taxpayer (or the office), while he watches. */
export function serveEvents(app: FastifyInstance, ports: DispatchPorts): void {
  let open = 0;
  const ending = new Set<Readable>();
  app.addHook('preClose', async () => {
    for (const stream of ending) stream.push(null);
  });
  app.get('/events', async (request, reply) => {
    const caller = await ports.authenticate(request);
    if (!caller.ok) return sendRefusal(reply, caller.error);
    if (caller.value.mustChangePassword) {
      return sendRefusal(reply, { code: 'PASSWORD_CHANGE_REQUIRED' });
    }
    if (open >= mostStreams) return sendRefusal(reply, { code: 'TOO_MANY_REQUESTS' });
    open += 1;
    const stream = new Readable({ read: () => undefined });
    ending.add(stream);
    const audience = audienceOf(caller.value.taxpayerId ?? 'office');
    const unsubscribe = ports.services.events.subscribe(audience, (event) => {
      stream.push(`event: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`);
    });
    const heartbeat = setInterval(() => stream.push(': \n\n'), heartbeatMs);
    const end = setTimeout(() => stream.push(null), longestMs);
    stream.once('close', () => {
      open -= 1;
      ending.delete(stream);
      clearInterval(heartbeat);
      clearTimeout(end);
      unsubscribe();
    });
    stream.push('retry: 1000\n\n');
    return reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('x-accel-buffering', 'no')
      .send(stream);
  });
}

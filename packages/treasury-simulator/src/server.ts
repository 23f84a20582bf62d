import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  CONTENT_TYPE,
  decodeGbk,
  fetchDocument,
  INITIATOR_PATHS,
  isChannelAddress,
  keyDocument,
  MAX_BYTES,
  REPLY_TO_HEADER,
  unverifiedSender,
  WAIT_MS,
} from '@shebao/channel';
import { command, watch } from './control.ts';
import { isStranger, type Reply, receive } from './core.ts';
import { unpack64 } from './hub.ts';
import { PAGE } from './page.ts';
import type { Runtime } from './runtime.ts';

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;
// An answer that takes longer than the other side waits goes out by itself later.
const MAX_HOLD_MS = 55_000;

/** What the server needs beside the core. */
export interface ServerPorts {
  readonly runtime: Runtime;
  /** Takes over the demo world when its file is there and new. */
  readonly refreshDemo: () => Promise<void>;
}

/** The simulator's HTTP side: two lanes, the certificate, the page, and the controls for loopback callers. */
export function createSimulatorServer(ports: ServerPorts): Server {
  return createServer((request, response) => {
    route(ports, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

async function route(
  ports: ServerPorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const { method } = request;
  if (url.pathname === '/online' || url.pathname === '/batch') {
    if (method !== 'POST') return end(response, 405);
    return takeMessage(ports, request, response, url.pathname === '/online' ? 'online' : 'batch');
  }
  if (url.pathname === '/certificate' && method === 'GET') {
    return end(response, 200, 'text/plain', keyDocument(ports.runtime.hub.ports.signer.publicKey));
  }
  if (!isLocal(request)) return end(response, 403);
  if (url.pathname === '/' && method === 'GET') {
    return end(response, 200, 'text/html; charset=utf-8', PAGE);
  }
  if (url.pathname.startsWith('/control/')) return control(ports, request, response, url);
  return end(response, 404);
}

async function takeMessage(
  ports: ServerPorts,
  request: IncomingMessage,
  response: ServerResponse,
  lane: 'online' | 'batch',
): Promise<void> {
  const bytes = await readBytes(request, MAX_BYTES[lane]);
  if (!bytes) return end(response, 413);
  await ports.refreshDemo();
  const { hub } = ports.runtime;
  const candidateKey = await introduce(ports, request, bytes);
  const arrival = candidateKey === null ? { lane, bytes } : { lane, bytes, candidateKey };
  const reply = await ports.runtime.run(() => receive(hub, arrival));
  await sendReply(reply, response);
}

async function sendReply(reply: Reply, response: ServerResponse): Promise<void> {
  switch (reply.kind) {
    case 'answer':
      if (reply.delayMs > 0) await wait(Math.min(reply.delayMs, MAX_HOLD_MS));
      return end(response, 200, CONTENT_TYPE, Buffer.from(reply.bytes));
    case 'accepted':
      return end(response, 202);
    case 'status':
      return end(response, reply.status);
    case 'none':
      response.destroy();
      return;
    case 'crash':
      process.kill(process.pid, 'SIGKILL');
      return wait(60_000);
  }
}

/** A sender met for the first time says in a header where its key is: the only use of that header. */
async function introduce(
  ports: ServerPorts,
  request: IncomingMessage,
  bytes: Uint8Array,
): Promise<string | null> {
  const address = request.headers[REPLY_TO_HEADER.toLowerCase()];
  if (typeof address !== 'string' || !isChannelAddress(address)) return null;
  const { hub } = ports.runtime;
  const { node } = hub.store.get('state', 'hub') ?? { node: null };
  if (node !== null && hub.store.get('trusted', node)) return null;
  const sender = unverifiedSender(bytes);
  if (sender === null || !isStranger(hub, sender)) return null;
  const document = await fetchDocument(`${address}${INITIATOR_PATHS.certificate}`, WAIT_MS);
  return document.kind === 'document' ? document.text : null;
}

async function control(
  ports: ServerPorts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { hub } = ports.runtime;
  const name = url.pathname.slice('/control/'.length);
  if (request.method === 'GET' && name === 'state') {
    await ports.refreshDemo();
    return json(response, 200, watch(hub));
  }
  if (request.method === 'GET' && name === 'message') {
    const entry = hub.store.get('traffic', url.searchParams.get('id') ?? '');
    const text = entry
      ? (decodeGbk(unpack64(entry.bytes)) ?? unpack64(entry.bytes).toString('hex'))
      : '';
    return end(response, entry ? 200 : 404, 'text/plain; charset=utf-8', text);
  }
  if (request.method !== 'POST') return end(response, 405);
  // A page of another site cannot send this type without being asked first.
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    return end(response, 415);
  const bytes = await readBytes(request, MAX_BYTES.online);
  if (!bytes) return end(response, 413);
  try {
    const args: unknown = bytes.length === 0 ? {} : JSON.parse(Buffer.from(bytes).toString('utf8'));
    json(response, 200, await ports.runtime.run(() => command(hub, name, args)));
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    json(response, 400, { detail: error.message });
  }
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size <= maxBytes ? Buffer.concat(chunks) : null;
}

function isLocal(request: IncomingMessage): boolean {
  const from = request.socket.remoteAddress ?? '';
  return LOOPBACK.test(from) && LOOPBACK_HOST.test(request.headers.host ?? '');
}

function json(response: ServerResponse, status: number, value: unknown): void {
  end(response, status, 'application/json; charset=utf-8', JSON.stringify(value));
}

function end(
  response: ServerResponse,
  status: number,
  type?: string,
  body?: string | Buffer,
): void {
  const headers = type === undefined ? {} : { 'content-type': type, 'cache-control': 'no-store' };
  response.writeHead(status, headers);
  response.end(body);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

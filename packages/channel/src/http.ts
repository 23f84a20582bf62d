import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { CONNECT_MS, CONTENT_TYPE, MAX_BYTES, REPLY_TO_HEADER } from './catalogue.ts';

/** One exchange over HTTP. */
export interface Exchange {
  readonly url: string;
  readonly bytes: Uint8Array;
  /** How long to wait for the whole answer once connected, in milliseconds. */
  readonly waitMs: number;
  /** How long to wait for a connection, in milliseconds. */
  readonly connectMs?: number;
  /** The sender's own address, which an initiator sends with every message. */
  readonly replyTo?: string;
  /** The largest answer that is read, in bytes. */
  readonly maxBytes?: number;
}

/** What an exchange came to. HTTP carries no business meaning: `none` says nothing about the request. */
export type ExchangeOutcome =
  /** 200 with bytes: perhaps an answer, to be verified. */
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  /** 202: durably received; an answer follows by itself, or never. */
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'none';
      /** Whether a connection ever stood. While false, no byte of the message has left. */
      readonly connected: boolean;
      readonly reason: 'address' | 'connect' | 'timeout' | 'closed' | 'status' | 'content';
      readonly detail: string;
    };

/** Whether an address may be used: https, or http between loopback addresses; no trailing slash, no query. */
export function isChannelAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (address.endsWith('/') || url.search || url.hash || url.username || url.password) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** Sends a message and waits for its answer. Never throws, never follows redirects, never repeats by itself. */
export function exchange(task: Exchange): Promise<ExchangeOutcome> {
  const headers: Record<string, string | number> = {
    'content-type': CONTENT_TYPE,
    'content-length': task.bytes.byteLength,
  };
  if (task.replyTo !== undefined) headers[REPLY_TO_HEADER] = task.replyTo;
  return call('POST', task, headers);
}

/** Fetches a public key document (text); `none` as in an exchange. */
export async function fetchDocument(
  url: string,
  waitMs: number,
): Promise<
  { readonly kind: 'document'; readonly text: string } | (ExchangeOutcome & { kind: 'none' })
> {
  const outcome = await call('GET', { url, bytes: new Uint8Array(), waitMs, maxBytes: 4096 }, {});
  if (outcome.kind === 'answer') {
    return { kind: 'document', text: Buffer.from(outcome.bytes).toString('latin1') };
  }
  return outcome.kind === 'none' ? outcome : none(true, 'status', '没有公钥');
}

function call(
  method: 'GET' | 'POST',
  task: Exchange,
  headers: Record<string, string | number>,
): Promise<ExchangeOutcome> {
  if (!isChannelAddress(task.url)) {
    return Promise.resolve(none(false, 'address', `地址不可用: ${task.url}`));
  }
  return new Promise((resolve) => {
    const url = new URL(task.url);
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    // No pool: a connection of its own is what makes "never connected" provable.
    const outgoing = send(url, { method, headers, agent: false });
    settle(outgoing, task, resolve);
    if (method === 'POST') outgoing.end(Buffer.from(task.bytes));
    else outgoing.end();
  });
}

function settle(
  outgoing: ClientRequest,
  task: Exchange,
  resolve: (outcome: ExchangeOutcome) => void,
): void {
  let connected = false;
  let done = false;
  const finish = (outcome: ExchangeOutcome): void => {
    if (done) return;
    done = true;
    clearTimeout(connecting);
    clearTimeout(waiting);
    resolve(outcome);
    if (outcome.kind === 'none') outgoing.destroy();
  };
  const connectMs = task.connectMs ?? CONNECT_MS;
  let waiting: NodeJS.Timeout | undefined;
  const connecting = setTimeout(() => finish(none(connected, 'connect', '连接超时')), connectMs);
  outgoing.on('socket', (socket) =>
    socket.once('connect', () => {
      connected = true;
      clearTimeout(connecting);
      waiting = setTimeout(() => finish(none(true, 'timeout', '等待应答超时')), task.waitMs);
    }),
  );
  outgoing.on('error', (error) =>
    finish(none(connected, connected ? 'closed' : 'connect', error.message)),
  );
  outgoing.on('close', () => finish(none(connected, 'closed', '连接已断开')));
  outgoing.on('response', (response) => readResponse(response, task.maxBytes, finish));
}

function readResponse(
  response: IncomingMessage,
  maxBytes = MAX_BYTES.inbox,
  finish: (outcome: ExchangeOutcome) => void,
): void {
  const { statusCode = 0 } = response;
  if (statusCode === 202) {
    response.resume();
    return finish({ kind: 'accepted' });
  }
  if (statusCode !== 200) return finish(none(true, 'status', `HTTP ${statusCode}`));
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return finish(none(true, 'content', '应答不应压缩'));
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) return finish(none(true, 'content', '应答超过大小上限'));
    chunks.push(chunk);
  });
  response.on('error', (error) => finish(none(true, 'closed', error.message)));
  response.on('end', () => finish({ kind: 'answer', bytes: Buffer.concat(chunks) }));
}

function none(
  connected: boolean,
  reason: (ExchangeOutcome & { kind: 'none' })['reason'],
  detail: string,
): ExchangeOutcome & { kind: 'none' } {
  return { kind: 'none', connected, reason, detail };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { CONTENT_TYPE, exchange, fetchDocument, isChannelAddress } from './index.ts';

const bytes = Buffer.from('message');

async function against(
  listener: RequestListener,
  act: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}/online`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('200 brings bytes, 202 nothing; the request carries type and reply address', async () => {
  const seen: (string | undefined)[] = [];
  await against(
    (request, response) => {
      seen.push(request.headers['content-type'], String(request.headers['shebao-reply-to']));
      response.end('answer');
    },
    async (url) => {
      const outcome = await exchange({ url, bytes, waitMs: 2_000, replyTo: 'http://127.0.0.1:1' });
      assert.ok(outcome.kind === 'answer');
      assert.equal(Buffer.from(outcome.bytes).toString(), 'answer');
      assert.deepEqual(seen, [CONTENT_TYPE, 'http://127.0.0.1:1']);
      const document = await fetchDocument(url, 2_000);
      assert.deepEqual(document, { kind: 'document', text: 'answer' });
    },
  );
  await against(
    (_request, response) => response.writeHead(202).end(),
    async (url) => {
      assert.deepEqual(await exchange({ url, bytes, waitMs: 2_000 }), { kind: 'accepted' });
    },
  );
});

test('everything else is no answer, after a connection stood', async () => {
  const cases: readonly (readonly [string, RequestListener])[] = [
    ['status', (_request, response) => response.writeHead(302, { location: '/' }).end()],
    ['status', (_request, response) => response.writeHead(500).end('x')],
    ['closed', (_request, response) => void response.destroy()],
    [
      'closed',
      (_request, response) =>
        void response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy()),
    ],
    ['timeout', () => undefined],
    ['content', (_request, response) => response.end('x'.repeat(200))],
    [
      'content',
      (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(),
    ],
  ];
  for (const [reason, listener] of cases) {
    await against(listener, async (url) => {
      const outcome = await exchange({ url, bytes, waitMs: 150, maxBytes: 100 });
      assert.ok(outcome.kind === 'none');
      assert.deepEqual([outcome.reason, outcome.connected], [reason, true]);
    });
  }
});

test('no connection, no byte: refused, unknown name, address outside the rules', async () => {
  let closed = '';
  await against(
    () => undefined,
    async (url) => {
      closed = url;
    },
  );
  for (const url of [closed, 'http://example.org/online', 'ftp://127.0.0.1/online', 'x']) {
    const outcome = await exchange({ url, bytes, waitMs: 500 });
    assert.ok(outcome.kind === 'none');
    assert.equal(outcome.connected, false, url);
  }
  assert.ok(isChannelAddress('https://hub.example/path') && isChannelAddress('http://[::1]:80'));
  for (const wrong of ['http://10.0.0.1', 'https://hub.example/', 'https://u:p@hub.example', '']) {
    assert.ok(!isChannelAddress(wrong), wrong);
  }
});

test('a half-open connection ends with the wait, as one that stood', async () => {
  const answers = ['', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'];
  for (const answer of answers) {
    // Takes the connection and falls silent, at once or in the middle of its answer; never closes.
    const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.write(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/online`;
    const outcome = await exchange({ url, bytes, waitMs: 150 });
    server.close();
    assert.ok(outcome.kind === 'none' && outcome.connected, answer);
    assert.equal(outcome.reason, 'timeout');
  }
});

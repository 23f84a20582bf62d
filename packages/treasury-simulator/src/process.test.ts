import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  type Asked,
  exchange,
  fetchDocument,
  keyDocument,
  laneOf,
  type Message,
  type MsgNo,
  openEnvelope,
  PEER_NODE,
  parseKeyDocument,
  readAnswer,
  readBody,
  verifySignature,
} from '@shebao/channel';
import { DAY, DEMO, NODE, ORG, realInitiator } from './testing.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const initiator = realInitiator();
const inbox: Buffer[] = [];
let directory = '';
let own: Server;
let replyTo = '';
let peer: { readonly child: ChildProcess; readonly url: string };
let peerKey = '';

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'treasury-'));
  own = createServer((request, response) => {
    if (request.url === '/treasury/certificate') {
      response.end(keyDocument(initiator.signer.publicKey));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      inbox.push(Buffer.concat(chunks));
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  replyTo = `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
  peer = await start(0);
  const document = await fetchDocument(`${peer.url}/certificate`, 5_000);
  assert.ok(document.kind === 'document');
  peerKey = parseKeyDocument(document.text) ?? '';
});

after(async () => {
  peer.child.kill('SIGKILL');
  own.closeAllConnections();
  own.close();
  await rm(directory, { recursive: true, force: true });
});

async function start(port: number): Promise<{ child: ChildProcess; url: string }> {
  const args = ['--port', String(port), '--data', join(directory, 'data')];
  const child = spawn(
    process.execPath,
    [MAIN, ...args, '--demo', join(directory, 'treasury-demo.json')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      const ready = /treasury simulator ready on (\S+)/.exec(chunk.toString('utf8'))?.[1];
      if (ready !== undefined) resolve(ready);
    });
  });
  return { child, url };
}

async function send(bytes: Buffer): Promise<Message | string> {
  const read = readBody(open(bytes, initiator.signer.publicKey));
  assert.ok(read.ok);
  const { msgNo, head } = read.value;
  const url = `${peer.url}/${laneOf(msgNo)}`;
  const outcome = await exchange({ url, bytes, waitMs: 5_000, replyTo });
  if (outcome.kind !== 'answer') return outcome.kind;
  const asked: Asked = { msgNo, msgId: head.msgId, node: NODE, peer: PEER_NODE };
  const answer = readAnswer(outcome.bytes, asked, receiver(peerKey));
  return answer.ok ? answer.value : answer.error.reason;
}

function receiver(key: string): Parameters<typeof openEnvelope>[1] {
  return { maxBytes: 8 << 20, trustedKeys: [key], verify: verifySignature };
}

function open(bytes: Uint8Array, key: string): Parameters<typeof readBody>[0] {
  const opened = openEnvelope(bytes, receiver(key));
  assert.ok(opened.ok, JSON.stringify(opened));
  return opened.value;
}

async function control(name: string, args: object): Promise<unknown> {
  const response = await fetch(`${peer.url}/control/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  return response.json();
}

async function watched(): Promise<Record<string, unknown>> {
  const response = await fetch(`${peer.url}/control/state`);
  return (await response.json()) as Record<string, unknown>;
}

async function pushed(msgNo: MsgNo): Promise<Message> {
  for (;;) {
    for (const bytes of inbox) {
      const read = readBody(open(bytes, peerKey));
      if (read.ok && read.value.msgNo === msgNo) return read.value;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function endOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('exit', resolve));
}

function resultOf(answer: Message | string): string {
  assert.ok(typeof answer === 'object' && answer.msgNo === '2001', JSON.stringify(answer));
  return answer.body.SingleReturn.Result;
}

test('the demo world may appear after the start; the first message introduces its sender', async () => {
  assert.equal((await watched())['node'], null);
  await writeFile(join(directory, 'treasury-demo.json'), DEMO);
  const login = await send(initiator.login(replyTo));
  assert.ok(typeof login === 'object' && login.msgNo === '9007');
  assert.equal(login.body.LoginReturn.WorkDate, DAY);
  assert.equal(login.body.LoginReturn.NowTime.slice(0, 8), DAY);
});

test('an answer that is lost with the process is still known after it was killed', async () => {
  const far = Date.UTC(2021, 2, 11);
  await control('fault', { msgNo: '1001', kind: 'crashAfter' });
  const bytes = initiator.debit({ traNo: '00000001', notAfterMs: far });
  const { child, url } = peer;
  const gone = endOf(child);
  assert.equal(await send(bytes), 'none');
  await gone;
  peer = await start(Number(new URL(url).port));
  assert.equal(resultOf(await send(bytes)), '90000');
  assert.equal(resultOf(await send(bytes)), '90000');
  await control('fault', { msgNo: '1001', kind: 'crashBefore' });
  const second = initiator.debit({ traNo: '00000002', notAfterMs: far });
  const ended = endOf(peer.child);
  assert.equal(await send(second), 'none');
  await ended;
  peer = await start(Number(new URL(url).port));
  const state = await send(initiator.query('00000002'));
  assert.ok(typeof state === 'object' && state.msgNo === '9004');
  assert.equal(state.body.StateReturn.OpStat, '80099');
  const [account] = (await watched())['accounts'] as { balance: string }[];
  assert.equal(account?.balance, '49997600.00');
});

test('a stranger with another key, and a page of another site, get nowhere', async () => {
  const stranger = realInitiator();
  const outcome = await exchange({
    url: `${peer.url}/online`,
    bytes: stranger.debit({ traNo: '00000003' }),
    waitMs: 5_000,
    replyTo,
  });
  assert.ok(outcome.kind === 'answer');
  const answer = readBody(open(outcome.bytes, peerKey));
  assert.ok(answer.ok && answer.value.msgNo === '9120');
  assert.equal(answer.value.body.CommonReturn.Result, '91005');
  const foreign = await fetch(`${peer.url}/control/close-day`, { method: 'POST', body: '{}' });
  assert.equal(foreign.status, 415);
  assert.equal((await fetch(`${peer.url}/online`)).status, 405);
  assert.equal((await fetch(`${peer.url}/other`)).status, 404);
  const wrong = await control('fault', { msgNo: '1001', kind: 'none' });
  assert.match(JSON.stringify(wrong), /参数 kind/);
  assert.match(await (await fetch(`${peer.url}/`)).text(), /国库与银行仿真器/);
});

test('lists reach the inbox after the cut-off; what was lost before is on them', async () => {
  await control('close-day', {});
  const list = await pushed('3122');
  assert.ok(list.msgNo === '3122');
  assert.equal(list.body.CompHead.TaxOrgCode, ORG);
  assert.deepEqual(
    list.body.CompDeduct.map((line) => line.OriTraNo),
    ['00000001'],
  );
  assert.equal((await pushed('9101')).head.workDate, DAY);
});

test('the process ends cleanly when asked to', async () => {
  const ended = endOf(peer.child);
  peer.child.kill('SIGTERM');
  assert.equal(await ended, 0);
});

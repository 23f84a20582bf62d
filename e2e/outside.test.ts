// An outside PostgreSQL instead of the embedded one, and two services on it: what one does the other shows.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { listBills, listDeclarations } from '@shebao/contract';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../packages/server/src/platform/embedded-postgres.ts';
import { eventually, openSession, payBill } from './support/api.ts';
import { freePort, type Part, startServicePart, startSimulatorPart } from './support/parts.ts';
import { ample, declare, openPaying, shown } from './support/paying.ts';
import type { DemoFile } from './support/product.ts';

const folder = mkdtempSync(join(tmpdir(), 'shebao-outside-'));
const parts: Part[] = [];
let server: EmbeddedPostgres;
let env: NodeJS.ProcessEnv;
let urls: string[];
let demo: DemoFile;

before(async () => {
  // A server of its own: the services know nothing of it but its address.
  server = await startEmbeddedPostgres({ folder: join(folder, 'server'), throwAway: true });
  const created = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', createDatabase, server.url('postgres')],
    { encoding: 'utf8' },
  );
  assert.equal(created.status, 0, created.stderr);
  env = {
    DATABASE_URL: server.url('outside'),
    SHEBAO_KEY_FILE: join(folder, 'keys'),
  };
  const treasuryPort = await freePort();
  const treasuryUrl = `http://127.0.0.1:${treasuryPort}`;
  const now = '2021-03-10T09:00:00+08:00';
  urls = [];
  for (const name of ['first', 'second']) {
    const port = await freePort();
    urls.push(`http://127.0.0.1:${port}`);
    const dataDir = join(folder, name);
    parts.push(await startServicePart({ dataDir, port, treasuryUrl, now, env }));
    if (name === 'first') parts.push(await startSimulatorPart(dataDir, treasuryPort));
  }
  demo = JSON.parse(readFileSync(join(folder, 'first', 'demo.json'), 'utf8')) as DemoFile;
});
after(async () => {
  for (const part of parts.toReversed()) await part.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const createDatabase = `
  import pg from 'pg';
  const client = new pg.Client({ connectionString: process.argv[1] });
  await client.connect();
  await client.query('create database outside');
  await client.end();
`;

test('a month begun at one service goes on at the other', async () => {
  const [school] = demo.taxpayers;
  const [firstUrl, secondUrl] = urls;
  assert.ok(school && firstUrl && secondUrl);
  const first = await openPaying(firstUrl, school);
  const second = await openSession(secondUrl, school.taxpayerId, school.password);
  const unitNo = school.units[1]?.unitNo ?? '';
  const bill = await declare(first, unitNo);
  const { bills } = await second.call(listBills);
  assert.deepEqual(
    bills.find(({ id }) => id === bill.id),
    bill,
  );
  const paid = await payBill(second, school.password, shown(bill), await ample(second, school));
  assert.equal(paid.state, 'succeeded');
  await eventually(
    'the payment at the first service',
    async () => (await first.call(listDeclarations, { query: { unitNo } })).declarations[0],
    (declaration) => declaration?.paymentStatus === '已缴款未入库',
  );
});

test('the operator verifies an outside database', () => {
  const verify = spawnSync(process.execPath, ['packages/server/src/operate.ts', 'verify'], {
    env: { ...process.env, ...env, SHEBAO_DATA_DIR: join(folder, 'first') },
    encoding: 'utf8',
  });
  assert.equal(verify.status, 0, `${verify.stdout}${verify.stderr}`);
});

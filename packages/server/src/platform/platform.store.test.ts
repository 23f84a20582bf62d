import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { verifyAuditLog } from '../audit/index.ts';
import { ConfigError, loadConfig } from './config.ts';
import { lockDataDirectory } from './data-lock.ts';
import { openPlatform } from './platform.ts';
import { requeue, runningTasks } from './tasks.ts';
import { testDatabase } from './testing.ts';

const fixture = new URL('./crash.fixture.ts', import.meta.url).pathname;
const log = pino({ level: 'silent' });

async function closedFolder(t: TestContext): Promise<string> {
  // Only its owner may enter it, as a home folder.
  const folder = await mkdtemp(path.join(tmpdir(), 'shebao-crash-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface Running {
  readonly child: ChildProcess;
  readonly lines: string[];
  until(count: number): Promise<void>;
}

function run(environment: Record<string, string>): Running {
  const child = spawn(process.execPath, [fixture], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  reader.on('line', (line) => lines.push(line));
  return {
    child,
    lines,
    async until(count) {
      while (lines.length < count) {
        assert.equal(child.exitCode, null, 'the service ended by itself');
        await once(reader, 'line');
      }
    },
  };
}

test('killed at any moment, nothing acknowledged is lost and the clock goes on', async (t) => {
  const folder = await closedFolder(t);
  const environment = {
    SHEBAO_DATA_DIR: path.join(folder, 'data'),
    SHEBAO_NOW: '2021-03-10T09:00:00+08:00',
    SHEBAO_LOG_LEVEL: 'silent',
  };
  let acknowledged = 0;
  let latest = '';
  for (let round = 0; round < 4; round += 1) {
    const running = run(environment);
    await running.until(2 + round * 17);
    // The first start has just begun with the base data; the others are somewhere in the middle.
    const gone = once(running.child, 'exit');
    running.child.kill('SIGKILL');
    await gone;
    const times = running.lines.map((line) => line.split(' ')[1] as string);
    assert.ok(
      times.every((time) => time >= latest),
      'business time went back',
    );
    latest = times.at(-1) as string;
    const last = running.lines.at(-1)?.split(' ')[0];
    if (last !== 'begin') acknowledged = Number(last);
  }
  const config = loadConfig(environment, { demo: true, directory: folder });
  const platform = await openPlatform(config, log);
  try {
    const { rows } = await platform.pools.read.query(
      `select (select count(*) from crash_counter) as rows, (select max(n) from crash_counter) as last,
         (select count(*) from task) as tasks, (select count(*) from idempotency) as keys,
         (select count(*) from audit_entry where chain = 'unit:crash') as entries`,
    );
    const { rows: written, last, tasks, keys, entries } = rows[0];
    assert.ok(last >= acknowledged, `acknowledged ${acknowledged}, found ${last}`);
    assert.deepEqual([written, tasks, keys, entries], [last, last, last, last]);
    assert.equal((await verifyAuditLog(platform.services.db)).intact, true);
    assert.equal(await requeue(platform.pools.write, await runningTasks(platform.pools.write)), 0);
    assert.ok(platform.services.clock.now().iso >= latest);
    assert.equal((await stat(config.keyFile)).mode & 0o777, 0o600);
    await assert.rejects(openPlatform(config, log), (error: Error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /正由另一个服务使用.*请先停止它/);
      return true;
    });
  } finally {
    await platform.stop();
  }
  const log1 = await readFile(path.join(config.dataDir, 'postgres', 'postgres.log'), 'utf8');
  assert.match(log1.trimEnd(), /database system is shut down$/);
});

test('the lock of a dead process is taken over, also where its number lives on', async (t) => {
  const folder = await closedFolder(t);
  const lock = await lockDataDirectory(folder);
  const file = path.join(folder, 'service.lock');
  const holder = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await lock.release();
  await writeFile(file, JSON.stringify({ ...holder, started: 'another boot:1' }));
  const second = await lockDataDirectory(folder);
  const racers = await Promise.allSettled([lockDataDirectory(folder), lockDataDirectory(folder)]);
  assert.ok(racers.every((racer) => racer.status === 'rejected'));
  await second.release();
  await writeFile(file, 'not a lock at all');
  await (await lockDataDirectory(folder)).release();
});

test('settings that cannot be used are named', () => {
  const read = (environment: Record<string, string>, demo = true) =>
    loadConfig(environment, { demo, directory: '/srv' });
  assert.throws(() => read({ PORT: 'x', SHEBAO_NOW: 'soon' }), /PORT.*SHEBAO_NOW/);
  assert.throws(() => read({ SHEBAO_NOW: '2021-03-10T09:00:00+08:00' }, false), /只能用于演示数据/);
  assert.throws(() => read({ DATABASE_URL: 'mysql://x' }), /DATABASE_URL/);
  const config = read({ PORT: '4000', SHEBAO_DATA_DIR: 'd' });
  assert.equal(config.publicUrl, 'http://127.0.0.1:4000');
  assert.equal(config.keyFile, '/srv/d/keys');
});

test('two services share an outside database; other keys than its own are refused', async (t) => {
  const folder = await closedFolder(t);
  const w = await testDatabase(t);
  const start = (name: string, keys = 'keys') =>
    openPlatform(
      loadConfig(
        {
          SHEBAO_DATA_DIR: path.join(folder, name),
          DATABASE_URL: w.url,
          SHEBAO_KEY_FILE: path.join(folder, keys),
        },
        { demo: false, directory: folder },
      ),
      log,
    );
  const first = await start('a');
  const second = await start('b');
  const heard = new Promise<unknown>((done) => {
    second.services.events.subscribe('office', (event) => done(event.data));
  });
  first.services.events.publish([{ audience: 'office', type: 'note', data: { text: '你好' } }]);
  assert.deepEqual(await heard, { text: '你好' });
  assert.equal(first.alone, false);
  await first.stop();
  await second.stop();
  await assert.rejects(start('c', 'other-keys'), /other-keys 与数据库不符.*请放回/);
});

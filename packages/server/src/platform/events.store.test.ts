import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { openPools } from './database.ts';
import { createEventBus } from './events.ts';
import { testDatabase } from './testing.ts';

test('a bus outlives the end of its connection and does not multiply while it cannot connect', async (t) => {
  const { services, url } = await testDatabase(t);
  // Whoever steers stands outside the database that refuses.
  const outside = new URL(url);
  outside.pathname = '/postgres';
  const pools = openPools(outside.href, { write: 1, pipelined: 1, read: 1 }, () => undefined);
  t.after(() => pools.end());
  const other = createEventBus(url, pino({ level: 'silent' }));
  t.after(() => other.stop());
  await services.events.start();
  await other.start();
  const heard: string[] = [];
  other.subscribe('office', (event) => heard.push(event.type));
  const name = new URL(url).pathname.slice(1);
  const connected = async (): Promise<number> => {
    const found = await pools.write.query(
      `select 1 from pg_stat_activity where datname = $1 and application_name = 'events'`,
      [name],
    );
    return found.rowCount ?? 0;
  };
  assert.equal(await connected(), 2);
  await pools.write.query(`alter database ${name} with allow_connections false`);
  await pools.write.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = $1 and application_name = 'events'`,
    [name],
  );
  // Several tries of each bus are refused.
  await sleep(3_500);
  assert.equal(await connected(), 0);
  await pools.write.query(`alter database ${name} with allow_connections true`);
  for (let tried = 0; tried < 300 && !heard.includes('back'); tried += 1) {
    services.events.publish([{ audience: 'office', type: 'back', data: {} }]);
    await sleep(100);
  }
  assert.ok(heard.includes('back'), 'what one service tells, the other hears again');
  await sleep(1_500);
  assert.equal(await connected(), 2);
});

// A service process for the crash test: writes without pause and says what was acknowledged.
import { ok } from '@shebao/kernel';
import { sql } from 'kysely';
import { loadConfig } from './config.ts';
import { createLogger } from './logging.ts';
import { openPlatform } from './platform.ts';
import type { Command } from './types.ts';

const add: Command<{ n: number }, null> = {
  name: 'crash.add',
  chain: () => 'unit:crash',
  describe: (input) => ({ subject: String(input.n), detail: {} }),
  async run(tx, input) {
    await sql`insert into crash_counter values (${input.n})`.execute(tx.q);
    await tx.enqueue({ kind: 'crash', owner: 'office', payload: input, dedupeKey: `${input.n}` });
    return ok(null);
  },
};

const config = loadConfig(process.env, { demo: true, directory: process.cwd() });
const platform = await openPlatform(config, createLogger('silent'));
await platform.pools.write.query('create table if not exists crash_counter (n int primary key)');
const { rows } = await platform.pools.write.query(
  'select coalesce(max(n), 0) as n from crash_counter',
);
process.stdout.write(`begin ${platform.services.clock.now().iso}\n`);
for (let n = Number(rows[0].n) + 1; ; n += 1) {
  const actor = { kind: 'system', name: 'crash' } as const;
  await platform.services.execute(add, { n }, { actor, idempotencyKey: `n${n}` });
  process.stdout.write(`${n} ${platform.services.clock.now().iso}\n`);
}

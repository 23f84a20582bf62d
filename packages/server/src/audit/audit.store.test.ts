import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '@shebao/kernel';
import type { Command } from '../platform/index.ts';
import { type TestWorld, testDatabase } from '../platform/testing.ts';
import { sealCommand } from './seal.ts';
import { verifyAuditLog } from './verify.ts';

const actor = { kind: 'system', name: 'test' } as const;

const note: Command<{ chain: string; text: string }, null> = {
  name: 'test.note',
  chain: (input) => input.chain,
  describe: (input) => ({ subject: input.text, detail: { text: input.text } }),
  run: async () => ok(null),
};

async function filled(t: Parameters<typeof testDatabase>[0]): Promise<TestWorld> {
  const w = await testDatabase(t);
  const write = (chain: string, text: string) =>
    w.services.execute(note, { chain, text }, { actor });
  // The chains side by side, each in its own order.
  const fill = async (chain: number): Promise<void> => {
    for (let n = chain; n < 30; n += 3) await write(`unit:${chain}`, `第 ${n} 条`);
  };
  await Promise.all([fill(0), fill(1), fill(2)]);
  await w.services.execute(sealCommand, null, { actor });
  await write('unit:0', '封存以后');
  await w.services.execute(sealCommand, null, { actor });
  return w;
}

test('an untouched log is intact, gapless under concurrency, and sealed', async (t) => {
  const w = await filled(t);
  const crowd = Array.from({ length: 29 }, (_, n) =>
    w.services.execute(note, { chain: 'unit:0', text: `同时 ${n}` }, { actor }),
  );
  await Promise.all(crowd);
  await w.services.execute(sealCommand, null, { actor });
  const verdict = await verifyAuditLog(w.services.db);
  assert.deepEqual(verdict, { intact: true, chains: 3, entries: 60, seals: 3, breaks: [] });
  const again = await w.services.execute(sealCommand, null, { actor });
  assert.deepEqual(again, { ok: true, value: { chains: 0 } });
});

test('the tables refuse change and removal', async (t) => {
  const w = await filled(t);
  for (const statement of [
    `update audit_entry set subject = 'x'`,
    'delete from audit_entry',
    'truncate audit_entry',
    'delete from audit_seal',
  ]) {
    await assert.rejects(w.pools.write.query(statement), /append-only/);
  }
});

/** What somebody with all rights on the database might do, and what the check then says. */
const tampering: readonly [name: string, sql: string, expected: RegExp][] = [
  [
    'a changed payload',
    `update audit_entry set payload = replace(payload, '第 4 条', '第 5 条') where seq = 2`,
    /已被改动/,
  ],
  ['a changed column', `update audit_entry set actor = 'office:else' where seq = 3`, /显示的内容/],
  ['a removed entry', `delete from audit_entry where chain = 'unit:1' and seq = 4`, /编号不连续/],
  [
    'a cut-off end, heads set back',
    `delete from audit_entry where chain = 'unit:2' and seq > 8;
     update audit_head set seq = 8, sealed_seq = 8, hash =
       (select hash from audit_entry where chain = 'unit:2' and seq = 8) where chain = 'unit:2'`,
    /封存过 10 条/,
  ],
  ['a removed chain', `delete from audit_entry where chain = 'unit:0'`, /全部缺失/],
  ['a removed seal', 'delete from audit_seal where seq = 1', /封存链第 2 条/],
  [
    'a changed seal',
    `update audit_seal set heads = heads - 'unit:1' where seq = 1`,
    /封存链第 1 条：内容/,
  ],
  [
    'an entry written anew with fitting hashes',
    `update audit_entry set payload = replace(payload, '第 28 条', '第 29 条') where chain = 'unit:1' and seq = 10;
     update audit_entry set subject = payload::jsonb->>'subject', hash = sha256(
       (select hash from audit_entry where chain = 'unit:1' and seq = 9)
       || int8send(10) || convert_to(payload, 'UTF8')) where chain = 'unit:1' and seq = 10;
     update audit_head set hash = (select hash from audit_entry where chain = 'unit:1' and seq = 10)
       where chain = 'unit:1'`,
    /与封存的摘要不一致/,
  ],
];

for (const [name, sql, expected] of tampering) {
  test(`found: ${name}`, async (t) => {
    const w = await filled(t);
    await w.pools.write.query(`set session_replication_role = replica; ${sql}`);
    const verdict = await verifyAuditLog(w.services.db);
    assert.equal(verdict.intact, false);
    assert.ok(
      verdict.breaks.some((text) => expected.test(text)),
      verdict.breaks.join('\n'),
    );
  });
}

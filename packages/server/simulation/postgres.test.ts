// The same histories on real PostgreSQL: what the decisions rely on is there too, and the operator's checker agrees.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPayments } from '../src/payment/index.ts';
import { testDatabase } from '../src/platform/testing.ts';
import { playHistory } from './history.ts';
import { openPostgres } from './postgres-books.ts';

const wanted = Number(process.env['SHEBAO_SIM_POSTGRES_RUNS'] ?? 24);
const firstSeed = Number(process.env['SIM_SEED'] ?? 1);
const count = process.env['SIM_SEED'] === undefined ? wanted : 1;

for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
  test(`history ${seed} on PostgreSQL`, async (t) => {
    const world = await testDatabase(t);
    const { states } = await playHistory(seed, openPostgres(world), 0.3);
    t.diagnostic(JSON.stringify(states));
    assert.deepEqual(await checkPayments(world.services.db.q), []);
  });
}

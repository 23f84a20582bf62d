import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../platform/testing.ts';
import { memoryStore } from './memory-store.ts';
import { Stale, type Store, type Transact, UniqueBroken } from './records.ts';
import { authorities, incoming, lists, numbers } from './tables.ts';
import { transactThrough } from './transact.ts';

const payee = {
  treCode: '1101000000',
  payeeBankNo: '011331000001',
  payeeOrgCode: '330100000000',
  payeeAcct: '330100000000001',
  payeeName: '国家金库示例支库',
};

/** What the decisions rely on, whichever store stands behind the port. */
async function keepsItsPromises(transact: Transact): Promise<void> {
  const step = { name: 'test.step', chain: 'agency:test', subject: 'test' };
  const run = <T>(work: (store: Store) => Promise<T>): Promise<T> => transact(step, work);
  const taxOrg = '133010000000';
  await run(async (store) => {
    await store.of(authorities).insert({ taxOrg, name: '示例', payee, version: 1 });
    for (const [scope, last] of [
      ['b', 2],
      ['a', 1],
      ['c', 3],
    ] as const) {
      await store
        .of(numbers)
        .insert({ kind: 'debit', scope, onDate: '2021-03-10', last, version: 1 });
    }
    await store.of(incoming).insert({
      src: '100000000000',
      msgId: '20210310200100000001',
      msgNo: '2001',
      msgRef: '20210310100100000001',
      bytes: Buffer.from([0xd6, 0xd0, 0]),
      answer: null,
      outcome: 'taken',
      at: store.at.iso,
    });
  });
  const before = await run((store) => store.of(authorities).get({ taxOrg }, { lock: true }));
  assert.deepEqual(before, { taxOrg, name: '示例', payee, version: 1 });
  const after = await run((store) => store.of(authorities).update(before, { name: '改名' }));
  assert.deepEqual(after, { taxOrg, name: '改名', payee, version: 2 });
  await assert.rejects(
    run((store) => store.of(authorities).update(before, { name: '旧' })),
    (error) => error instanceof Stale,
  );
  await assert.rejects(
    run(async (store) => {
      await store.of(numbers).insert({
        kind: 'debit',
        scope: 'd',
        onDate: '2021-03-10',
        last: 4,
        version: 1,
      });
      await store.of(authorities).insert({ taxOrg, name: '再来', payee, version: 1 });
    }),
    (error) => error instanceof UniqueBroken,
  );
  const found = await run((store) =>
    store.of(numbers).find({ scope: ['a', 'c', 'd'] }, { order: ['-last'], limit: 2 }),
  );
  assert.deepEqual(
    found.map((row) => [row.scope, row.onDate, row.last]),
    [
      ['c', '2021-03-10', 3],
      ['a', '2021-03-10', 1],
    ],
  );
  const message = await run((store) => store.of(incoming).get({ answer: null, outcome: 'taken' }));
  assert.ok(message);
  await run(async (store) => {
    await store.of(incoming).insertNew({ ...message, outcome: 'again' });
    await store.of(incoming).insertNew({ ...message, msgId: '20210310200100000002' });
    const kept = await store.of(incoming).find({ msgNo: '2001' }, { order: ['msgId'] });
    assert.deepEqual(
      kept.map(({ msgId, outcome }) => [msgId.slice(-1), outcome]),
      [
        ['1', 'taken'],
        ['2', 'taken'],
      ],
    );
  });
  assert.deepEqual([...message.bytes], [0xd6, 0xd0, 0]);
  assert.equal(await run((store) => store.of(lists).get({ taxOrg })), undefined);
  const sealed = await run(async (store) => store.open(store.seal('1202', 'a'), 'a'));
  assert.equal(sealed, '1202');
}

/** What is written in one transaction is seen by its later reads, in whatever order it reaches the database. */
async function seesItsOwnWrites(transact: Transact): Promise<void> {
  const step = { name: 'test.step', chain: 'agency:test', subject: 'test' };
  const run = <T>(work: (store: Store) => Promise<T>): Promise<T> => transact(step, work);
  const number = (scope: string, last: number) => ({
    kind: 'debit' as const,
    scope,
    onDate: '2021-03-11',
    last,
    version: 1,
  });
  const lastOf = (store: Store) =>
    store
      .of(numbers)
      .find({ onDate: '2021-03-11' }, { order: ['scope'] })
      .then((rows) => rows.map(({ scope, last, version }) => [scope, last, version]));
  const changed = await run(async (store) => {
    const records = store.of(numbers);
    const [a, b] = [number('a', 1), number('b', 2)];
    await records.insert(a);
    await store.of(authorities).insert({ taxOrg: 'x', name: '甲', payee, version: 1 });
    await records.insert(b);
    const once = await records.update(a, { last: 10 });
    const twice = await records.update(once, { last: 11 });
    await records.update(b, { last: 20 });
    assert.deepEqual(await lastOf(store), [
      ['a', 11, 3],
      ['b', 20, 2],
    ]);
    await records.update(twice, { last: 12 });
    await records.insert(number('c', 3));
    const known = await store.of(authorities).get({ taxOrg: 'x' }, { lock: true });
    assert.equal(known?.name, '甲');
    return known;
  });
  const later = await run(lastOf);
  assert.deepEqual(later, [
    ['a', 12, 4],
    ['b', 20, 2],
    ['c', 3, 1],
  ]);
  assert.ok(changed);
  await run((store) => store.of(authorities).update(changed, { name: '乙' }));
  await assert.rejects(
    run(async (store) => {
      await store.of(numbers).insert(number('d', 4));
      const stale = await store.of(authorities).update(changed, { name: '丙' });
      await store.of(authorities).update(stale, { name: '丁' });
    }),
    (error) => error instanceof Stale,
  );
  await assert.rejects(
    run(async (store) => {
      await store.of(numbers).insert(number('d', 4));
      await store.of(numbers).insert(number('a', 5));
    }),
    (error) => error instanceof UniqueBroken,
  );
  await assert.rejects(
    run(async (store) => {
      await store.of(numbers).insert(number('e', 6));
      throw new Error('changed my mind');
    }),
    /changed my mind/,
  );
  assert.deepEqual(await run(lastOf), later);
}

test('records in PostgreSQL keep the promises of the port', async (t) => {
  const world = await testDatabase(t);
  const actor = { kind: 'system', name: 'test' } as const;
  const { execute, services } = world;
  const transact = transactThrough(
    (command, input) => execute(command, input, { actor }),
    services.crypto,
  );
  await keepsItsPromises(transact);
  await seesItsOwnWrites(transact);
});

test('records in memory keep the same promises', async () => {
  const at = { iso: '2021-03-10T09:00:00.000+08:00', date: '2021-03-10', epochMs: 1 };
  const { transact } = memoryStore({ now: () => at, later: () => undefined });
  await keepsItsPromises(transact);
  await seesItsOwnWrites(transact);
});

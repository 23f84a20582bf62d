import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Journal } from './journal.ts';
import { lockDirectory } from './lock.ts';
import { type Change, Store } from './store.ts';

const org = (code: string, name: string): Change => ['taxOrg', code, { code, name }];

test('a journal gives back whole steps, forgets a torn one, and shortens itself at the start', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'journal-'));
  try {
    assert.deepEqual(await Journal.load(directory), []);
    const first = await Journal.start(directory, []);
    await Promise.all([
      first.append([org('1', '甲'), org('2', '乙')]),
      first.append([org('1', '丙')]),
      first.append([['taxOrg', '2', null]]),
    ]);
    await first.close();
    await appendFile(join(directory, 'journal.jsonl'), '[["taxOrg","3",{"code"');
    const store = new Store();
    store.restore(await Journal.load(directory));
    assert.deepEqual(store.all('taxOrg'), [{ code: '1', name: '丙' }]);
    const second = await Journal.start(directory, store.snapshot());
    await second.close();
    assert.deepEqual(await Journal.load(directory), [org('1', '丙')]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('a step that is rolled back leaves no trace', () => {
  const store = new Store();
  store.put('taxOrg', '1', { code: '1', name: '甲' });
  assert.equal(store.commit().length, 1);
  store.put('taxOrg', '1', { code: '1', name: '乙' });
  store.put('taxOrg', '2', { code: '2', name: '丙' });
  store.remove('taxOrg', '1');
  store.rollback();
  assert.deepEqual(store.all('taxOrg'), [{ code: '1', name: '甲' }]);
  assert.deepEqual(store.commit(), []);
});

test('a directory is kept by one; the number of a dead process does not keep it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lock-'));
  try {
    // No process has this number: it is above what systems give out.
    await writeFile(join(directory, 'simulator.pid'), '99999999');
    const unlock = await lockDirectory(directory);
    await unlock();
    await (await lockDirectory(directory))();
  } finally {
    await rm(directory, { recursive: true });
  }
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { momentAt, systemClock } from './clock.ts';
import { ConfigError } from './config.ts';
import { escapeCopy } from './copy.ts';
import { fieldCrypto, loadKeys, withNewKey } from './field-crypto.ts';
import { createLogger } from './logging.ts';
import { readMigrations } from './migrations.ts';
import { uuidFrom } from './tx.ts';

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shebao-unit-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('values encrypted with an old key stay readable; anything else is refused', async (t) => {
  const file = path.join(await folderFor(t), 'keys');
  const keys = await loadKeys(file);
  assert.deepEqual(await loadKeys(file), keys);
  const old = fieldCrypto(keys);
  const sealed = old.encrypt('330106199003071234', 'identity.number 7');
  const rotated = withNewKey(keys);
  const crypto = fieldCrypto(rotated);
  assert.equal(crypto.decrypt(sealed, 'identity.number 7'), '330106199003071234');
  assert.equal(crypto.encrypt('x', 'a')[2], 2);
  assert.notDeepEqual(old.encrypt('x', 'a'), old.encrypt('x', 'a'));
  assert.deepEqual(old.searchHash('x'), crypto.searchHash('x'));
  assert.throws(() => crypto.decrypt(sealed, 'identity.number 8'));
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Uint8Array.from(sealed);
    changed[at] = (changed[at] as number) ^ 1;
    assert.throws(() => crypto.decrypt(changed, 'identity.number 7'), `byte ${at}`);
  }
  assert.throws(() => old.decrypt(crypto.encrypt('x', 'a'), 'a'), /key 2, which is missing/);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.slice(0, 40));
  await assert.rejects(loadKeys(file), (error) => error instanceof ConfigError);
});

test('business time is that of Shanghai, runs on from its start and never goes back', () => {
  const moment = momentAt(Date.parse('2021-02-28T16:00:00Z'));
  assert.deepEqual([moment.iso, moment.date], ['2021-03-01T00:00:00.000+08:00', '2021-03-01']);
  const clock = systemClock(Date.parse('2021-03-10T09:00:00+08:00'));
  let before = clock.now();
  assert.equal(before.date, '2021-03-10');
  for (let n = 0; n < 1_000; n += 1) {
    const now = clock.now();
    assert.ok(now.epochMs >= before.epochMs);
    before = now;
  }
});

test('the log holds no password, identity number, account or phone', () => {
  let text = '';
  const log = createLogger('info', { write: (line: string) => (text += line) });
  log.info(
    {
      body: { password: 'open sesame', identityNumber: '330106199003071234' },
      headers: { authorization: 'Bearer shebao_x', cookie: 'session=1' },
      note: 'paid by 6222021202001234567, phone 13812345678, id 33010619900307123X',
      forged: 'line\nlevel: 50',
    },
    '张三 330106199003071234',
  );
  assert.doesNotMatch(text, /sesame|199003071|6222021202|13812345678|shebao_x|session=1/);
  assert.match(text, /138\*\*\*\*5678/);
  assert.equal(text.trimEnd().split('\n').length, 1);
});

test('migrations are numbered once and named well', async (t) => {
  const migrations = await readMigrations();
  assert.equal(migrations[0]?.name, 'platform');
  const folder = await folderFor(t);
  await assert.rejects(readMigrations(folder), /no migration found/);
  await writeFile(path.join(folder, '0001_a.sql'), 'select 1');
  await writeFile(path.join(folder, '0001_b.sql'), 'select 1');
  await assert.rejects(readMigrations(folder), /two migrations 0001/);
  await writeFile(path.join(folder, '0000_X.sql'), 'select 1');
  await assert.rejects(readMigrations(folder), /wrong name/);
});

test('copy refuses what the database cannot store', () => {
  assert.throws(() => escapeCopy('a\0b'), /NUL/);
  assert.throws(() => escapeCopy(Number.NaN), /finite/);
  assert.equal(escapeCopy(9_007_199_254_740_993n), '9007199254740993');
});

test('an id that follows from a text is a well-formed UUID', () => {
  assert.match(
    uuidFrom('a'),
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(uuidFrom('a'), uuidFrom('a'));
  assert.notEqual(uuidFrom('a'), uuidFrom('b'));
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { errorRegistry } from '../../packages/contract/src/errors.ts';
import { bannedIn, brokenLinks, codesRaisedNowhere } from './tidy.ts';

const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' })
  .split('\0')
  .filter((file) => /\.(tsx?|mjs|md|sql|css|html|typ|ya?ml)$/.test(file) && existsSync(file));

test('no banned word stands in a tracked file', () => {
  assert.ok(tracked.length > 50, 'the guard must have read the repository');
  assert.deepEqual(
    tracked.flatMap((file) => bannedIn(file, readFileSync(file, 'utf8'))),
    [],
  );
});

test('every link of the documents leads somewhere', () => {
  const documents = tracked.filter((file) => file.endsWith('.md'));
  assert.deepEqual(
    documents.flatMap((file) => brokenLinks(process.cwd(), file, readFileSync(file, 'utf8'))),
    [],
  );
});

test('every code of the error registry is raised in some test', () => {
  const tests = tracked
    .filter((file) => /\.test\.tsx?$/.test(file) && !file.startsWith('scripts/'))
    .map((file) => readFileSync(file, 'utf8'));
  assert.ok(tests.length > 50, 'the guard must have read the tests');
  assert.deepEqual(codesRaisedNowhere(Object.keys(errorRegistry), tests), []);
});

test('the guard finds its violations', () => {
  assert.equal(bannedIn('packages/a.ts', 'x(); // TODO later').length, 1);
  assert.equal(bannedIn('packages/a.ts', 'const jiaofeiAmount = 1;').length, 1);
  assert.equal(bannedIn('packages/a.test.ts', "test.skip('x', f);").length, 1);
  assert.equal(brokenLinks(process.cwd(), 'README.md', '[x](./no-such-file.md)').length, 1);
  assert.deepEqual(brokenLinks(process.cwd(), 'README.md', '[x](https://example.org/a)'), []);
  assert.deepEqual(codesRaisedNowhere(['NOT_FOUND', 'FORBIDDEN'], ["code: 'NOT_FOUND'"]), [
    'FORBIDDEN',
  ]);
});

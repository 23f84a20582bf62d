import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { capabilityCycles, checkImports, checkText, missingDecisionFiles } from './architecture.ts';
import { importsOf, readImports, sourceFiles } from './imports.ts';

const files = sourceFiles(process.cwd(), ['packages']);
const sites = readImports(process.cwd(), files);

test('imports follow the arrows and meet capabilities only at their index.ts', () => {
  assert.deepEqual(checkImports(sites), []);
});

test('capabilities depend on each other without cycles', () => {
  assert.deepEqual(capabilityCycles(sites), []);
});

test('pure code has no clock, randomness or transaction of its own', () => {
  assert.deepEqual(
    files.flatMap((file) => checkText(file, readFileSync(file, 'utf8'))),
    [],
  );
});

test('every decision file is there', () => {
  assert.deepEqual(missingDecisionFiles(files), []);
  assert.ok(missingDecisionFiles([]).length > 5);
});

test('the check refuses to pass when it has read nothing', () => {
  assert.throws(() => checkImports([]), /no import/);
});

test('each import rule finds its violation', () => {
  const violations: [string, string][] = [
    ['packages/kernel/src/a.ts', "import { x } from '@shebao/levy';"],
    ['packages/levy/src/a.ts', "import { readFileSync } from 'node:fs';"],
    ['packages/web/src/a.ts', "export * from '@shebao/server';"],
    ['packages/server/src/wage/a.ts', "import { y } from '../payment/store.ts';"],
    ['packages/server/src/wage/a.ts', "import { y } from '../../../web/src/a.ts';"],
  ];
  for (const [file, source] of violations) {
    assert.equal(checkImports(importsOf(file, source)).length, 1, `${file}: ${source}`);
  }
  const allowed = importsOf(
    'packages/server/src/wage/a.ts',
    "import { b } from '../payment/index.ts';\n// import x from '../payment/store.ts'",
  );
  assert.deepEqual(checkImports(allowed), []);
});

test('a cycle between two capabilities is named', () => {
  const cycle = [
    ...importsOf('packages/server/src/wage/a.ts', "import { b } from '../payment/index.ts';"),
    ...importsOf('packages/server/src/payment/a.ts', "import { b } from '../wage/index.ts';"),
  ];
  assert.ok(capabilityCycles(cycle).includes('wage → payment → wage'));
});

test('each text rule finds its violation', () => {
  const violations: [string, string][] = [
    ['packages/levy/src/a.ts', 'const t = Date.now();'],
    ['packages/server/src/wage/wage.ts', 'const t = Math.random();'],
    ['packages/server/src/wage/store.ts', 'const t = new Date();'],
    ['packages/server/src/wage/store.ts', 'await db.transaction().execute(() => 1);'],
    ['packages/server/src/wage/store.ts', "await client.query('START TRANSACTION');"],
    ['packages/server/src/payment/order.ts', "import { randomUUID } from 'node:crypto';"],
    ['packages/server/src/payment/bill.ts', "import { sql } from 'kysely';"],
    ['packages/channel/src/a.ts', "import { sign } from 'node:crypto';\nsign('sm3', x, y);"],
  ];
  for (const [file, source] of violations) {
    assert.ok(checkText(file, source).length >= 1, `${file}: ${source}`);
  }
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compareAnswers, questionProgram, readCases } from './conformance.ts';

const cases = readCases(fileURLToPath(new URL('../../../conformance/cases', import.meta.url)));
const main = fileURLToPath(new URL('./main.ts', import.meta.url));

test('our engine conforms to every published case, asked as a program', async () => {
  assert.ok(cases.length >= 50, `only ${cases.length} cases`);
  const failures = await questionProgram(cases, process.execPath, [main, 'levy']);
  assert.deepEqual(
    failures.map(
      (each) => `${each.case.file} ${each.case.name} ${each.path} ${JSON.stringify(each.answer)}`,
    ),
    [],
  );
});

test('a program that answers something else, too little or nothing fails', async () => {
  const echo = 'process.stdin.pipe(process.stdout)';
  assert.equal((await questionProgram(cases, process.execPath, ['-e', echo])).length, cases.length);
  assert.equal((await questionProgram(cases, process.execPath, ['-e', ''])).length, cases.length);
  await assert.rejects(questionProgram(cases, '/nowhere/at-all', []), /ENOENT/);
});

test('named fields must agree, others are free, lists have the same members in any order', () => {
  const one = { file: 'f', title: 't', name: 'n', ask: {} };
  const differs = (answer: Record<string, unknown>, line: unknown) =>
    compareAnswers([{ ...one, answer }], [JSON.stringify(line)]).map((each) => each.path);
  assert.deepEqual(differs({ a: '1' }, { id: 0, a: '1', b: 2 }), []);
  assert.deepEqual(differs({ a: '1' }, { id: 0, a: 1 }), ['.a']);
  assert.deepEqual(differs({ a: '1' }, { id: 1, a: '1' }), ['.id']);
  assert.deepEqual(
    differs({ list: [{ a: 1 }, { a: 2 }] }, { id: 0, list: [{ a: 2, b: 1 }, { a: 1 }] }),
    [],
  );
  assert.deepEqual(differs({ list: [{ a: 1 }, { a: 1 }] }, { id: 0, list: [{ a: 1 }, { a: 2 }] }), [
    '.list[1]',
  ]);
  assert.deepEqual(differs({ list: [] }, { id: 0, list: [1] }), ['.list']);
  assert.deepEqual(differs({ a: { b: null } }, { id: 0, a: { b: null } }), []);
  assert.deepEqual(differs({ a: { b: null } }, { id: 0, a: null }), ['.a']);
});

test('a scenario without its source is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cases-'));
  try {
    writeFileSync(join(folder, 'a.yaml'), 'title: x\ncases: [{ name: n, ask: {}, answer: {} }]\n');
    assert.throws(() => readCases(folder), /a\.yaml: a scenario has a title, a source and cases/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

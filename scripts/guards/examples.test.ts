import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { examplesBegin, levyReference, libraries, publicEntries } from '../reference.ts';

/** Turns `expression //=> value` into a check. */
function checked(example: string): { readonly code: string; readonly checks: number } {
  let checks = 0;
  const code = example.replace(
    /^(.+?);? \/\/=> (.+)$/gm,
    (_, expression: string, value: string) => {
      checks++;
      return `same(${expression}, ${value});`;
    },
  );
  return { code, checks };
}

/** Runs examples, each as a module of its own, inside the workspace so that the packages are found. */
async function run(examples: readonly { readonly of: string; readonly code: string }[]) {
  const cache = 'node_modules/.cache';
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'examples-'));
  try {
    for (const [at, { of, code }] of examples.entries()) {
      const { code: body, checks } = checked(code);
      assert.ok(checks > 0, `the example of ${of} shows no result`);
      const file = join(folder, `example-${at}.mjs`);
      writeFileSync(file, `import { deepStrictEqual as same } from 'node:assert';\n${body}`);
      await assert.doesNotReject(import(pathToFileURL(file).href), `the example of ${of}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const entries = libraries.flatMap(({ index }) => publicEntries(index));

test('every public name of the levy library has a docstring, every function an example', () => {
  assert.ok(entries.length > 100, 'the guard must have read the libraries');
  const silent = entries.filter(({ kind, text, examples }) => {
    return text === '' || (kind === 'function' && examples.length === 0);
  });
  assert.deepEqual(
    silent.map(({ name }) => name),
    [],
  );
});

test('every example of the reference runs and gives what it says', async () => {
  const imports = (code: string, title: string) => {
    const used = new Set(code.match(/\b[A-Za-z]\w*\b/g));
    const own = entriesOf(title).filter(({ name, kind }) => kind !== 'type' && used.has(name));
    return own.length > 0
      ? `import { ${own.map(({ name }) => name).join(', ')} } from '${title}';`
      : '';
  };
  const entriesOf = (title: string) =>
    publicEntries(libraries.find((library) => library.title === title)?.index ?? '');
  const begin = examplesBegin
    .split('\n')
    .filter((line) => !/from '@shebao\/(kernel|levy)'/.test(line))
    .join('\n');
  const examples = entries.flatMap(({ name, examples: own }) =>
    own.map((example) => {
      const code = `${begin}\n${example}`;
      const lines = libraries.map(({ title }) => imports(code, title));
      return { of: name, code: `${lines.join('\n')}\n${code}` };
    }),
  );
  await run(examples);
});

test('every example of the README of the levy library runs and gives what it says', async () => {
  const readme = readFileSync('packages/levy/README.md', 'utf8');
  const found = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)];
  const examples = found.map((match, at) => ({ of: `README ${at + 1}`, code: match[1] ?? '' }));
  assert.equal(examples.length, 5);
  await run(examples);
});

test('the reference in the documents is what the docstrings say', () => {
  assert.equal(readFileSync('docs/levy-reference.md', 'utf8'), levyReference());
});

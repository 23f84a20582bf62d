import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const readme = readFileSync(join(here, '../README.md'), 'utf8');
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

/** Turns `expression; //=> value` into a check. */
function checked(example: string): { readonly code: string; readonly checks: number } {
  let checks = 0;
  const code = example.replace(/^(.+); \/\/=> (.+)$/gm, (_, expression: string, value: string) => {
    checks++;
    return `assert.deepEqual(${expression}, ${value});`;
  });
  return { code: `import assert from 'node:assert/strict';\n${code}`, checks };
}

test('every example of the README runs and gives what it says', async () => {
  assert.equal(examples.length, 5);
  // Inside the workspace, so that the packages are found; outside the sources, which other checks read.
  const cache = join(here, '../../../node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'readme-'));
  try {
    for (const [at, example] of examples.entries()) {
      const { code, checks } = checked(example);
      assert.ok(checks > 0, `example ${at + 1} shows no result`);
      const file = join(folder, `example-${at}.mjs`);
      writeFileSync(file, code);
      await import(file);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

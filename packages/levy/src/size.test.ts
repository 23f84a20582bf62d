import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The engine with the nation's and one province's rules, as a browser would load it. */
const entry = `
export * from ${JSON.stringify(source('./index.ts'))};
export { nationalAndZhejiang } from ${JSON.stringify(source('./packs.ts'))};
`;

test('the engine with one region is at most 40 KB for a browser', async (context) => {
  const bundle = await rolldown({
    input: '\0browser',
    platform: 'browser',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === '\0browser' ? id : null),
        load: (id) => (id === '\0browser' ? entry : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  assert.equal(output.length, 1);
  assert.deepEqual(output[0].imports, [], 'nothing from outside');
  assert.ok(output[0].code.includes('浙江'), 'the region must be in it');
  assert.ok(!output[0].code.includes('重庆市'), 'other regions must not');
  const bytes = gzipSync(output[0].code).length;
  context.diagnostic(`${(bytes / 1024).toFixed(1)} KB gzip`);
  assert.ok(bytes <= 40 * 1024, `${bytes} bytes`);
});

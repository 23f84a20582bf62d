import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTable, writeTable } from './index.ts';

const columns = [
  { key: 'name', names: ['姓名'], required: true },
  { key: 'number', names: ['证件号码'], required: false },
] as const;

async function readsOrRefuses(bytes: Uint8Array): Promise<void> {
  const done = await readTable<'name' | 'number'>(bytes, columns, ({ rowNo, cells }) => {
    assert.ok(rowNo >= 1 && typeof cells.name === 'string');
  });
  if (done.ok) return;
  assert.ok(['WORKBOOK_UNREADABLE', 'WORKBOOK_COLUMNS'].includes(done.error.code));
  assert.ok(Object.values(done.error.data ?? {}).every((value) => value !== ''));
}

test('whatever bytes come, a table is read or refused with a reason', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), (bytes) => readsOrRefuses(bytes)),
    { numRuns: 300 },
  );
});

test('a workbook with changed bytes is read or refused with a reason', async () => {
  const output = [
    { title: '姓名', kind: 'text' },
    { title: '证件号码', kind: 'text' },
  ] as const;
  const good = await buffer(writeTable('xlsx', '表', output, [['王一', '11010519491231002X']]));
  const change = fc.record({
    at: fc.nat({ max: good.length - 1 }),
    value: fc.nat({ max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const bytes = Buffer.from(good);
      for (const { at, value } of changes) bytes[at] = value;
      await readsOrRefuses(bytes);
    }),
    { numRuns: 400 },
  );
});

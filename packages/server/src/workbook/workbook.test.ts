import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { monthOf } from '@shebao/kernel';
import { writeXlsx } from 'hucre/xlsx';
import iconv from 'iconv-lite';
import { monthFromText, readTable, type TableRow, writeTable } from './index.ts';

const columns = [
  { key: 'name', names: ['姓名'], required: true },
  { key: 'number', names: ['证件号码', '身份证号码'], required: true },
  { key: 'amount', names: ['金额'], required: false },
] as const;
type Key = (typeof columns)[number]['key'];

const output = [
  { title: '姓名', kind: 'text' },
  { title: '证件号码', kind: 'text' },
  { title: '金额', kind: 'amount' },
] as const;
const rows = [
  ['=HYPERLINK("x")', '11010519491231002X', 825_050],
  ['欧阳𬭎·㛃', '440101200001010017', -5],
] as const;

async function read(bytes: Uint8Array): Promise<TableRow<Key>[]> {
  const got: TableRow<Key>[] = [];
  const done = await readTable<Key>(bytes, columns, (row) => got.push(row));
  assert.equal(done.ok, true, JSON.stringify(done));
  return got;
}

async function reason(bytes: Uint8Array): Promise<string> {
  const done = await readTable<Key>(bytes, columns, () => undefined);
  assert.equal(done.ok, false);
  return done.ok ? '' : `${done.error.code} ${JSON.stringify(done.error.data)}`;
}

for (const format of ['xlsx', 'csv'] as const) {
  test(`${format}: what is written is read back whole, formulas as text`, async () => {
    const bytes = await buffer(writeTable(format, '明细', output, rows));
    const got = await read(bytes);
    assert.deepEqual(
      got.map((row) => [row.rowNo, row.cells.name, row.cells.number, row.cells.amount]),
      [
        [2, '=HYPERLINK("x")', '11010519491231002X', format === 'csv' ? '8250.50' : '8250.5'],
        [3, '欧阳𬭎·㛃', '440101200001010017', '-0.05'],
      ],
    );
  });
}

test('csv carries a mark and neutralises formulas', async () => {
  const text = (await buffer(writeTable('csv', '明细', output, rows))).toString('utf8');
  assert.ok(text.startsWith('﻿姓名,证件号码,金额\r\n'));
  assert.match(text, /"'=HYPERLINK\(""x""\)",11010519491231002X,8250\.50/);
});

test('csv in GB18030 is read like UTF-8', async () => {
  const got = await read(iconv.encode('姓名,证件号码\r\n王㐀𬱖,11010519491231002X\r\n', 'gb18030'));
  assert.equal(got[0]?.cells.name, '王㐀𬱖');
});

test('numbers that lost their digits are marked', async () => {
  const csv = await read(Buffer.from('姓名,身份证号码\n王一,4.4E+17\n王二,440101200001010017\n'));
  assert.deepEqual(
    csv.map((row) => row.damaged.has('number')),
    [true, false],
  );
  const sheet = [
    { title: '姓名', kind: 'text' },
    { title: '证件号码', kind: 'integer' },
  ] as const;
  const bytes = await buffer(writeTable('xlsx', '表', sheet, [['王一', 440101200001010000]]));
  assert.equal((await read(bytes))[0]?.damaged.has('number'), true);
});

test('what is no workbook is refused with a reason', async () => {
  assert.match(await reason(Buffer.from('')), /WORKBOOK_UNREADABLE.*没有内容/);
  assert.match(await reason(Buffer.from('姓名,工号\n王,1\n')), /WORKBOOK_COLUMNS.*证件号码/);
  assert.match(await reason(Buffer.from('PK\u0003\u0004 nothing')), /WORKBOOK_UNREADABLE.*损坏/);
  assert.match(await reason(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1])), /XLS/);
  assert.match(await reason(Buffer.from([1, 0, 2])), /不是 XLSX/);
});

test('a bomb, a lie about sizes and a document type are refused before reading', async () => {
  const zeros = Buffer.alloc(8 * 1024 * 1024, 0x20);
  assert.match(await reason(zip('xl/worksheets/sheet1.xml', zeros)), /压缩比异常/);
  const small = Buffer.from('<a/>');
  assert.match(await reason(zip('xl/workbook.xml', small, 2)), /声明的大小/);
  const type = Buffer.from('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>');
  assert.match(await reason(zip('xl/workbook.xml', type)), /文档类型/);
});

test('months are read as people and spreadsheets write them', async () => {
  const march = monthOf(2021, 3);
  for (const text of [
    '2021-03',
    '2021-3',
    '2021/03/01',
    '202103',
    '20210301',
    '2021年3月',
    '2021.03',
  ]) {
    assert.equal(monthFromText(text), march, text);
  }
  for (const text of ['', '2021', '2021-13', '2021.3', '44256', '三月', '1234-05']) {
    assert.equal(monthFromText(text), undefined, text);
  }
  // A spreadsheet turns a typed month into a date.
  const typed = [
    ['姓名', '证件号码'],
    ['王一', new Date(Date.UTC(2021, 2, 1))],
  ];
  const columnDefs = [{}, { numFmt: 'mmm-yy' }];
  const bytes = await writeXlsx({ sheets: [{ name: '表', columns: columnDefs, rows: typed }] });
  const [row] = await read(bytes);
  assert.equal(monthFromText(row?.cells.number ?? ''), march);
});

test('too many columns are refused with the row', async () => {
  const wide = `姓名,证件号码\n${'x,'.repeat(300)}\n`;
  assert.match(await reason(Buffer.from(wide)), /第 2 行超过 256 列/);
});

/** A ZIP of one part; `declared` lies about its size. */
function zip(name: string, content: Buffer, declared = content.length): Buffer {
  const packed = deflateRawSync(content);
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(packed.length, 4);
  sizes.writeUInt32LE(declared, 8);
  const common = Buffer.concat([Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]), sizes]);
  const length = Buffer.from([name.length, 0, 0, 0]);
  const local = [Buffer.from('PK\u0003\u0004'), common, length, Buffer.from(name), packed];
  const start = Buffer.concat(local);
  const central = Buffer.concat([
    Buffer.from('PK\u0001\u0002'),
    Buffer.from([20, 0]),
    common,
    length,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(start.length, 16);
  return Buffer.concat([start, central, end]);
}

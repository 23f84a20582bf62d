import { expect, test } from 'vitest';
import { annotatedSheet, decodeSheet } from './annotate.ts';

const bom = '\uFEFF';
const sheet =
  '姓名,证件号码,新缴费工资\r\n甲一,330106199601270892,abc\r\n"乙,二",33011019931013561X,5000\r\n';
const problem = { row: 2, column: '新缴费工资', detail: '新缴费工资应为金额' };

test('the sheet goes back as it came, with what is wrong beside each row', () => {
  expect(annotatedSheet(bom + sheet, [problem, { row: 2, column: '姓名', detail: '不符' }])).toBe(
    `${bom}姓名,证件号码,新缴费工资,错误说明\r\n` +
      '甲一,330106199601270892,abc,新缴费工资应为金额；姓名：不符\r\n' +
      '"乙,二",33011019931013561X,5000,',
  );
});

test('a sheet of a Chinese spreadsheet program is read in its encoding', () => {
  expect(decodeSheet(new Uint8Array([0xd0, 0xd5, 0xc3, 0xfb]))).toBe('姓名');
  expect(decodeSheet(new TextEncoder().encode('姓名'))).toBe('姓名');
});

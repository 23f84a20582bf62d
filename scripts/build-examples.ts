// Writes the sample workbooks of examples/: people as 人社 delivers them, and a clerk's wage sheet for the same people.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import iconv from 'iconv-lite';
import { type OutputColumn, writeTable } from '../packages/server/src/workbook/index.ts';

/** The second unit of the demo world's first taxpayer. */
const unitNo = '330100100102';
// Invented people; their numbers pass the checks.
const people = [
  ['周示例', '330106199003070011', '2021-03'],
  ['欧阳𬭎', '330106198811240031', '2021-03'],
  ['阿依努尔·麦麦提', '330106199507150022', '2020-11'],
] as const;
const insurances = ['机关事业单位基本养老保险费', '职业年金'];
const text = (titles: readonly string[]): OutputColumn[] =>
  titles.map((title) => ({ title, kind: 'text', width: 22 }));

const heads = ['单位编号', '姓名', '证件类型', '证件号码', '险种', '参保起始年月', '参保终止年月'];
const deliveryRows = people.flatMap(([name, number, from]) =>
  insurances.map((insurance) => [
    unitNo,
    name,
    '居民身份证',
    withCheck(number),
    insurance,
    from,
    '',
  ]),
);
const wageHeads = ['姓名', '证件号码', '新缴费工资', '生效年月'];
const wages = ['8250.50', '6800', '12,000.00'];
const wageRows = people.map(([name, number, from], at) => [
  name,
  withCheck(number),
  wages[at] ?? '',
  from,
]);

/** Puts the right check character in the place of the last one. */
function withCheck(number: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return number.slice(0, 17) + '10X98765432'.charAt(sum % 11);
}

mkdirSync('examples', { recursive: true });
const save = (name: string, bytes: Uint8Array) => writeFileSync(join('examples', name), bytes);
save('参保数据.xlsx', await buffer(writeTable('xlsx', '参保数据', text(heads), deliveryRows)));
const csv = [heads, ...deliveryRows].map((row) => row.join(',')).join('\r\n');
save('参保数据-GB18030.csv', iconv.encode(`${csv}\r\n`, 'gb18030'));
save('缴费工资.xlsx', await buffer(writeTable('xlsx', '缴费工资', text(wageHeads), wageRows)));
save('缴费工资.csv', await buffer(writeTable('csv', '缴费工资', text(wageHeads), wageRows)));

import { fen, formatYuanGrouped } from '@shebao/kernel';
import type { FormDocument } from '../document/index.ts';
import { type OutputCell, type OutputColumn, writeTable } from '../workbook/index.ts';
import { classNames } from './statement.ts';
import { type LineRow, type reconciliationOf, shownLine } from './statement-queries.ts';

const columns: readonly OutputColumn[] = [
  { title: '序号', kind: 'integer', width: 8 },
  { title: '对账分类', kind: 'integer', width: 10 },
  { title: '分类说明', kind: 'text', width: 24 },
  { title: '单位编号', kind: 'text', width: 18 },
  { title: '委托日期', kind: 'text', width: 12 },
  { title: '交易流水号', kind: 'text', width: 12 },
  { title: '包流水号', kind: 'text', width: 12 },
  { title: '电子税票号', kind: 'text', width: 22 },
  { title: '国库金额', kind: 'amount', width: 16 },
  { title: '我方金额', kind: 'amount', width: 16 },
  { title: '我方状态', kind: 'text', width: 14 },
];

/** The lines of a 对账单 as a sheet. */
export function statementSheet(format: 'xlsx' | 'csv', rows: AsyncIterable<LineRow>) {
  async function* cells(): AsyncGenerator<OutputCell[]> {
    for await (const row of rows) {
      yield [
        row.lineNo,
        row.reconClass,
        classNames[row.reconClass] ?? '',
        row.unitNo,
        row.entrustDate,
        row.traNo,
        row.packNo,
        row.taxVoucherNo,
        row.listedFen,
        row.ownFen,
        shownLine(row).ownState,
      ];
    }
  }
  return writeTable(format, '对账单明细', columns, cells());
}

type Statement = NonNullable<Awaited<ReturnType<typeof reconciliationOf>>>;
const grouped = (yuan: string) => formatYuanGrouped(fen(Number(yuan.replace('.', ''))));

/** 对账单 for paper and the archive. */
export function statementForm(day: Statement, today: string, sampleSeal: boolean): FormDocument {
  const { figures, control } = day;
  return {
    title: '税库银对账单',
    head: [
      ['征收机关', day.taxOrgName],
      ['征收机关代码', day.taxOrg],
      ['国库工作日期', day.date],
      ['清单状态', day.listState],
      ['清单笔数', String(figures.listedCount)],
      ['签收', day.signedBy === null ? '未签收' : `${day.signedBy} ${day.signedAt?.slice(0, 10)}`],
    ],
    columns: [
      { title: '分类', align: 'center', weight: 1 },
      { title: '说明', align: 'left', weight: 4 },
      { title: '笔数', align: 'right', weight: 1.5 },
      { title: '国库金额', align: 'right', weight: 3 },
      { title: '我方金额', align: 'right', weight: 3 },
    ],
    rows: figures.classes.map((row) => [
      String(row.reconClass),
      row.name,
      String(row.count),
      grouped(row.listedAmount),
      grouped(row.ownAmount),
    ]),
    sums: ['', '合计', '', grouped(figures.listedAmount), grouped(figures.ownAmount)],
    totals: [
      `三方核对：缴款书已缴 ${grouped(control.ordersPaid)}，清单 ${grouped(control.listed)}，` +
        `入库流水 ${grouped(control.entered)} 加在途 ${grouped(control.inTransit)}`,
      control.differences.length === 0 ? '三方一致' : `有 ${control.differences.length} 项差异`,
    ],
    notes: control.differences
      .slice(0, 8)
      .map(
        (one) =>
          `${one.what}：${one.taxVoucherNo}，我方 ${one.ordersAmount ?? '无'}，对方 ${one.otherAmount ?? '无'}`,
      ),
    issuer: day.taxOrgName,
    issuedOn: today,
    sampleSeal,
  };
}

import { fen, formatMonth, formatYuanGrouped } from '@shebao/kernel';
import { levyItemName } from '@shebao/levy';
import { amountInWords, type FormDocument } from '../document/index.ts';
import { agencyLabels, reasonNames } from './application.ts';
import { type Application, lineSums } from './store.ts';

/** 社会保险费退费申请书 as it was submitted, for the unit's files. People stand in its list on screen, not here. */
export async function applicationForm(
  q: Parameters<typeof lineSums>[0],
  one: Application,
  office: string,
): Promise<FormDocument> {
  const from = formatMonth(one.fromPeriod);
  const to = formatMonth(one.toPeriod);
  return {
    title: '社会保险费退费申请书',
    head: [
      ['文书号', one.applicationNo],
      ['申请日期', one.createdAt.slice(0, 10)],
      ['受理机关', office],
      ['缴费单位名称', one.taxpayerName],
      ['纳税人识别号', one.taxpayerId],
      ['单位编号', one.unitNo],
      ['险种归属', agencyLabels[one.agency]],
      ['费款所属期', from === to ? from : `${from} 至 ${to}`],
      ['涉及人数', String(one.people)],
      ['退费原因', `${reasonNames[one.reasonCode]}：${one.reason}`],
      ['办理状态', one.state],
      ['收款人', one.payeeName],
      ['收款账号', `**** **** **** ${one.payeeTail}（行号 ${one.payeeBankNo}）`],
    ],
    columns: [
      { title: '征收品目', align: 'left', weight: 6 },
      { title: '申请退费金额（元）', align: 'right', weight: 4 },
    ],
    rows: (await lineSums(q, one.id)).map(({ insurance, payer, amountFen }) => [
      levyItemName(insurance, payer),
      formatYuanGrouped(fen(amountFen)),
    ]),
    sums: ['合计', formatYuanGrouped(fen(one.amountFen))],
    totals: [`金额合计（大写）：${amountInWords(fen(one.amountFen))}`],
    notes: [
      '申请人声明：所退费款确属多缴，个人缴费部分退回后由本单位退还职工本人。',
      '人员明细以系统中本申请的明细为准，提交后不可更改。',
    ],
    // The unit's own paper: it is stamped by hand.
    issuer: one.taxpayerName,
    issuedOn: one.createdAt.slice(0, 10),
    sampleSeal: false,
  };
}

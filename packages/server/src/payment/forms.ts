import { err, fen, formatYuan, formatYuanGrouped, ok } from '@shebao/kernel';
import { insuranceName } from '@shebao/levy';
import { amountInWords, type FormDocument, type Press } from '../document/index.ts';
import { authorities } from '../treasury/index.ts';
import type { PaymentPorts } from './ports.ts';
import { dueBills } from './queries.ts';
import { billLines, bills, type OrderRecord } from './tables.ts';

/** What a unit without an agreement must bring to the counter. */
export interface Notice {
  readonly papers: string[];
  readonly unitNo: string;
  readonly unitName: string;
  readonly total: string;
  readonly lastDay: string;
  readonly office: string;
}

const papers = [
  '社会保险费缴费申报表（加盖单位公章）',
  '统一社会信用代码证书复印件',
  '转账支票，或已转入待报解户的银行回单',
  '经办人身份证件原件及单位授权委托书',
];

/** The notice for a unit's unpaid bills; undefined when nothing is due. */
export async function noticeOf(
  ports: PaymentPorts,
  taxpayerId: string,
  unitNo: string,
): Promise<Notice | undefined> {
  const found = await dueBills(ports.read, taxpayerId, [unitNo], ports.now().date);
  const due = found.filter((bill) => bill.payable);
  const [first] = due;
  if (!first) return undefined;
  const bill = await ports.read.of(bills).get({ id: first.id });
  const totalFen = due.reduce((sum, row) => sum + Number(row.total.replace('.', '')), 0);
  return {
    papers,
    unitNo,
    unitName: first.unitName,
    total: formatYuan(fen(totalFen)),
    lastDay: due.map((row) => row.dueDate).sort()[0] ?? first.dueDate,
    office: await officeName(ports, bill?.taxOrg ?? ''),
  };
}

/** The authority's name. */
export async function officeName(
  ports: Pick<PaymentPorts, 'read'>,
  taxOrg: string,
): Promise<string> {
  const authority = await ports.read.of(authorities).get({ taxOrg });
  return authority?.name ?? '主管税务机关';
}

/** 缴费通知 */
export function noticeForm(notice: Notice, today: string, sampleSeal: boolean): FormDocument {
  return {
    title: '社会保险费缴费通知',
    head: [
      ['单位编号', notice.unitNo],
      ['单位名称', notice.unitName],
      ['应缴费款（元）', formatYuanGrouped(fen(Number(notice.total.replace('.', ''))))],
      ['缴费期限', notice.lastDay],
    ],
    columns: [
      { title: '序号', align: 'center', weight: 1 },
      { title: '办理缴费须携带的资料', align: 'left', weight: 9 },
    ],
    rows: notice.papers.map((paper, at) => [String(at + 1), paper]),
    sums: [],
    totals: [`应缴费款（大写）：${amountInWords(fen(Number(notice.total.replace('.', ''))))}`],
    notes: [
      '请到办税服务厅办理缴费，可通过转账到待报解户方式缴费。',
      '逾期缴纳的，按日加收滞纳金。',
    ],
    issuer: notice.office,
    issuedOn: today,
    sampleSeal,
  };
}

/** 银行端查询缴费凭证 */
export async function voucherForm(
  ports: PaymentPorts,
  order: OrderRecord,
  sampleSeal: boolean,
): Promise<FormDocument> {
  const bill = await ports.read.of(bills).get({ id: order.billId });
  const office = await officeName(ports, order.taxOrg);
  return {
    title: '银行端查询缴费凭证',
    head: [
      ['凭证序号', order.voucherNo ?? ''],
      ['填开日期', order.billDate],
      ['纳税人识别号', order.taxpayerId],
      ['纳税人名称', bill?.taxpayerName ?? ''],
      ['税务机构代码', order.taxOrg],
      ['税务机关名称', office],
      ['单位编号', bill?.unitNo ?? ''],
      ['限缴日期', order.lastDay ?? ''],
    ],
    ...(await amountTable(ports, order)),
    notes: [
      '转账附言请注明：纳税人识别号、凭证序号、税务机构代码。',
      '付款人（章）：　　　　　　经办人（章）：　　　　　　银行记账员（章）：',
    ],
    issuer: office,
    issuedOn: order.billDate,
    sampleSeal,
  };
}

/** The insurances of an order with their sums. */
export async function amountTable(
  ports: Pick<PaymentPorts, 'read'>,
  order: OrderRecord,
): Promise<Pick<FormDocument, 'columns' | 'rows' | 'sums' | 'totals'>> {
  const where = { unitId: order.unitId, billId: order.billId };
  const found = await ports.read.of(billLines).find(where, { order: ['lineNo'] });
  const totals = new Map<string, number>();
  for (const line of found) {
    if (line.orderId !== null && line.orderId !== order.id) continue;
    const late = line.kind === 'lateFee' ? '滞纳金' : '';
    const name = `${insuranceName(line.insurance)}${late}`;
    totals.set(name, (totals.get(name) ?? 0) + line.amountFen);
  }
  return {
    columns: [
      { title: '征收项目', align: 'left', weight: 6 },
      { title: '金额（元）', align: 'right', weight: 4 },
    ],
    rows: [...totals].map(([name, amount]) => [name, formatYuanGrouped(fen(amount))]),
    sums: ['合计', formatYuanGrouped(fen(order.amountFen))],
    totals: [`金额合计（大写）：${amountInWords(fen(order.amountFen))}`],
  };
}

type Drawn = Awaited<ReturnType<Press['draw']>>;

/** A drawn form as an answer; a name that no font can draw refuses it. */
export function printed(pdf: Drawn, name: string) {
  if (!pdf.ok) return err({ code: 'GLYPH_MISSING', data: { ...pdf.error } } as const);
  return ok({ file: { name, mediaType: 'application/pdf', body: pdf.value, inline: true } });
}

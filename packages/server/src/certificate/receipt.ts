import { type Fen, formatMonth, formatYuanGrouped } from '@shebao/kernel';
import type { DeclaredReceipt } from '../declaration/index.ts';
import { amountInWords, type FormDocument } from '../document/index.ts';
import { type DocumentKind, documentTitles } from './certificate.ts';

/** What stands on every receipt besides its own facts. */
export interface ReceiptHead {
  readonly kind: Extract<DocumentKind, 'submission' | 'void' | 'payment'>;
  readonly receiptNo: string;
  readonly issuedOn: string;
  readonly verification: { readonly url: string; readonly code: string };
  readonly sampleSeal: boolean;
}

/** The facts of a receipt, without number, code and seal. */
export type ReceiptBody = Pick<
  FormDocument,
  'head' | 'columns' | 'rows' | 'sums' | 'totals' | 'notes' | 'issuer'
>;

/** A receipt as it is drawn and signed. */
export function receiptForm(head: ReceiptHead, body: ReceiptBody): FormDocument {
  return {
    ...body,
    title: documentTitles[head.kind],
    head: [['回执编号', head.receiptNo], ['填发日期', head.issuedOn], ...body.head],
    notes: [...body.notes, '扫描二维码或在验真页录入编号和验证码，可核验本回执真伪。'],
    issuedOn: head.issuedOn,
    verification: head.verification,
    sampleSeal: head.sampleSeal,
  };
}

/** The months of a declaration. */
export function receiptPeriods({ periodFrom, periodTo }: DeclaredReceipt): string {
  const months = [formatMonth(periodFrom), formatMonth(periodTo)];
  return [...new Set(months)].join(' 至 ');
}

/** What was declared, and what comes next. */
export function declarationBody(
  declared: DeclaredReceipt,
  act: 'submission' | 'void',
  issuer: string,
): ReceiptBody {
  const grouped = (amount: Fen) => formatYuanGrouped(amount);
  const next =
    act === 'void'
      ? '该申报表已作废，不再缴费；所含费款已回到“日常申报”，请更正后重新申报。'
      : `请于 ${declared.dueDate} 前到“费款缴纳—缴费”缴费，逾期按日加收滞纳金；缴费前可作废本申报表。`;
  return {
    head: [
      ['申报表编号', declared.declarationNo],
      ['受理回执号', declared.acceptanceNo],
      ['申报时间', declared.declaredAt.slice(0, 16).replace('T', ' ')],
      ['单位编号', declared.unit.unitNo],
      ['单位名称', declared.unit.name],
      ['纳税人识别号', declared.unit.taxpayerId],
      ['费款所属期', receiptPeriods(declared)],
      ['缴费人数', String(declared.people)],
    ],
    columns: [
      { title: '征收品目', align: 'left', weight: 5 },
      { title: '缴费人数', align: 'right', weight: 2 },
      { title: '应缴费额', align: 'right', weight: 3 },
    ],
    rows: declared.sums.map((sum) => [sum.levyItem, String(sum.people), grouped(sum.amountFen)]),
    sums: ['合计', '', grouped(declared.totalFen)],
    totals: [`应缴费额（大写）：${amountInWords(declared.totalFen)}`],
    notes: [next],
    issuer,
  };
}

import { type Fen, formatMonth, formatYuanGrouped, type Month } from '@shebao/kernel';
import { amountInWords, type FormDocument } from '../document/index.ts';

/** What a notice, voucher or receipt says of its payer and sum. */
export interface FormPayer {
  readonly taxpayerName: string;
  readonly taxpayerId: string;
  readonly unitNo: string;
  readonly unitName: string;
}

/** One line of a form: an item with its months and sum. */
export interface FormLine {
  readonly item: string;
  readonly periodFrom: Month;
  readonly periodTo: Month;
  readonly amountFen: Fen;
}

interface Common {
  readonly payer: FormPayer;
  readonly lines: readonly FormLine[];
  readonly totalFen: Fen;
  readonly issuer: string;
  readonly issuedOn: string;
  readonly sampleSeal: boolean;
}

const columns: FormDocument['columns'] = [
  { title: '征收品目', align: 'left', weight: 5 },
  { title: '费款所属期起', align: 'center', weight: 2 },
  { title: '费款所属期止', align: 'center', weight: 2 },
  { title: '金额', align: 'right', weight: 2.6 },
];

const head = (payer: FormPayer): [string, string][] => [
  ['缴费单位名称', payer.taxpayerName],
  ['纳税人识别号', payer.taxpayerId],
  ['单位编号', payer.unitNo],
  ['参保单位名称', payer.unitName],
];

function base(form: Common): Pick<FormDocument, 'columns' | 'rows' | 'sums' | 'totals'> {
  return {
    columns,
    rows: form.lines.map((line) => [
      line.item,
      formatMonth(line.periodFrom),
      formatMonth(line.periodTo),
      formatYuanGrouped(line.amountFen),
    ]),
    sums: ['合计', '', '', formatYuanGrouped(form.totalFen)],
    totals: [
      `合计（小写）：￥${formatYuanGrouped(form.totalFen)}`,
      `合计（大写）：${amountInWords(form.totalFen)}`,
    ],
  };
}

/** 缴费通知: what a unit without a debit agreement takes to the counter. */
export function counterNoticeForm(
  form: Common & { readonly papers: readonly string[]; readonly lastDay: string },
): FormDocument {
  return {
    title: '社会保险费缴费通知',
    head: [...head(form.payer), ['缴费期限', form.lastDay], ['打印日期', form.issuedOn]],
    ...base(form),
    notes: [
      '请携带以下资料到办税服务厅办理缴费，可通过转账到待报解户方式缴费：',
      ...form.papers.map((paper, index) => `${index + 1}. ${paper}`),
      '本通知不作为缴费凭据。',
    ],
    issuer: form.issuer,
    issuedOn: form.issuedOn,
    sampleSeal: form.sampleSeal,
  };
}

/** 银行端查询缴费凭证: to be paid at the bank by its number, in full. */
export function bankVoucherForm(
  form: Common & { readonly voucherNo: string; readonly taxOrg: string; readonly lastDay: string },
): FormDocument {
  return {
    title: '银行端查询缴费凭证',
    head: [
      ['凭证序号', form.voucherNo],
      ['税务机构代码', form.taxOrg],
      ...head(form.payer),
      ['限缴日期', form.lastDay],
      ['填开日期', form.issuedOn],
    ],
    ...base(form),
    notes: [
      '付款人（章）：＿＿＿＿＿＿　经办人（章）：＿＿＿＿＿＿　银行记账员（章）：＿＿＿＿＿＿',
      `请凭本凭证到开户银行缴费；转账附言须填写纳税人识别号、凭证序号 ${form.voucherNo} 和税务机构代码 ${form.taxOrg}。`,
      '须一次足额缴纳；超过限缴日期本凭证失效，请重新打印。',
      '持有本凭证期间请勿通过其他方式缴纳同一笔费款。',
    ],
    issuer: form.issuer,
    issuedOn: form.issuedOn,
    sampleSeal: form.sampleSeal,
  };
}

/** 缴费回执: what a unit holds after 缴费成功; signed. */
export function receiptForm(
  form: Common & {
    readonly taxVoucherNo: string;
    readonly account: string;
    readonly paidOn: string;
  },
): FormDocument {
  return {
    title: '社会保险费缴费回执',
    head: [
      ['电子税票号码', form.taxVoucherNo],
      ['缴款日期', form.paidOn],
      ...head(form.payer),
      ['扣款账号', form.account],
      ['打印日期', form.issuedOn],
    ],
    ...base(form),
    notes: ['款项已由开户银行扣收，入库情况可在缴费记录中查询。'],
    issuer: form.issuer,
    issuedOn: form.issuedOn,
    sampleSeal: form.sampleSeal,
  };
}

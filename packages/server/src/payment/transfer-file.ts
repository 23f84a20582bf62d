import { err, ok, parseYuan, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import { type ColumnSpec, readTable, type TableRow } from '../workbook/index.ts';

type Key =
  | 'valueDate'
  | 'bankSerial'
  | 'payerName'
  | 'payerAccount'
  | 'payerBank'
  | 'amount'
  | 'remark'
  | 'payeeAcct';

/** The columns of a bank statement, with the heads that banks use. */
export const statementColumns: readonly (ColumnSpec<Key> & { readonly help: string })[] = [
  {
    key: 'valueDate',
    names: ['到账日期', '交易日期', '入账日期'],
    required: true,
    help: '例如 2021-03-10。',
  },
  {
    key: 'bankSerial',
    names: ['银行流水号', '交易流水号', '流水号'],
    required: true,
    help: '银行给出的流水号，文本格式。',
  },
  {
    key: 'payerName',
    names: ['付款人名称', '付款人', '对方户名'],
    required: true,
    help: '与银行回单一致。',
  },
  {
    key: 'payerAccount',
    names: ['付款账号', '付款人账号', '对方账号'],
    required: false,
    help: '文本格式填写。',
  },
  {
    key: 'payerBank',
    names: ['付款行', '付款行名称', '对方开户行'],
    required: false,
    help: '可不填。',
  },
  {
    key: 'amount',
    names: ['金额', '贷方发生额', '收入金额'],
    required: true,
    help: '元，两位小数。',
  },
  {
    key: 'remark',
    names: ['附言', '摘要', '用途'],
    required: false,
    help: '应有纳税人识别号、凭证序号、征收机关代码。',
  },
  {
    key: 'payeeAcct',
    names: ['收款账号', '本方账号'],
    required: false,
    help: '待报解户账号；只有一个征收机关时可不填。',
  },
];

/** A row as read. */
export interface StatementRow {
  readonly rowNo: number;
  readonly valueDate: string;
  readonly bankSerial: string;
  readonly payerName: string;
  readonly payerAccount: string;
  readonly payerBank: string;
  readonly amountFen: number;
  readonly remark: string;
  readonly payeeAcct: string;
}

export interface StatementProblem {
  readonly rowNo: number;
  readonly column: string;
  readonly detail: string;
}

/** Rows of one import; more are split. */
const mostRows = 5_000;

/** Reads a statement; a row that is not sound is named with its column, the rule and what to do. */
export async function readStatement(
  bytes: Uint8Array,
  today: string,
): Promise<Result<{ rows: StatementRow[]; problems: StatementProblem[] }, Refusal>> {
  const rows: StatementRow[] = [];
  const problems: StatementProblem[] = [];
  const limits = { maxRows: mostRows, maxColumns: 256 };
  const visit = (row: TableRow<Key>): void => {
    const judged = judge(row, today);
    if (judged.ok) rows.push(judged.value);
    else problems.push(judged.error);
  };
  const done = await readTable<Key>(bytes, statementColumns, visit, limits);
  return done.ok ? ok({ rows, problems }) : done;
}

function judge(row: TableRow<Key>, today: string): Result<StatementRow, StatementProblem> {
  const { cells, damaged, rowNo } = row;
  const refuse = (key: Key, detail: string): Result<never, StatementProblem> => {
    const column = statementColumns.find((one) => one.key === key)?.names[0] ?? key;
    return err({ rowNo, column, detail });
  };
  for (const key of ['bankSerial', 'payerAccount', 'payeeAcct'] as const) {
    if (damaged.has(key)) return refuse(key, '数字已丢失（如 4.4E+17），请以文本格式重新导出');
  }
  const valueDate = dayFrom(cells.valueDate);
  if (valueDate === null) return refuse('valueDate', '应为日期，例如 2021-03-10');
  if (valueDate > today) return refuse('valueDate', '到账日期不能晚于今天，请核对');
  if (cells.bankSerial === '') return refuse('bankSerial', '缺少银行流水号，请补填');
  if (cells.bankSerial.length > 40) return refuse('bankSerial', '银行流水号最多 40 个字');
  if (cells.payerName === '') return refuse('payerName', '缺少付款人名称，请补填');
  if (cells.payerName.length > 100) return refuse('payerName', '付款人名称最多 100 个字');
  if (!/^(\d{6,32})?$/.test(cells.payerAccount))
    return refuse('payerAccount', '应为 6 至 32 位数字');
  const amount = parseYuan(cells.amount.replaceAll(',', ''));
  if (!amount.ok || amount.value <= 0) return refuse('amount', '应为大于 0 的金额，最多两位小数');
  if (cells.remark.length > 200) return refuse('remark', '附言最多 200 个字');
  const { bankSerial, payerName, payerAccount, payerBank, remark, payeeAcct } = cells;
  const told = { bankSerial, payerName, payerAccount, payerBank, remark, payeeAcct };
  return ok({ rowNo, valueDate, amountFen: amount.value, ...told });
}

function dayFrom(text: string): string | null {
  const parts = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?$/.exec(text);
  if (!parts) return null;
  const [, year = '', month = '', day = ''] = parts;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
}

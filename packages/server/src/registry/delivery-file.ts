import { createHash } from 'node:crypto';
import {
  checkIdentity,
  err,
  type IdentityFault,
  type Month,
  ok,
  type Result,
} from '@shebao/kernel';
import { type Insurance, insuranceName, insurances, levyItemName } from '@shebao/levy';
import type { Refusal } from '../platform/index.ts';
import { type ColumnSpec, monthFromText, readTable, type TableRow } from '../workbook/index.ts';
import { documentTypes, normaliseNumber } from './identity.ts';

/** A row of a delivery that is sound in itself. */
export interface DeliveredRow {
  readonly rowNo: number;
  readonly unitNo: string;
  readonly name: string;
  readonly documentType: string;
  readonly number: string;
  readonly insurance: Insurance;
  readonly from: Month;
  readonly to: Month | null;
}

/** Why a row was refused: its column, the rule, and what to do, in Chinese. */
export interface RowProblem {
  readonly rowNo: number;
  readonly unitNo: string;
  readonly name: string;
  readonly column: string;
  readonly code: string;
  readonly detail: string;
}

/**
 * A delivery as read from its file. The rows are kept out of sight of whoever writes the input of a
 * command down: the hash of the file stands for them.
 */
export class DeliveryContent {
  readonly contentHash: string;
  readonly #rows: readonly DeliveredRow[];
  readonly #problems: readonly RowProblem[];

  constructor(contentHash: string, rows: readonly DeliveredRow[], problems: readonly RowProblem[]) {
    this.contentHash = contentHash;
    this.#rows = rows;
    this.#problems = problems;
  }

  /** Rows sound in themselves, in the order of the file. */
  rows(): readonly DeliveredRow[] {
    return this.#rows;
  }

  problems(): readonly RowProblem[] {
    return this.#problems;
  }
}

type Key = 'unitNo' | 'name' | 'documentType' | 'number' | 'insurance' | 'from' | 'to';

/** The columns of a delivery, with the heads that agencies use for them. */
export const deliveryColumns: readonly (ColumnSpec<Key> & { readonly help: string })[] = [
  {
    key: 'unitNo',
    names: ['单位编号'],
    required: true,
    help: '已在“登记管理”中登记的单位编号。',
  },
  { key: 'name', names: ['姓名'], required: true, help: '与证件一致，最多 50 个字。' },
  {
    key: 'documentType',
    names: ['证件类型'],
    required: false,
    help: `不填为居民身份证。可填：${documentTypes.join('、')}。`,
  },
  {
    key: 'number',
    names: ['证件号码', '身份证号码', '公民身份号码', '社会保障号码'],
    required: true,
    help: '以文本格式填写，居民身份证为 18 位；显示成 4.4E+17 的号码已丢失数字，不能接收。',
  },
  {
    key: 'insurance',
    names: ['险种', '险种类型', '参保险种', '参保费种'],
    required: true,
    help: `一行一个险种。可填：${insurances.map(insuranceName).join('、')}。`,
  },
  {
    key: 'from',
    names: ['参保起始年月', '参保开始年月', '参保时间', '本次开始日期'],
    required: true,
    help: '例如 2021-03，也可写 202103 或 2021年3月。',
  },
  {
    key: 'to',
    names: ['参保终止年月', '参保截止年月', '本次终止日期'],
    required: false,
    help: '最后一个参保月份；仍在参保的不填。',
  },
];

const columnTitle = Object.fromEntries(
  deliveryColumns.map((column) => [column.key, column.names[0] ?? '']),
) as Record<Key, string>;

/** The names under which agencies deliver each insurance. */
const insuranceNames = new Map<string, Insurance>();
for (const insurance of insurances) {
  const item = levyItemName(insurance, 'employer').replace('(单位缴纳)', '');
  for (const name of [insuranceName(insurance), item, `${item}费`, insurance]) {
    insuranceNames.set(name, insurance);
  }
}
const furtherNames: readonly (readonly [string, Insurance])[] = [
  ['企业职工基本养老保险', 'enterprisePension'],
  ['企业养老保险', 'enterprisePension'],
  ['机关事业单位养老保险', 'institutionPension'],
  ['机关养老保险', 'institutionPension'],
  ['职业年金费', 'occupationalAnnuity'],
  ['基本医疗保险', 'medical'],
  ['医疗保险', 'medical'],
  ['大额医疗补助', 'largeMedical'],
];
for (const [name, insurance] of furtherNames) insuranceNames.set(name, insurance);

/** Reads a delivery file. `today` (YYYY-MM-DD) bounds birth dates. */
export async function readDelivery(
  bytes: Uint8Array,
  today: string,
): Promise<Result<DeliveryContent, Refusal>> {
  const rows: DeliveredRow[] = [];
  const problems: RowProblem[] = [];
  const done = await readTable<Key>(bytes, deliveryColumns, (row) => {
    const judged = judgeRow(row, today);
    if (judged.ok) rows.push(judged.value);
    else problems.push(judged.error);
  });
  if (!done.ok) return done;
  const contentHash = createHash('sha256').update(bytes).digest('hex');
  return ok(new DeliveryContent(contentHash, rows, problems));
}

function judgeRow(row: TableRow<Key>, today: string): Result<DeliveredRow, RowProblem> {
  const { unitNo, name, from, to } = row.cells;
  const refuse = (key: Key, code: string, detail: string): Result<never, RowProblem> =>
    err({
      rowNo: row.rowNo,
      unitNo: storable(unitNo, 20),
      name: storable(name, 50),
      column: columnTitle[key],
      code,
      detail,
    });
  if (!/^[0-9A-Za-z]{4,20}$/.test(unitNo)) {
    return refuse('unitNo', 'UNIT_NO_INVALID', '单位编号应为 4 至 20 位字母或数字，请更正');
  }
  if (name === '' || name.length > 50 || name !== storable(name, 50)) {
    return refuse('name', 'NAME_INVALID', '姓名不能为空，最多 50 个字且不含控制字符，请更正');
  }
  const document = judgeDocument(row, today);
  if (!document.ok) return refuse(...document.error);
  const insurance = insuranceNames.get((row.cells.insurance ?? '').replaceAll('（', '('));
  if (insurance === undefined) {
    return refuse('insurance', 'INSURANCE_UNKNOWN', '险种名称无法识别，请按模板填写');
  }
  const fromMonth = monthFromText(from);
  if (fromMonth === undefined) {
    return refuse('from', 'MONTH_INVALID', '参保起始年月应写成 2021-03 的样式，请更正');
  }
  const toMonth = (to ?? '') === '' ? null : monthFromText(to);
  if (toMonth === undefined) {
    return refuse('to', 'MONTH_INVALID', '参保终止年月应写成 2021-03 的样式，仍在参保的留空');
  }
  if (toMonth !== null && toMonth < fromMonth) {
    return refuse('to', 'MONTH_ORDER', '参保终止年月早于起始年月，请核对');
  }
  const { documentType, number } = document.value;
  const { rowNo } = row;
  return ok({ rowNo, unitNo, name, documentType, number, insurance, from: fromMonth, to: toMonth });
}

const faults: Readonly<Record<IdentityFault, string>> = {
  length: '居民身份证号码应为 18 位，请核对',
  characters: '居民身份证号码只能由数字组成，末位可为 X，请核对',
  date: '居民身份证号码中的出生日期不存在，请核对',
  future: '居民身份证号码中的出生日期晚于今天，请核对',
  check: '居民身份证号码校验码不符，请与证件核对',
};

function judgeDocument(
  row: TableRow<Key>,
  today: string,
): Result<{ documentType: string; number: string }, [Key, string, string]> {
  const documentType = (row.cells.documentType ?? '') || documentTypes[0];
  if (!(documentTypes as readonly string[]).includes(documentType)) {
    return err(['documentType', 'DOCUMENT_TYPE_UNKNOWN', '证件类型无法识别，请按模板填写']);
  }
  if (row.damaged.has('number')) {
    const detail =
      '证件号码被存成了数字（如 4.4E+17），后几位已丢失；请把该列设为文本格式后重新录入完整号码';
    return err(['number', 'DIGITS_LOST', detail]);
  }
  const number = normaliseNumber(row.cells.number);
  if (documentType !== documentTypes[0]) {
    return /^[0-9A-Z()（）\-字第号]{4,30}$/.test(number)
      ? ok({ documentType, number })
      : err(['number', 'DOCUMENT_INVALID', '证件号码应为 4 至 30 位字母或数字，请核对']);
  }
  const checked = checkIdentity(number, today);
  if (!checked.ok) return err(['number', 'IDENTITY_INVALID', faults[checked.error]]);
  return ok({ documentType, number: checked.value.number });
}

/** Text without control characters, cut to a length: fit to be stored and shown. */
function storable(text: string, length: number): string {
  return text.replaceAll(/\p{Cc}/gu, '').slice(0, length);
}

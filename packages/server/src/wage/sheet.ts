import { errorText } from '@shebao/contract';
import { type Fen, formatMonth, formatYuan, type Month, parseYuan } from '@shebao/kernel';
import { monthFromText, type TableRow } from '../workbook/index.ts';

/** The columns of the clerk's sheet, under the names in use. */
export const wageColumns = [
  { key: 'name', names: ['姓名', '职工姓名'], required: false },
  { key: 'number', names: ['证件号码', '身份证件号码', '身份证号', '身份证号码'], required: true },
  { key: 'wage', names: ['新缴费工资', '缴费工资', '月缴费工资', '缴费基数'], required: true },
  { key: 'month', names: ['生效年月', '生效月份'], required: false },
] as const;
export type WageColumn = (typeof wageColumns)[number]['key'];
export type WageRow = TableRow<WageColumn>;

/** What is wrong with one cell, in Chinese, for the sheet that goes back. */
export interface SheetProblem {
  readonly row: number;
  readonly column: string;
  readonly code: string;
  readonly detail: string;
}

/** A row that reads well; whom it means is found by the identity number. */
export interface SheetLine {
  readonly row: number;
  readonly name: string;
  readonly number: string;
  readonly wageFen: Fen;
  /** Undefined: the cell is empty, the person's only open month is taken. */
  readonly month: Month | undefined;
}

const columnTitles: Readonly<Record<WageColumn, string>> = {
  name: '姓名',
  number: '证件号码',
  wage: '新缴费工资',
  month: '生效年月',
};

/** A problem at a cell of the sheet. */
export function problemAt(
  row: number,
  column: WageColumn,
  code: string,
  detail: string,
): SheetProblem {
  return { row, column: columnTitles[column], code, detail };
}

const largestWageFen = 99_999_999_999;

/** Reads one row, cell by cell; every bad cell is named, not only the first. */
export function readSheetRow(row: WageRow): SheetLine | readonly SheetProblem[] {
  const { rowNo, cells, damaged } = row;
  const problems: SheetProblem[] = [];
  const number = cells.number.replaceAll(/\s/g, '').toUpperCase();
  if (number === '') {
    problems.push(problemAt(rowNo, 'number', 'INPUT_INVALID', '证件号码不能为空'));
  } else if (damaged.has('number')) {
    const detail = '证件号码已被表格软件改成数字，末几位丢失，请把该列设为文本后重新填写';
    problems.push(problemAt(rowNo, 'number', 'INPUT_INVALID', detail));
  }
  const wage = parseYuan(cells.wage);
  if (!wage.ok || wage.value <= 0 || wage.value > largestWageFen) {
    const detail = '新缴费工资应为大于 0 的金额，最多两位小数，例如 8250.50';
    problems.push(problemAt(rowNo, 'wage', 'INPUT_INVALID', detail));
  }
  const text = cells.month ?? '';
  const month = text === '' ? undefined : monthFromText(text);
  if (text !== '' && month === undefined) {
    const detail = '生效年月应为年月，例如 2021年1月 或 2021-01';
    problems.push(problemAt(rowNo, 'month', 'INPUT_INVALID', detail));
  }
  if (problems.length > 0 || !wage.ok) return problems;
  return { row: rowNo, name: cells.name ?? '', number, wageFen: wage.value, month };
}

/** The month of a row that names none: the person's only option, or the first that lacks a wage. */
export function monthOfRow(
  line: SheetLine,
  options: readonly Month[],
  missing: readonly Month[],
): Month | undefined {
  return line.month ?? missing[0] ?? (options.length === 1 ? options[0] : undefined);
}

/** The same line as the API takes it. */
export function lineOf(personId: string, month: Month, wageFen: Fen) {
  return { personId, effectiveMonth: formatMonth(month), wage: formatYuan(wageFen) };
}

/** Why a row without 生效年月 can't be placed. */
export function monthNeeded(row: number): SheetProblem {
  return problemAt(row, 'month', 'WAGE_MONTH_INVALID', errorText('WAGE_MONTH_INVALID'));
}

import Papa from 'papaparse';
import { wage as t } from '../../messages/wage.ts';

/** One thing wrong in the clerk's sheet; rows count from 1, the head included. */
export interface SheetProblem {
  readonly row: number;
  readonly column: string;
  readonly detail: string;
}

/** Text of a CSV file: UTF-8, else the encoding of Chinese spreadsheets. */
export function decodeSheet(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

const sentence = ({ column, detail }: SheetProblem): string =>
  detail.startsWith(column) ? detail : `${column}：${detail}`;

/** The same sheet with a last column that says what is wrong in each row. */
export function annotatedSheet(text: string, problems: readonly SheetProblem[]): string {
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, '').replace(/\r?\n$/, ''), {
    skipEmptyLines: false,
  });
  const byRow = Map.groupBy(problems, (problem) => problem.row);
  const width = Math.max(...data.map((row) => row.length));
  const rows = data.map((row, index) => {
    const padded = [...row, ...Array<string>(width - row.length).fill('')];
    const details = (byRow.get(index + 1) ?? []).map(sentence);
    return [...padded, index === 0 ? t.errorColumn : details.join('；')];
  });
  return `\uFEFF${Papa.unparse(rows, { escapeFormulae: true })}`;
}

/** Problems as a sheet of their own, for files that are no text. */
export function problemSheet(problems: readonly SheetProblem[]): string {
  const head = [t.importRow, t.importColumn, t.importDetail];
  const rows = problems.map((one) => [String(one.row), one.column, one.detail]);
  return `\uFEFF${Papa.unparse([head, ...rows], { escapeFormulae: true })}`;
}

/** Hands a text to the person as a file. */
export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

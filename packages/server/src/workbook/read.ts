import { err, ok, type Result } from '@shebao/kernel';
import { streamCsvRows } from 'hucre/csv';
import { streamXlsxRows } from 'hucre/xlsx';
import type { Refusal } from '../platform/index.ts';
import { checkZip, WorkbookProblem } from './zip-check.ts';

/** A column that is looked for in the head row, under any of its names. */
export interface ColumnSpec<Key extends string> {
  readonly key: Key;
  readonly names: readonly string[];
  readonly required: boolean;
}

/** A row below the head, every cell as trimmed text. */
export interface TableRow<Key extends string> {
  /** As a spreadsheet program numbers it: the head is row 1. */
  readonly rowNo: number;
  readonly cells: Readonly<Record<Key, string>>;
  /** Columns whose digits were lost (4.4E+17): the cell held a number where text was needed. */
  readonly damaged: ReadonlySet<Key>;
}

export interface TableLimits {
  readonly maxRows: number;
  readonly maxColumns: number;
}

type Cell = string | number | boolean | Date | null | undefined;
interface SourceRow {
  readonly rowNo: number;
  readonly cells: readonly Cell[];
}

const defaultLimits: TableLimits = { maxRows: 1_000_000, maxColumns: 256 };

/**
 * Reads the first sheet of an XLSX workbook, or a CSV file in UTF-8 or GB18030, row by row. Empty
 * rows are left out. Returns how many rows were visited, or WORKBOOK_UNREADABLE, WORKBOOK_COLUMNS.
 */
export async function readTable<Key extends string>(
  bytes: Uint8Array,
  columns: readonly ColumnSpec<Key>[],
  visit: (row: TableRow<Key>) => void,
  limits: TableLimits = defaultLimits,
): Promise<Result<number, Refusal>> {
  let places: ReadonlyMap<Key, number> | undefined;
  let rows = 0;
  try {
    for await (const source of sourceRows(bytes)) {
      if (source.cells.length > limits.maxColumns) throw tooWide(source.rowNo, limits.maxColumns);
      if (isEmpty(source)) continue;
      if (places === undefined) {
        const found = findColumns(source, columns);
        if (!found.ok) return found;
        places = found.value;
        continue;
      }
      rows += 1;
      if (rows > limits.maxRows)
        throw new WorkbookProblem(`超过 ${limits.maxRows} 行，请拆分后再上传`);
      visit(toTableRow(source, places));
    }
  } catch (error) {
    if (!(error instanceof WorkbookProblem)) {
      const reason = '文件已损坏，或不是 XLSX、CSV 文件';
      return err({ code: 'WORKBOOK_UNREADABLE', data: { reason } });
    }
    return err({ code: 'WORKBOOK_UNREADABLE', data: { reason: error.message } });
  }
  if (places === undefined) {
    return err({ code: 'WORKBOOK_UNREADABLE', data: { reason: '文件没有内容' } });
  }
  return ok(rows);
}

function tooWide(rowNo: number, maxColumns: number): WorkbookProblem {
  return new WorkbookProblem(`第 ${rowNo} 行超过 ${maxColumns} 列`);
}

async function* sourceRows(bytes: Uint8Array): AsyncGenerator<SourceRow> {
  if (bytes.length === 0) throw new WorkbookProblem('文件没有内容');
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) {
    throw new WorkbookProblem('是旧版 XLS 或加密的工作簿，请另存为不加密的 XLSX');
  }
  if (startsWith(bytes, [0x50, 0x4b])) {
    await checkZip(bytes);
    for await (const row of streamXlsxRows(bytes, { sheet: 0 })) {
      yield { rowNo: row.index + 1, cells: row.values };
    }
    return;
  }
  let rowNo = 0;
  for (const cells of streamCsvRows(decodeText(bytes))) {
    rowNo += 1;
    yield { rowNo, cells };
  }
}

/** Text of a CSV file: UTF-8 when it is valid UTF-8, else GB18030, as Chinese spreadsheets save it. */
function decodeText(bytes: Uint8Array): string {
  if (bytes.includes(0)) throw new WorkbookProblem('不是 XLSX 或 CSV 文件');
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Not in this encoding: the next one decides.
    }
  }
  throw new WorkbookProblem('文字编码不是 UTF-8 或 GB18030');
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}

function isEmpty(row: SourceRow): boolean {
  return row.cells.every((cell) => cell === null || cell === undefined || cellText(cell) === '');
}

function findColumns<Key extends string>(
  head: SourceRow,
  columns: readonly ColumnSpec<Key>[],
): Result<ReadonlyMap<Key, number>, Refusal> {
  const titles = head.cells.map((cell) => cellText(cell).replaceAll(/[\s*＊]/g, ''));
  const places = new Map<Key, number>();
  const missing: string[] = [];
  for (const column of columns) {
    const at = titles.findIndex((title) => column.names.includes(title));
    if (at < 0 && column.required) missing.push(column.names[0] ?? column.key);
    // A column that is not there reads like one that is empty.
    places.set(column.key, at);
  }
  if (missing.length === 0) return ok(places);
  return err({ code: 'WORKBOOK_COLUMNS', data: { columns: missing.join('、') } });
}

const exponent = /^\d(\.\d+)?E\+?\d+$/i;

function toTableRow<Key extends string>(
  source: SourceRow,
  places: ReadonlyMap<Key, number>,
): TableRow<Key> {
  const cells = {} as Record<Key, string>;
  const damaged = new Set<Key>();
  for (const [key, at] of places) {
    const cell = source.cells[at];
    cells[key] = cellText(cell);
    const lossy = typeof cell === 'number' && Math.abs(cell) >= 1e15;
    if (lossy || exponent.test(cells[key])) damaged.add(key);
  }
  return { rowNo: source.rowNo, cells, damaged };
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  // A leading apostrophe is how spreadsheets (and our own CSV) mark text.
  return String(cell).trim().replace(/^'/, '');
}

import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { type Fen, formatYuan } from '@shebao/kernel';
import { writeCsvStream } from 'hucre/csv';
import { type ColumnDef, writeXlsx, writeXlsxStream } from 'hucre/xlsx';

/** How a column's values are given and written. `amount`: fen in, yuan out. */
export interface OutputColumn {
  readonly title: string;
  readonly kind: 'text' | 'amount' | 'integer';
  /** In characters. */
  readonly width?: number;
}

export type OutputCell = string | number | Fen | null;
export type FileFormat = 'xlsx' | 'csv';

export const mediaTypes: Readonly<Record<FileFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

/**
 * Writes a sheet as a stream of bytes; memory stays flat however many rows come. XLSX continues on
 * further sheets past the row limit, the head repeated. CSV is UTF-8 with a mark, text that a
 * spreadsheet would take for a formula is marked as text, amounts have no separators.
 */
export function writeTable(
  format: FileFormat,
  name: string,
  columns: readonly OutputColumn[],
  rows: Iterable<readonly OutputCell[]> | AsyncIterable<readonly OutputCell[]>,
): Readable {
  const bytes = format === 'xlsx' ? xlsxBytes(name, columns, rows) : csvBytes(columns, rows);
  return Readable.fromWeb(bytes);
}

function xlsxBytes(
  name: string,
  columns: readonly OutputColumn[],
  rows: Iterable<readonly OutputCell[]> | AsyncIterable<readonly OutputCell[]>,
): ReadableStream<Uint8Array> {
  const cells = mapRows(rows, (row) => columns.map((column, at) => xlsxCell(column, row[at])));
  const stream = writeXlsxStream(cells, { name, columns: columns.map(columnDef) });
  return stream as unknown as ReadableStream<Uint8Array>;
}

function csvBytes(
  columns: readonly OutputColumn[],
  rows: Iterable<readonly OutputCell[]> | AsyncIterable<readonly OutputCell[]>,
): ReadableStream<Uint8Array> {
  const cells = mapRows(rows, (row) => columns.map((column, at) => csvCell(column, row[at])));
  const headers = columns.map((column) => column.title);
  return writeCsvStream(cells, { headers, bom: true }) as unknown as ReadableStream<Uint8Array>;
}

async function* mapRows<Out>(
  rows: Iterable<readonly OutputCell[]> | AsyncIterable<readonly OutputCell[]>,
  toCells: (row: readonly OutputCell[]) => Out,
): AsyncGenerator<Out> {
  for await (const row of rows) yield toCells(row);
}

function columnDef(column: OutputColumn): ColumnDef {
  const numFmt = { text: '@', amount: '0.00', integer: '0' }[column.kind];
  return { header: column.title, width: column.width ?? 16, numFmt };
}

function xlsxCell(column: OutputColumn, cell: OutputCell | undefined): string | number | null {
  if (cell === null || cell === undefined) return null;
  return column.kind === 'amount' && typeof cell === 'number' ? cell / 100 : cell;
}

function csvCell(column: OutputColumn, cell: OutputCell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') {
    return column.kind === 'amount' ? formatYuan(cell as Fen) : String(cell);
  }
  return column.kind === 'text' ? neutralise(cell) : cell;
}

/** Marks text that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab, return) as text. */
function neutralise(text: string): string {
  return /^[=+\-@\t\r\n|]/.test(text) ? `'${text}` : text;
}

/** A template: the head, example rows, and a sheet that explains each column. */
export function writeTemplate(
  name: string,
  columns: readonly (OutputColumn & { readonly help: string })[],
  examples: readonly (readonly OutputCell[])[],
): Promise<Uint8Array> {
  const help = columns.map((column) => [column.title, column.help]);
  return writeXlsx({
    sheets: [
      {
        name,
        columns: columns.map(columnDef),
        rows: [
          columns.map((column) => column.title),
          ...examples.map((row) => columns.map((column, at) => xlsxCell(column, row[at]))),
        ],
      },
      {
        name: '填写说明',
        columns: [{ width: 18 }, { width: 90 }],
        rows: [['列', '怎么填'], ...help],
      },
    ],
  });
}

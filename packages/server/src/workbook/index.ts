export { monthFromText } from './month-text.ts';
export { type ColumnSpec, readTable, type TableRow } from './read.ts';
export {
  type FileFormat,
  mediaTypes,
  type OutputCell,
  type OutputColumn,
  writeTable,
  writeTemplate,
} from './write.ts';

export { monthFromText } from './month-text.ts';
export { type ColumnSpec, readTable, type TableLimits, type TableRow } from './read.ts';
export {
  type FileFormat,
  mediaTypes,
  neutralise,
  type OutputCell,
  type OutputColumn,
  writeTable,
  writeTemplate,
} from './write.ts';

import { memo, type ReactNode } from 'react';
import { common as t } from '../messages/common.ts';
import { Checkbox } from './fields.tsx';
import type { Item } from './table-items.ts';

export interface Column<Row> {
  readonly key: string;
  /** The head cell's text; fields in the column's cells are named like it. */
  readonly title: string;
  /** Pixels; needed in tables of more than a few hundred rows. */
  readonly width?: number;
  /** `end` for amounts and counts. */
  readonly align?: 'start' | 'end' | 'center';
  /** This column names the row. */
  readonly rowHeader?: boolean;
  /** Can't be put away: fields, actions. */
  readonly fixed?: boolean;
  /** `index` counts from 0 over the rows as shown. */
  readonly cell: (row: Row, index: number) => ReactNode;
}

const alignClass = (align: Column<unknown>['align']) =>
  align === 'end' ? 'end' : align === 'center' ? 'center' : undefined;

export function HeadCell<Row>({ column }: { readonly column: Column<Row> }) {
  return (
    <th scope="col" className={alignClass(column.align)}>
      {column.title}
    </th>
  );
}

interface BodyRowProps<Row> {
  readonly item: Item<Row>;
  readonly index: number;
  readonly columns: readonly Column<Row>[];
  readonly groupCells:
    | ((key: string, rows: readonly Row[]) => Readonly<Record<string, ReactNode>>)
    | undefined;
  readonly label: string;
  readonly boxed: boolean;
  readonly hasBox: boolean;
  readonly checked: boolean;
  readonly toggle: (key: string, on: boolean) => void;
}

function PlainBodyRow<Row>(props: BodyRowProps<Row>) {
  const { item, index, columns, label, boxed, hasBox, checked, toggle } = props;
  const group = item.kind === 'group' ? (props.groupCells?.(item.key, item.rows) ?? {}) : undefined;
  const contentOf = (column: Column<Row>) =>
    item.kind === 'row'
      ? column.cell(item.row, index)
      : (group?.[column.key] ?? (column.rowHeader ? item.key : null));
  const classes = [checked && 'checked', item.kind === 'group' && 'group']
    .filter(Boolean)
    .join(' ');
  return (
    <tr aria-rowindex={index + 2} {...(classes ? { className: classes } : {})}>
      {boxed ? (
        <td className="box">
          {hasBox ? (
            <Checkbox
              label={t.select(label)}
              hideLabel
              checked={checked}
              onChange={(on) => toggle(item.key, on)}
            />
          ) : null}
        </td>
      ) : null}
      {columns.map((column) =>
        column.rowHeader ? (
          <th
            key={column.key}
            scope="row"
            data-column={column.key}
            className={alignClass(column.align)}
          >
            {contentOf(column)}
          </th>
        ) : (
          <td key={column.key} data-column={column.key} className={alignClass(column.align)}>
            {contentOf(column)}
          </td>
        ),
      )}
    </tr>
  );
}

/** One line; drawn again only when its row, columns or tick changed. */
export const BodyRow = memo(PlainBodyRow) as typeof PlainBodyRow;

/** The cells of 「合计」: the name in the first column without a sum. */
export function sumCells<Row>(
  columns: readonly Column<Row>[],
  sums: Readonly<Record<string, ReactNode>>,
  boxed: boolean,
): ReactNode {
  const named = columns.find((column) => column.rowHeader && !(column.key in sums));
  const nameAt = (named ?? columns.find((column) => !(column.key in sums)))?.key;
  return (
    <>
      {boxed ? <td className="box" /> : null}
      {columns.map((column) =>
        column.key === nameAt ? (
          <th key={column.key} scope="row">
            {t.total}
          </th>
        ) : (
          <td key={column.key} data-column={column.key} className={alignClass(column.align)}>
            {sums[column.key]}
          </td>
        ),
      )}
    </>
  );
}

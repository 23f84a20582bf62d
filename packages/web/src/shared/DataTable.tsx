import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type Ref, useImperativeHandle, useMemo, useRef } from 'react';
import { common as t } from '../messages/common.ts';
import { Button } from './Button.tsx';
import { useColumnChoice } from './ColumnChoice.tsx';
import { Checkbox } from './fields.tsx';
import { Empty } from './parts.tsx';
import { type Item, itemsOf, selectableKeys } from './table-items.ts';
import { BodyRow, type Column, HeadCell, sumCells } from './table-rows.tsx';
import { useHiddenSides } from './use-hidden-sides.ts';

export type { Column } from './table-rows.tsx';

export interface Selection<Row> {
  readonly selected: ReadonlySet<string>;
  readonly onChange: (selected: ReadonlySet<string>) => void;
  /** Rows (or groups, by their first row) without a box. */
  readonly selectable?: (row: Row) => boolean;
}

export interface Groups<Row> {
  readonly keyOf: (row: Row) => string;
  /** Cells of the group row by column key; the row header's cell is the group's name. */
  readonly cells: (key: string, rows: readonly Row[]) => Readonly<Record<string, ReactNode>>;
}

export interface DataTableHandle {
  /** Brings a row into sight and puts the focus into the field of a column. */
  readonly focusCell: (rowKey: string, columnKey: string) => void;
}

export interface DataTableProps<Row> {
  /** Named like the page's link. */
  readonly name: string;
  /** Keep the same array between renders (useMemo), or every row is drawn again. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Text of the row header: the box is named 「选择 」 + this. */
  readonly rowLabel: (row: Row) => string;
  readonly selection?: Selection<Row> | undefined;
  /** With groups the boxes stand on the group rows, `selected` holds group keys. */
  readonly groups?: Groups<Row> | undefined;
  /** Cells of the last row 「合计」 by column key. */
  readonly sums?: Readonly<Record<string, ReactNode>> | undefined;
  readonly empty?: string;
  readonly busy?: boolean;
  /** Not the page's own table: takes only the height it needs, up to this many pixels. */
  readonly maxHeight?: number;
  readonly ref?: Ref<DataTableHandle>;
}

/** Up to here every row is in the document; beyond, only those in sight. */
const allDrawnUpTo = 400;
const rowHeight = 41;

/** A real table for any number of rows: sticky head and sum, boxes, fields in cells. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, rows, rowKey, rowLabel, selection, groups, sums, busy = false } = props;
  const { shown: columns, choose } = useColumnChoice(name, props.columns, !props.maxHeight);
  const box = useRef<HTMLDivElement>(null);
  const frame = useHiddenSides(box, rows.length > 0);
  const items = useMemo(() => itemsOf(rows, rowKey, groups?.keyOf), [rows, rowKey, groups?.keyOf]);
  const virtual = items.length > allDrawnUpTo;
  const virtualizer = useVirtualizer({
    count: virtual ? items.length : 0,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: rowHeight,
    scrollPaddingEnd: rowHeight,
  });
  useImperativeHandle(props.ref, () => ({
    focusCell: (key, columnKey) => {
      const index = items.findIndex((item) => item.kind === 'row' && item.key === key);
      if (index < 0) return;
      if (virtual) virtualizer.scrollToIndex(index);
      const find = () =>
        box.current?.querySelector<HTMLElement>(
          `[aria-rowindex="${index + 2}"] [data-column="${columnKey}"] :is(input,select,button)`,
        );
      const there = find();
      if (there) there.focus();
      else requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus()));
    },
  }));
  const toggle = useToggle(selection);
  if (rows.length === 0) return busy ? <Loading /> : <Empty text={props.empty ?? t.noData} />;
  const shown = virtual ? virtualizer.getVirtualItems() : undefined;
  const before = shown?.[0]?.start ?? 0;
  const after = shown ? virtualizer.getTotalSize() - (shown.at(-1)?.end ?? 0) : 0;
  const indexes = shown ? shown.map((row) => row.index) : items.map((_, index) => index);
  const span = columns.length + (selection ? 1 : 0);
  const draw = (index: number) => {
    const item = items[index] as Item<Row>;
    return (
      <BodyRow
        key={`${item.kind}:${item.key}`}
        item={item}
        index={index}
        columns={columns}
        groupCells={item.kind === 'group' ? groups?.cells : undefined}
        label={item.kind === 'group' ? item.key : rowLabel(item.row)}
        boxed={selection !== undefined}
        hasBox={hasBox(item, selection, groups !== undefined)}
        checked={selection?.selected.has(item.key) ?? false}
        toggle={toggle}
      />
    );
  };
  const table = (
    <div
      className={virtual ? 'table-box table-virtual' : 'table-box'}
      ref={box}
      // Scrollable by keyboard.
      tabIndex={0}
      role="group"
      aria-label={t.scrollable}
      {...(props.maxHeight ? { style: { maxHeight: props.maxHeight } } : {})}
    >
      <table aria-label={name} aria-rowcount={items.length + (sums ? 2 : 1)}>
        <colgroup>
          {selection ? <col style={{ width: 44 }} /> : null}
          {columns.map((column) => (
            <col key={column.key} {...(column.width ? { style: { width: column.width } } : {})} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {selection ? <AllBox items={items} selection={selection} grouped={!!groups} /> : null}
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <Spacer height={before} span={span} /> : null}
          {indexes.map(draw)}
          {after > 0 ? <Spacer height={after} span={span} /> : null}
        </tbody>
        {sums ? (
          <tfoot>
            <tr aria-rowindex={items.length + 2}>{sumCells(columns, sums, !!selection)}</tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  );
  return (
    <div className="table-frame">
      <div className="table-sides" ref={frame}>
        {table}
      </div>
      {choose ? (
        <Button kind="quiet" className="table-columns" onClick={choose}>
          {t.columns}
        </Button>
      ) : null}
    </div>
  );
}

function Loading() {
  return (
    <div className="empty" role="presentation">
      {t.loading}
    </div>
  );
}

function Spacer({ height, span }: { readonly height: number; readonly span: number }) {
  return (
    <tr aria-hidden="true" className="spacer">
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

/** One function for all rows and renders, so that a row is drawn again only when it changed. */
function useToggle<Row>(selection: Selection<Row> | undefined) {
  const current = useRef(selection);
  current.current = selection;
  return useMemo(
    () => (key: string, on: boolean) => {
      const next = new Set(current.current?.selected);
      if (on) next.add(key);
      else next.delete(key);
      current.current?.onChange(next);
    },
    [],
  );
}

function hasBox<Row>(
  item: Item<Row>,
  selection: Selection<Row> | undefined,
  grouped: boolean,
): boolean {
  if (!selection || (grouped && item.kind === 'row')) return false;
  const row = item.kind === 'group' ? item.rows[0] : item.row;
  return row !== undefined && (selection.selectable?.(row) ?? true);
}

interface AllBoxProps<Row> {
  readonly items: readonly Item<Row>[];
  readonly selection: Selection<Row>;
  readonly grouped: boolean;
}

function AllBox<Row>({ items, selection, grouped }: AllBoxProps<Row>) {
  const { selectable, selected } = selection;
  const keys = useMemo(
    () => selectableKeys(items, grouped, selectable),
    [items, grouped, selectable],
  );
  const ticked = keys.filter((key) => selected.has(key)).length;
  return (
    <th scope="col" className="box">
      <Checkbox
        label={t.all}
        hideLabel
        checked={keys.length > 0 && ticked === keys.length}
        indeterminate={ticked > 0 && ticked < keys.length}
        disabled={keys.length === 0}
        onChange={(on) => selection.onChange(on ? new Set(keys) : new Set())}
      />
    </th>
  );
}

/** What a table draws, in order: rows, and a group row above the rows of each group. */
export type Item<Row> =
  | { readonly kind: 'row'; readonly key: string; readonly row: Row }
  | { readonly kind: 'group'; readonly key: string; readonly rows: readonly Row[] };

/** Rows as items; with groups, each group's row stands above its lines, groups in order of appearance. */
export function itemsOf<Row>(
  rows: readonly Row[],
  rowKey: (row: Row) => string,
  groupOf?: (row: Row) => string,
): Item<Row>[] {
  const asItem = (row: Row): Item<Row> => ({ kind: 'row', key: rowKey(row), row });
  if (!groupOf) return rows.map(asItem);
  const groups = Map.groupBy(rows, groupOf);
  return [...groups].flatMap(([key, members]): Item<Row>[] => [
    { kind: 'group', key, rows: members },
    ...members.map(asItem),
  ]);
}

/** Keys of everything that has a box. */
export function selectableKeys<Row>(
  items: readonly Item<Row>[],
  grouped: boolean,
  selectable: ((row: Row) => boolean) | undefined,
): string[] {
  const keys: string[] = [];
  for (const item of items) {
    if (grouped !== (item.kind === 'group')) continue;
    const row = item.kind === 'group' ? item.rows[0] : item.row;
    if (row !== undefined && (selectable?.(row) ?? true)) keys.push(item.key);
  }
  return keys;
}

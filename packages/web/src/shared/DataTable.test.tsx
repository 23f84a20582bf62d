import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { type Column, DataTable } from './DataTable.tsx';

interface Line {
  readonly id: string;
  readonly unit: string;
  readonly amount: string;
}

const columns: readonly Column<Line>[] = [
  { key: 'unit', title: '单位编号', width: 120, rowHeader: true, cell: (row) => row.unit },
  { key: 'amount', title: '应缴费额', width: 120, align: 'end', cell: (row) => row.amount },
];
const linesOf = (count: number): Line[] =>
  Array.from({ length: count }, (_, index) => ({
    id: String(index),
    unit: `U${index}`,
    amount: '1.00',
  }));

function Selectable({ rows }: { readonly rows: readonly Line[] }) {
  const [selected, onChange] = useState<ReadonlySet<string>>(new Set());
  return (
    <DataTable
      name="日常申报"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      rowLabel={(row) => row.unit}
      selection={{ selected, onChange }}
      sums={{ amount: '3.00' }}
    />
  );
}

test('rows, heads, boxes and the sum are found by role and name', async () => {
  const user = userEvent.setup();
  render(<Selectable rows={linesOf(3)} />);
  const table = screen.getByRole('table', { name: '日常申报' });
  expect(within(table).getAllByRole('columnheader')).toHaveLength(3);
  const rows = within(table).getAllByRole('row');
  expect(rows).toHaveLength(5);
  expect(within(rows.at(-1) as HTMLElement).getByRole('rowheader')).toHaveProperty(
    'textContent',
    '合计',
  );
  await user.click(screen.getByRole('checkbox', { name: '选择 U1' }));
  const all = screen.getByRole<HTMLInputElement>('checkbox', { name: '全选' });
  expect(all.indeterminate).toBe(true);
  await user.click(all);
  expect(screen.getAllByRole<HTMLInputElement>('checkbox').every((box) => box.checked)).toBe(true);
});

test('a hundred thousand rows keep their count, their numbers and their sum', () => {
  render(<Selectable rows={linesOf(100_000)} />);
  const table = screen.getByRole('table', { name: '日常申报' });
  expect(table.getAttribute('aria-rowcount')).toBe('100002');
  const rows = within(table).getAllByRole('row');
  expect(rows.length).toBeLessThan(100);
  expect(rows.at(-1)?.getAttribute('aria-rowindex')).toBe('100002');
});

test('group rows carry the boxes and stand above their lines', async () => {
  const user = userEvent.setup();
  const rows = linesOf(4).map((line, index) => ({ ...line, unit: index < 2 ? 'A' : 'B' }));
  const ticked: string[][] = [];
  render(
    <DataTable
      name="日常申报"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      rowLabel={(row) => row.unit}
      groups={{ keyOf: (row) => row.unit, cells: (_, lines) => ({ amount: `${lines.length}` }) }}
      selection={{ selected: new Set(), onChange: (next) => ticked.push([...next]) }}
    />,
  );
  expect(screen.getAllByRole('checkbox')).toHaveLength(3);
  await user.click(screen.getByRole('checkbox', { name: '选择 B' }));
  expect(ticked).toEqual([['B']]);
  const texts = screen.getAllByRole('row').map((row) => row.textContent);
  expect(texts).toEqual(['单位编号应缴费额', 'A2', 'A1.00', 'A1.00', 'B2', 'B1.00', 'B1.00']);
});

test('an empty table is a status that says why', () => {
  render(
    <DataTable
      name="缴费"
      columns={columns}
      rows={[]}
      rowKey={(row) => row.id}
      rowLabel={(row) => row.unit}
      empty="没有待缴费的数据"
    />,
  );
  expect(screen.getByRole('status').textContent).toBe('没有待缴费的数据');
});

import type { DueItem } from '@shebao/contract';
import { declaration as t } from '../../messages/declaration.ts';
import { type Column, formatRate } from '../../shared/index.ts';
import { ExplainedAmount } from './explanation.tsx';
import { PeopleLink } from './people.tsx';

const c = t.columns;

/** Columns of lines, of 日常申报 or of a declaration: every amount explains itself. */
export function itemColumns(declarationId?: string): Column<DueItem>[] {
  const declared = declarationId === undefined ? {} : { declarationId };
  const explained = (yuan: (item: DueItem) => string) => (item: DueItem) => (
    <ExplainedAmount yuan={yuan(item)} of={{ unitNo: item.unitNo, key: item.key, ...declared }} />
  );
  return [
    { key: 'unitNo', title: c.unitNo, width: 130, rowHeader: true, cell: (item) => item.unitNo },
    { key: 'insurance', title: c.insurance, width: 190, cell: (item) => item.insuranceName },
    { key: 'levyItem', title: c.levyItem, width: 270, cell: (item) => item.levyItem },
    { key: 'kind', title: c.kind, width: 90, cell: (item) => item.kind },
    { key: 'start', title: c.start, width: 115, cell: (item) => item.periodStart },
    { key: 'end', title: c.end, width: 115, cell: (item) => item.periodEnd },
    {
      key: 'people',
      title: c.people,
      width: 90,
      align: 'end',
      cell: (item) => (
        <PeopleLink item={item} {...(declarationId === undefined ? {} : { declarationId })} />
      ),
    },
    {
      key: 'base',
      title: c.base,
      width: 130,
      align: 'end',
      cell: explained((item) => item.contributionBase),
    },
    { key: 'rate', title: c.rate, width: 70, align: 'end', cell: (item) => formatRate(item.rate) },
    {
      key: 'amount',
      title: c.amount,
      width: 130,
      align: 'end',
      cell: explained((item) => item.amountDue),
    },
    {
      key: 'lateFee',
      title: c.lateFee,
      width: 100,
      align: 'end',
      cell: explained((item) => item.lateFee),
    },
  ];
}

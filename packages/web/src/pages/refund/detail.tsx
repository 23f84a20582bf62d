import type { AnswerOf, getRefundApplication, RefundApplication } from '@shebao/contract';
import { applicationWords as t } from '../../messages/refund-application.ts';
import {
  Amount,
  type Column,
  DataTable,
  Facts,
  formatAmount,
  formatInstant,
  Tag,
  type Tone,
} from '../../shared/index.ts';

export type Detail = AnswerOf<typeof getRefundApplication>;
export type Line = Detail['lines']['rows'][number];
type Payout = Detail['payouts'][number];
type Event = Detail['events'][number];

export const applicationTones: Record<RefundApplication['state'], Tone> = {
  审核中: 'wait',
  待复核: 'wait',
  退库中: 'wait',
  退库失败: 'bad',
  已退: 'good',
  不予通过: 'bad',
  已撤回: 'calm',
};

const payoutTones: Record<Payout['state'], Tone> = {
  待复核: 'wait',
  待发出: 'wait',
  已发出: 'wait',
  退库中: 'wait',
  已退: 'good',
  退库失败: 'bad',
  已撤回: 'calm',
};

export const monthsOf = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  from === to ? from : `${from} 至 ${to}`;

const l = t.lineColumns;
/** 退费明细, in the clerk's and the officer's dialogs. */
export const lineColumns: Column<Line>[] = [
  { key: 'name', title: l.name, width: 130, rowHeader: true, cell: (row) => row.name },
  { key: 'number', title: l.number, width: 180, cell: (row) => row.identityNumber },
  { key: 'period', title: l.period, width: 100, cell: (row) => row.period },
  { key: 'levyItem', title: l.levyItem, width: 250, cell: (row) => row.levyItem },
  {
    key: 'base',
    title: l.base,
    width: 110,
    align: 'end',
    cell: (row) => <Amount yuan={row.contributionBase} />,
  },
  {
    key: 'amount',
    title: l.amount,
    width: 120,
    align: 'end',
    cell: (row) => <Amount yuan={row.amount} />,
  },
  { key: 'voucher', title: l.voucherNo, width: 190, cell: (row) => row.taxVoucherNo },
  { key: 'paidOn', title: l.paidOn, width: 115, cell: (row) => row.paidOn },
];

const p = t.payoutColumns;
const payoutColumns: Column<Payout>[] = [
  {
    key: 'voucher',
    title: p.voucherNo,
    width: 190,
    rowHeader: true,
    cell: (row) => row.taxVoucherNo,
  },
  {
    key: 'amount',
    title: p.amount,
    width: 120,
    align: 'end',
    cell: (row) => <Amount yuan={row.amount} />,
  },
  {
    key: 'state',
    title: p.state,
    width: 110,
    cell: (row) => <Tag tone={payoutTones[row.state]}>{row.state}</Tag>,
  },
  { key: 'message', title: p.message, width: 180, cell: (row) => row.message },
  { key: 'no', title: p.drawBackNo, width: 190, cell: (row) => row.drawBackVoucherNo },
  { key: 'at', title: p.at, width: 150, cell: (row) => formatInstant(row.changedAt) },
];

const eventColumns: Column<Event>[] = [
  { key: 'at', title: t.at, width: 150, rowHeader: true, cell: (row) => formatInstant(row.at) },
  { key: 'actor', title: t.actor, width: 130, cell: (row) => row.actor },
  { key: 'text', title: t.text, width: 420, cell: (row) => row.text },
];

/** Everything about one application: what it asks for, where it stands, what went back. */
export function ApplicationDetail({ detail }: { readonly detail: Detail }) {
  const { application: one, lines, payouts, events, sums } = detail;
  const facts: readonly (readonly [string, string])[] = [
    [t.no, one.applicationNo],
    [t.state, one.state],
    [t.nextStep, one.nextStep],
    [t.opinion, one.opinion ?? ''],
    [t.unit, `${one.unitName} ${one.unitNo}`],
    [t.agency, t.agencies[one.agency]],
    [t.period, monthsOf(one)],
    [t.people, String(one.people)],
    [t.amount, formatAmount(one.amount)],
    [t.refunded, formatAmount(one.refunded)],
    [t.reasonCode, t.reasonCodes[one.reasonCode]],
    [t.reason, one.reason],
    [t.payeeName, one.payeeName],
    [t.payeeAccount, one.payeeAccountMasked],
    [t.payeeBankNo, one.payeeBankNo],
    [t.madeBy, one.madeBy],
    [t.acceptedBy, one.acceptedBy ?? ''],
    [t.approvedBy, one.approvedBy ?? ''],
  ];
  return (
    <>
      <div className="facts-wide">
        <Facts rows={facts.filter(([, value]) => value !== '')} />
      </div>
      {payouts.length > 0 ? (
        <>
          <h3>{t.payouts}</h3>
          <DataTable
            name={t.payouts}
            columns={payoutColumns}
            rows={payouts}
            rowKey={(row) => `${row.taxVoucherNo}${row.drawBackVoucherNo ?? row.changedAt}`}
            rowLabel={(row) => row.taxVoucherNo}
            maxHeight={200}
          />
        </>
      ) : null}
      <h3>{t.sums}</h3>
      <div className="facts-wide">
        <Facts rows={sums.map((sum) => [sum.levyItem, formatAmount(sum.amount)] as const)} />
      </div>
      <h3>{t.linesTitle}</h3>
      <DataTable
        name={t.linesTitle}
        columns={lineColumns}
        rows={lines.rows}
        rowKey={(row) => `${row.personId}${row.period}${row.levyItem}${row.taxVoucherNo}`}
        rowLabel={(row) => row.name}
        maxHeight={280}
        sums={{ amount: <Amount yuan={one.amount} /> }}
      />
      <h3>{t.history}</h3>
      <DataTable
        name={t.history}
        columns={eventColumns}
        rows={events}
        rowKey={(row) => `${row.at}${row.text}`}
        rowLabel={(row) => row.text}
        maxHeight={220}
      />
    </>
  );
}

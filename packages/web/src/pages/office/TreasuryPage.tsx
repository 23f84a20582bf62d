import {
  type AnswerOf,
  listReconciliationDays,
  type OfficeRole,
  treasuryState,
} from '@shebao/contract';
import { useMemo } from 'react';
import { office, reconciled as t } from '../../messages/office.ts';
import { reconciliation } from '../../messages/reconciliation.ts';
import {
  Amount,
  Button,
  type Column,
  DataTable,
  Facts,
  formatInstant,
  Page,
  Tag,
  useApi,
  useSession,
} from '../../shared/index.ts';
import { Alarms } from './alarms.tsx';
import { showStatement } from './statement.tsx';
import './office.css';

type State = AnswerOf<typeof treasuryState>;
type Unclear = State['unclear'][number];
type Day = AnswerOf<typeof listReconciliationDays>['days'][number];

const askAgainMs = 10_000;
const q = reconciliation.queue;
const d = reconciliation.days;

const unclearColumns: Column<Unclear>[] = [
  { key: 'voucher', title: q.voucherNo, width: 190, rowHeader: true, cell: (r) => r.taxVoucherNo },
  { key: 'unit', title: q.unit, width: 210, cell: (row) => `${row.unitName} ${row.unitNo}` },
  {
    key: 'amount',
    title: q.amount,
    width: 130,
    align: 'end',
    cell: (row) => <Amount yuan={row.amount} />,
  },
  { key: 'state', title: q.state, width: 110, cell: (row) => <Tag tone="warn">{row.state}</Tag> },
  { key: 'since', title: q.since, width: 150, cell: (row) => formatInstant(row.since) },
  { key: 'said', title: q.said, width: 220, cell: (row) => row.said },
  { key: 'next', title: q.next, width: 240, cell: (row) => row.next },
  {
    key: 'nextAt',
    title: q.nextAt,
    width: 150,
    cell: (row) => (row.nextAt === null ? '' : formatInstant(row.nextAt)),
  },
  { key: 'whoActs', title: q.whoActs, width: 240, cell: (row) => row.whoActs },
  { key: 'account', title: q.account, width: 200, cell: (row) => row.account },
  {
    key: 'events',
    title: q.events,
    width: 420,
    cell: (row) => (
      <ul className="plain">
        {row.events.map((event) => (
          <li key={`${event.at}${event.text}`}>
            {formatInstant(event.at)} {event.text}
          </li>
        ))}
      </ul>
    ),
  },
];

const listTones = { 未收到: 'warn', 接收中: 'wait', 已核对: 'good', 清单异常: 'bad' } as const;

function control(day: Day) {
  if (day.listState !== '已核对') return <Tag tone="wait">{d.waiting}</Tag>;
  return day.balanced ? <Tag tone="good">{d.balanced}</Tag> : <Tag tone="warn">{d.unbalanced}</Tag>;
}

const dayColumns = (roles: readonly OfficeRole[]): Column<Day>[] => [
  { key: 'date', title: d.date, width: 120, rowHeader: true, cell: (row) => row.date },
  { key: 'taxOrg', title: d.taxOrg, width: 230, cell: (row) => row.taxOrgName },
  {
    key: 'list',
    title: d.list,
    width: 120,
    cell: (row) => <Tag tone={listTones[row.listState]}>{row.listState}</Tag>,
  },
  {
    key: 'packs',
    title: d.packs,
    width: 90,
    align: 'end',
    cell: (row) => d.packsOf(row.packs, row.packsExpected),
  },
  { key: 'count', title: d.count, width: 100, align: 'end', cell: (row) => row.listedCount },
  {
    key: 'amount',
    title: d.amount,
    width: 140,
    align: 'end',
    cell: (row) => <Amount yuan={row.listedAmount} />,
  },
  { key: 'control', title: d.control, width: 120, cell: control },
  { key: 'cases', title: d.cases, width: 100, align: 'end', cell: (row) => row.openCases },
  {
    key: 'signed',
    title: d.signed,
    width: 160,
    cell: (row) =>
      row.signedBy === null ? (
        <Tag tone="calm">{d.unsigned}</Tag>
      ) : (
        <Tag tone="good">{row.signedBy}</Tag>
      ),
  },
  {
    key: 'act',
    title: office.act,
    width: 100,
    cell: (row) => (
      <Button kind="link" onClick={() => void showStatement(row, roles)}>
        {d.open}
      </Button>
    ),
  },
];

/** Whether debits are possible now, which are unclear, and how each closed day was reconciled. */
export default function TreasuryPage() {
  const query = useApi(treasuryState, {}, { refetchMs: askAgainMs });
  const days = useApi(listReconciliationDays, {}, { refetchMs: askAgainMs });
  const { roles } = useSession();
  const columns = useMemo(() => dayColumns(roles), [roles]);
  const state = query.data;
  return (
    <Page
      title={office.treasury}
      intro={office.intros['treasury']}
      busy={query.isLoading || days.isLoading}
      error={query.error ?? days.error}
      retry={() => void Promise.all([query.refetch(), days.refetch()])}
    >
      <Alarms />
      {state ? <Channel state={state} /> : null}
      <h2>{q.title}</h2>
      <DataTable
        name={q.title}
        columns={unclearColumns}
        rows={state?.unclear ?? []}
        rowKey={(row) => row.attemptId}
        rowLabel={(row) => row.taxVoucherNo}
        empty={q.empty}
        busy={query.isLoading}
        maxHeight={420}
      />
      <h2>{d.title}</h2>
      <DataTable
        name={d.title}
        columns={columns}
        rows={days.data?.days ?? []}
        rowKey={(row) => `${row.taxOrg}${row.date}`}
        rowLabel={(row) => row.date}
        empty={d.empty}
        busy={days.isLoading}
        maxHeight={520}
      />
    </Page>
  );
}

function Channel({ state }: { readonly state: State }) {
  const connection = state.connected ? (
    <Tag tone="good">{t.connected}</Tag>
  ) : (
    <Tag tone="bad">{t.notConnected}</Tag>
  );
  return (
    <Facts
      rows={[
        [t.channel, connection],
        [t.workDate, state.workDate ?? ''],
        [t.systemState, state.systemState],
        [t.ownKey, <code key="own">{state.ownFingerprint}</code>],
        [t.peerKey, <code key="peer">{state.peerFingerprint ?? ''}</code>],
      ]}
    />
  );
}

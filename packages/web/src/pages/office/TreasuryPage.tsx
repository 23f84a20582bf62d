import { type AnswerOf, treasuryState } from '@shebao/contract';
import { office, registration, reconciled as t } from '../../messages/office.ts';
import {
  Amount,
  type Column,
  DataTable,
  Facts,
  formatInstant,
  Page,
  Tag,
  useApi,
} from '../../shared/index.ts';
import './office.css';

type State = AnswerOf<typeof treasuryState>;
type Unclear = State['unclear'][number];
type Exception = State['exceptions'][number];

const askAgainMs = 10_000;

const unclearColumns: Column<Unclear>[] = [
  { key: 'voucher', title: t.voucherNo, width: 200, rowHeader: true, cell: (r) => r.taxVoucherNo },
  { key: 'unitNo', title: registration.unitNo, width: 140, cell: (row) => row.unitNo },
  {
    key: 'amount',
    title: t.amount,
    width: 140,
    align: 'end',
    cell: (row) => <Amount yuan={row.amount} />,
  },
  { key: 'state', title: t.state, width: 140, cell: (row) => <Tag tone="warn">{row.state}</Tag> },
  { key: 'since', title: t.since, width: 150, cell: (row) => formatInstant(row.since) },
  {
    key: 'events',
    title: t.events,
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
const exceptionColumns: Column<Exception>[] = [
  { key: 'at', title: t.at, width: 150, cell: (row) => formatInstant(row.at) },
  { key: 'kind', title: t.kind, width: 180, rowHeader: true, cell: (row) => row.kind },
  { key: 'text', title: t.text, width: 480, cell: (row) => row.text },
  { key: 'state', title: t.state, width: 120, cell: (row) => row.state },
];

/** Whether debits are possible now, which are unclear, and where our books and the treasury's differ. */
export default function TreasuryPage() {
  const query = useApi(treasuryState, {}, { refetchMs: askAgainMs });
  const state = query.data;
  return (
    <Page
      title={office.treasury}
      intro={office.intros['treasury']}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
    >
      {state ? <Channel state={state} /> : null}
      <h2>{t.unclear}</h2>
      <DataTable
        name={t.unclear}
        columns={unclearColumns}
        rows={state?.unclear ?? []}
        rowKey={(row) => row.attemptId}
        rowLabel={(row) => row.taxVoucherNo}
        empty={t.nothingUnclear}
        busy={query.isLoading}
      />
      <h2>{t.exceptions}</h2>
      <DataTable
        name={t.exceptions}
        columns={exceptionColumns}
        rows={state?.exceptions ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.kind}
        empty={t.nothingWrong}
        busy={query.isLoading}
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

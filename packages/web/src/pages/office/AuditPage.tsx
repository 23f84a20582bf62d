import { type AnswerOf, listAudit, verifyAudit } from '@shebao/contract';
import { useDeferredValue, useState } from 'react';
import { office, audited as t } from '../../messages/office.ts';
import {
  Alert,
  api,
  Button,
  type Column,
  DataTable,
  formatInstant,
  Page,
  refusalDialog,
  TextField,
  useApi,
  useSearchParam,
  useSession,
} from '../../shared/index.ts';
import './office.css';

type Entry = AnswerOf<typeof listAudit>['entries'][number];
type Verification = AnswerOf<typeof verifyAudit>;

const newest = 1000;
const columns: Column<Entry>[] = [
  { key: 'chain', title: t.chain, width: 200, cell: (row) => row.chain },
  { key: 'seq', title: t.seq, width: 80, align: 'end', rowHeader: true, cell: (row) => row.seq },
  { key: 'at', title: t.at, width: 150, cell: (row) => formatInstant(row.at) },
  { key: 'actor', title: t.actor, width: 180, cell: (row) => row.actor },
  { key: 'action', title: t.action, width: 180, cell: (row) => row.action },
  { key: 'subject', title: t.subject, width: 260, cell: (row) => row.subject },
  { key: 'detail', title: t.detail, width: 360, cell: (row) => row.detail },
  { key: 'hash', title: t.hash, width: 180, cell: (row) => <code>{row.hash.slice(0, 16)}</code> },
];

/** Who did what, when, on what; and whether the chains are whole. */
export default function AuditPage() {
  const [chain, setChain] = useSearchParam('chain');
  const wanted = useDeferredValue(chain.trim());
  const { roles } = useSession();
  const [verified, setVerified] = useState<Verification | null>(null);
  const [busy, setBusy] = useState(false);
  const query = useApi(
    listAudit,
    { query: { limit: newest, ...(wanted ? { chain: wanted } : {}) } },
    { keepPrevious: true },
  );
  const verify = async () => {
    setBusy(true);
    try {
      setVerified(await api(verifyAudit));
    } catch (error) {
      await refusalDialog(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Page
      title={office.audit}
      intro={office.intros['audit']}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
      actions={
        roles.includes('auditor') ? (
          <Button busy={busy} onClick={() => void verify()}>
            {t.verify}
          </Button>
        ) : null
      }
    >
      {verified ? <Verdict verified={verified} /> : null}
      <div className="filter-form">
        <TextField
          label={t.chain}
          placeholder={t.chainHint}
          value={chain}
          onChange={setChain}
          maxLength={80}
        />
        <span className="muted">{office.count(query.data?.total ?? 0)}</span>
      </div>
      <DataTable
        name={office.audit}
        columns={columns}
        rows={query.data?.entries ?? []}
        rowKey={(row) => `${row.chain}/${row.seq}`}
        rowLabel={(row) => String(row.seq)}
        busy={query.isLoading}
      />
    </Page>
  );
}

function Verdict({ verified }: { readonly verified: Verification }) {
  if (verified.intact) {
    return <Alert kind="success" text={t.intact(verified.chains, verified.entries)} />;
  }
  return (
    <Alert kind="error" text={t.broken}>
      <ul className="plain">
        {verified.breaks.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Alert>
  );
}

import { type AnswerOf, createToken, listTokens, revokeToken } from '@shebao/contract';
import { useMemo, useState } from 'react';
import { common } from '../../messages/common.ts';
import { system as t } from '../../messages/system.ts';
import {
  Alert,
  Button,
  type Column,
  confirmDialog,
  DataTable,
  Dialog,
  Facts,
  formatInstant,
  invalidate,
  messageDialog,
  openDialog,
  Refusal,
  reauthenticateAll,
  refusalDialog,
  send,
  Tag,
  TextField,
  useAction,
  useApi,
  useSession,
} from '../../shared/index.ts';
import { functionsOf, type GrantSet, Grants } from './Grants.tsx';

type Token = AnswerOf<typeof listTokens>['tokens'][number];
const none: readonly Token[] = [];

async function revoke(token: Token): Promise<void> {
  const message = t.revokeAsk(token.label);
  if (!(await confirmDialog({ message, body: <p>{t.revokeBody}</p> }))) return;
  await send(revokeToken, { params: { id: token.id } }).catch(refusalDialog);
  await invalidate(listTokens);
}

async function add(): Promise<void> {
  const token = await openDialog<string>((close) => <TokenDialog close={close} />);
  if (token === undefined) return;
  await invalidate(listTokens);
  await messageDialog({
    message: t.tokenCreated,
    size: 'medium',
    body: (
      <>
        <p>{t.tokenHint}</p>
        <Facts rows={[[t.token, <code key="token">{token}</code>]]} />
      </>
    ),
  });
}

/** 「接口令牌」: what programs sign in with. */
export function Tokens() {
  const query = useApi(listTokens);
  const columns = useMemo(tokenColumns, []);
  return (
    <div className="settings-form">
      <p className="muted">
        {t.tokensIntro} <a href="/docs">{t.apiDocs}</a>
      </p>
      <div>
        <Button icon="plus" onClick={() => void add()}>
          {t.addToken}
        </Button>
      </div>
      {query.error ? <Refusal error={query.error} /> : null}
      <DataTable
        name={t.tokens}
        columns={columns}
        rows={query.data?.tokens ?? none}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.label}
        busy={query.isPending}
        maxHeight={400}
      />
    </div>
  );
}

function tokenColumns(): readonly Column<Token>[] {
  return [
    { key: 'label', title: t.label, rowHeader: true, cell: (row) => row.label },
    { key: 'units', title: t.units, cell: (row) => row.unitNos.join('、') },
    {
      key: 'functions',
      title: t.functionsHead,
      cell: (row) => row.functions.map((one) => t.functions[one]).join('、'),
    },
    { key: 'created', title: t.createdAt, cell: (row) => formatInstant(row.createdAt) },
    {
      key: 'used',
      title: t.lastUsedAt,
      cell: (row) => (row.lastUsedAt ? formatInstant(row.lastUsedAt) : ''),
    },
    {
      key: 'state',
      title: t.state,
      cell: (row) => (
        <Tag tone={row.revokedAt ? 'calm' : 'good'}>{row.revokedAt ? t.revoked : t.valid}</Tag>
      ),
    },
    {
      key: 'action',
      title: t.action,
      cell: (row) =>
        row.revokedAt ? null : (
          <Button kind="link" onClick={() => void revoke(row)}>
            {t.revoke}
          </Button>
        ),
    },
  ];
}

function TokenDialog({ close }: { readonly close: (token?: string) => void }) {
  const session = useSession();
  const [label, setLabel] = useState('');
  const [ticked, setTicked] = useState<GrantSet>(new Set());
  const [problem, setProblem] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const { run, running } = useAction(createToken);
  const submit = async () => {
    setFailure(null);
    const unitNos = session.units
      .map(({ unitNo }) => unitNo)
      .filter((unitNo) => functionsOf(ticked, unitNo).length > 0);
    const wrong =
      label.trim() === '' ? t.labelMissing : unitNos.length === 0 ? t.grantsMissing : '';
    setProblem(wrong);
    if (wrong) return;
    const functions = [...new Set(unitNos.flatMap((unitNo) => functionsOf(ticked, unitNo)))];
    try {
      const body = { label: label.trim(), functions, unitNos };
      const tokens = await reauthenticateAll([{ operation: 'createToken', body }]);
      if (!tokens) return;
      close((await run({ body: { ...body, reauthentication: tokens[0] ?? '' } })).token);
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog
      title={t.addToken}
      onClose={() => close()}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={() => close()}>{common.cancel}</Button>
          <Button kind="primary" type="submit" busy={running}>
            {common.confirm}
          </Button>
        </>
      }
    >
      {failure ? <Refusal error={failure} /> : null}
      {problem ? <Alert kind="error" text={problem} key={problem} /> : null}
      <TextField label={t.label} value={label} onChange={setLabel} data-autofocus />
      <Grants units={session.units} value={ticked} onChange={setTicked} />
    </Dialog>
  );
}

import {
  type AnswerOf,
  createOfficeToken,
  listOfficers,
  listOfficeTokens,
  revokeOfficeToken,
} from '@shebao/contract';
import { office, staffed as t } from '../../messages/office.ts';
import {
  Button,
  type Column,
  confirmDialog,
  DataTable,
  formatInstant,
  invalidate,
  notify,
  openDialog,
  refusalDialog,
  send,
  Tag,
  useApi,
} from '../../shared/index.ts';
import { FormDialog, type FormField, type FormValues } from './form-dialog.tsx';
import { proveOrStay } from './prove.ts';
import { showSecret } from './register-dialogs.tsx';

type Token = AnswerOf<typeof listOfficeTokens>['tokens'][number];

async function revoke({ id, label }: Token): Promise<void> {
  const body = <p>{label}</p>;
  if (!(await confirmDialog({ message: t.tokens.revokeQuestion, body }))) return;
  try {
    await send(revokeOfficeToken, { params: { id }, body: {} });
    notify.status(t.tokens.revoked);
  } catch (error) {
    await refusalDialog(error);
  }
  await invalidate(listOfficeTokens);
}

const columns: Column<Token>[] = [
  { key: 'label', title: t.tokens.label, width: 220, rowHeader: true, cell: (row) => row.label },
  { key: 'user', title: t.userName, width: 160, cell: (row) => row.userName },
  { key: 'at', title: t.tokens.createdAt, width: 160, cell: (row) => formatInstant(row.createdAt) },
  {
    key: 'state',
    title: t.active,
    width: 110,
    cell: (row) => (
      <Tag tone={row.revokedAt === null ? 'good' : 'calm'}>
        {row.revokedAt === null ? t.activeStates.yes : t.activeStates.no}
      </Tag>
    ),
  },
  {
    key: 'act',
    title: office.act,
    width: 90,
    cell: (row) =>
      row.revokedAt === null ? (
        <Button kind="link" onClick={() => void revoke(row)}>
          {t.tokens.revoke}
        </Button>
      ) : null,
  },
];

async function create(users: readonly string[]): Promise<void> {
  const fields: FormField[] = [
    {
      kind: 'select',
      name: 'userName',
      label: t.userName,
      value: users[0] ?? '',
      options: users.map((value) => ({ value, label: value })),
    },
    { kind: 'text', name: 'label', label: t.tokens.label, hint: t.tokens.hint, maxLength: 64 },
  ];
  const save = async ({ text }: FormValues) => {
    const body = { userName: text['userName'] ?? '', label: text['label']?.trim() ?? '' };
    const token = await proveOrStay('createOfficeToken', body);
    return send(createOfficeToken, { body: { ...body, reauthentication: token } });
  };
  const made = await openDialog<AnswerOf<typeof createOfficeToken>>((close) => (
    <FormDialog title={t.tokens.create} fields={fields} send={save} close={close} />
  ));
  if (!made) return;
  await invalidate(listOfficeTokens);
  await showSecret(t.tokens.issued, made.token, t.tokens.issuedHint);
}

/** Tokens with which the systems of 人社 and 医保 read their feed. */
export function OfficeTokens() {
  const query = useApi(listOfficeTokens);
  const officers = useApi(listOfficers);
  const users = (officers.data?.officers ?? [])
    .filter(({ roles }) => roles.includes('hrss') || roles.includes('medicalInsurance'))
    .map(({ userName }) => userName);
  return (
    <>
      <h2>{t.tokens.title}</h2>
      <p className="page-intro">{t.tokens.intro}</p>
      <p>
        <Button icon="plus" disabled={users.length === 0} onClick={() => void create(users)}>
          {t.tokens.create}
        </Button>
      </p>
      <DataTable
        name={t.tokens.title}
        columns={columns}
        rows={query.data?.tokens ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.label}
        busy={query.isLoading}
        maxHeight={360}
      />
    </>
  );
}

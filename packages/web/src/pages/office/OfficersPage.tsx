import { type AnswerOf, createOfficer, listOfficers, type OfficeRole } from '@shebao/contract';
import { office, registration, staffed as t } from '../../messages/office.ts';
import {
  Button,
  type Column,
  DataTable,
  invalidate,
  openDialog,
  Page,
  send,
  Tag,
  useApi,
  useSession,
} from '../../shared/index.ts';
import { FormDialog, type FormField, type FormValues } from './form-dialog.tsx';
import { OfficeTokens } from './office-tokens.tsx';
import { showSecret } from './register-dialogs.tsx';
import './office.css';

type Officer = AnswerOf<typeof listOfficers>['officers'][number];

const columns: Column<Officer>[] = [
  { key: 'userName', title: t.userName, width: 180, rowHeader: true, cell: (row) => row.userName },
  { key: 'name', title: t.displayName, width: 160, cell: (row) => row.displayName },
  {
    key: 'active',
    title: t.active,
    width: 110,
    cell: (row) => (
      <Tag tone={row.active ? 'good' : 'calm'}>
        {row.active ? t.activeStates.yes : t.activeStates.no}
      </Tag>
    ),
  },
  {
    key: 'roles',
    title: t.roles,
    width: 420,
    cell: (row) => row.roles.map((role) => t.roleNames[role]).join('、'),
  },
];

const fields: FormField[] = [
  { kind: 'text', name: 'userName', label: t.userName, hint: t.userHint, maxLength: 64 },
  { kind: 'text', name: 'displayName', label: t.displayName, maxLength: 64 },
  {
    kind: 'checks',
    name: 'roles',
    label: t.roles,
    options: Object.entries(t.roleNames).map(([value, label]) => ({ value, label })),
  },
];

async function add(): Promise<void> {
  const create = ({ text, checks }: FormValues) =>
    send(createOfficer, {
      body: {
        userName: text['userName'] ?? '',
        displayName: text['displayName'] ?? '',
        roles: (checks['roles'] ?? []) as OfficeRole[],
      },
    });
  const made = await openDialog<AnswerOf<typeof createOfficer>>((close) => (
    <FormDialog title={t.add} fields={fields} send={create} close={close} />
  ));
  if (!made) return;
  await invalidate(listOfficers);
  await showSecret(registration.issued, made.initialPassword, `${t.added}：${made.userName}`);
}

/** Officers and what they may do. */
export default function OfficersPage() {
  const query = useApi(listOfficers);
  const { roles } = useSession();
  return (
    <Page
      title={office.officers}
      intro={office.intros['officers']}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
      actions={
        roles.includes('securityAdmin') ? (
          <Button kind="primary" icon="plus" onClick={() => void add()}>
            {t.add}
          </Button>
        ) : null
      }
    >
      <DataTable
        name={office.officers}
        columns={columns}
        rows={query.data?.officers ?? []}
        rowKey={(row) => row.userName}
        rowLabel={(row) => row.userName}
        busy={query.isLoading}
        maxHeight={520}
      />
      {roles.includes('securityAdmin') ? <OfficeTokens /> : null}
    </Page>
  );
}

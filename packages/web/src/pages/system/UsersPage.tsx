import { type AnswerOf, listUsers, setUserActive } from '@shebao/contract';
import { useMemo } from 'react';
import { system as t } from '../../messages/system.ts';
import {
  Button,
  type Column,
  confirmDialog,
  DataTable,
  invalidate,
  Page,
  refusalDialog,
  send,
  Tag,
  useApi,
} from '../../shared/index.ts';
import { addUser } from './add-user.tsx';

type User = AnswerOf<typeof listUsers>['users'][number];
const none: readonly User[] = [];

const grantText = (user: User): string =>
  user.grants
    .map(({ unitNo, functions }) => `${unitNo}：${functions.map((f) => t.functions[f]).join('、')}`)
    .join('；');

async function setActive(user: User): Promise<void> {
  const { userName, active } = user;
  if (active) {
    const message = t.disableAsk(userName);
    if (!(await confirmDialog({ message, body: <p>{t.disableBody}</p> }))) return;
  }
  await send(setUserActive, { params: { userName }, body: { active: !active } }).catch(
    refusalDialog,
  );
  await invalidate(listUsers);
}

/** 「用户管理」: who may do what, per 单位编号. */
export default function UsersPage() {
  const query = useApi(listUsers);
  const columns = useMemo<readonly Column<User>[]>(
    () => [
      { key: 'user', title: t.userName, width: 160, rowHeader: true, cell: (row) => row.userName },
      { key: 'name', title: t.displayName, width: 140, cell: (row) => row.displayName },
      { key: 'grants', title: t.grants, width: 420, cell: grantText },
      {
        key: 'state',
        title: t.state,
        width: 110,
        cell: (row) => (
          <Tag tone={row.active ? 'good' : 'calm'}>{row.active ? t.active : t.inactive}</Tag>
        ),
      },
      {
        key: 'action',
        title: t.action,
        width: 120,
        cell: (row) => (
          <Button kind="link" onClick={() => void setActive(row)}>
            {row.active ? t.disable : t.enable}
          </Button>
        ),
      },
    ],
    [],
  );
  return (
    <Page
      title={t.users}
      intro={t.usersIntro}
      busy={query.isPending}
      error={query.error}
      retry={() => void query.refetch()}
      actions={
        <Button kind="primary" icon="plus" onClick={() => void addUser()}>
          {t.addUser}
        </Button>
      }
    >
      <DataTable
        name={t.users}
        columns={columns}
        rows={query.data?.users ?? none}
        rowKey={(row) => row.userName}
        rowLabel={(row) => row.userName}
        busy={query.isPending}
      />
    </Page>
  );
}

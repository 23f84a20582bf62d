import { createUser, listUsers } from '@shebao/contract';
import { useState } from 'react';
import { common } from '../../messages/common.ts';
import { system as t } from '../../messages/system.ts';
import {
  Alert,
  Button,
  Dialog,
  Facts,
  invalidate,
  messageDialog,
  openDialog,
  Refusal,
  TextField,
  useAction,
  useSession,
} from '../../shared/index.ts';
import { functionsOf, type GrantSet, Grants } from './Grants.tsx';

interface Created {
  readonly userName: string;
  readonly initialPassword: string;
}

/** 「新增用户」; its initial password is shown once. */
export async function addUser(): Promise<void> {
  const created = await openDialog<Created>((close) => <UserDialog close={close} />);
  if (!created) return;
  await invalidate(listUsers);
  await messageDialog({
    message: t.initialTitle,
    body: (
      <>
        <p>{t.initialHint}</p>
        <Facts
          rows={[
            [t.userName, created.userName],
            [t.initialPassword, <code key="password">{created.initialPassword}</code>],
          ]}
        />
      </>
    ),
  });
}

function UserDialog({ close }: { readonly close: (created?: Created) => void }) {
  const session = useSession();
  const [userName, setUserName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [ticked, setTicked] = useState<GrantSet>(new Set());
  const [problem, setProblem] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const { run, running } = useAction(createUser);
  const submit = async () => {
    setFailure(null);
    const name = userName.trim();
    const wrong = !/^[A-Za-z0-9_.-]{3,64}$/.test(name)
      ? t.userWrong
      : displayName.trim() === ''
        ? t.nameMissing
        : ticked.size === 0
          ? t.grantsMissing
          : '';
    setProblem(wrong);
    if (wrong) return;
    const grants = session.units
      .map(({ unitNo }) => ({ unitNo, functions: functionsOf(ticked, unitNo) }))
      .filter((grant) => grant.functions.length > 0);
    try {
      const body = { userName: name, displayName: displayName.trim(), grants };
      close(await run({ body }));
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog
      title={t.addUser}
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
      <TextField
        label={t.userName}
        hint={t.userHint}
        value={userName}
        onChange={setUserName}
        data-autofocus
      />
      <TextField label={t.displayName} value={displayName} onChange={setDisplayName} />
      <Grants units={session.units} value={ticked} onChange={setTicked} />
    </Dialog>
  );
}

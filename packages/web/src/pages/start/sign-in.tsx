import { changePassword, type SessionInfo, signIn, signOut } from '@shebao/contract';
import { useState } from 'react';
import { common } from '../../messages/common.ts';
import { start as t } from '../../messages/start.ts';
import { send, useAction } from '../../shared/action.ts';
import { Button } from '../../shared/Button.tsx';
import { Dialog } from '../../shared/Dialog.tsx';
import { openDialog } from '../../shared/dialogs.tsx';
import { PasswordField, TextField } from '../../shared/fields.tsx';
import { Alert, Refusal } from '../../shared/parts.tsx';
import { SecurityMethod } from '../../shared/SecurityMethod.tsx';
import { forgetSession, keepSession } from '../../shared/session.tsx';
import { rememberTaxpayer } from './known-units.ts';

interface Closing<T> {
  readonly close: (value?: T) => void;
}

/** 「添加缴费单位」, then 「安全认证」: a session, or undefined when left. */
export async function addTaxpayer(): Promise<SessionInfo | undefined> {
  const taxpayerId = await openDialog<string>((close) => <AddDialog close={close} />);
  return taxpayerId === undefined ? undefined : signInTaxpayer(taxpayerId);
}

/** 「安全认证」 of a taxpayer, and 「修改初始密码」 where the password is still the initial one. */
export async function signInTaxpayer(taxpayerId: string): Promise<SessionInfo | undefined> {
  const session = await openDialog<SessionInfo>((close) => (
    <SecurityDialog taxpayerId={taxpayerId} close={close} />
  ));
  return session?.mustChangePassword ? changeInitialPassword(session) : session;
}

/** 「修改初始密码」: the session that may enter; leaving the dialog ends the session. */
export async function changeInitialPassword(
  session: SessionInfo,
): Promise<SessionInfo | undefined> {
  const changed = await openDialog<SessionInfo>((close) => (
    <ChangeDialog session={session} close={close} />
  ));
  if (!changed) {
    await send(signOut, {}).catch(() => undefined);
    forgetSession();
  }
  return changed;
}

function AddDialog({ close }: Closing<string>) {
  const [taxpayerId, setTaxpayerId] = useState('');
  const [error, setError] = useState<string>();
  const submit = () => {
    const clean = taxpayerId.replaceAll(/\s/g, '').toUpperCase();
    if (/^[0-9A-Z]{15,20}$/.test(clean)) close(clean);
    else setError(t.taxpayerWrong);
  };
  return (
    <Dialog
      title={t.addTitle}
      size="small"
      onClose={() => close()}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={() => close()}>{common.cancel}</Button>
          <Button kind="primary" type="submit">
            {t.next}
          </Button>
        </>
      }
    >
      <TextField
        label={t.taxpayerId}
        hint={t.taxpayerHint}
        error={error}
        value={taxpayerId}
        onChange={setTaxpayerId}
        data-autofocus
      />
    </Dialog>
  );
}

function SecurityDialog(props: Closing<SessionInfo> & { readonly taxpayerId: string }) {
  const { taxpayerId, close } = props;
  const [password, setPassword] = useState('');
  const [userName, setUserName] = useState<string>();
  const [failure, setFailure] = useState<unknown>(null);
  const [missing, setMissing] = useState<string>();
  const { run, running } = useAction(signIn);
  const submit = async () => {
    setFailure(null);
    setMissing(password === '' ? t.passwordMissing : undefined);
    if (password === '') return;
    const user = userName?.trim() ? { userName: userName.trim() } : {};
    try {
      const session = await run({ body: { taxpayerId, password, ...user } });
      forgetSession();
      keepSession(session);
      if (session.taxpayer) rememberTaxpayer(session.taxpayer);
      close(session);
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog
      title={common.securityTitle}
      size="small"
      onClose={() => close()}
      onSubmit={() => void submit()}
      footer={
        <>
          {userName === undefined ? (
            <Button className="footer-start" onClick={() => setUserName('')}>
              {t.otherUser}
            </Button>
          ) : null}
          <Button onClick={() => close()}>{common.cancel}</Button>
          <Button kind="primary" type="submit" busy={running}>
            {common.confirm}
          </Button>
        </>
      }
    >
      {failure ? <Refusal error={failure} /> : null}
      <SecurityMethod />
      {userName === undefined ? null : (
        <TextField
          label={t.userName}
          hint={t.userHint}
          value={userName}
          onChange={setUserName}
          autoComplete="username"
        />
      )}
      <PasswordField
        label={common.password}
        error={missing}
        value={password}
        onChange={setPassword}
        data-autofocus
      />
    </Dialog>
  );
}

function ChangeDialog(props: Closing<SessionInfo> & { readonly session: SessionInfo }) {
  const { session, close } = props;
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [problem, setProblem] = useState<string>();
  const [failure, setFailure] = useState<unknown>(null);
  const { run, running } = useAction(changePassword);
  const submit = async () => {
    setFailure(null);
    const wrong = first === '' ? t.newMissing : first === second ? undefined : t.repeatWrong;
    setProblem(wrong);
    if (wrong) return;
    try {
      const changed = await run({ body: { newPassword: first } });
      keepSession(changed);
      close(changed);
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog
      title={t.changeTitle}
      size="small"
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
      <p>{t.changeIntro}</p>
      <div>
        <p className="muted">{t.rules}</p>
        <ul className="plain">
          {session.passwordRules.rules.map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ul>
      </div>
      {failure ? <Refusal error={failure} /> : null}
      {problem ? <Alert kind="error" text={problem} /> : null}
      <PasswordField
        label={t.newPassword}
        autoComplete="new-password"
        value={first}
        onChange={setFirst}
        data-autofocus
      />
      <PasswordField
        label={t.repeatPassword}
        autoComplete="new-password"
        value={second}
        onChange={setSecond}
      />
    </Dialog>
  );
}

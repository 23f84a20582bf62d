import { currentSession, officeSignIn } from '@shebao/contract';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { office as t } from '../../messages/office.ts';
import {
  Alert,
  api,
  Button,
  forgetSession,
  keepSession,
  mayBeSignedIn,
  Page,
  PasswordField,
  Refusal,
  TextField,
  useAction,
} from '../../shared/index.ts';
import { changeInitialPassword } from '../start/sign-in.tsx';
import { officeHomePath } from './routes.ts';
import './office.css';

/** Officers sign in; an initial password must be changed before anything else. */
export default function SignInPage() {
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const { run, running } = useAction(officeSignIn);
  const navigate = useNavigate();
  useEffect(() => {
    if (!mayBeSignedIn()) return;
    api(currentSession)
      .then((session) => {
        if (session.realm !== 'office' || session.mustChangePassword) return;
        keepSession(session);
        void navigate({ to: officeHomePath, replace: true });
      })
      .catch(() => undefined);
  }, [navigate]);
  const signIn = async () => {
    setFailure(null);
    const isMissing = userName.trim() === '' || password === '';
    setMissing(isMissing);
    if (isMissing) return;
    try {
      const session = await run({ body: { userName: userName.trim(), password } });
      forgetSession();
      keepSession(session);
      setPassword('');
      const inside = session.mustChangePassword ? await changeInitialPassword(session) : session;
      if (inside) await navigate({ to: officeHomePath });
    } catch (error) {
      setFailure(error);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void signIn();
  };
  return (
    <div className="office-card">
      <Page title={t.signInTitle} intro={t.signInIntro}>
        <form onSubmit={submit} noValidate>
          {failure ? <Refusal error={failure} /> : null}
          {missing ? <Alert kind="error" text={t.missing} /> : null}
          <TextField
            label={t.userName}
            value={userName}
            onChange={setUserName}
            autoComplete="username"
            maxLength={64}
          />
          <PasswordField label={t.password} value={password} onChange={setPassword} />
          <Button kind="primary" type="submit" busy={running}>
            {t.signIn}
          </Button>
        </form>
      </Page>
    </div>
  );
}

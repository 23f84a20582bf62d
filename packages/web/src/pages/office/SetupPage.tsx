import { officeSetup } from '@shebao/contract';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { office as t } from '../../messages/office.ts';
import {
  Alert,
  Button,
  forgetSession,
  keepSession,
  Page,
  PasswordField,
  Refusal,
  TextField,
  useAction,
} from '../../shared/index.ts';
import { officeHomePath } from './routes.ts';
import './office.css';

/** The first account of an installation, made by the one-time link printed at its first start. */
export default function SetupPage() {
  // The token is in the fragment: it reaches no log on its way.
  const [setupToken] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const [userName, setUserName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [problem, setProblem] = useState<string>();
  const [failure, setFailure] = useState<unknown>(null);
  const { run, running } = useAction(officeSetup);
  const navigate = useNavigate();
  const create = async () => {
    setFailure(null);
    const isIncomplete = !userName.trim() || !displayName.trim() || !password;
    const wrong = isIncomplete
      ? t.setupAll
      : password === repeated
        ? undefined
        : t.setupRepeatWrong;
    setProblem(wrong);
    if (wrong) return;
    try {
      const session = await run({
        body: {
          setupToken,
          userName: userName.trim(),
          displayName: displayName.trim(),
          password,
        },
      });
      forgetSession();
      keepSession(session);
      await navigate({ to: officeHomePath, replace: true });
    } catch (error) {
      setFailure(error);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void create();
  };
  return (
    <div className="office-card">
      <Page title={t.setupTitle} intro={t.setupIntro}>
        {setupToken.length < 20 ? <Alert kind="error" text={t.setupNoToken} /> : null}
        <form onSubmit={submit} noValidate>
          {failure ? <Refusal error={failure} /> : null}
          {problem ? <Alert kind="error" text={problem} /> : null}
          <TextField
            label={t.userName}
            value={userName}
            onChange={setUserName}
            autoComplete="username"
            maxLength={64}
          />
          <TextField
            label={t.displayName}
            value={displayName}
            onChange={setDisplayName}
            maxLength={64}
          />
          <PasswordField
            label={t.password}
            autoComplete="new-password"
            value={password}
            onChange={setPassword}
          />
          <PasswordField
            label={t.setupRepeat}
            autoComplete="new-password"
            value={repeated}
            onChange={setRepeated}
          />
          <Button kind="primary" type="submit" busy={running} disabled={setupToken.length < 20}>
            {t.setupSubmit}
          </Button>
        </form>
      </Page>
    </div>
  );
}

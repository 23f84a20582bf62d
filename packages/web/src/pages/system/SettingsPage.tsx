import { changePassword } from '@shebao/contract';
import { useState } from 'react';
import { system as t } from '../../messages/system.ts';
import {
  Alert,
  Button,
  keepSession,
  mayDo,
  notify,
  Page,
  PasswordField,
  RadioGroup,
  Refusal,
  useAction,
  useSession,
  useStore,
} from '../../shared/index.ts';
import { setTheme, type Theme, themeStore, themes } from '../../shared/theme.ts';
import { Tokens } from './Tokens.tsx';
import './system.css';

/** 「系统设置」: appearance, password, tokens for programs. */
export default function SettingsPage() {
  const session = useSession();
  const theme = useStore(themeStore);
  return (
    <Page title={t.settings}>
      <section className="card">
        <RadioGroup
          label={t.appearance}
          value={theme}
          options={themes.map((value) => ({ value, label: t.themes[value] }))}
          onChange={(value) => setTheme(value as Theme)}
        />
      </section>
      <section className="card" aria-labelledby="settings-password">
        <h2 id="settings-password">{t.password}</h2>
        <PasswordForm />
      </section>
      {mayDo(session, 'administer') ? (
        <section className="card" aria-labelledby="settings-tokens">
          <h2 id="settings-tokens">{t.tokens}</h2>
          <Tokens />
        </section>
      ) : null}
    </Page>
  );
}

function PasswordForm() {
  const session = useSession();
  const [current, setCurrent] = useState('');
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [problem, setProblem] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const { run, running } = useAction(changePassword);
  const submit = async () => {
    setFailure(null);
    setProblem(first === second ? '' : t.repeatWrong);
    if (first !== second) return;
    try {
      keepSession(await run({ body: { currentPassword: current, newPassword: first } }));
      for (const clear of [setCurrent, setFirst, setSecond]) clear('');
      notify.status(t.passwordChanged);
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <ul className="plain muted">
        {session.passwordRules.rules.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
      {failure ? <Refusal error={failure} /> : null}
      {problem ? <Alert kind="error" text={problem} /> : null}
      <PasswordField label={t.currentPassword} value={current} onChange={setCurrent} />
      <PasswordField
        label={t.newPassword}
        autoComplete="new-password"
        value={first}
        onChange={setFirst}
      />
      <PasswordField
        label={t.repeatPassword}
        autoComplete="new-password"
        value={second}
        onChange={setSecond}
      />
      <div>
        <Button type="submit" busy={running} disabled={current === '' || first === ''}>
          {t.change}
        </Button>
      </div>
    </form>
  );
}

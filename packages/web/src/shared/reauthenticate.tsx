import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson, reauthenticate as reauthenticateRoute } from '@shebao/contract';
import { useState } from 'react';
import { common as t } from '../messages/common.ts';
import { useAction } from './action.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { openDialog } from './dialogs.tsx';
import { PasswordField } from './fields.tsx';
import { Refusal } from './parts.tsx';
import { SecurityMethod } from './SecurityMethod.tsx';

/** SHA-256 (hex) of the canonical JSON of what will be done: what a reauthentication is bound to. */
export function operationHash(body: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(body))));
}

export interface Operation {
  /** e.g. `pay`. */
  readonly operation: string;
  /** The body of the call, without `reauthentication`. */
  readonly body: unknown;
}

/** What the password is called at this side. */
interface Words {
  readonly password: string;
  readonly hint: string;
}

interface ReauthDialogProps {
  readonly operations: readonly Operation[];
  readonly words: Words;
  readonly close: (tokens?: readonly string[]) => void;
}

function ReauthDialog({ operations, words, close }: ReauthDialogProps) {
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const { run, running } = useAction(reauthenticateRoute);
  const submit = async () => {
    setFailure(null);
    try {
      const tokens: string[] = [];
      for (const { operation, body } of operations) {
        const call = { password, operation, operationHash: operationHash(body) };
        tokens.push((await run({ body: call })).token);
      }
      close(tokens);
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog
      title={t.securityTitle}
      size="small"
      onClose={() => close()}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={() => close()}>{t.cancel}</Button>
          <Button kind="primary" type="submit" busy={running}>
            {t.confirm}
          </Button>
        </>
      }
    >
      <p className="field-hint">{words.hint}</p>
      {failure ? <Refusal error={failure} /> : null}
      <SecurityMethod label={words.password} />
      <PasswordField
        label={words.password}
        value={password}
        onChange={setPassword}
        data-autofocus
      />
    </Dialog>
  );
}

/** 「安全认证」 once for several operations: a token each, in order. */
export function reauthenticateAll(
  operations: readonly Operation[],
  words: Words = { password: t.password, hint: t.securityHint },
): Promise<readonly string[] | undefined> {
  return openDialog((close) => (
    <ReauthDialog operations={operations} words={words} close={close} />
  ));
}

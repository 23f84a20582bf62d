import {
  type AnswerOf,
  ApiError,
  amendOwnAgreement,
  listBanks,
  signOwnAgreement,
} from '@shebao/contract';
import { useState } from 'react';
import { agreementWords as t } from '../../messages/agreement.ts';
import { common } from '../../messages/common.ts';
import {
  Button,
  Checkbox,
  Dialog,
  openDialog,
  Refusal,
  reauthenticateAll,
  SelectField,
  send,
  TextField,
  useApi,
} from '../../shared/index.ts';
import type { Agreement } from './orders.ts';

type Bank = AnswerOf<typeof listBanks>['banks'][number];

interface Details extends Bank {
  readonly account: string;
  readonly holder: string;
}

const empty: Bank = { bankName: '', openingBankNo: '', clearingBankNo: '' };

/** 网签, or 改正 of what the bank refused; true once the bank is asked. */
export async function signAgreement(refused?: Agreement, unitName = ''): Promise<boolean> {
  const asked = await openDialog<boolean>((close) => (
    <SignDialog refused={refused} unitName={unitName} close={close} />
  ));
  return asked === true;
}

interface SignProps {
  readonly refused: Agreement | undefined;
  readonly unitName: string;
  readonly close: (asked?: boolean) => void;
}

function SignDialog({ refused, unitName, close }: SignProps) {
  const { data } = useApi(listBanks);
  const banks = data?.banks ?? [];
  const [now, setNow] = useState<Details>({
    ...bankOf(refused ?? empty),
    account: '',
    holder: refused?.holder ?? unitName,
  });
  const [accepted, setAccepted] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const change = (changed: Partial<Details>) => setNow({ ...now, ...changed });
  const submit = async () => {
    setFailure(accepted ? null : new ApiError(422, { code: 'VALIDATION', detail: t.acceptFirst }));
    if (!accepted) return;
    setBusy(true);
    try {
      await ask(refused?.id, trimmed(now));
      close(true);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={refused ? t.amendTitle : t.signTitle}
      onClose={() => close()}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={() => close()}>{common.cancel}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {t.submit}
          </Button>
        </>
      }
    >
      <p className="field-hint">{t.intro}</p>
      {failure ? <Refusal error={failure} /> : null}
      <Fields now={now} banks={banks} failure={failure} change={change} />
      <details>
        <summary>{t.agreement}</summary>
        <ul className="plain">
          {t.duties.map((duty) => (
            <li key={duty}>{duty}</li>
          ))}
        </ul>
      </details>
      <Checkbox label={t.accept} checked={accepted} onChange={setAccepted} />
    </Dialog>
  );
}

interface FieldsProps {
  readonly now: Details;
  readonly banks: readonly Bank[];
  readonly failure: unknown;
  readonly change: (changed: Partial<Details>) => void;
}

function Fields({ now, banks, failure, change }: FieldsProps) {
  const problem = (name: keyof Details): string | undefined =>
    failure instanceof ApiError
      ? failure.errors.find((error) => error.path.split(/[./]/).includes(name))?.detail
      : undefined;
  const chosen = banks.findIndex((bank) => keyOf(bank) === keyOf(now));
  const field = (name: keyof Details, label: string, hint: string, maxLength: number) => (
    <TextField
      label={label}
      hint={hint}
      error={problem(name)}
      maxLength={maxLength}
      value={now[name]}
      onChange={(value) => change({ [name]: value })}
    />
  );
  return (
    <div className="form-grid">
      {banks.length > 0 ? (
        <SelectField
          label={t.bank}
          value={String(chosen)}
          options={[
            { value: '-1', label: t.chooseBank },
            ...banks.map((bank, at) => ({ value: String(at), label: bank.bankName })),
          ]}
          onChange={(value) => change(banks[Number(value)] ?? bankOf(empty))}
        />
      ) : null}
      {field('bankName', t.bankName, t.bankNameHint, 60)}
      {field('openingBankNo', t.openingBankNo, t.bankNoHint, 12)}
      {field('clearingBankNo', t.clearingBankNo, t.bankNoHint, 12)}
      {field('account', t.account, t.accountHint, 40)}
      {field('holder', t.holder, t.holderHint, 100)}
    </div>
  );
}

function bankOf({ bankName, openingBankNo, clearingBankNo }: Bank): Bank {
  return { bankName, openingBankNo, clearingBankNo };
}

function keyOf({ bankName, openingBankNo, clearingBankNo }: Bank): string {
  return `${bankName} ${openingBankNo} ${clearingBankNo}`;
}

/** As it is sent: what people type between the digits of an account means nothing. */
function trimmed(details: Details): Details {
  return {
    bankName: details.bankName.trim(),
    openingBankNo: details.openingBankNo.replaceAll(/\s/g, ''),
    clearingBankNo: details.clearingBankNo.replaceAll(/\s/g, ''),
    account: details.account.replaceAll(/[\s-]/g, ''),
    holder: details.holder.trim(),
  };
}

async function ask(id: string | undefined, details: Details): Promise<void> {
  const operation = id === undefined ? 'signOwnAgreement' : 'amendOwnAgreement';
  const bound = id === undefined ? details : { id, ...details };
  const [reauthentication] = (await reauthenticateAll([{ operation, body: bound }])) ?? [];
  if (reauthentication === undefined) {
    throw new ApiError(403, { code: 'REAUTHENTICATION_REQUIRED', ...t.proofMissing });
  }
  const body = { ...details, reauthentication };
  if (id === undefined) await send(signOwnAgreement, { body });
  else await send(amendOwnAgreement, { params: { id }, body });
}

import { ApiError } from '@shebao/contract';
import { applicationWords as t } from '../../messages/refund-application.ts';
import { SelectField, TextField } from '../../shared/index.ts';

/** Where the money shall go, as it is being chosen: an agreement, or typed. */
export interface AccountChoice {
  /** `''`: nothing chosen yet; `typed`: the fields below. */
  readonly agreementId: string;
  readonly bankNo: string;
  readonly account: string;
}

export const noAccount: AccountChoice = { agreementId: '', bankNo: '', account: '' };
const typed = 'typed';

/** As it is sent; what people type between digits means nothing. */
export function payeeOf({ agreementId, bankNo, account }: AccountChoice) {
  if (agreementId !== typed) return { agreementId };
  return { bankNo: bankNo.replaceAll(/\s/g, ''), account: account.replaceAll(/[\s-]/g, '') };
}

/** What a refusal says of a field; the service names it by its path. */
export function problemOf(failure: unknown, name: string): string | undefined {
  return failure instanceof ApiError
    ? failure.errors.find((error) => error.path.split(/[./]/).includes(name))?.detail
    : undefined;
}

export interface AccountFieldsProps {
  readonly accounts: readonly { readonly agreementId: string; readonly option: string }[];
  readonly holder: string;
  readonly now: AccountChoice;
  readonly failure: unknown;
  readonly change: (next: AccountChoice) => void;
}

/** 收款账户: one of the unit's agreements, or another account of the unit itself. */
export function AccountFields({ accounts, holder, now, failure, change }: AccountFieldsProps) {
  const options = [
    ...accounts.map(({ agreementId, option }) => ({ value: agreementId, label: option })),
    { value: typed, label: t.otherAccount },
  ];
  return (
    <>
      <SelectField
        label={t.account}
        hint={t.accountHint(holder)}
        error={problemOf(failure, 'payee')}
        value={now.agreementId}
        options={options}
        onChange={(agreementId) => change({ ...now, agreementId })}
      />
      {now.agreementId === typed ? (
        <>
          <TextField
            label={t.payeeBankNo}
            hint={t.bankNoHint}
            error={problemOf(failure, 'bankNo')}
            maxLength={14}
            inputMode="numeric"
            value={now.bankNo}
            onChange={(bankNo) => change({ ...now, bankNo })}
          />
          <TextField
            label={t.payeeAccount}
            hint={t.accountNoHint}
            error={problemOf(failure, 'account')}
            maxLength={40}
            inputMode="numeric"
            value={now.account}
            onChange={(account) => change({ ...now, account })}
          />
        </>
      ) : null}
    </>
  );
}

import {
  type AnswerOf,
  ApiError,
  applyForRefund,
  type listRefundable,
  type RefundReason,
} from '@shebao/contract';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { applicationWords as t } from '../../messages/refund-application.ts';
import {
  Button,
  formatAmount,
  newId,
  notify,
  RadioGroup,
  Refusal,
  reauthenticateAll,
  SelectField,
  send,
  sumYuan,
  TextField,
} from '../../shared/index.ts';
import { AccountFields, noAccount, payeeOf, problemOf } from './account.tsx';
import type { Asked } from './refund-query.tsx';

type Answer = AnswerOf<typeof listRefundable>;

interface FormProps {
  readonly unitNo: string;
  readonly asked: Asked;
  readonly whole: Answer;
  readonly ticked: ReadonlyMap<string, string>;
}

/** Who, why, and where to: submitted as it was seen. */
export function ApplyForm({ unitNo, asked, whole, ticked }: FormProps) {
  const navigate = useNavigate();
  const [id] = useState(newId);
  const [chosen, setChosen] = useState<'all' | 'ticked' | null>(null);
  // Whoever ticks people means them.
  const who = chosen ?? (ticked.size > 0 ? 'ticked' : 'all');
  const [reasonCode, setReasonCode] = useState<RefundReason>('01');
  const [reason, setReason] = useState('');
  const [account, setAccount] = useState({
    ...noAccount,
    agreementId: whole.accounts[0]?.agreementId ?? '',
  });
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const some = sumYuan(ticked.values());
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const missing =
      who === 'ticked' && ticked.size === 0
        ? t.chooseFirst
        : account.agreementId === ''
          ? t.accountFirst
          : '';
    setFailure(missing ? new ApiError(422, { code: 'VALIDATION', detail: missing }) : null);
    if (missing) return;
    setBusy(true);
    try {
      const operation = {
        id,
        ...asked,
        personIds: who === 'all' ? null : [...ticked.keys()],
        amount: who === 'all' ? whole.amount : some,
        reasonCode,
        reason: reason.trim(),
        payee: payeeOf(account),
      };
      const proof = { operation: 'applyForRefund', body: operation };
      const [reauthentication] = (await reauthenticateAll([proof])) ?? [];
      if (reauthentication === undefined) {
        throw new ApiError(403, { code: 'REAUTHENTICATION_REQUIRED', ...t.proofMissing });
      }
      const body = { ...operation, reauthentication };
      await send(applyForRefund, { params: { unitNo }, body });
      notify.status(t.submitted);
      await navigate({ to: '/refunds' });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <form className="panel refund-form" onSubmit={(event) => void submit(event)} noValidate>
      <RadioGroup
        label={t.who}
        value={who}
        options={[
          { value: 'all', label: t.everybody(whole.total, formatAmount(whole.amount)) },
          { value: 'ticked', label: t.ticked(ticked.size, formatAmount(some)) },
        ]}
        onChange={(value) => setChosen(value === 'all' ? 'all' : 'ticked')}
      />
      <div className="form-grid">
        <SelectField
          label={t.reasonCode}
          value={reasonCode}
          options={Object.entries(t.reasonCodes).map(([value, label]) => ({ value, label }))}
          onChange={(value) => setReasonCode(value as RefundReason)}
        />
        <TextField
          label={t.reason}
          hint={t.reasonHint}
          error={problemOf(failure, 'reason')}
          value={reason}
          maxLength={200}
          onChange={setReason}
        />
        <AccountFields
          accounts={whole.accounts}
          holder={whole.holder}
          now={account}
          failure={failure}
          change={setAccount}
        />
      </div>
      {failure ? <Refusal error={failure} /> : null}
      <div className="page-actions">
        <Button kind="primary" type="submit" busy={busy}>
          {t.submit}
        </Button>
      </div>
    </form>
  );
}

import {
  type AnswerOf,
  ApiError,
  actOnTransfer,
  type getTransfer,
  listTransferBills,
} from '@shebao/contract';
import { useState } from 'react';
import { common } from '../../messages/common.ts';
import { transferWords as t } from '../../messages/transfer.ts';
import {
  Alert,
  api,
  Button,
  Dialog,
  Facts,
  formatAmount,
  notify,
  openDialog,
  Refusal,
  SelectField,
  send,
  TextField,
} from '../../shared/index.ts';
import { proveOrStay } from './prove.ts';

type Transfer = AnswerOf<typeof getTransfer>;
type Bill = AnswerOf<typeof listTransferBills>['bills'][number];

/** 认领: which unit's due the money pays, why, and by which papers. True once claimed. */
export async function claimTransfer(found: Transfer): Promise<boolean> {
  const done = await openDialog<boolean>((close) => <ClaimDialog found={found} close={close} />);
  return done === true;
}

interface ClaimProps {
  readonly found: Transfer;
  readonly close: (done?: boolean) => void;
}

function ClaimDialog({ found, close }: ClaimProps) {
  const [unitNo, setUnitNo] = useState('');
  const [bills, setBills] = useState<readonly Bill[] | null>(null);
  const [billId, setBillId] = useState('');
  const [reason, setReason] = useState('');
  const [evidence, setEvidence] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setFailure(null);
    try {
      const call = { params: { id: found.id }, query: { unitNo: unitNo.trim() } };
      const answer = await api(listTransferBills, call);
      setBills(answer.bills);
      setBillId(answer.bills.find((bill) => bill.exact)?.billId ?? answer.bills[0]?.billId ?? '');
    } catch (error) {
      setFailure(error);
    }
  };
  const claim = async () => {
    setFailure(null);
    if (billId === '') {
      setFailure(new ApiError(422, { code: 'INPUT_INVALID', detail: t.findFirst }));
      return;
    }
    setBusy(true);
    const rest = { passNo: null, passedOn: null };
    const told = { billId, reason: reason.trim(), evidence: evidence.trim() || null };
    const order = { act: 'claim', version: found.version, ...told, ...rest } as const;
    try {
      const token = await proveOrStay('transfer', { ...order, id: found.id });
      const body = { ...order, reauthentication: token };
      await send(actOnTransfer, { params: { id: found.id }, body });
      notify.status(t.done);
      close(true);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t.claimTitle}
      onClose={() => close()}
      onSubmit={() => void claim()}
      footer={
        <>
          <Button onClick={() => close()}>{common.cancel}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {t.claim}
          </Button>
        </>
      }
    >
      <Facts
        rows={[
          [t.payerName, found.payerName],
          [t.amount, formatAmount(found.amount)],
          [t.remark, found.remark],
        ]}
      />
      {failure ? <Refusal error={failure} /> : null}
      <TextField label={t.unitNo} value={unitNo} maxLength={20} onChange={setUnitNo} />
      <Button onClick={() => void look()}>{t.findBills}</Button>
      {bills?.length === 0 ? <Alert kind="info" text={t.noBills} /> : null}
      {bills !== null && bills.length > 0 ? (
        <SelectField
          label={t.bill}
          value={billId}
          options={bills.map((bill) => ({
            value: bill.billId,
            label: t.billOption(bill.declaredOn, formatAmount(bill.total), bill.exact),
          }))}
          onChange={setBillId}
        />
      ) : null}
      <TextField label={t.actReason} value={reason} maxLength={200} onChange={setReason} />
      <TextField label={t.evidence} value={evidence} maxLength={200} onChange={setEvidence} />
    </Dialog>
  );
}

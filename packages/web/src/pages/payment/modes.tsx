import {
  type AnswerOf,
  choosePaymentMode,
  type listAgreements,
  listPaymentModes,
} from '@shebao/contract';
import { useState } from 'react';
import { batch } from '../../messages/batch.ts';
import { common } from '../../messages/common.ts';
import { payment } from '../../messages/payment.ts';
import {
  Alert,
  Button,
  type Column,
  DataTable,
  Dialog,
  invalidate,
  notify,
  openDialog,
  RadioGroup,
  reauthenticateAll,
  refusalDialog,
  SelectField,
  send,
  useApi,
} from '../../shared/index.ts';

type Modes = AnswerOf<typeof listPaymentModes>;
type Unit = Modes['units'][number];
type Agreement = AnswerOf<typeof listAgreements>['agreements'][number];
interface Choice {
  readonly mode: Unit['mode'];
  readonly agreementId: string | null;
  readonly effectiveMonth: string;
}

const t = batch.mode;

function columnsFor(change: (unit: Unit) => void): Column<Unit>[] {
  return [
    {
      key: 'unit',
      title: batch.columns.unitNo,
      width: 150,
      rowHeader: true,
      cell: (r) => r.unitNo,
    },
    { key: 'mode', title: t.title, width: 150, cell: (row) => t.names[row.mode] },
    { key: 'account', title: t.account, width: 260, cell: (row) => row.agreementOption },
    { key: 'month', title: t.effective, width: 110, cell: (row) => row.effectiveMonth },
    {
      key: 'next',
      title: t.next,
      width: 220,
      cell: ({ next }) => (next ? t.nextText(next.effectiveMonth, t.names[next.mode]) : ''),
    },
    {
      key: 'act',
      title: payment.columns.act,
      width: 130,
      cell: (row) => (
        <Button kind="link" onClick={() => change(row)}>
          {t.change}
        </Button>
      ),
    },
  ];
}

/** How the bills of each 单位编号 are paid, and from which month on. */
export function PaymentModes({ agreements }: { readonly agreements: readonly Agreement[] }) {
  const query = useApi(listPaymentModes);
  const months = query.data?.months ?? [];
  const usable = agreements.filter((agreement) => agreement.usable);
  return (
    <>
      <h2>{t.title}</h2>
      <p className="field-hint">{t.hint}</p>
      <DataTable
        name={t.title}
        columns={columnsFor((unit) => void change(unit, usable, months))}
        rows={query.data?.units ?? []}
        rowKey={(row) => row.unitNo}
        rowLabel={(row) => row.unitNo}
        busy={query.isLoading}
      />
    </>
  );
}

async function change(
  { unitNo, mode }: Unit,
  usable: readonly Agreement[],
  months: readonly string[],
): Promise<void> {
  const choice = await openDialog<Choice>((close) => (
    <ModeDialog mode={mode} usable={usable} months={months} close={close} />
  ));
  if (!choice) return;
  const operation = { operation: 'choosePaymentMode', body: { unitNo, ...choice } };
  const [reauthentication] = (await reauthenticateAll([operation])) ?? [];
  if (reauthentication === undefined) return;
  try {
    await send(choosePaymentMode, { params: { unitNo }, body: { ...choice, reauthentication } });
    notify.status(t.changed);
  } catch (error) {
    await refusalDialog(error);
  }
  await invalidate(listPaymentModes);
}

interface ModeProps {
  readonly mode: Unit['mode'];
  readonly usable: readonly Agreement[];
  readonly months: readonly string[];
  readonly close: (choice?: Choice) => void;
}

function ModeDialog({ mode: before, usable, months, close }: ModeProps) {
  const [mode, setMode] = useState<string>(before);
  const [agreementId, setAgreementId] = useState(usable[0]?.id ?? '');
  const [effectiveMonth, setMonth] = useState(months[0] ?? '');
  const [missing, setMissing] = useState(false);
  const submit = () => {
    if (mode === 'self') return close({ mode, agreementId: null, effectiveMonth });
    if (agreementId === '') return setMissing(true);
    return close({ mode: 'batch', agreementId, effectiveMonth });
  };
  return (
    <Dialog
      title={t.change}
      size="small"
      onClose={() => close()}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={() => close()}>{common.cancel}</Button>
          <Button kind="primary" type="submit" data-autofocus>
            {common.confirm}
          </Button>
        </>
      }
    >
      <p className="field-hint">{t.hint}</p>
      {missing ? <Alert kind="error" text={t.accountMissing} /> : null}
      <RadioGroup
        label={t.title}
        value={mode}
        options={[
          { value: 'self', label: t.names.self },
          { value: 'batch', label: t.names.batch },
        ]}
        onChange={setMode}
      />
      {mode === 'batch' ? (
        <SelectField
          label={t.account}
          value={agreementId}
          options={usable.map((one) => ({ value: one.id, label: one.option }))}
          onChange={setAgreementId}
        />
      ) : null}
      <SelectField
        label={t.effective}
        value={effectiveMonth}
        options={months.map((month) => ({ value: month, label: month }))}
        onChange={setMonth}
      />
    </Dialog>
  );
}

import type { Bill } from '@shebao/contract';
import { useState } from 'react';
import { common } from '../../messages/common.ts';
import { payment as t } from '../../messages/payment.ts';
import {
  Button,
  Dialog,
  Facts,
  formatAmount,
  openDialog,
  RadioGroup,
  SelectField,
  sumYuan,
} from '../../shared/index.ts';
import { monthSpan } from '../declaration/dues.ts';
import { type Agreement, sumsByInsurance } from './orders.ts';

/** 缴费确认: which 险种 and sums will be debited. */
export async function confirmBills(bills: readonly Bill[]): Promise<boolean> {
  const sure = await openDialog<boolean>((close) => (
    <Dialog
      title={t.confirmTitle}
      onClose={() => close(false)}
      onSubmit={() => close(true)}
      footer={<Decide ok={common.confirm} cancel={() => close(false)} />}
    >
      <p>{t.confirmIntro}</p>
      <BillsTable bills={bills} />
      <Facts
        rows={[
          ...sumsByInsurance(bills).map(
            ({ name, amount }) => [name, formatAmount(amount)] as const,
          ),
          ...(bills.some((bill) => bill.lateFee !== '0.00')
            ? [[t.columns.lateFee, formatAmount(sumYuan(bills.map((b) => b.lateFee)))] as const]
            : []),
          [t.sum, formatAmount(sumYuan(bills.map((bill) => bill.total)))],
        ]}
      />
    </Dialog>
  ));
  return sure === true;
}

function Decide({ ok, cancel }: { readonly ok: string; readonly cancel: () => void }) {
  return (
    <>
      <Button onClick={cancel}>{common.cancel}</Button>
      <Button kind="primary" type="submit" data-autofocus>
        {ok}
      </Button>
    </>
  );
}

function BillsTable({ bills }: { readonly bills: readonly Bill[] }) {
  const c = t.columns;
  return (
    <table aria-label={t.confirmTitle} className="plain-table">
      <thead>
        <tr>
          <th scope="col">{c.unitNo}</th>
          <th scope="col">{c.period}</th>
          <th scope="col">{c.insurance}</th>
          <th scope="col" className="end">
            {c.total}
          </th>
        </tr>
      </thead>
      <tbody>
        {bills.map((bill) => (
          <tr key={bill.id}>
            <th scope="row">{bill.unitNo}</th>
            <td>{monthSpan([bill.periodFrom, bill.periodTo])}</td>
            <td>{bill.insuranceNames}</td>
            <td className="end">{formatAmount(bill.total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** 选择缴费账号: the agreement to debit, or undefined when left. */
export function chooseAgreement(
  agreements: readonly Agreement[],
  total: string,
  unusable: readonly Agreement[] = [],
  lastChosenId: string | null = null,
): Promise<Agreement | undefined> {
  const first = agreements.find(({ id }) => id === lastChosenId) ?? agreements[0];
  return openDialog<Agreement>((close) => (
    <AccountDialog
      agreements={agreements}
      first={first?.id ?? ''}
      total={total}
      unusable={unusable}
      close={close}
    />
  ));
}

interface AccountProps {
  readonly agreements: readonly Agreement[];
  /** Chosen to begin with: the account of the last payment. */
  readonly first: string;
  readonly total: string;
  /** Shown with the reason beside the choice, never hidden. */
  readonly unusable: readonly Agreement[];
  readonly close: (agreement?: Agreement) => void;
}

function AccountDialog({ agreements, first, total, unusable, close }: AccountProps) {
  const [method, setMethod] = useState('agreement');
  const [id, setId] = useState(first);
  const submit = () => close(agreements.find((agreement) => agreement.id === id));
  return (
    <Dialog
      title={t.accountTitle}
      size="small"
      onClose={() => close()}
      onSubmit={submit}
      footer={<Decide ok={common.confirm} cancel={() => close()} />}
    >
      <Facts rows={[[t.sum, formatAmount(total)]]} />
      <RadioGroup
        label={t.method}
        value={method}
        options={[{ value: 'agreement', label: t.byAgreement }]}
        onChange={setMethod}
      />
      <SelectField
        label={t.account}
        hint={t.accountHint}
        value={id}
        options={agreements.map((one) => ({ value: one.id, label: one.option }))}
        onChange={setId}
      />
      {unusable.length > 0 ? (
        <>
          <p className="field-hint">{t.agreement.unusable}</p>
          <ul className="plain">
            {unusable.map((one) => (
              <li key={one.id}>
                {one.option}：{one.reason}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Dialog>
  );
}

/** 核对缴费信息: sum and account once more; nothing is debited before 「确认缴费」. */
export async function reviewPayment(
  bills: readonly Bill[],
  agreement: Agreement,
  total: string,
): Promise<boolean> {
  const sure = await openDialog<boolean>((close) => (
    <Dialog
      title={t.reviewTitle}
      onClose={() => close(false)}
      onSubmit={() => close(true)}
      footer={<Decide ok={t.payConfirm} cancel={() => close(false)} />}
    >
      <p>{t.reviewIntro}</p>
      <Facts
        rows={[
          [t.sum, formatAmount(total)],
          [t.account, agreement.option],
          [t.agreement.holder, agreement.holder],
        ]}
      />
      <BillsTable bills={bills} />
    </Dialog>
  ));
  return sure === true;
}

import { type Bill, listBills } from '@shebao/contract';
import { useEffect, useRef, useState } from 'react';
import { payment as t } from '../../messages/payment.ts';
import {
  Alert,
  Amount,
  Button,
  type Column,
  DataTable,
  formatAmount,
  notify,
  Page,
  refusalDialog,
  StatusTag,
  sumYuan,
  useApi,
  useSession,
} from '../../shared/index.ts';
import { monthSpan } from '../declaration/dues.ts';
import { showCounterNotice } from './counter.tsx';
import { followPayment, startPayment } from './pay.tsx';
import { type StoredPayment, storedPayments } from './stored-payment.ts';

const c = t.columns;
const columns: Column<Bill>[] = [
  {
    key: 'total',
    title: c.total,
    width: 150,
    align: 'end',
    cell: (bill) => <Amount yuan={bill.total} />,
  },
  { key: 'unitNo', title: c.unitNo, width: 130, rowHeader: true, cell: (bill) => bill.unitNo },
  { key: 'declaredOn', title: c.declaredOn, width: 115, cell: (bill) => bill.declaredOn },
  {
    key: 'period',
    title: c.period,
    width: 170,
    cell: (bill) => monthSpan([bill.periodFrom, bill.periodTo]),
  },
  { key: 'insurance', title: c.insurance, width: 260, cell: (bill) => bill.insuranceNames },
  {
    key: 'lateFee',
    title: c.lateFee,
    width: 100,
    align: 'end',
    cell: (bill) => <Amount yuan={bill.lateFee} />,
  },
  {
    key: 'status',
    title: c.status,
    width: 130,
    cell: (bill) => <StatusTag status={bill.status} />,
  },
];

/** Everything payable; ticked rows are debited by 三方协议, or sent to the counter. */
export default function PaymentPage() {
  const query = useApi(listBills);
  const session = useSession();
  const taxpayerId = session.taxpayer?.taxpayerId ?? '';
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const { running, lost, follow } = usePayments(taxpayerId);
  const bills = query.data?.bills ?? [];
  const chosen = bills.filter((bill) => bill.payable && ticked.has(bill.id));
  const start = async () => {
    if (query.data?.hasAgreement === false) {
      const units = (chosen.length > 0 ? chosen : bills).map((bill) => bill.unitNo);
      const fallback = session.units[0]?.unitNo ?? '';
      await showCounterNotice(units.length > 0 ? units : [fallback], bills);
      return;
    }
    if (chosen.length === 0) {
      notify.refusal(t.tickFirst);
      return;
    }
    const sent = await startPayment(chosen, taxpayerId);
    if (!sent) return;
    setTicked(new Set());
    follow(sent);
  };
  return (
    <Page
      title={t.pay}
      intro={t.intro}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
      actions={
        <Button kind="primary" disabled={running !== null} onClick={() => void start()}>
          {t.payNow}
        </Button>
      }
    >
      {running ? <Alert kind="info" text={t.running(formatAmount(running.total))} /> : null}
      {lost ? (
        <Alert kind="warning" text={t.notArrived}>
          {t.notArrivedNext}
        </Alert>
      ) : null}
      {query.data && !query.data.treasury.open ? (
        <Alert kind="warning" text={t.treasuryClosed}>
          {query.data.treasury.reason}
        </Alert>
      ) : null}
      {query.data?.hasAgreement === false ? <Alert kind="info" text={t.noAgreement} /> : null}
      <DataTable
        name={t.pay}
        columns={columns}
        rows={bills}
        rowKey={(bill) => bill.id}
        rowLabel={(bill) => bill.unitNo}
        selection={{
          selected: new Set(chosen.map((bill) => bill.id)),
          onChange: setTicked,
          selectable: (bill) => bill.payable,
        }}
        sums={{ total: <Amount yuan={sumYuan(bills.map((bill) => bill.total))} /> }}
        empty={t.nothingPayable}
        busy={query.isLoading}
      />
      <BillNotes bills={bills} />
    </Page>
  );
}

function BillNotes({ bills }: { readonly bills: readonly Bill[] }) {
  const noted = bills.filter((bill) => bill.note);
  if (noted.length === 0) return null;
  return (
    <ul className="plain">
      {noted.map((bill) => (
        <li key={bill.id}>
          {bill.unitNo} {monthSpan([bill.periodFrom, bill.periodTo])}：{bill.note}
        </li>
      ))}
    </ul>
  );
}

/** The payment under way, also one that was sent before the page was loaded again. */
function usePayments(taxpayerId: string) {
  const [running, setRunning] = useState<StoredPayment | null>(null);
  const [lost, setLost] = useState(false);
  const leaving = useRef(new AbortController());
  const follow = async (payment: StoredPayment) => {
    setLost(false);
    setRunning(payment);
    try {
      const { end, show } = await followPayment(payment, leaving.current.signal);
      setRunning(null);
      setLost(end === 'lost');
      await show();
    } catch (error) {
      await refusalDialog(error);
    } finally {
      setRunning(null);
    }
  };
  useEffect(() => {
    leaving.current = new AbortController();
    const unseen = storedPayments(taxpayerId);
    void (async () => {
      for (const payment of unseen) await follow(payment);
    })();
    return () => leaving.current.abort();
  }, [taxpayerId]);
  return { running, lost, follow: (payment: StoredPayment) => void follow(payment) };
}

import { type AnswerOf, getWayOfMoney, listCredits, printReceipt } from '@shebao/contract';
import { common } from '../../messages/common.ts';
import { payment } from '../../messages/payment.ts';
import { way as t } from '../../messages/way.ts';
import {
  Amount,
  api,
  Button,
  type Column,
  DataTable,
  Dialog,
  Facts,
  fileUrl,
  formatAmount,
  formatInstant,
  openDialog,
  refusalDialog,
  Tag,
  useApi,
} from '../../shared/index.ts';
import { previewFile } from '../certificate/preview.tsx';

type Way = AnswerOf<typeof getWayOfMoney>;
type Station = Way['stations'][number];
type Credit = AnswerOf<typeof listCredits>['rows'][number];

const tones = { done: 'good', now: 'wait', todo: 'calm', failed: 'bad' } as const;
const outcomeTones = { 缴费成功: 'good', 缴费失败: 'bad', 待核实: 'warn', 扣款中: 'wait' } as const;
const askAgainMs = 5_000;
const creditsAgainMs = 10_000;

/** A day as it stands, an instant in business time. */
const when = (at: string | null) => (at === null ? '' : at.length > 10 ? formatInstant(at) : at);

const stationColumns: Column<Station>[] = [
  { key: 'name', title: t.station, width: 130, rowHeader: true, cell: (row) => row.name },
  {
    key: 'state',
    title: t.state,
    width: 120,
    cell: (row) => <Tag tone={tones[row.state]}>{t.states[row.state]}</Tag>,
  },
  { key: 'at', title: t.at, width: 160, cell: (row) => when(row.at) },
  { key: 'text', title: t.text, width: 320, cell: (row) => row.text },
];

const creditColumns: Column<Credit>[] = [
  { key: 'name', title: t.name, width: 120, rowHeader: true, cell: (row) => row.name },
  { key: 'number', title: t.identityNumber, width: 190, cell: (row) => row.identityNumber },
  { key: 'insurance', title: t.insurance, width: 220, cell: (row) => row.insuranceName },
  { key: 'period', title: t.period, width: 110, cell: (row) => row.period },
  {
    key: 'amount',
    title: t.amount,
    width: 130,
    align: 'end',
    cell: (row) => <Amount yuan={row.amount} />,
  },
  { key: 'agency', title: t.agency, width: 110, cell: (row) => row.agencyName },
  {
    key: 'state',
    title: t.state,
    width: 130,
    cell: (row) => <Tag tone={row.state === '已记入个人' ? 'good' : 'wait'}>{row.state}</Tag>,
  },
  { key: 'at', title: t.creditedAt, width: 150, cell: (row) => when(row.creditedAt) },
];

/** 已记入个人, person by person, of one declaration. */
async function showCredits(unitNo: string, id: string): Promise<void> {
  const call = { params: { unitNo, id }, query: { limit: 5000 } };
  const found = await api(listCredits, call).catch(refusalDialog);
  if (!found) return;
  await openDialog<void>((close) => (
    <Dialog
      title={t.peopleTitle}
      size="wide"
      onClose={() => close()}
      footer={
        <Button kind="primary" data-autofocus onClick={() => close()}>
          {common.close}
        </Button>
      }
    >
      <p>{t.creditedText(found.credited, found.total)}</p>
      <DataTable
        name={t.peopleTitle}
        columns={creditColumns}
        rows={found.rows}
        rowKey={(row) => `${row.personId}${row.insuranceName}${row.period}`}
        rowLabel={(row) => row.name}
        empty={t.peopleEmpty}
        maxHeight={520}
      />
    </Dialog>
  ));
}

/** How far a declaration's payment has come to its people. */
export function CreditSummary({ unitNo, id }: { readonly unitNo: string; readonly id: string }) {
  const call = { params: { unitNo, id }, query: { limit: 1 } };
  const { data } = useApi(listCredits, call, { refetchMs: creditsAgainMs });
  if (!data || data.total === 0) return <span>{t.notPaid}</span>;
  return (
    <span className="row-actions">
      {data.agencies.map((one) => (
        <Tag key={one.agency} tone={one.creditedAt === null ? 'wait' : 'good'}>
          {one.name} {one.credited} / {one.sent}
          {one.creditedAt === null ? '' : `　${formatInstant(one.creditedAt)}`}
        </Tag>
      ))}
      <Button kind="link" onClick={() => void showCredits(unitNo, id)}>
        {t.people}
      </Button>
    </span>
  );
}

function WayDialog({ orderId, first, close }: WayProps) {
  const { data } = useApi(
    getWayOfMoney,
    { params: { id: orderId } },
    { refetchMs: askAgainMs, keepPrevious: true },
  );
  const found = data ?? first;
  const url = fileUrl(printReceipt, { params: { id: orderId } });
  const fileName = `${payment.receiptFile}-${found.taxVoucherNo}.pdf`;
  return (
    <Dialog
      title={t.title}
      size="wide"
      onClose={close}
      footer={
        <>
          {found.receiptId === null ? null : (
            <Button icon="printer" onClick={() => void previewFile({ url, fileName })}>
              {t.receipt}
            </Button>
          )}
          <Button kind="primary" data-autofocus onClick={close}>
            {common.close}
          </Button>
        </>
      }
    >
      <p>
        <Tag tone={outcomeTones[found.outcome]}>{found.outcome}</Tag> {found.message}
      </p>
      <Facts
        rows={[
          [t.unit, `${found.unitName} ${found.unitNo}`],
          [t.amount, formatAmount(found.amount)],
          [t.from, found.from],
          [t.since, formatInstant(found.since)],
          [t.voucherNo, found.taxVoucherNo],
          [t.nextStep, found.nextStep],
          [t.whoActs, found.whoActs],
          [t.credited, <CreditSummary key="c" unitNo={found.unitNo} id={found.declarationId} />],
        ]}
      />
      <DataTable
        name={t.stations}
        columns={stationColumns}
        rows={found.stations}
        rowKey={(row) => `${row.name}${row.at ?? ''}${row.text}`}
        rowLabel={(row) => row.name}
        maxHeight={260}
      />
      {found.events.length > 0 ? (
        <details>
          <summary>{t.events}</summary>
          <ul className="plain">
            {found.events.map((event) => (
              <li key={`${event.at}${event.text}`}>
                {formatInstant(event.at)} {event.text}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </Dialog>
  );
}

interface WayProps {
  readonly orderId: string;
  readonly first: Way;
  readonly close: () => void;
}

/** 「查看」 of 缴费记录: from where, since when, what the bank said, who must act, how far the money has come. */
export async function showWay(orderId: string): Promise<void> {
  const first = await api(getWayOfMoney, { params: { id: orderId } }).catch(refusalDialog);
  if (!first) return;
  await openDialog<void>((close) => (
    <WayDialog orderId={orderId} first={first} close={() => close()} />
  ));
}

import {
  ApiError,
  amendRefundApplication,
  getRefundApplication,
  listRefundApplications,
  listRefundable,
  printRefundApplication,
  type RefundApplication,
  withdrawRefundApplication,
} from '@shebao/contract';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { common } from '../../messages/common.ts';
import { applicationWords as t } from '../../messages/refund-application.ts';
import {
  Amount,
  Button,
  type Column,
  confirmDialog,
  DataTable,
  Dialog,
  fileUrl,
  formatInstant,
  invalidate,
  notify,
  openDialog,
  Page,
  Refusal,
  reauthenticateAll,
  refusalDialog,
  send,
  Tag,
  useApi,
  useUnit,
} from '../../shared/index.ts';
import { previewFile } from '../certificate/preview.tsx';
import { AccountFields, noAccount, payeeOf } from './account.tsx';
import { ApplicationDetail, applicationTones, monthsOf } from './detail.tsx';

const askAgainMs = 10_000;
const detailAgainMs = 4_000;
/** The lines of the largest application in one page of the service. */
const lineLimit = 5_000;

const columns: Column<RefundApplication>[] = [
  { key: 'no', title: t.no, width: 190, rowHeader: true, cell: (row) => row.applicationNo },
  { key: 'at', title: t.createdAt, width: 150, cell: (row) => formatInstant(row.createdAt) },
  { key: 'agency', title: t.agency, width: 90, cell: (row) => t.agencyShort[row.agency] },
  { key: 'period', title: t.period, width: 170, cell: monthsOf },
  { key: 'people', title: t.people, width: 70, align: 'end', cell: (row) => row.people },
  {
    key: 'amount',
    title: t.amount,
    width: 130,
    align: 'end',
    cell: (row) => <Amount yuan={row.amount} />,
  },
  {
    key: 'state',
    title: t.state,
    width: 110,
    cell: (row) => <Tag tone={applicationTones[row.state]}>{row.state}</Tag>,
  },
  {
    key: 'act',
    title: t.lines,
    width: 80,
    cell: (row) => (
      <Button kind="link" onClick={() => void show(row)}>
        {common.view}
      </Button>
    ),
  },
  {
    key: 'refunded',
    title: t.refunded,
    width: 130,
    align: 'end',
    cell: (row) => <Amount yuan={row.refunded} />,
  },
  { key: 'next', title: t.nextStep, width: 260, cell: (row) => row.nextStep },
  { key: 'opinion', title: t.opinion, width: 200, cell: (row) => row.opinion },
];

const withdrawable = new Set(['审核中', '退库失败']);

async function show({ id, unitNo }: RefundApplication): Promise<void> {
  await openDialog<void>((close) => (
    <ApplicationDialog unitNo={unitNo} id={id} close={() => close()} />
  ));
}

interface DialogProps {
  readonly unitNo: string;
  readonly id: string;
  readonly close: () => void;
}

function ApplicationDialog({ unitNo, id, close }: DialogProps) {
  const call = { params: { unitNo, id }, query: { limit: lineLimit } };
  // What officers and the treasury do shows while it is open.
  const query = useApi(getRefundApplication, call, {
    refetchMs: detailAgainMs,
    keepPrevious: true,
  });
  const one = query.data?.application;
  return (
    <Dialog
      title={t.detail}
      size="wide"
      onClose={close}
      footer={
        <>
          {one ? (
            <Button icon="printer" onClick={() => void print(one)}>
              {t.document}
            </Button>
          ) : null}
          {one && withdrawable.has(one.state) ? (
            <Button onClick={() => void withdraw(one)}>{t.withdraw}</Button>
          ) : null}
          {one?.state === '退库失败' ? (
            <Button onClick={() => void amend(one)}>{t.amend}</Button>
          ) : null}
          <Button kind="primary" data-autofocus onClick={close}>
            {common.close}
          </Button>
        </>
      }
    >
      {query.error ? <Refusal error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data ? <ApplicationDetail detail={query.data} /> : null}
    </Dialog>
  );
}

function print({ unitNo, id, applicationNo }: RefundApplication): Promise<void> {
  const url = fileUrl(printRefundApplication, { params: { unitNo, id } });
  return previewFile({ url, fileName: `${t.document}${applicationNo}.pdf` });
}

async function withdraw(one: RefundApplication): Promise<void> {
  const body = <p>{one.applicationNo}</p>;
  if (!(await confirmDialog({ message: t.withdrawQuestion, body }))) return;
  const { unitNo, id, version } = one;
  try {
    await send(withdrawRefundApplication, { params: { unitNo, id }, body: { version } });
    notify.status(t.withdrawn);
  } catch (error) {
    await refusalDialog(error);
  }
  await invalidate(listRefundApplications, getRefundApplication);
}

async function amend(one: RefundApplication): Promise<void> {
  const done = await openDialog<boolean>((close) => <AmendDialog one={one} close={close} />);
  if (done) notify.status(t.amended);
  await invalidate(listRefundApplications, getRefundApplication);
}

interface AmendProps {
  readonly one: RefundApplication;
  readonly close: (done?: boolean) => void;
}

function AmendDialog({ one, close }: AmendProps) {
  const { unitNo, id, version, agency, from, to } = one;
  const known = useApi(listRefundable, {
    params: { unitNo },
    query: { agency, from, to, limit: 1 },
  });
  const [account, setAccount] = useState(noAccount);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setFailure(null);
    if (account.agreementId === '') {
      setFailure(new ApiError(422, { code: 'VALIDATION', detail: t.accountFirst }));
      return;
    }
    setBusy(true);
    try {
      const told = { version, payee: payeeOf(account) };
      const operation = { operation: 'amendRefundApplication', body: { id, ...told } };
      const [reauthentication] = (await reauthenticateAll([operation])) ?? [];
      if (reauthentication === undefined) {
        throw new ApiError(403, { code: 'REAUTHENTICATION_REQUIRED', ...t.proofMissing });
      }
      await send(amendRefundApplication, {
        params: { unitNo, id },
        body: { ...told, reauthentication },
      });
      close(true);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t.amendTitle}
      onClose={() => close()}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={() => close()}>{common.cancel}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {common.confirm}
          </Button>
        </>
      }
    >
      {failure ? <Refusal error={failure} /> : null}
      <div className="form-grid">
        <AccountFields
          accounts={known.data?.accounts ?? []}
          holder={known.data?.holder ?? one.payeeName}
          now={account}
          failure={failure}
          change={setAccount}
        />
      </div>
    </Dialog>
  );
}

/** 单位退费申请管理 of the chosen 单位编号: what was asked back, and how far it is. */
export default function ApplicationsPage() {
  const { unit } = useUnit();
  const { unitNo } = unit;
  const query = useApi(
    listRefundApplications,
    { params: { unitNo } },
    { refetchMs: askAgainMs, keepPrevious: true },
  );
  return (
    <Page
      title={t.title}
      intro={t.intro}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
      actions={
        <Link className="button button-primary" to="/refunds/new">
          {t.apply}
        </Link>
      }
    >
      <DataTable
        name={t.title}
        columns={columns}
        rows={query.data?.applications ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.applicationNo}
        busy={query.isLoading}
        empty={t.empty}
      />
    </Page>
  );
}

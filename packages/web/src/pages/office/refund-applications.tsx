import {
  type AnswerOf,
  decideRefundApplication,
  getOfficeRefundApplication,
  listOfficeRefundApplications,
  type RefundApplication,
} from '@shebao/contract';
import { useMemo } from 'react';
import { common } from '../../messages/common.ts';
import { office } from '../../messages/office.ts';
import { applicationWords as t } from '../../messages/refund-application.ts';
import {
  Amount,
  Button,
  type Column,
  confirmDialog,
  DataTable,
  Dialog,
  formatAmount,
  formatInstant,
  invalidate,
  notify,
  openDialog,
  Refusal,
  refusalDialog,
  SelectField,
  send,
  Tag,
  useApi,
  useSearchParam,
} from '../../shared/index.ts';
import { ApplicationDetail, applicationTones, monthsOf } from '../refund/detail.tsx';
import { FormDialog, type FormField, type FormValues } from './form-dialog.tsx';
import { proveOfficer, proveOrStay } from './prove.ts';

type Act = keyof typeof t.acts;
type State = RefundApplication['state'];

const askAgainMs = 5_000;
const detailAgainMs = 3_000;
const listLimit = 500;
const lineLimit = 5_000;

function columnsOf(show: (row: RefundApplication) => void): Column<RefundApplication>[] {
  return [
    { key: 'no', title: t.no, width: 190, rowHeader: true, cell: (row) => row.applicationNo },
    {
      key: 'amount',
      title: t.amount,
      width: 130,
      align: 'end',
      cell: (row) => <Amount yuan={row.amount} />,
    },
    { key: 'unit', title: t.unit, width: 220, cell: (row) => row.unitName },
    {
      key: 'state',
      title: t.state,
      width: 110,
      cell: (row) => <Tag tone={applicationTones[row.state]}>{row.state}</Tag>,
    },
    {
      key: 'act',
      title: office.act,
      width: 80,
      cell: (row) => (
        <Button kind="link" onClick={() => show(row)}>
          {office.view}
        </Button>
      ),
    },
    { key: 'agency', title: t.agency, width: 90, cell: (row) => t.agencyShort[row.agency] },
    { key: 'period', title: t.period, width: 170, cell: monthsOf },
    { key: 'people', title: t.people, width: 70, align: 'end', cell: (row) => row.people },
    { key: 'reason', title: t.reason, width: 220, cell: (row) => row.reason },
    { key: 'opinion', title: t.opinion, width: 200, cell: (row) => row.opinion },
    { key: 'at', title: t.createdAt, width: 150, cell: (row) => formatInstant(row.createdAt) },
  ];
}

/** What an officer may do now; the second one must be another. */
function actsOf(one: RefundApplication, userName: string): readonly Act[] {
  switch (one.state) {
    case '审核中':
      return ['reject', 'accept'];
    case '待复核':
      return one.acceptedBy === userName ? ['return'] : ['return', 'approve'];
    case '退库失败':
      return ['again'];
    default:
      return [];
  }
}

const withReason: ReadonlySet<Act> = new Set<Act>(['reject', 'return']);
const reasonField: FormField = { kind: 'text', name: 'reason', label: t.why, maxLength: 200 };

async function decide(one: RefundApplication, act: Act): Promise<void> {
  const { id, version } = one;
  if (withReason.has(act)) {
    const save = async ({ text }: FormValues) => {
      const told = { act, version, reason: text['reason']?.trim() ?? '' };
      const reauthentication = await proveOrStay('refundApplication', { ...told, id });
      return send(decideRefundApplication, { params: { id }, body: { ...told, reauthentication } });
    };
    const saved = await openDialog<AnswerOf<typeof decideRefundApplication>>((close) => (
      <FormDialog title={t.acts[act]} fields={[reasonField]} send={save} close={close} />
    ));
    if (saved) notify.status(t.done);
  } else {
    await agree(one, act as keyof typeof t.sure);
  }
  await invalidate(listOfficeRefundApplications, getOfficeRefundApplication);
}

async function agree(one: RefundApplication, act: keyof typeof t.sure): Promise<void> {
  const body = (
    <p>
      {one.payeeName}　{one.payeeAccountMasked}　{formatAmount(one.amount)} {common.yuan}
    </p>
  );
  if (!(await confirmDialog({ message: t.sure[act], body }))) return;
  const { id, version } = one;
  const told = { act, version, reason: '' };
  const reauthentication = await proveOfficer('refundApplication', { ...told, id });
  if (reauthentication === undefined) return;
  try {
    await send(decideRefundApplication, { params: { id }, body: { ...told, reauthentication } });
    notify.status(t.done);
  } catch (error) {
    await refusalDialog(error);
  }
}

interface ApplicationProps {
  readonly id: string;
  readonly userName: string;
  readonly acts: boolean;
  readonly close: () => void;
}

function ApplicationDialog({ id, userName, acts, close }: ApplicationProps) {
  const call = { params: { id }, query: { limit: lineLimit } };
  const query = useApi(getOfficeRefundApplication, call, {
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
          <Button onClick={close}>{common.close}</Button>
          {one && acts
            ? actsOf(one, userName).map((act) => (
                <Button
                  key={act}
                  {...(withReason.has(act) ? {} : { kind: 'primary' as const })}
                  onClick={() => void decide(one, act)}
                >
                  {t.acts[act]}
                </Button>
              ))
            : null}
        </>
      }
    >
      {query.error ? <Refusal error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data ? <ApplicationDetail detail={query.data} /> : null}
    </Dialog>
  );
}

interface ApplicationsProps {
  readonly userName: string;
  readonly acts: boolean;
}

/** What units ask back: those that wait for officers first. */
export function Applications({ userName, acts }: ApplicationsProps) {
  const [state, setState] = useSearchParam('state');
  const known = (Object.keys(applicationTones) as State[]).find((one) => one === state);
  const query = useApi(
    listOfficeRefundApplications,
    { query: { limit: listLimit, ...(known ? { state: known } : {}) } },
    { refetchMs: askAgainMs, keepPrevious: true },
  );
  const columns = useMemo(
    () =>
      columnsOf(({ id }) => {
        void openDialog<void>((close) => (
          <ApplicationDialog id={id} userName={userName} acts={acts} close={() => close()} />
        ));
      }),
    [userName, acts],
  );
  const options = [
    { value: 'all', label: t.all },
    ...Object.keys(applicationTones).map((value) => ({ value, label: value })),
  ];
  return (
    <>
      <h2>{t.office}</h2>
      <div className="query-form">
        <SelectField
          label={t.state}
          value={known ?? 'all'}
          options={options}
          onChange={(value) => setState(value === 'all' ? '' : value)}
        />
      </div>
      {query.error ? <Refusal error={query.error} retry={() => void query.refetch()} /> : null}
      <DataTable
        name={t.office}
        columns={columns}
        rows={query.data?.applications ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.applicationNo}
        busy={query.isLoading}
        empty={t.officeEmpty}
        maxHeight={360}
      />
    </>
  );
}

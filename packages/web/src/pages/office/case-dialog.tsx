import {
  type AnswerOf,
  approveCase,
  getCase,
  handleCase,
  listAlarms,
  listCases,
  type OfficeRole,
  returnCase,
} from '@shebao/contract';
import { common } from '../../messages/common.ts';
import { reconciliation } from '../../messages/reconciliation.ts';
import {
  Alert,
  api,
  Button,
  type Column,
  confirmDialog,
  DataTable,
  Dialog,
  Facts,
  formatAmount,
  formatInstant,
  invalidate,
  notify,
  openDialog,
  refusalDialog,
  send,
} from '../../shared/index.ts';
import { FormDialog, type FormField, type FormValues } from './form-dialog.tsx';
import { proveOfficer, proveOrStay } from './prove.ts';

type Case = AnswerOf<typeof getCase>;
type Event = Case['history'][number];

const t = reconciliation.cases;

const historyColumns: Column<Event>[] = [
  { key: 'at', title: t.at, width: 150, rowHeader: true, cell: (row) => formatInstant(row.at) },
  { key: 'actor', title: t.actor, width: 120, cell: (row) => row.actor },
  { key: 'event', title: t.event, width: 110, cell: (row) => row.event },
  { key: 'text', title: t.text, width: 420, cell: (row) => row.text },
];

async function done(text: string): Promise<true> {
  notify.status(text);
  await invalidate(listCases, listAlarms);
  return true;
}

/** Decision, reason, papers; then 安全认证 over all of it. */
async function handle(found: Case): Promise<boolean> {
  const { id, version } = found;
  const [first = 'keep'] = found.allowed;
  const fields: FormField[] = [
    {
      kind: 'select',
      name: 'decision',
      label: t.decision,
      value: first,
      options: found.allowed.map((value) => ({ value, label: t.decisions[value] })),
    },
    { kind: 'text', name: 'reason', label: t.reason, hint: t.reasonHint, maxLength: 500 },
    { kind: 'text', name: 'papers', label: t.papers, hint: t.papersHint, maxLength: 500 },
  ];
  const save = async ({ text }: FormValues) => {
    const decision = found.allowed.find((one) => one === text['decision']) ?? first;
    const reason = text['reason']?.trim() ?? '';
    const papers = text['papers']?.trim() ?? '';
    const body = { version, decision, reason, papers };
    const token = await proveOrStay('case', { ...body, id, act: 'handle' });
    return send(handleCase, { params: { id }, body: { ...body, reauthentication: token } });
  };
  const saved = await openDialog<AnswerOf<typeof handleCase>>((close) => (
    <FormDialog title={t.handle} fields={fields} send={save} close={close} />
  ));
  return saved ? done(t.handled) : false;
}

async function approve(found: Case): Promise<boolean> {
  const { id, version } = found;
  const body = (
    <p>
      {found.decision ? t.decisions[found.decision] : ''}　{found.reason}
    </p>
  );
  if (!(await confirmDialog({ message: t.approveQuestion, body }))) return false;
  const token = await proveOfficer('case', { version, id, act: 'approve' });
  if (token === undefined) return false;
  try {
    await send(approveCase, { params: { id }, body: { version, reauthentication: token } });
    return await done(t.approved);
  } catch (error) {
    await refusalDialog(error);
    return true;
  }
}

async function sendBack(found: Case): Promise<boolean> {
  const { id, version } = found;
  const fields: FormField[] = [
    { kind: 'text', name: 'reason', label: t.returnReason, maxLength: 500 },
  ];
  const save = async ({ text }: FormValues) => {
    const body = { version, reason: text['reason']?.trim() ?? '' };
    const token = await proveOrStay('case', { ...body, id, act: 'return' });
    return send(returnCase, { params: { id }, body: { ...body, reauthentication: token } });
  };
  const saved = await openDialog<AnswerOf<typeof returnCase>>((close) => (
    <FormDialog title={t.returned} fields={fields} send={save} close={close} />
  ));
  return saved ? done(t.sentBack) : false;
}

interface CaseProps {
  readonly found: Case;
  readonly userName: string;
  readonly roles: readonly OfficeRole[];
  /** true: something was done, show it again. */
  readonly close: (again?: boolean) => void;
}

function Actions({ found, userName, roles, close }: CaseProps) {
  const then = (act: Promise<boolean>) => void act.then((again) => again && close(true));
  const mayClose = roles.includes('reconcile') || roles.includes('review');
  return (
    <>
      <Button onClick={() => close()}>{common.close}</Button>
      {found.state === '待处理' && roles.includes('reconcile') && found.allowed.length > 0 ? (
        <Button kind="primary" data-autofocus onClick={() => then(handle(found))}>
          {t.handle}
        </Button>
      ) : null}
      {found.state === '待复核' && mayClose ? (
        <>
          <Button onClick={() => then(sendBack(found))}>{t.returned}</Button>
          {found.handledBy === userName ? null : (
            <Button kind="primary" data-autofocus onClick={() => then(approve(found))}>
              {t.approve}
            </Button>
          )}
        </>
      ) : null}
    </>
  );
}

function CaseDialog(props: CaseProps) {
  const { found, close } = props;
  const amount = (yuan: string | null) => (yuan === null ? '' : formatAmount(yuan));
  const busy = found.state === '待处理' && found.allowed.length === 0;
  const facts: readonly (readonly [string, string])[] = [
    [t.category, t.categories[found.category]],
    [t.state, found.state],
    [t.unit, [found.unitName, found.unitNo].filter(Boolean).join(' ')],
    [t.voucherNo, found.taxVoucherNo ?? ''],
    [t.own, amount(found.ownAmount)],
    [t.listed, amount(found.listedAmount)],
    [t.attempt, found.attemptState ?? ''],
    [t.bill, found.billState ?? ''],
    [
      t.sameVoucher,
      found.sameVoucher
        .map((one) => `${one.unitNo} ${one.state} ${formatAmount(one.amount)}`)
        .join('；') || t.noSame,
    ],
    [t.decision, found.decision ? t.decisions[found.decision] : ''],
    [t.reason, found.reason ?? ''],
    [t.papers, found.papers ?? ''],
    [t.refund, amount(found.refund)],
  ];
  return (
    <Dialog title={t.detail} size="wide" onClose={() => close()} footer={<Actions {...props} />}>
      <p>{found.text}</p>
      {busy ? <Alert kind="info" text={t.busy} /> : null}
      <Facts rows={facts.filter(([, value]) => value !== '')} />
      <h3>{t.history}</h3>
      <DataTable
        name={t.history}
        columns={historyColumns}
        rows={found.history}
        rowKey={(row) => `${row.at}${row.event}`}
        rowLabel={(row) => row.event}
        empty={t.noHistory}
        maxHeight={220}
      />
      {found.payment.length > 0 ? (
        <>
          <h3>{t.payment}</h3>
          <ul className="plain">
            {found.payment.map((event) => (
              <li key={`${event.at}${event.text}`}>
                {formatInstant(event.at)} {event.text}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Dialog>
  );
}

/** One case: what is known, who did what, and what this officer may do now. */
export async function showCase(
  id: string,
  userName: string,
  roles: readonly OfficeRole[],
): Promise<void> {
  for (let again: boolean | undefined = true; again; ) {
    const found = await api(getCase, { params: { id } }).catch(refusalDialog);
    if (!found) return;
    again = await openDialog<boolean>((close) => (
      <CaseDialog found={found} userName={userName} roles={roles} close={close} />
    ));
  }
}

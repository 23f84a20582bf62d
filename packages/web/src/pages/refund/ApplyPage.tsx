import { type AnswerOf, listRefundable } from '@shebao/contract';
import { addMonths, formatMonth, parseMonth } from '@shebao/kernel';
import { useMemo, useState } from 'react';
import { common } from '../../messages/common.ts';
import { applicationWords as t } from '../../messages/refund-application.ts';
import {
  Alert,
  Amount,
  Button,
  type Column,
  DataTable,
  Dialog,
  formatAmount,
  openDialog,
  Page,
  useApi,
  useSession,
  useUnit,
} from '../../shared/index.ts';
import { ApplyForm } from './apply-form.tsx';
import { lineColumns } from './detail.tsx';
import { type Asked, QueryForm } from './refund-query.tsx';

type Answer = AnswerOf<typeof listRefundable>;
type Person = Answer['people'][number];

/** People listed at once; the others are found by name or number. */
const listed = 500;
const mostMonths = 6;

/** The months before the current one that fit into one application, it included. */
function latest(period: string): Pick<Asked, 'from' | 'to'> {
  const month = parseMonth(period);
  if (!month.ok) return { from: period, to: period };
  return { from: formatMonth(addMonths(month.value, 1 - mostMonths)), to: period };
}

const c = t.personColumns;
const personColumns: Column<Person>[] = [
  { key: 'name', title: c.name, width: 150, rowHeader: true, cell: (row) => row.name },
  { key: 'number', title: c.number, width: 180, cell: (row) => row.identityNumber },
  { key: 'periods', title: c.periods, width: 170, cell: (row) => row.periods },
  {
    key: 'amount',
    title: c.amount,
    width: 120,
    align: 'end',
    cell: (row) => <Amount yuan={row.amount} />,
  },
  {
    key: 'act',
    title: t.lines,
    width: 80,
    cell: (row) => (
      <Button kind="link" onClick={() => void showLines(row)}>
        {common.view}
      </Button>
    ),
  },
  { key: 'insurances', title: c.insurances, width: 260, cell: (row) => row.insuranceNames },
  {
    key: 'employer',
    title: c.employer,
    width: 120,
    align: 'end',
    cell: (row) => <Amount yuan={row.employerAmount} />,
  },
  {
    key: 'employee',
    title: c.employee,
    width: 120,
    align: 'end',
    cell: (row) => <Amount yuan={row.employeeAmount} />,
  },
];

async function showLines(person: Person): Promise<void> {
  await openDialog<void>((close) => (
    <Dialog
      title={t.linesTitle}
      size="wide"
      onClose={() => close()}
      footer={
        <Button kind="primary" data-autofocus onClick={() => close()}>
          {common.close}
        </Button>
      }
    >
      <p>
        {person.name}　{person.identityNumber}
      </p>
      <DataTable
        name={t.linesTitle}
        columns={lineColumns}
        rows={person.lines}
        rowKey={(row) => `${row.period}${row.levyItem}${row.taxVoucherNo}`}
        rowLabel={(row) => row.levyItem}
        maxHeight={420}
        sums={{ amount: <Amount yuan={person.amount} /> }}
      />
    </Dialog>
  ));
}

/** What else there is to know about the answer: other months, what is held, what runs already. */
function Notes({ answer, asked }: { readonly answer: Answer; readonly asked: Asked }) {
  const { months, held, running, total } = answer;
  const outside = months && (months.from < asked.from || months.to > asked.to);
  return (
    <>
      {running ? <Alert kind="warning" text={t.running(running.applicationNo)} /> : null}
      {outside ? (
        <p className="field-hint">
          {t.months(months.from, months.to)}
          {t.span}
        </p>
      ) : null}
      {held.map(({ reason, amount, people }) => (
        <p className="field-hint" key={reason}>
          {t.held(reason, formatAmount(amount), people)}
        </p>
      ))}
      {answer.people.length < total ? (
        <p className="field-hint">{t.first(answer.people.length, total)}</p>
      ) : null}
    </>
  );
}

function Apply({ unitNo }: { readonly unitNo: string }) {
  const { period } = useSession();
  const [asked, setAsked] = useState<Asked>({ agency: 'hrss', ...latest(period) });
  const [search, setSearch] = useState('');
  const [ticked, setTicked] = useState<ReadonlyMap<string, string>>(new Map());
  const params = { unitNo };
  const whole = useApi(listRefundable, { params, query: { ...asked, limit: listed } });
  const found = useApi(
    listRefundable,
    { params, query: { ...asked, limit: listed, search } },
    { enabled: search !== '' },
  );
  const query = search === '' ? whole : found;
  const people = useMemo(() => query.data?.people ?? [], [query.data]);
  const ask = (next: Asked, text: string) => {
    if (JSON.stringify(next) !== JSON.stringify(asked)) setTicked(new Map());
    setAsked(next);
    setSearch(text);
  };
  const tick = (selected: ReadonlySet<string>) => {
    const kept = [...ticked].filter(([id]) => !people.some(({ personId }) => personId === id));
    const here = people.filter(({ personId }) => selected.has(personId));
    setTicked(new Map([...kept, ...here.map((one) => [one.personId, one.amount] as const)]));
  };
  const nothing = query.data?.months ? t.nothing : t.nothingAtAll;
  const open = whole.data && whole.data.total > 0 && whole.data.running === null;
  return (
    <Page
      title={t.apply}
      busy={query.isFetching}
      error={query.error}
      retry={() => void query.refetch()}
    >
      <QueryForm asked={asked} busy={query.isFetching} onQuery={ask} />
      {query.data ? <Notes answer={query.data} asked={asked} /> : null}
      <DataTable
        name={t.apply}
        columns={personColumns}
        rows={people}
        rowKey={(row) => row.personId}
        rowLabel={(row) => row.name}
        selection={{ selected: new Set(ticked.keys()), onChange: tick }}
        busy={query.isLoading}
        empty={nothing}
        maxHeight={420}
      />
      {open && whole.data ? (
        <ApplyForm
          key={JSON.stringify(asked)}
          unitNo={unitNo}
          asked={asked}
          whole={whole.data}
          ticked={ticked}
        />
      ) : null}
    </Page>
  );
}

/** 新增退费申请 for the chosen 单位编号. */
export default function ApplyPage() {
  const { unit } = useUnit();
  return <Apply key={unit.unitNo} unitNo={unit.unitNo} />;
}

import {
  type AnswerOf,
  type DueItem,
  downloadDeclaration,
  downloadDuePeople,
  listDeclaredPeople,
  listDuePeople,
} from '@shebao/contract';
import { useQuery } from '@tanstack/react-query';
import { type MouseEvent, useMemo } from 'react';
import { common } from '../../messages/common.ts';
import { declaration as t } from '../../messages/declaration.ts';
import {
  Amount,
  api,
  Button,
  type Column,
  DataTable,
  Dialog,
  fileUrl,
  formatAmount,
  formatRate,
  openDialog,
  Refusal,
} from '../../shared/index.ts';
import { startDownload } from '../files.ts';
import { ExplainedAmount } from './explanation.tsx';

type Details = AnswerOf<typeof listDuePeople>;
type Person = Details['people'][number];

/** The line whose people are shown: still due, or of a declaration. */
export interface PeopleOf {
  readonly item: DueItem;
  readonly declarationId?: string;
}

const pageSize = 5000;

async function allPeople(of: PeopleOf): Promise<Details> {
  const { unitNo, key } = of.item;
  const read = (offset: number): Promise<Details> =>
    of.declarationId === undefined
      ? api(listDuePeople, { params: { unitNo, key }, query: { offset, limit: pageSize } })
      : api(listDeclaredPeople, {
          params: { unitNo, key, id: of.declarationId },
          query: { offset, limit: pageSize },
        });
  let details = await read(0);
  while (details.people.length < details.total) {
    const next = await read(details.people.length);
    if (next.people.length === 0) break;
    details = { ...details, people: details.people.concat(next.people) };
  }
  return details;
}

function fileOf({ item, declarationId }: PeopleOf, format: 'xlsx' | 'csv'): string {
  const { unitNo, key } = item;
  return declarationId === undefined
    ? fileUrl(downloadDuePeople, { params: { unitNo, key }, query: { format } })
    : fileUrl(downloadDeclaration, {
        params: { unitNo, id: declarationId },
        query: { format, key },
      });
}

function columnsOf(of: PeopleOf): Column<Person>[] {
  const { unitNo, key } = of.item;
  const p = t.people;
  const { declarationId } = of;
  const declared = declarationId === undefined ? {} : { declarationId };
  const amount = (person: Person) => (
    <ExplainedAmount
      yuan={person.amountDue}
      of={{ unitNo, key, personId: person.personId, ...declared }}
    />
  );
  return [
    { key: 'seq', title: p.seq, width: 72, align: 'end', cell: (row) => row.seq },
    { key: 'name', title: p.name, width: 120, rowHeader: true, cell: (row) => row.name },
    { key: 'type', title: p.documentType, width: 120, cell: (row) => row.documentType },
    { key: 'number', title: p.number, width: 190, cell: (row) => row.identityNumber },
    {
      key: 'wage',
      title: p.wage,
      width: 120,
      align: 'end',
      cell: (row) => <Amount yuan={row.wage} />,
    },
    {
      key: 'base',
      title: p.base,
      width: 120,
      align: 'end',
      cell: (row) => <Amount yuan={row.contributionBase} />,
    },
    { key: 'rate', title: p.rate, width: 80, align: 'end', cell: (row) => formatRate(row.rate) },
    { key: 'amount', title: p.amount, width: 120, align: 'end', cell: amount },
    { key: 'personNo', title: p.personNo, width: 130, cell: (row) => row.personNo },
  ];
}

function PeopleDialog({ of, close }: { readonly of: PeopleOf; readonly close: () => void }) {
  const { item } = of;
  const query = useQuery({
    queryKey: ['listDuePeople', item.unitNo, item.key, of.declarationId ?? ''],
    queryFn: () => allPeople(of),
  });
  const columns = useMemo(() => columnsOf(of), [of]);
  const details = query.data;
  return (
    <Dialog
      title={t.people.title}
      size="wide"
      onClose={close}
      footer={
        <>
          <Button icon="download" onClick={() => startDownload(fileOf(of, 'xlsx'))}>
            {t.excel}
          </Button>
          <Button icon="download" onClick={() => startDownload(fileOf(of, 'csv'))}>
            {t.csv}
          </Button>
          <Button kind="primary" data-autofocus onClick={close}>
            {common.close}
          </Button>
        </>
      }
    >
      <p>
        {item.unitNo}　{item.levyItem}　{item.period}　{item.kind}
        {details ? `　${t.people.summary(item.people, formatAmount(details.sum))}` : ''}
      </p>
      {query.error ? <Refusal error={query.error} retry={() => void query.refetch()} /> : null}
      {details?.aggregateNote ? <p>{details.aggregateNote}</p> : null}
      <DataTable
        name={t.people.title}
        columns={columns}
        rows={details?.people ?? []}
        rowKey={(row) => String(row.seq)}
        rowLabel={(row) => row.name}
        busy={query.isLoading}
        maxHeight={480}
        {...(details?.aggregateNote ? { empty: t.people.aggregate } : {})}
        {...(details ? { sums: { amount: <Amount yuan={details.sum} /> } } : {})}
      />
    </Dialog>
  );
}

/** The blue 缴费人数: opens 人员明细; the address behind it is the file itself. */
export function PeopleLink(of: PeopleOf) {
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void openDialog((close) => <PeopleDialog of={of} close={() => close()} />);
  };
  return (
    <a href={fileOf(of, 'xlsx')} aria-haspopup="dialog" onClick={open}>
      {of.item.people}
    </a>
  );
}

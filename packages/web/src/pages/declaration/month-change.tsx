import { type AnswerOf, monthChange } from '@shebao/contract';
import { useMemo, useState } from 'react';
import { common } from '../../messages/common.ts';
import { declaration as t } from '../../messages/declaration.ts';
import {
  Amount,
  type Column,
  DataTable,
  Facts,
  Refusal,
  sumYuan,
  useApi,
} from '../../shared/index.ts';

type Change = AnswerOf<typeof monthChange>;
interface ChangedPerson {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly amount: string;
}

const negated = (yuan: string): string => (yuan.startsWith('-') ? yuan.slice(1) : `-${yuan}`);

function changedPeople(change: Change): ChangedPerson[] {
  const c = t.change;
  const none = { before: null, after: null };
  const rows = [
    ...change.joiners.map((one) => ({ ...none, ...one, kind: c.joiners })),
    ...change.leavers.map((one) => ({
      ...none,
      ...one,
      amount: negated(one.amount),
      kind: c.leavers,
    })),
    ...change.baseChanges.map((one) => ({ ...one, kind: c.bases })),
  ];
  return rows.map((row, index) => ({ ...row, key: String(index) }));
}

const columns: Column<ChangedPerson>[] = [
  { key: 'name', title: t.change.name, width: 140, rowHeader: true, cell: (row) => row.name },
  { key: 'kind', title: t.change.kind, width: 110, cell: (row) => row.kind },
  {
    key: 'before',
    title: t.change.before,
    width: 130,
    align: 'end',
    cell: (row) => <Amount yuan={row.before} />,
  },
  {
    key: 'after',
    title: t.change.after,
    width: 130,
    align: 'end',
    cell: (row) => <Amount yuan={row.after} />,
  },
  {
    key: 'amount',
    title: t.change.amount,
    width: 130,
    align: 'end',
    cell: (row) => <Amount yuan={row.amount} />,
  },
];

function Changes({ unitNo }: { readonly unitNo: string }) {
  const { data, error } = useApi(monthChange, { params: { unitNo } });
  const people = useMemo(() => (data ? changedPeople(data) : []), [data]);
  if (error) return <Refusal error={error} />;
  if (!data) return <p>{common.loading}</p>;
  const c = t.change;
  return (
    <>
      <Facts
        rows={[
          [c.previous, <Amount key="p" yuan={data.previousTotal} />],
          [c.current, <Amount key="c" yuan={data.currentTotal} />],
          [
            c.difference,
            <Amount key="d" yuan={sumYuan([data.currentTotal, negated(data.previousTotal)])} />,
          ],
          [c.backPay, <Amount key="b" yuan={data.backPay} />],
        ]}
      />
      {data.reasons.length > 0 ? (
        <ul>
          {data.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      ) : null}
      {people.length > 0 ? (
        <DataTable
          name={c.table}
          columns={columns}
          rows={people}
          rowKey={(row) => row.key}
          rowLabel={(row) => row.name}
          maxHeight={320}
        />
      ) : (
        <p>{c.none}</p>
      )}
    </>
  );
}

/** 与上月相比: who came, who left, whose base moved, and why the total did; read when opened. */
export function MonthChange({ unitNo }: { readonly unitNo: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.change.title(unitNo)}</summary>
      {open ? <Changes unitNo={unitNo} /> : null}
    </details>
  );
}

import { type AnswerOf, listWageResults } from '@shebao/contract';
import { useMemo } from 'react';
import { common } from '../../messages/common.ts';
import { wage as t } from '../../messages/wage.ts';
import {
  Amount,
  api,
  Button,
  type Column,
  DataTable,
  Dialog,
  firstPage,
  monthChinese,
  openDialog,
  refusalDialog,
  StatusTag,
  Tag,
  useAllPages,
} from '../../shared/index.ts';

type Answer = AnswerOf<typeof listWageResults>;
type Result = Answer['results'][number];

/** 「职工申报结果」: what became of each person's wage, and why not. */
export async function showResults(unitNo: string, id: string): Promise<void> {
  const query = { offset: 0, limit: firstPage };
  const first = await api(listWageResults, { params: { unitNo, id }, query }).catch(refusalDialog);
  if (!first) return;
  await openDialog<void>((close) => (
    <Dialog
      title={t.results}
      size="wide"
      onClose={() => close()}
      footer={
        <Button kind="primary" onClick={() => close()} data-autofocus>
          {common.close}
        </Button>
      }
    >
      <Results unitNo={unitNo} id={id} first={first} />
    </Dialog>
  ));
}

interface ResultsProps {
  readonly unitNo: string;
  readonly id: string;
  readonly first: Answer;
}

function Results({ unitNo, id, first }: ResultsProps) {
  const columns = useMemo(resultColumns, []);
  const list = useAllPages(listWageResults, [unitNo, id], {
    call: (offset, limit) => ({ params: { unitNo, id }, query: { offset, limit } }),
    rowsOf: (answer) => answer.results,
    totalOf: (answer) => answer.total,
    first,
  });
  return (
    <>
      {list.first ? (
        <p>
          <StatusTag status={list.first.status} />
        </p>
      ) : null}
      <DataTable
        name={t.results}
        columns={columns}
        rows={list.rows}
        rowKey={(row) => `${row.personId}:${row.effectiveMonth}`}
        rowLabel={(row) => row.name}
        busy={list.busy}
        maxHeight={460}
      />
    </>
  );
}

function resultColumns(): readonly Column<Result>[] {
  const { columns: c } = t;
  return [
    { key: 'name', title: c.name, width: 110, rowHeader: true, cell: (row) => row.name },
    { key: 'identity', title: c.identity, width: 190, cell: (row) => row.identityNumber },
    { key: 'month', title: c.month, width: 110, cell: (row) => monthChinese(row.effectiveMonth) },
    {
      key: 'wage',
      title: c.wage,
      width: 120,
      align: 'end',
      cell: (row) => <Amount yuan={row.wage} />,
    },
    {
      key: 'base',
      title: c.contributionBase,
      width: 120,
      align: 'end',
      cell: (row) => <Amount yuan={row.contributionBase} />,
    },
    {
      key: 'result',
      title: c.result,
      width: 120,
      cell: (row) =>
        row.result === '待反馈' ? (
          <Tag tone="wait">{row.result}</Tag>
        ) : (
          <StatusTag status={row.result} />
        ),
    },
    { key: 'reason', title: c.reason, width: 320, cell: (row) => row.reason },
  ];
}

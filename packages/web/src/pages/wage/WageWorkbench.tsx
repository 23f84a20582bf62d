import type { SessionInfo } from '@shebao/contract';
import { Link } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { wage as t } from '../../messages/wage.ts';
import {
  Alert,
  Amount,
  Button,
  type Column,
  DataTable,
  type DataTableHandle,
  MenuButton,
  notify,
  Page,
  refusalDialog,
} from '../../shared/index.ts';
import { askForUnit, findPeople } from './add-dialogs.tsx';
import { BaseCell, MonthCell, SheetContext, type SheetContextValue, WageCell } from './cells.tsx';
import { CostLine } from './cost.tsx';
import { ImportButton } from './ImportButton.tsx';
import { loadCandidates } from './load.ts';
import { usePolicy } from './preview.ts';
import { type Candidate, rowProblem, sentWage } from './sheet.ts';
import { keepRejected, submitChain, tellFeedback } from './submit.tsx';
import { useWorkbench, type WageKind, type Workbench } from './workbench-state.ts';

type Unit = SessionInfo['units'][number];

export interface WageWorkbenchProps {
  readonly unit: Unit;
  readonly kind: WageKind;
}

/** 「日常缴费工资申报」 and 「年度缴费工资申报」: the same table, filled in different ways. */
export function WageWorkbench({ unit, kind }: WageWorkbenchProps) {
  const work = useWorkbench(unit, kind);
  const table = useRef<DataTableHandle>(null);
  const context = useContextValue(unit, work, table);
  const { alert, sending, submit } = useSubmit(unit, kind, work, table);
  const [removed, setRemoved] = useState('');
  const title = t[kind];
  const locked = work.state?.locked === true;
  const noneMissing = kind === 'daily' && work.state?.missingCount === 0;
  const people = (add: () => Promise<readonly Candidate[] | undefined>) => async () => {
    try {
      const found = await add();
      if (found) notify.status(t.added(work.add(found)));
    } catch (error) {
      await refusalDialog(error);
    }
  };
  const removeTicked = () => {
    setRemoved(work.ticked.size === 0 ? t.tickFirst : '');
    work.remove(work.ticked);
  };
  const byUnit = people(async () => {
    const sure = await askForUnit(unit);
    return sure ? loadCandidates(unit.unitNo, 'arrived') : undefined;
  });
  const single = people(() => findPeople(unit.unitNo));
  const problem = alert || removed;
  return (
    <Page
      title={title}
      intro={kind === 'daily' ? t.introDaily : t.introAnnual}
      busy={work.busy}
      error={work.error}
      retry={work.enter}
      actions={
        <>
          <MenuButton
            label={t.add}
            icon="plus"
            disabled={locked}
            items={[
              { label: t.addByUnit, onSelect: () => void byUnit() },
              { label: t.addOne, onSelect: () => void single() },
            ]}
          />
          <Button icon="trash" onClick={removeTicked}>
            {t.remove}
          </Button>
          <ImportButton unitNo={unit.unitNo} work={work} disabled={locked} />
          <Button kind="primary" disabled={locked} busy={sending} onClick={() => void submit()}>
            {t.submit}
          </Button>
        </>
      }
    >
      {locked ? (
        <Alert kind="warning" text={t.locked}>
          {t.lockedNext}
          <Link to="/declarations">{t.records}</Link>
        </Alert>
      ) : null}
      {problem ? <Alert kind="error" text={problem} key={problem} /> : null}
      {noneMissing && work.rows.length > 0 ? <Alert kind="success" text={t.notNeeded} /> : null}
      <SheetContext value={context}>
        <WageTable title={title} work={work} handle={table} noneMissing={noneMissing} />
        {work.rows.length > 0 ? <CostLine rows={work.rows} /> : null}
      </SheetContext>
    </Page>
  );
}

interface WageTableProps {
  readonly title: string;
  readonly work: Workbench;
  readonly handle: React.Ref<DataTableHandle>;
  readonly noneMissing: boolean;
}

function WageTable({ title, work, handle, noneMissing }: WageTableProps) {
  const columns = useMemo(wageColumns, []);
  return (
    <DataTable
      ref={handle}
      name={title}
      columns={columns}
      rows={work.rows}
      rowKey={personKey}
      rowLabel={(person) => person.name}
      selection={{ selected: work.ticked, onChange: work.setTicked }}
      {...(noneMissing ? { empty: t.notNeeded } : {})}
      busy={work.busy}
    />
  );
}

const personKey = (person: Candidate) => person.personId;

function wageColumns(): readonly Column<Candidate>[] {
  const { columns: c } = t;
  return [
    { key: 'name', title: c.name, width: 120, rowHeader: true, cell: (row) => row.name },
    { key: 'identity', title: c.identity, width: 180, cell: (row) => row.identityNumber },
    { key: 'unitNo', title: c.unitNo, width: 130, cell: (row) => row.unitNo },
    { key: 'from', title: c.from, width: 120, cell: (row) => row.enrolledFrom },
    {
      key: 'current',
      title: c.current,
      width: 120,
      align: 'end',
      cell: (row) => <Amount yuan={row.currentWage} />,
    },
    {
      key: 'wage',
      fixed: true,
      title: c.wage,
      width: 140,
      align: 'end',
      cell: (row) => <WageCell person={row} />,
    },
    {
      key: 'month',
      title: c.month,
      width: 150,
      fixed: true,
      cell: (row) => <MonthCell person={row} />,
    },
    {
      key: 'base',
      title: c.base,
      width: 160,
      align: 'end',
      cell: (row) => <BaseCell person={row} />,
    },
  ];
}

function useContextValue(
  unit: Unit,
  work: Workbench,
  table: React.RefObject<DataTableHandle | null>,
): SheetContextValue {
  const { sheet, rows, state } = work;
  const policy = usePolicy(unit.region, state?.policyVersion);
  const places = useMemo(() => new Map(rows.map((row, index) => [row.personId, index])), [rows]);
  return useMemo(
    () => ({
      sheet,
      unit,
      policy,
      period: state?.period ?? '',
      businessDate: state?.businessDate ?? '',
      disabled: state?.locked === true,
      neighbour: (personId, offset) => {
        const index = places.get(personId);
        return index === undefined ? undefined : rows[index + offset]?.personId;
      },
      focus: (personId) => table.current?.focusCell(personId, 'wage'),
    }),
    [sheet, unit, policy, state, places, rows, table],
  );
}

/** 「提交申报」: checks the ticked rows here, then asks, sends and waits for the feedback. */
function useSubmit(
  unit: Unit,
  kind: WageKind,
  work: Workbench,
  table: React.RefObject<DataTableHandle | null>,
) {
  const [alert, setAlert] = useState('');
  const [sending, setSending] = useState(false);
  const { sheet, rows, ticked } = work;
  const submit = async () => {
    notify.clear();
    setAlert('');
    const chosen = rows.filter((row) => ticked.has(row.personId));
    const problems = chosen.map(
      (row) => [row, rowProblem(row, sheet.entry(row.personId))] as const,
    );
    const wrong = problems.find(([, problem]) => problem !== undefined);
    if (wrong) table.current?.focusCell(wrong[0].personId, 'wage');
    const text = chosen.length === 0 ? t.tickFirst : wrong?.[1];
    if (text) {
      setAlert(text);
      return;
    }
    const lines = chosen.map((row) => {
      const { wage, month } = sheet.entry(row.personId);
      return { personId: row.personId, effectiveMonth: month, wage: sentWage(wage) };
    });
    const sent = new Set(chosen.map((row) => row.personId));
    setSending(true);
    try {
      const outcome = await submitChain({ unit, kind, lines }, () => work.setTicked(new Set()));
      if (!outcome.sent || outcome.id === undefined) return;
      work.remove(outcome.task ? await keepRejected(unit.unitNo, outcome.id, sent) : sent);
      if (outcome.task) await tellFeedback(unit.unitNo, outcome.id, outcome.task);
    } catch (error) {
      await refusalDialog(error);
    } finally {
      setSending(false);
      await work.refresh().catch(() => undefined);
    }
  };
  return { alert, sending, submit };
}

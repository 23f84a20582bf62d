import { type DueItem, listDues, submitDeclaration } from '@shebao/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { declaration as t } from '../../messages/declaration.ts';
import { applicationWords } from '../../messages/refund-application.ts';
import {
  Alert,
  Amount,
  Button,
  DataTable,
  formatAmount,
  notify,
  Page,
  sumYuan,
  useAction,
  useApi,
} from '../../shared/index.ts';
import { type DueUnit, monthSpan } from './dues.ts';
import { itemColumns } from './items-table.tsx';
import { MonthChange } from './month-change.tsx';
import { declarationRecordsPath } from './routes.ts';
import { submitUnits } from './submit.tsx';

const columns = itemColumns();
const wagePath: string = '/wages/daily';
const unitOf = (item: DueItem) => item.unitNo;
const none: readonly DueUnit[] = [];

/** Every earlier back-payment and the current month's dues, submitted per 单位编号. */
export default function DailyPage() {
  const query = useApi(listDues);
  const units = query.data?.units ?? none;
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const { run, running } = useAction(submitDeclaration);
  const navigate = useNavigate();
  const items = useMemo(() => units.flatMap((unit) => unit.items), [units]);
  const submit = async () => {
    const chosen = units.filter(
      (unit) => ticked.has(unit.unitNo) && unit.items.length > 0 && !unit.pending,
    );
    if (chosen.length === 0) {
      notify.refusal(t.tickFirst);
      return;
    }
    if (await submitUnits(chosen, run)) {
      setTicked(new Set());
      await navigate({ to: declarationRecordsPath });
    }
  };
  return (
    <Page
      title={t.daily}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
      intro={query.data ? t.intro(query.data.period) : null}
      actions={
        <Button kind="primary" busy={running} onClick={() => void submit()}>
          {t.submit}
        </Button>
      }
    >
      <UnitNotes units={units} />
      <DuesTable
        units={units}
        items={items}
        ticked={ticked}
        onTick={setTicked}
        busy={query.isLoading}
      />
      {units
        .filter((unit) => unit.items.length > 0)
        .map((unit) => (
          <MonthChange key={unit.unitNo} unitNo={unit.unitNo} />
        ))}
    </Page>
  );
}

interface DuesTableProps {
  readonly units: readonly DueUnit[];
  readonly items: readonly DueItem[];
  readonly ticked: ReadonlySet<string>;
  readonly onTick: (ticked: ReadonlySet<string>) => void;
  readonly busy: boolean;
}

function DuesTable({ units, items, ticked, onTick, busy }: DuesTableProps) {
  const byNo = useMemo(() => new Map(units.map((unit) => [unit.unitNo, unit])), [units]);
  const cells = useCallback(
    (unitNo: string) => {
      const unit = byNo.get(unitNo);
      if (!unit) return {};
      return {
        insurance: unit.unitName,
        levyItem: unit.pending ? t.pending : null,
        people: unit.people,
        amount: <Amount yuan={unit.amountDue} />,
        lateFee: <Amount yuan={unit.lateFee} />,
      };
    },
    [byNo],
  );
  return (
    <DataTable
      name={t.daily}
      columns={columns}
      rows={items}
      rowKey={(item) => `${item.unitNo}/${item.key}`}
      rowLabel={unitOf}
      selection={{
        selected: ticked,
        onChange: onTick,
        selectable: (item) => byNo.get(item.unitNo)?.pending === false,
      }}
      groups={{ keyOf: unitOf, cells }}
      sums={{
        amount: <Amount yuan={sumYuan(items.map((item) => item.amountDue))} />,
        lateFee: <Amount yuan={sumYuan(items.map((item) => item.lateFee))} />,
      }}
      empty={t.nothingDue}
      busy={busy}
    />
  );
}

/** What the figures alone don't tell: who can't be levied yet, provisional bounds, overpayments. */
function UnitNotes({ units }: { readonly units: readonly DueUnit[] }) {
  const refused = units.flatMap((unit) => unit.refusals);
  const people = new Set(refused.map((refusal) => refusal.personId)).size;
  const provisional = units.flatMap((unit) => unit.items).filter((item) => item.provisional);
  return (
    <>
      {refused.length > 0 ? (
        <Alert kind="warning" text={t.refusals(people)}>
          <details open={refused.length <= 5}>
            <summary>{t.refusalsList(refused.length)}</summary>
            <ul>
              {refused.slice(0, 200).map((refusal) => (
                <li key={`${refusal.personId}${refusal.code}${refusal.from}${refusal.detail}`}>
                  {refusal.name}：{refusal.detail}
                </li>
              ))}
            </ul>
          </details>
          <p>
            <Link to={wagePath}>{t.toWages}</Link>　{t.refusalsNext}
          </p>
        </Alert>
      ) : null}
      {provisional.length > 0 ? (
        <p className="field-hint">
          {t.provisional(monthSpan(provisional.map((item) => item.period)))}
        </p>
      ) : null}
      {units
        .filter((unit) => unit.overpaid !== '0.00')
        .map((unit) => (
          <p className="field-hint" key={unit.unitNo}>
            {t.overpaid(unit.unitNo, formatAmount(unit.overpaid))}
            <Link to="/refunds">{applicationWords.title}</Link>
          </p>
        ))}
    </>
  );
}

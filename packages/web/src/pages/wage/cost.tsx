import { type AnswerOf, wageFacts } from '@shebao/contract';
import {
  type Fen,
  formatYuan,
  type Month,
  monthOfDate,
  parseMonth,
  parseYuan,
} from '@shebao/kernel';
import {
  type LeviedWage,
  type Policy,
  type UnitProfile,
  type Wage,
  type WageCost,
  wageCosts,
} from '@shebao/levy';
import { use, useCallback, useMemo, useSyncExternalStore } from 'react';
import { wage as t } from '../../messages/wage.ts';
import { formatAmount, monthChinese, parseTyped, useApi } from '../../shared/index.ts';
import { SheetContext, type SheetContextValue } from './cells.tsx';
import { previewBase } from './preview.ts';
import type { Candidate } from './sheet.ts';

type Facts = AnswerOf<typeof wageFacts>;

const monthOf = (text: string): Month => {
  const month = parseMonth(text);
  if (!month.ok) throw new Error(`not a month: ${text}`);
  return month.value;
};
const fenOf = (text: string): Fen => {
  const amount = parseYuan(text);
  if (!amount.ok) throw new Error(`not an amount: ${text}`);
  return amount.value;
};

/** What a wage would cost, by the engine and the rules that the service uses; undefined where it has no rule. */
function previewCost(
  policy: Policy,
  facts: Facts,
  wish: Wage,
  today: string,
): WageCost | undefined {
  const modes = facts.unit.annuityUnitMode;
  const unit = {
    ...facts.unit,
    ...(Array.isArray(modes)
      ? { annuityUnitMode: modes.map(({ from, mode }) => ({ from: monthOf(from), mode })) }
      : {}),
  } as UnitProfile;
  const enrolments = facts.enrolments.map(({ insurance, from, to }) => ({
    insurance,
    from: monthOf(from),
    to: to === null ? null : monthOf(to),
  }));
  const wages = facts.wages.map((one) => ({
    effective: monthOf(one.effectiveMonth),
    wageFen: fenOf(one.wage),
  }));
  const levied = facts.levied.map(
    ({ insurance, payer, period, wage, amount }): LeviedWage => ({
      insurance,
      payer,
      period: monthOf(period),
      wageFen: fenOf(wage),
      amountFen: fenOf(amount),
    }),
  );
  const person = { id: 'one', enrolments, wages, declaring: [wish], levied };
  const current = monthOfDate(today);
  const costs = wageCosts({ policy, unit, people: [person], current, today });
  return costs.ok ? costs.value.get('one')?.[0] : undefined;
}

/** The costs of the wage that is being typed, for the row that has the focus. */
export function CostLine({ rows }: { readonly rows: readonly Candidate[] }) {
  const value = use(SheetContext);
  if (!value) throw new Error('a line outside its sheet');
  const { sheet } = value;
  const watch = useCallback((tell: () => void) => sheet.watchAttended(tell), [sheet]);
  const personId = useSyncExternalStore(watch, () => sheet.attended());
  const person = rows.find((row) => row.personId === personId);
  // Its place is kept, so that the page does not jump with the focus.
  return (
    <div className="cost-line" aria-live="polite">
      {person ? <PersonCost key={person.personId} person={person} value={value} /> : null}
    </div>
  );
}

interface PersonCostProps {
  readonly person: Candidate;
  readonly value: SheetContextValue;
}

function PersonCost({ person, value }: PersonCostProps) {
  const { sheet, unit, policy, businessDate } = value;
  const { personId } = person;
  const watch = useCallback((tell: () => void) => sheet.watch(personId, tell), [sheet, personId]);
  const entry = useSyncExternalStore(watch, () => sheet.entry(personId));
  const facts = useApi(wageFacts, { params: { unitNo: unit.unitNo, personId } }).data;
  const wageFen = entry.wage === '' ? undefined : parseTyped(entry.wage);
  const cost = useMemo(() => {
    if (!policy || !facts || wageFen === undefined || wageFen <= 0 || entry.month === '') return;
    const wish = { effective: monthOf(entry.month), wageFen };
    return previewCost(policy, facts, wish, businessDate);
  }, [policy, facts, wageFen, entry.month, businessDate]);
  if (!cost || !policy || wageFen === undefined) return <>{t.costHint(person.name)}</>;
  const base = previewBase(policy, unit, entry.month, wageFen, businessDate);
  const yuan = (fen: Fen) => formatAmount(formatYuan(fen));
  const clamp = base?.clamped ? `（${t.clamped[base.clamped]}）` : '';
  return (
    <>
      <strong>{t.costOf(person.name, monthChinese(entry.month))}</strong>
      {base ? ` ${t.columns.contributionBase} ${yuan(base.baseFen)}${clamp}；` : ' '}
      {t.costMonthly(yuan(cost.employerFen), yuan(cost.employeeFen))}
      {cost.backPayMonths > 0
        ? t.costBackPay(cost.backPayMonths, yuan(cost.backPayFen), yuan(cost.lateFeeFen))
        : t.costNoBackPay}
    </>
  );
}

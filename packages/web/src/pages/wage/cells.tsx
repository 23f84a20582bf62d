import type { SessionInfo } from '@shebao/contract';
import { formatYuan } from '@shebao/kernel';
import type { Policy } from '@shebao/levy';
import { createContext, type KeyboardEvent, use, useCallback, useSyncExternalStore } from 'react';
import { wage as t } from '../../messages/wage.ts';
import {
  confirmDialog,
  formatAmount,
  monthChinese,
  parseTyped,
  SelectField,
  TextField,
} from '../../shared/index.ts';
import { previewBase } from './preview.ts';
import { type Candidate, type Entry, pastedWages, type WageSheet } from './sheet.ts';

/** What the cells of one page share. */
export interface SheetContextValue {
  readonly sheet: WageSheet;
  readonly unit: SessionInfo['units'][number];
  /** The current month, `YYYY-MM`. */
  readonly period: string;
  readonly businessDate: string;
  readonly policy: Policy | undefined;
  readonly disabled: boolean;
  /** The person `offset` rows below. */
  readonly neighbour: (personId: string, offset: number) => string | undefined;
  readonly focus: (personId: string) => void;
}

export const SheetContext = createContext<SheetContextValue | null>(null);

function useSheet(): SheetContextValue {
  const value = use(SheetContext);
  if (!value) throw new Error('a cell outside its sheet');
  return value;
}

function useEntry(sheet: WageSheet, personId: string): Entry {
  const watch = useCallback((tell: () => void) => sheet.watch(personId, tell), [sheet, personId]);
  return useSyncExternalStore(watch, () => sheet.entry(personId));
}

/** 「新缴费工资」: stays as typed; a pasted column goes down the rows. */
export function WageCell({ person }: { readonly person: Candidate }) {
  const { sheet, neighbour, focus, disabled } = useSheet();
  const entry = useEntry(sheet, person.personId);
  const move = (event: KeyboardEvent) => {
    const offset = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const target = offset === undefined ? undefined : neighbour(person.personId, offset);
    if (target === undefined) return;
    event.preventDefault();
    focus(target);
  };
  const wrong = entry.wage !== '' && parseTyped(entry.wage) === undefined;
  return (
    <TextField
      label={t.columns.wage}
      hideLabel
      inputMode="decimal"
      maxLength={20}
      disabled={disabled}
      value={entry.wage}
      aria-invalid={wrong}
      title={wrong ? t.wageWrong(person.name) : undefined}
      onChange={(wage) => sheet.enter([[person.personId, { wage }]])}
      onKeyDown={move}
      onFocus={() => sheet.attend(person.personId)}
      onPaste={(event) => {
        const wages = pastedWages(event.clipboardData.getData('text/plain'));
        if (wages.length < 2) return;
        event.preventDefault();
        const pasted = wages.flatMap((wage, index) => {
          const target = index === 0 ? person.personId : neighbour(person.personId, index);
          return target === undefined ? [] : [[target, { wage }] as const];
        });
        sheet.enter(pasted);
      }}
    />
  );
}

/** 「生效年月」: an earlier month than the current one is asked about at each choice. */
export function MonthCell({ person }: { readonly person: Candidate }) {
  const { sheet, period, disabled } = useSheet();
  const entry = useEntry(sheet, person.personId);
  const choose = async (month: string) => {
    const former = entry.month;
    sheet.enter([[person.personId, { month }]]);
    if (month >= period) return;
    const body = <p>{t.warningBody(person.name, monthChinese(month))}</p>;
    const sure = await confirmDialog({ message: t.warning, body });
    if (!sure) sheet.enter([[person.personId, { month: former }]]);
  };
  return (
    <SelectField
      label={t.columns.month}
      hideLabel
      disabled={disabled}
      onFocus={() => sheet.attend(person.personId)}
      value={entry.month}
      options={person.effectiveMonths.map(({ month }) => ({
        value: month,
        label: monthChinese(month),
      }))}
      onChange={(month) => void choose(month)}
    />
  );
}

/** 缴费基数 while typing: what the wage becomes, and which bound clamps it. */
export function BaseCell({ person }: { readonly person: Candidate }) {
  const { sheet, unit, policy, businessDate } = useSheet();
  const { wage, month } = useEntry(sheet, person.personId);
  const fen = wage === '' ? undefined : parseTyped(wage);
  if (!policy || fen === undefined || month === '') return null;
  const found = previewBase(policy, unit, month, fen, businessDate);
  if (!found) return null;
  return (
    <>
      {found.clamped ? <span className="muted">{t.clamped[found.clamped]} </span> : null}
      {formatAmount(formatYuan(found.baseFen))}
    </>
  );
}

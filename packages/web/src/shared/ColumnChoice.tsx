import { useMemo, useState } from 'react';
import { common as t } from '../messages/common.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { openDialog } from './dialogs.tsx';
import { Checkbox } from './fields.tsx';
import { readStored, writeStored } from './stored.ts';
import type { Column } from './table-rows.tsx';

/** Tables with fewer columns need no choice. */
const worthChoosing = 6;

export interface ColumnChoice<Row> {
  readonly shown: readonly Column<Row>[];
  /** Opens the choice; undefined where there is none. */
  readonly choose: (() => void) | undefined;
}

const isNames = (value: unknown): boolean => Array.isArray(value);

/** The columns of a table without those that this browser's user put away. */
export function useColumnChoice<Row>(
  table: string,
  columns: readonly Column<Row>[],
  offered: boolean,
): ColumnChoice<Row> {
  const memory = `columns.${table}`;
  const [hidden, setHidden] = useState(() => readStored<readonly string[]>(memory, [], isNames));
  const shown = useMemo(
    () =>
      columns.filter((column) => column.fixed || column.rowHeader || !hidden.includes(column.key)),
    [columns, hidden],
  );
  const choose = async () => {
    const chosen = await openDialog<readonly string[]>((close) => (
      <ChoiceDialog columns={columns} hidden={hidden} close={close} />
    ));
    if (!chosen) return;
    writeStored(memory, chosen.length > 0 ? chosen : undefined);
    setHidden(chosen);
  };
  const useful = offered && columns.length >= worthChoosing;
  return { shown: useful ? shown : columns, choose: useful ? () => void choose() : undefined };
}

interface ChoiceDialogProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly hidden: readonly string[];
  readonly close: (hidden?: readonly string[]) => void;
}

function ChoiceDialog<Row>({ columns, hidden, close }: ChoiceDialogProps<Row>) {
  const [away, setAway] = useState<ReadonlySet<string>>(new Set(hidden));
  const toggle = (key: string, on: boolean) => {
    const next = new Set(away);
    if (on) next.delete(key);
    else next.add(key);
    setAway(next);
  };
  return (
    <Dialog
      title={t.columns}
      size="small"
      onClose={() => close()}
      onSubmit={() => close([...away])}
      footer={
        <>
          <Button onClick={() => close()}>{t.cancel}</Button>
          <Button kind="primary" type="submit">
            {t.confirm}
          </Button>
        </>
      }
    >
      <p className="field-hint">{t.columnsHint}</p>
      <div>
        {columns.map((column) => (
          <Checkbox
            key={column.key}
            label={column.title}
            checked={!away.has(column.key)}
            disabled={column.rowHeader === true || column.fixed === true}
            onChange={(on) => toggle(column.key, on)}
          />
        ))}
      </div>
    </Dialog>
  );
}

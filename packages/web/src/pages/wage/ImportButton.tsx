import { type AnswerOf, readWageWorkbook } from '@shebao/contract';
import { useMemo, useRef } from 'react';
import { common } from '../../messages/common.ts';
import { wage as t } from '../../messages/wage.ts';
import {
  Alert,
  Button,
  type Column,
  DataTable,
  Dialog,
  MenuButton,
  openDialog,
  refusalDialog,
  useAction,
} from '../../shared/index.ts';
import type { Workbench } from './workbench-state.ts';

type Answer = AnswerOf<typeof readWageWorkbook>;
type Problem = Answer['problems'][number];

export interface ImportButtonProps {
  readonly unitNo: string;
  readonly work: Workbench;
  readonly disabled: boolean;
}

/** The clerk's own sheet in; what is wrong comes back beside each row. */
export function ImportButton({ unitNo, work, disabled }: ImportButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const { run, running } = useAction(readWageWorkbook);
  const read = async (file: File) => {
    try {
      const answer = await run({ params: { unitNo }, file });
      work.add(answer.people);
      work.sheet.enter(
        answer.lines.map((line) => [
          line.personId,
          { wage: line.wage, month: line.effectiveMonth },
        ]),
      );
      await showImport(file, answer);
    } catch (error) {
      await refusalDialog(error);
    }
  };
  const template = async () => {
    const { saveText } = await import('./annotate.ts');
    saveText(t.templateName, `\uFEFF${t.templateColumns.join(',')}\r\n`);
  };
  return (
    <>
      <MenuButton
        label={t.importSheet}
        icon="upload"
        disabled={disabled}
        busy={running}
        items={[
          { label: t.chooseFile, onSelect: () => input.current?.click() },
          { label: t.template, onSelect: () => void template() },
        ]}
      />
      <input
        ref={input}
        type="file"
        hidden
        accept=".xlsx,.csv"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void read(file);
        }}
      />
    </>
  );
}

async function showImport(file: File, answer: Answer): Promise<void> {
  await openDialog<void>((close) => (
    <Dialog
      title={t.importProblems}
      size={answer.problems.length > 0 ? 'wide' : 'small'}
      onClose={() => close()}
      footer={
        <>
          {answer.problems.length > 0 ? (
            <Button icon="download" onClick={() => void giveBack(file, answer.problems)}>
              {t.importBack}
            </Button>
          ) : null}
          <Button kind="primary" onClick={() => close()} data-autofocus>
            {common.close}
          </Button>
        </>
      }
    >
      <ImportResult answer={answer} />
    </Dialog>
  ));
}

async function giveBack(file: File, problems: readonly Problem[]): Promise<void> {
  const { annotatedSheet, decodeSheet, problemSheet, saveText } = await import('./annotate.ts');
  const isText = /\.(csv|txt)$/i.test(file.name);
  const bytes = isText ? new Uint8Array(await file.arrayBuffer()) : undefined;
  const text = bytes ? annotatedSheet(decodeSheet(bytes), problems) : problemSheet(problems);
  saveText(t.importedName, text);
}

function ImportResult({ answer }: { readonly answer: Answer }) {
  const columns = useMemo<readonly Column<Problem>[]>(
    () => [
      { key: 'row', title: t.importRow, width: 90, rowHeader: true, cell: (one) => one.row },
      { key: 'column', title: t.importColumn, width: 140, cell: (one) => one.column },
      { key: 'detail', title: t.importDetail, width: 560, cell: (one) => one.detail },
    ],
    [],
  );
  return (
    <>
      <Alert kind="success" text={t.importDone(answer.rows, answer.lines.length)} />
      {answer.problems.length > 0 ? (
        <>
          <Alert kind="warning" text={t.importErrors(answer.problems.length)} />
          <DataTable
            name={t.importProblems}
            columns={columns}
            rows={answer.problems}
            rowKey={(one) => `${one.row}:${one.column}:${one.code}`}
            rowLabel={(one) => String(one.row)}
            maxHeight={400}
          />
        </>
      ) : null}
    </>
  );
}

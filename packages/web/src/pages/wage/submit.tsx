import {
  type AnswerOf,
  type Call,
  listWageResults,
  previewWages,
  submitWages,
} from '@shebao/contract';
import { useMemo } from 'react';
import { common } from '../../messages/common.ts';
import { wage as t } from '../../messages/wage.ts';
import {
  Alert,
  Amount,
  api,
  Button,
  type Column,
  confirmDialog,
  DataTable,
  Dialog,
  Facts,
  fetchAll,
  messageDialog,
  monthChinese,
  openDialog,
  send,
  type Task,
  waitForFeedback,
} from '../../shared/index.ts';
import { showResults } from './results.tsx';

export type WageLine = NonNullable<Call<typeof submitWages>['body']>['lines'][number];
type Preview = AnswerOf<typeof previewWages>;
type PreviewLine = Preview['lines'][number];

export interface Submission {
  readonly unit: { readonly unitNo: string; readonly name: string };
  readonly kind: 'daily' | 'annual';
  readonly lines: readonly WageLine[];
}

/** 「核对信息」: who, from when, wage, base, clamp, and what it costs. True for 「确定」. */
async function checkAnswers(preview: Preview): Promise<boolean> {
  const answer = await openDialog<boolean>((close) => (
    <Dialog
      title={t.check}
      size="wide"
      onClose={() => close(false)}
      onSubmit={() => close(true)}
      footer={
        <>
          <Button onClick={() => close(false)}>{common.cancel}</Button>
          <Button kind="primary" type="submit" data-autofocus>
            {common.confirm}
          </Button>
        </>
      }
    >
      <PreviewTable preview={preview} />
    </Dialog>
  ));
  return answer === true;
}

function PreviewTable({ preview }: { readonly preview: Preview }) {
  const columns = useMemo(previewColumns, []);
  const problems = preview.lines.filter((line) => line.problems.length > 0).length;
  return (
    <>
      <p className="muted">{t.checkIntro}</p>
      {problems > 0 ? <Alert kind="warning" text={t.checkProblems(problems)} /> : null}
      <DataTable
        name={t.check}
        columns={columns}
        rows={preview.lines}
        rowKey={(line) => `${line.personId}:${line.effectiveMonth}`}
        rowLabel={(line) => line.name}
        sums={{
          employer: <Amount yuan={preview.totals.employerMonthly} />,
          employee: <Amount yuan={preview.totals.employeeMonthly} />,
          backPay: <Amount yuan={preview.totals.backPay} />,
        }}
        maxHeight={420}
      />
    </>
  );
}

const noteOf = (line: PreviewLine): string => {
  if (line.problems.length > 0) return line.problems.map((one) => one.detail).join('；');
  const notes = [
    line.clamped ? t.clamped[line.clamped] : '',
    line.backPayMonths > 0 ? t.backPayNote(line.backPayMonths) : '',
  ];
  return notes.filter(Boolean).join('，');
};

function previewColumns(): readonly Column<PreviewLine>[] {
  const { columns: c } = t;
  const amount = (
    key: string,
    title: string,
    of: (line: PreviewLine) => string | null,
  ): Column<PreviewLine> => ({
    key,
    title,
    width: 120,
    align: 'end',
    cell: (line) => <Amount yuan={of(line)} />,
  });
  return [
    { key: 'name', title: c.name, width: 110, rowHeader: true, cell: (line) => line.name },
    {
      key: 'month',
      title: c.month,
      width: 110,
      cell: (line) => monthChinese(line.effectiveMonth),
    },
    amount('wage', c.wage, (line) => line.wage),
    amount('base', c.contributionBase, (line) => line.contributionBase),
    amount('employer', c.employer, (line) => line.employerMonthly),
    amount('employee', c.employee, (line) => line.employeeMonthly),
    amount('backPay', c.backPay, (line) => line.backPay),
    { key: 'note', title: c.note, width: 240, cell: noteOf },
  ];
}

export interface Outcome {
  /** Sent: the rows are on their way. */
  readonly sent: boolean;
  /** The declaration, and its task when the feedback is there. */
  readonly id?: string;
  readonly task?: Task | undefined;
}

/** The whole way of 「提交申报」 from the question to the feedback. Refusals are thrown. */
export async function submitChain(submission: Submission, onSent: () => void): Promise<Outcome> {
  const { unit, kind, lines } = submission;
  const people = new Set(lines.map((line) => line.personId)).size;
  const sure = await confirmDialog({
    message: t.confirmSubmit,
    body: <p>{t.confirmBody(people, `${unit.unitNo} ${unit.name}`)}</p>,
  });
  if (!sure) return { sent: false };
  const params = { unitNo: unit.unitNo };
  const preview = await api(previewWages, { params, body: { lines: [...lines] } });
  if (!(await checkAnswers(preview))) return { sent: false };
  const accepted = await send(submitWages, {
    params,
    body: (id) => ({ id, kind, policyVersion: preview.policyVersion, lines: [...lines] }),
  });
  onSent();
  await messageDialog({
    message: t.received,
    body: <Facts rows={[[t.receipt, accepted.receiptNo]]} />,
  });
  const task = await waitForFeedback({ taskId: accepted.taskId });
  return { sent: true, id: accepted.id, task };
}

/** 「全部获取反馈成功…」 with 「查看」 and 「关闭」, or why the work could not be done. */
export async function tellFeedback(unitNo: string, id: string, task: Task): Promise<void> {
  if (task.state === 'failed') {
    const body = <p>{task.failure}</p>;
    await messageDialog({ message: t.feedbackFailed, role: 'alertdialog', body });
    return;
  }
  const view = await confirmDialog({
    message: t.feedback,
    ok: common.view,
    cancel: common.close,
  });
  if (view) await showResults(unitNo, id);
}

/** Of the people sent, those whose row may leave the page: the rejected stay, with what was entered. */
export async function keepRejected(
  unitNo: string,
  id: string,
  sent: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const results = await fetchAll(
    listWageResults,
    (offset, limit) => ({ params: { unitNo, id }, query: { offset, limit } }),
    (answer) => ({ total: answer.total, rows: answer.results }),
  ).catch(() => []);
  const rejected = results.filter((row) => row.result === '申报失败');
  const stay = new Set(rejected.map((row) => row.personId));
  return new Set([...sent].filter((personId) => !stay.has(personId)));
}

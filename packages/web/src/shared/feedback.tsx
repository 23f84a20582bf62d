import { type AnswerOf, getTask } from '@shebao/contract';
import { useEffect, useState } from 'react';
import { common as t } from '../messages/common.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { messageDialog, openDialog } from './dialogs.tsx';
import { useApi } from './query.ts';

export type Task = AnswerOf<typeof getTask>;

const feedbackSeconds = 20;
const askMs = 700;

const isOver = (task: Task | undefined): task is Task =>
  task !== undefined && (task.state === 'done' || task.state === 'failed');

interface CountdownProps {
  /** The feedback is there: the dialog closes. */
  readonly arrived: boolean;
  readonly onArrived: () => void;
  readonly onTimeout: () => void;
  readonly onClose: () => void;
  readonly seconds?: number;
}

/** 「获取反馈」: counts down and closes as soon as the feedback is there. */
function FeedbackCountdown(props: CountdownProps) {
  const { arrived, onArrived, onTimeout, onClose, seconds = feedbackSeconds } = props;
  const [remaining, setRemaining] = useState(seconds);
  useEffect(() => {
    if (arrived) onArrived();
  }, [arrived, onArrived]);
  useEffect(() => {
    const startedAt = performance.now();
    const timer = setInterval(() => {
      const passed = Math.floor((performance.now() - startedAt) / 1000);
      setRemaining(Math.max(0, seconds - passed));
    }, 200);
    return () => clearInterval(timer);
  }, [seconds]);
  useEffect(() => {
    if (remaining === 0 && !arrived) onTimeout();
  }, [remaining, arrived, onTimeout]);
  const text = t.feedbackRemaining(remaining);
  return (
    <Dialog
      title={t.feedbackTitle}
      size="small"
      onClose={onClose}
      footer={<Button onClick={onClose}>{t.close}</Button>}
    >
      <div className="countdown">
        <div role="timer" aria-label={text}>
          {text}
        </div>
        <progress max={seconds} value={remaining} aria-hidden="true" />
        <p className="field-hint">{t.feedbackHint}</p>
      </div>
    </Dialog>
  );
}

interface TaskCountdownProps {
  readonly taskId: string;
  readonly close: (outcome: Task | 'late' | undefined) => void;
}

function TaskCountdown({ taskId, close }: TaskCountdownProps) {
  const task = useApi(getTask, { params: { id: taskId } }, { refetchMs: askMs }).data;
  const over = isOver(task) ? task : undefined;
  return (
    <FeedbackCountdown
      arrived={over !== undefined}
      onArrived={() => close(over)}
      onTimeout={() => close('late')}
      onClose={() => close(undefined)}
    />
  );
}

/**
 * Waits for a task in the dialog 「获取反馈」. Gives the task (done or failed) when the feedback is there.
 * undefined: after 20 seconds (then the message was shown) or when the dialog was left; the work goes on.
 */
export async function waitForFeedback(call: {
  readonly taskId: string;
}): Promise<Task | undefined> {
  const outcome = await openDialog<Task | 'late'>((close) => (
    <TaskCountdown taskId={call.taskId} close={close} />
  ));
  if (outcome === 'late') await messageDialog({ message: t.feedbackLate });
  return outcome === 'late' ? undefined : outcome;
}

import { type AnswerOf, listTasks } from '@shebao/contract';
import { useEffect, useRef, useState } from 'react';
import { shell as t, taskName } from '../messages/shell.ts';
import { Button } from '../shared/Button.tsx';
import { formatInstant } from '../shared/format.ts';
import { Tag, type Tone } from '../shared/parts.tsx';
import { useApi } from '../shared/query.ts';

type Task = AnswerOf<typeof listTasks>['tasks'][number];
const runningMs = 1500;
const tones: Record<Task['state'], Tone> = {
  queued: 'wait',
  running: 'wait',
  done: 'good',
  failed: 'bad',
};
const isLive = (task: Task) => task.state === 'queued' || task.state === 'running';

/** What runs in the background, and how it ended; goes on when the page is closed. */
export function TaskTray() {
  const [open, setOpen] = useState(false);
  const [live, setLive] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const query = useApi(listTasks, {}, { refetchMs: live || open ? runningMs : false });
  const tasks = query.data?.tasks ?? [];
  const running = tasks.filter(isLive).length;
  useEffect(() => setLive(running > 0), [running]);
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  return (
    <div
      className="tray"
      ref={root}
      role="presentation"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        setOpen(false);
        root.current?.querySelector('button')?.focus();
      }}
    >
      <Button icon="tray" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t.tasks}
        {running > 0 ? (
          <span className="badge" aria-hidden="true">
            {running}
          </span>
        ) : null}
      </Button>
      {open ? (
        <section className="tray-panel" aria-label={t.tasksTitle}>
          {tasks.length === 0 ? <p className="muted">{t.noTasks}</p> : null}
          <ul>
            {tasks.slice(0, 12).map((task) => (
              <TaskLine key={task.id} task={task} />
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}

function TaskLine({ task }: { readonly task: Task }) {
  return (
    <li>
      <div className="tray-line">
        <span>{taskName(task.kind)}</span>
        <Tag tone={tones[task.state]}>{t.taskStates[task.state]}</Tag>
      </div>
      {isLive(task) ? (
        <>
          <progress max={100} value={task.percent} aria-label={taskName(task.kind)} />
          <p className="muted" role="status">
            {task.text}
          </p>
        </>
      ) : null}
      {task.failure ? <p className="field-error">{task.failure}</p> : null}
      <p className="muted">{formatInstant(task.createdAt)}</p>
    </li>
  );
}

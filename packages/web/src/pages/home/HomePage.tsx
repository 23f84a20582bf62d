import { type AnswerOf, listTasks, monthOverview } from '@shebao/contract';
import { Link } from '@tanstack/react-router';
import { home as t } from '../../messages/home.ts';
import { shell, taskName } from '../../messages/shell.ts';
import {
  Alert,
  formatAmount,
  formatInstant,
  Page,
  Tag,
  type Tone,
  useApi,
  useSession,
  useUnit,
} from '../../shared/index.ts';
import { HistoryChart } from './HistoryChart.tsx';
import './home.css';

type Overview = AnswerOf<typeof monthOverview>;
type Step = Overview['steps'][number];

/** Where the next step leads: to the work while there is some, else to what was done. */
const paths: Record<Step['step'], { readonly todo: string; readonly look: string }> = {
  update: { todo: '/roster', look: '/roster' },
  wage: { todo: '/wages/daily', look: '/wages/records' },
  declare: { todo: '/dues/daily', look: '/declarations' },
  pay: { todo: '/bills', look: '/payments' },
  certificate: { todo: '/certificates/unit', look: '/certificates/unit' },
};
const tones: Record<Step['state'], Tone> = {
  done: 'good',
  todo: 'warn',
  running: 'wait',
  blocked: 'bad',
  none: 'calm',
};

/** This month as a task list: what is done, what comes next, until when. */
export default function HomePage() {
  const { unit } = useUnit();
  const session = useSession();
  const allowed = unit.functions.includes('query');
  const overview = useApi(
    monthOverview,
    { params: { unitNo: unit.unitNo } },
    { enabled: allowed, keepPrevious: true },
  );
  return (
    <Page
      title={t.title}
      busy={allowed && overview.isPending}
      error={overview.error}
      retry={() => void overview.refetch()}
    >
      {allowed ? null : <Alert kind="info" text={t.noQuery} />}
      <div className="home">
        <section className="card home-month" aria-labelledby="home-month">
          <div className="home-head">
            <h2 id="home-month">{t.heading(overview.data?.period ?? session.period)}</h2>
            {overview.data ? (
              <span className="muted">{t.deadline(overview.data.deadline)}</span>
            ) : null}
          </div>
          <p className="muted">
            {unit.unitNo} {unit.name}
          </p>
          <ol className="steps">
            {(overview.data?.steps ?? []).map((step) => (
              <StepLine key={step.step} step={step} />
            ))}
          </ol>
        </section>
        <Messages />
        <section className="card home-history" aria-labelledby="home-history">
          <h2 id="home-history">{t.history}</h2>
          {overview.data ? <HistoryChart history={overview.data.history} /> : null}
        </section>
      </div>
    </Page>
  );
}

function StepLine({ step }: { readonly step: Step }) {
  const facts = [
    step.people === null ? '' : t.people(step.people),
    step.amount === null ? '' : t.amount(formatAmount(step.amount)),
  ];
  return (
    <li className={`step step-${step.state}`}>
      <div className="step-name">
        <strong>{t.steps[step.step]}</strong>
        <span className="muted">{step.status}</span>
      </div>
      <span className="step-facts">{facts.filter(Boolean).join('，')}</span>
      <Tag tone={tones[step.state]}>{t.states[step.state]}</Tag>
      <Link to={paths[step.step][step.state === 'todo' ? 'todo' : 'look']} className="step-next">
        {step.next}
      </Link>
    </li>
  );
}

function Messages() {
  const tasks = useApi(listTasks).data?.tasks ?? [];
  return (
    <section className="card home-messages" aria-labelledby="home-messages">
      <h2 id="home-messages">{t.messages}</h2>
      {tasks.length === 0 ? <p className="muted">{t.noMessages}</p> : null}
      <ul>
        {tasks.slice(0, 8).map((task) => (
          <li key={task.id}>
            <div>
              {taskName(task.kind)}
              <span className="muted"> {task.failure ?? shell.taskStates[task.state]}</span>
            </div>
            <div className="muted">{formatInstant(task.createdAt)}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}

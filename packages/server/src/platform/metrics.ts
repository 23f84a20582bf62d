import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly commands: Counter<'command' | 'outcome'>;
  readonly commandSeconds: Histogram<'command'>;
  readonly commandRetries: Counter<'reason'>;
  readonly tasks: Counter<'kind' | 'outcome'>;
  readonly tasksRunning: Gauge;
  readonly requests: Counter<'method' | 'route' | 'status'>;
  readonly requestSeconds: Histogram<'route'>;
}

/** The measurements of one service, in a registry of its own. */
export function createMetrics(options: { readonly process: boolean }): Metrics {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry, prefix: 'shebao_' });
  const registers = [registry];
  const seconds = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];
  return {
    registry,
    commands: new Counter({
      name: 'shebao_commands_total',
      help: 'Commands by outcome',
      labelNames: ['command', 'outcome'],
      registers,
    }),
    commandSeconds: new Histogram({
      name: 'shebao_command_seconds',
      help: 'Duration of a command including its commit',
      labelNames: ['command'],
      buckets: seconds,
      registers,
    }),
    commandRetries: new Counter({
      name: 'shebao_command_retries_total',
      help: 'Transactions run again',
      labelNames: ['reason'],
      registers,
    }),
    tasks: new Counter({
      name: 'shebao_tasks_total',
      help: 'Task runs by outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    tasksRunning: new Gauge({
      name: 'shebao_tasks_running',
      help: 'Tasks running in this process',
      registers,
    }),
    requests: new Counter({
      name: 'shebao_http_requests_total',
      help: 'HTTP requests',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'shebao_http_request_seconds',
      help: 'Duration of HTTP requests',
      labelNames: ['route'],
      buckets: seconds,
      registers,
    }),
  };
}

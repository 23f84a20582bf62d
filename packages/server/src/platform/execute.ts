import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '@shebao/contract';
import { assert, err, ok, type Result } from '@shebao/kernel';
import type pg from 'pg';
import type { Logger } from 'pino';
import { actorName, appendAuditSql, auditPayload } from './audit-chain.ts';
import { commit, type Evidence, type Fence, holdFence, OutcomeUnknown } from './commit.ts';
import type { EventBus } from './events.ts';
import type { Metrics } from './metrics.ts';
import { isConnectionLost, isConsequence, isRetryable } from './pg-errors.ts';
import { beginTx, type OpenTx } from './tx.ts';
import type { AuditEntry, Clock, Command, ExecuteOptions, Refusal } from './types.ts';

export interface InternalOptions extends ExecuteOptions {
  readonly fence?: Fence;
}

export interface ExecutionPorts {
  readonly pools: { readonly write: pg.Pool; readonly pipelined: pg.Pool };
  readonly clock: Clock;
  readonly bus: EventBus;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Test aid: every command runs once more, rolled back, before the run that counts. */
  readonly rehearse?: boolean;
}

export type InternalExecute = <Input, Output>(
  command: Command<Input, Output>,
  input: Input,
  options: InternalOptions,
) => Promise<Result<Output, Refusal>>;

const maxRuns = 12;

/** The only write path: begin, load, decide, persist with audit and idempotency key, commit. */
export function createExecute(ports: ExecutionPorts): InternalExecute {
  return async (command, input, options) => {
    const started = ports.clock.monotonicMs();
    const execution: Execution<typeof input, unknown> = {
      id: randomUUID(),
      command,
      input,
      options,
      principal: actorName(options.actor),
      requestHash: createHash('sha256')
        .update(canonicalJson({ command: command.name, input }))
        .digest(),
    };
    const outcome = await runUntilSettled(ports, execution);
    const label = outcome.ok ? 'done' : 'refused';
    ports.metrics.commands.inc({ command: command.name, outcome: label });
    const seconds = (ports.clock.monotonicMs() - started) / 1000;
    ports.metrics.commandSeconds.observe({ command: command.name }, seconds);
    return outcome as Result<never, Refusal>;
  };
}

interface Execution<Input, Output> {
  readonly id: string;
  readonly command: Command<Input, Output>;
  readonly input: Input;
  readonly options: InternalOptions;
  readonly principal: string;
  readonly requestHash: Buffer;
}

/** One run: an answer, or `again` when the database asks for another. */
type Run<Output> =
  | { readonly again: false; readonly outcome: Result<Output, Refusal> }
  | { readonly again: true; readonly reason: string };

async function runUntilSettled<Input, Output>(
  ports: ExecutionPorts,
  execution: Execution<Input, Output>,
): Promise<Result<Output, Refusal>> {
  for (let run = 0; run < maxRuns; run += 1) {
    const settled = await runOnce(ports, execution);
    if (!settled.again) return settled.outcome;
    ports.metrics.commandRetries.inc({ reason: settled.reason });
    await sleep(Math.min(1_000, 5 * 2 ** run));
  }
  throw new OutcomeUnknown(`${execution.command.name}: still not settled after ${maxRuns} runs`);
}

async function runOnce<Input, Output>(
  ports: ExecutionPorts,
  execution: Execution<Input, Output>,
): Promise<Run<Output>> {
  let client: pg.PoolClient;
  try {
    const { write, pipelined } = ports.pools;
    client = await (execution.command.frequent === 'pipelined' ? pipelined : write).connect();
  } catch (error) {
    return againOrThrow(error);
  }
  let broken = false;
  let tx: OpenTx | undefined;
  try {
    tx = await beginTx(client, execution.id, execution.command.frequent !== undefined);
    const { options } = execution;
    if (options.idempotencyKey !== undefined && !options.dryRun) {
      const known = await lookUp<Output>(client, execution, options.idempotencyKey);
      if (known) {
        tx.end();
        await client.query('rollback');
        return { again: false, outcome: known };
      }
    }
    const run = ports.rehearse && !options.dryRun ? runTwice : runCommand;
    const outcome = await run(ports, execution, tx);
    if (!outcome.ok || options.dryRun) {
      if (outcome.ok) await allWritten(tx);
      tx.end();
      await client.query('rollback');
      return { again: false, outcome };
    }
    return await persist(ports, execution, tx, outcome.value);
  } catch (caught) {
    const error = isConsequence(caught) ? (tx?.failure() ?? caught) : caught;
    broken = isConnectionLost(error);
    tx?.end();
    if (!broken) await client.query('rollback').catch(() => (broken = true));
    return againOrThrow(error);
  } finally {
    client.release(broken);
  }
}

/** Sends what waits, and waits for all that was sent. */
async function allWritten(tx: OpenTx): Promise<void> {
  await everyOne([tx.writes.flush(), ...tx.deferred]);
}

/** Waits for all of them; of several failures the one that caused the others is thrown. */
async function everyOne(work: readonly Promise<unknown>[]): Promise<void> {
  const ended = await Promise.allSettled(work);
  const reasons = ended.flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  );
  if (reasons.length > 0) throw reasons.find((reason) => !isConsequence(reason)) ?? reasons[0];
}

function againOrThrow<Output>(error: unknown): Run<Output> {
  if (isRetryable(error)) return { again: true, reason: 'conflict' };
  if (isConnectionLost(error)) return { again: true, reason: 'connection' };
  throw error;
}

async function runCommand<Input, Output>(
  ports: ExecutionPorts,
  execution: Execution<Input, Output>,
  tx: OpenTx,
): Promise<Result<Output, Refusal>> {
  const { command, input, options } = execution;
  const context = {
    at: ports.clock.now(),
    wallAt: new Date(ports.clock.wallMs()).toISOString(),
    actor: options.actor,
    dryRun: options.dryRun ?? false,
  };
  tx.at = context.at;
  return command.run(tx, input, context);
}

/** The stored answer of the same request; a refusal when it is still running or was another request. */
async function lookUp<Output>(
  client: pg.PoolClient,
  execution: Execution<unknown, Output> | Execution<never, Output>,
  key: string,
): Promise<Result<Output, Refusal> | undefined> {
  const { rows } = await client.query<{
    free: boolean;
    request_hash: Buffer | null;
    answer: Output;
  }>({
    name: 'idempotency-look-up',
    text: `select pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0)) as free,
             i.request_hash, i.answer
           from (select 1) one left join idempotency i on i.principal = $1 and i.key = $2`,
    values: [execution.principal, key],
  });
  const row = rows[0];
  if (row?.request_hash) {
    return row.request_hash.equals(execution.requestHash)
      ? ok(row.answer)
      : err({ code: 'IDEMPOTENCY_MISMATCH' });
  }
  return row?.free ? undefined : err({ code: 'IDEMPOTENCY_IN_PROGRESS' });
}

async function persist<Input, Output>(
  ports: ExecutionPorts,
  execution: Execution<Input, Output>,
  tx: OpenTx,
  output: Output,
): Promise<Run<Output>> {
  const { command, input, options } = execution;
  if (command.housekeeping) {
    await allWritten(tx);
    tx.end();
    await tx.client.query('commit');
    return { again: false, outcome: ok(output) };
  }
  const own: AuditEntry = {
    chain: command.chain(input),
    action: command.name,
    ...command.describe(input, output),
  };
  // Sorted, so that two transactions with the same chains take the heads in the same order.
  const entries = [...tx.entries, own].sort((a, b) => (a.chain < b.chain ? -1 : 1));
  const last = entries.pop() as AuditEntry;
  const { fence } = options;
  let written: Written | undefined;
  const steps: (() => Promise<unknown>)[] = [
    () => allWritten(tx),
    ...entries.map((entry) => () => append(tx, entry, execution, undefined)),
    ...(fence ? [() => holdFence(tx.client, fence, tx.at)] : []),
    async () => {
      written = await append(tx, last, execution, { output });
    },
  ];
  // None needs the answer of another: in a pipeline all leave at once, and the first that fails fails those behind it.
  if (tx.client.pipeline) await everyOne(steps.map((step) => step()));
  else for (const step of steps) await step();
  tx.end();
  assert(written !== undefined, 'the last entry was written');
  if (!written.stored) {
    await tx.client.query('rollback');
    return { again: true, reason: 'idempotency' };
  }
  const { clock, log, pools } = ports;
  const committed = await commit({ pool: pools.write, clock, log }, tx.client, written);
  if (!committed) return { again: true, reason: 'commit' };
  if (tx.events.length > 0) ports.bus.publish(tx.events);
  if (tx.enqueued > 0) ports.bus.wake();
  return { again: false, outcome: ok(output) };
}

/** An entry as it was written; not stored: its command's idempotency key is somebody else's. */
interface Written extends Evidence {
  readonly stored: boolean;
}

const evidence = 'pg_current_xact_id()::text as xid, head.seq, head.hash from head';

/** Writes an audit entry; the last one of a command carries its idempotency row. */
async function append<Input, Output>(
  tx: OpenTx,
  entry: AuditEntry,
  execution: Execution<Input, Output>,
  last: { readonly output: Output } | undefined,
): Promise<Written> {
  const { actor, idempotencyKey } = execution.options;
  const at = tx.at;
  const values: unknown[] = [
    entry.chain,
    auditPayload(entry, actor, at),
    at.iso,
    actorName(actor),
    entry.action,
    entry.subject,
  ];
  let name = 'audit';
  let text = `${appendAuditSql} select 1 as stored, ${evidence}`;
  if (last && idempotencyKey !== undefined) {
    name = 'audit-idempotency';
    text = `${appendAuditSql}, stored as (
      insert into idempotency (principal, key, command, request_hash, answer, at)
      values ($4, $7, $8, $9, $10, $3::timestamptz)
      on conflict do nothing returning 1)
    select (select count(*) from stored) as stored, ${evidence}`;
    const { command, requestHash } = execution;
    const answer = JSON.stringify(last.output ?? null);
    values.push(idempotencyKey, command.name, requestHash, answer);
  }
  const { rows } = await tx.client.query({ name, text, values });
  const row = rows[0] as Omit<Evidence, 'chain'> & { readonly stored: number };
  const { xid, seq, hash } = row;
  return { stored: row.stored === 1, xid, chain: entry.chain, seq, hash };
}

/**
 * Runs the command once and rolls it back, then runs it for good: both must give an equal result.
 * A concurrent command may come between the two, so a difference counts only when it keeps coming.
 */
async function runTwice<Input, Output>(
  ports: ExecutionPorts,
  execution: Execution<Input, Output>,
  tx: OpenTx,
): Promise<Result<Output, Refusal>> {
  for (let round = 0; ; round += 1) {
    await tx.client.query('savepoint rehearsal');
    const first = await runCommand(ports, execution, tx);
    if (first.ok) await allWritten(tx);
    await backToSavepoint(tx);
    const second = await runCommand(ports, execution, tx);
    if (canonicalJson(first) === canonicalJson(second)) return second;
    if (round === 2) {
      throw new Error(
        `${execution.command.name} is no pure function of its input: ` +
          `rolled back ${canonicalJson(first)}, then ${canonicalJson(second)}`,
      );
    }
    await backToSavepoint(tx);
  }
}

async function backToSavepoint(tx: OpenTx): Promise<void> {
  await Promise.allSettled(tx.deferred);
  await tx.client.query('rollback to savepoint rehearsal');
  tx.forget();
}

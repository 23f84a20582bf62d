import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import { copyRows, insertRows } from './copy.ts';
import { kyselyOn, runOn } from './database.ts';
import { TransactionOver } from './pg-errors.ts';
import type { AuditEntry, DomainEvent, Moment, NewTask, Tx } from './types.ts';
import { type Run, Writes } from './writes.ts';

/** A transaction under way, with what must happen when and after it commits. */
export interface OpenTx extends Tx {
  readonly client: pg.PoolClient;
  readonly entries: AuditEntry[];
  readonly events: DomainEvent[];
  enqueued: number;
  at: Moment;
  /** Writes whose answers nobody has waited for. */
  readonly deferred: Promise<unknown>[];
  /** Why the transaction failed: what the database said to the first statement that it refused. */
  readonly failure: () => unknown;
  /** From now on no statement leaves: what would come behind a commit or rollback would stand outside of it. */
  readonly end: () => void;
  /** Drops what a run that was rolled back had noted. */
  forget(): void;
}

/** Begins a transaction. `seed` makes the ids it gives out the same when it is run again. */
export async function beginTx(
  client: pg.PoolClient,
  seed: string,
  prepare = false,
): Promise<OpenTx> {
  // By name, so that it leaves together with the first statement.
  const begun = client.query({ name: 'begin', text: 'begin' });
  // The statements behind it in the pipeline fail with it.
  if (client.pipeline) begun.catch(() => undefined);
  else await begun;
  const { run, failure, end } = runUntilOver(client, prepare);
  const writes = new Writes(run);
  let q: Kysely<unknown> | undefined;
  const tx: OpenTx = {
    client,
    entries: [],
    events: [],
    enqueued: 0,
    at: { iso: '', date: '', epochMs: 0 },
    writes,
    deferred: [],
    failure,
    end,
    get q() {
      // Any statement may read what still waits to be written.
      q ??= kyselyOn(async (text, values) => {
        await writes.flush();
        return run(text, values);
      });
      return q;
    },
    forget() {
      writes.forget();
      tx.deferred.length = 0;
      tx.entries.length = 0;
      tx.events.length = 0;
      tx.enqueued = 0;
    },
    async copy(table, columns, rows) {
      await writes.flush();
      return client.pipeline
        ? insertRows(run, table, columns, rows)
        : copyRows(client, table, columns, rows);
    },
    async enqueue(task) {
      tx.enqueued += 1;
      return insertTask(writes, task, tx.at, `${seed} ${tx.enqueued}`);
    },
    publish: (event) => {
      tx.events.push(event);
    },
    defer(write) {
      write.catch(() => undefined);
      tx.deferred.push(write);
    },
    async lock(key) {
      await run('select pg_advisory_xact_lock(hashtextextended($1, 1))', [key]);
    },
    async audit(entry) {
      tx.entries.push(entry);
    },
  };
  return tx;
}

/** Runs statements until one of them fails or the transaction ends. */
function runUntilOver(
  client: pg.PoolClient,
  prepare: boolean,
): { readonly run: Run; readonly failure: () => unknown; readonly end: () => void } {
  let over = false;
  let failure: unknown;
  const send = runOn(client, prepare);
  const run: Run = async (text, values) => {
    if (over) throw new TransactionOver('the transaction is over');
    try {
      return await send(text, values);
    } catch (error) {
      failure ??= error;
      over = true;
      throw error;
    }
  };
  return {
    run: client.pipeline ? run : inTurn(run),
    failure: () => failure,
    end() {
      over = true;
    },
  };
}

/** One statement after the other, as connections that are not pipelined need it. */
function inTurn(run: Run): Run {
  let before: Promise<unknown> = Promise.resolve();
  return (text, values) => {
    const sent = before.then(() => run(text, values));
    before = sent.catch(() => undefined);
    return sent;
  };
}

function insertTask(writes: Writes, task: NewTask, at: Moment, seed: string): string {
  const key = task.dedupeKey;
  const id = uuidFrom(key === undefined ? seed : `${task.kind} ${key}`);
  const payload = JSON.stringify(task.payload ?? null);
  writes.express(
    'task',
    id,
    (
      place,
    ) => `insert into task (id, kind, owner, payload, dedupe_key, run_after, queued_at, created_at)
      values (${place(id)}, ${place(task.kind)}, ${place(task.owner)}, ${place(payload)},
        ${place(key ?? null)}, clock_timestamp() + ${place(task.runAfterMs ?? 0)} * interval '1 millisecond',
        clock_timestamp(), ${place(at.iso)}::timestamptz)
      on conflict do nothing`,
  );
  return id;
}

/** A UUID (version 8: own making) that follows from the text. */
export function uuidFrom(text: string): string {
  const bytes = createHash('sha256').update(text, 'utf8').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

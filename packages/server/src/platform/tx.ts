import { createHash } from 'node:crypto';
import { assert } from '@shebao/kernel';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import { copyRows } from './copy.ts';
import { kyselyOn, runOn } from './database.ts';
import type { AuditEntry, DomainEvent, Moment, NewTask, Tx } from './types.ts';
import { Writes } from './writes.ts';

/** A transaction under way, with what must happen when and after it commits. */
export interface OpenTx extends Tx {
  readonly client: pg.PoolClient;
  readonly entries: AuditEntry[];
  readonly events: DomainEvent[];
  enqueued: number;
  at: Moment;
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
  const run = runOn(client, prepare);
  const writes = new Writes(run);
  let q: Kysely<unknown> | undefined;
  const tx: OpenTx = {
    client,
    entries: [],
    events: [],
    enqueued: 0,
    at: { iso: '', date: '', epochMs: 0 },
    writes,
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
      tx.entries.length = 0;
      tx.events.length = 0;
      tx.enqueued = 0;
    },
    async copy(table, columns, rows) {
      assert(!client.pipeline, 'a pipelined command does not copy');
      await writes.flush();
      return copyRows(client, table, columns, rows);
    },
    async enqueue(task) {
      tx.enqueued += 1;
      return insertTask(writes, task, tx.at, `${seed} ${tx.enqueued}`);
    },
    publish: (event) => {
      tx.events.push(event);
    },
    async lock(key) {
      await client.query({
        name: 'lock',
        text: 'select pg_advisory_xact_lock(hashtextextended($1, 1))',
        values: [key],
      });
    },
    async audit(entry) {
      tx.entries.push(entry);
    },
  };
  return tx;
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

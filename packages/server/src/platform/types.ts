import type { ErrorCode } from '@shebao/contract';
import type { Result } from '@shebao/kernel';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { EventBus } from './events.ts';
import type { Metrics } from './metrics.ts';
import type { Writes } from './writes.ts';

/** Who acts. The audit log names it; rights are checked at the route before a command runs. */
export type Actor =
  | { readonly kind: 'user'; readonly userId: string; readonly realm: 'employer' | 'office' }
  | { readonly kind: 'token'; readonly tokenId: string; readonly userId: string }
  | { readonly kind: 'system'; readonly name: string };

/** An expected refusal: a code of the error registry, data for its text, and the paths of bad input. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly data?: Readonly<Record<string, string | number>>;
  readonly errors?: readonly FieldError[];
}

/** One bad input: where (JSON path, or row and column of a workbook), which rule, and what to do, in Chinese. */
export interface FieldError {
  readonly path: string;
  readonly code: string;
  readonly detail: string;
}

/** Business time, Asia/Shanghai. `date` is YYYY-MM-DD; `iso` an instant; both come from the clock port. */
export interface Moment {
  readonly iso: string;
  readonly date: string;
  readonly epochMs: number;
}

export interface Clock {
  /** Business time: runs on from SHEBAO_NOW in a demo world, never goes back. */
  now(): Moment;
  /** Milliseconds that never jump: for leases, timers, lock-outs. */
  monotonicMs(): number;
  /** The machine's own time, for the age of sessions: a demo world's business time says nothing about it. */
  wallMs(): number;
}

/** What a task handler or command may write and enqueue inside its transaction. Only platform/ opens one. */
export interface Tx {
  /** Typed SQL; use `tx.q.withTables<MyTables>()` or kysely's `sql` tag. */
  readonly q: Kysely<unknown>;
  /** Writes that may wait for others of this transaction. */
  readonly writes: Writes;
  /** Bulk insert by COPY; returns the rows written. Values: null, string, number, bigint, boolean, Uint8Array. */
  copy(
    table: string,
    columns: readonly string[],
    rows: Iterable<readonly CopyValue[]>,
  ): Promise<number>;
  /**
   * Queues background work in this very transaction; it runs after commit, at least once, fenced.
   * Answers the task's id, which is the same when the transaction is run again.
   */
  enqueue(task: NewTask): Promise<string>;
  /** Tells browsers after commit (server-sent events). Never carries personal data. */
  publish(event: DomainEvent): void;
  /** Goes on before the answer to a write that nothing in the command needs; the command ends with it or fails with it. */
  defer(write: Promise<unknown>): void;
  /** Makes everybody else who locks the same key wait until this transaction ends. */
  lock(key: string): Promise<void>;
  /** Adds a further audit row; execute() itself writes one per command. */
  audit(entry: AuditEntry): Promise<void>;
}

export type CopyValue = null | string | number | bigint | boolean | Uint8Array;

export interface AuditEntry {
  /** The chain: `unit:<unitNo>` for an employer's unit, `taxpayer:<id>`, or `agency:<code>` for officers. */
  readonly chain: string;
  readonly action: string;
  readonly subject: string;
  /** Never identity numbers, names or accounts. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface NewTask {
  readonly kind: string;
  /** Shown to the owner at GET /tasks/{id}; a taxpayer's id or `office`. */
  readonly owner: string;
  readonly payload: unknown;
  /** Same key: enqueued once. */
  readonly dedupeKey?: string;
  readonly runAfterMs?: number;
}

export interface DomainEvent {
  /** `taxpayer:<id>` or `office`. */
  readonly audience: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a command is told besides its input. A run must be a pure function of input, context and database. */
export interface CommandContext {
  readonly at: Moment;
  /** The machine's own time (ISO 8601), for the age of sessions and the like; `at` is business time. */
  readonly wallAt: string;
  readonly actor: Actor;
  readonly dryRun: boolean;
}

/**
 * One change of state. `run` loads, decides (with a pure function of the capability's decision file), asserts and persists.
 * It draws no randomness and makes no network call: ids come with the input. It may run twice; only the last run counts.
 */
export interface Command<Input, Output> {
  readonly name: string;
  /** Upkeep without any meaning to people (last-seen times): writes no audit row. */
  readonly housekeeping?: true;
  /**
   * Run so often, on so little data each time, that its statements are kept prepared; pipelined: they also leave without
   * waiting for each other's answers, and `copy` is a plain insert, which is slow for many rows.
   */
  readonly frequent?: 'prepared' | 'pipelined';
  /** The audit chain of this change. */
  chain(input: Input): string;
  /** What the audit row says; no personal data. */
  describe(input: Input, output: Output | undefined): Omit<AuditEntry, 'chain' | 'action'>;
  run(tx: Tx, input: Input, context: CommandContext): Promise<Result<Output, Refusal>>;
}

export interface ExecuteOptions {
  readonly actor: Actor;
  /** Client-made; same key and same input give the stored answer, other input is refused (IDEMPOTENCY_MISMATCH). */
  readonly idempotencyKey?: string;
  readonly dryRun?: boolean;
}

export type Execute = <Input, Output>(
  command: Command<Input, Output>,
  input: Input,
  options: ExecuteOptions,
) => Promise<Result<Output, Refusal>>;

/** A task as its handler sees it. Throwing retries with back-off; returning a refusal ends it as failed. */
export interface TaskHandler<Payload = unknown> {
  readonly kind: string;
  run(task: RunningTask<Payload>, services: Services): Promise<Refusal | undefined | void>;
}

export interface RunningTask<Payload> {
  readonly id: string;
  readonly payload: Payload;
  readonly attempt: number;
  /** Progress 0 to 100 with a Chinese line for the tray; also renews the lease. */
  progress(percent: number, text: string): Promise<void>;
  /** Like execute(), but commits only while this run still holds the lease (fencing), and marks the task done in the same transaction when `finish` is given. */
  execute<I, O>(
    command: Command<I, O>,
    input: I,
    finish?: { result: unknown },
  ): Promise<Result<O, Refusal>>;
}

/** Runs one reading statement. */
export type LookUp = (
  text: string,
  values: readonly unknown[],
) => Promise<{ readonly rows: readonly unknown[] }>;

/** Reading: outside commands, on a pool connection, read-only. */
export interface Database {
  readonly q: Kysely<unknown>;
  /** A small read that is run often: prepared, and sent without waiting for the answers of others. */
  readonly lookUp: LookUp;
  /** Streams rows of a large query with a cursor, in one read-only snapshot. */
  stream<Row>(text: string, values: readonly unknown[], batch?: number): AsyncIterable<Row>;
}

/** Encryption of identity, phone and account numbers at rest (AES-256-GCM, key id in the value, AAD = table, column, id). */
export interface FieldCrypto {
  encrypt(plain: string, aad: string): Uint8Array;
  decrypt(cipher: Uint8Array, aad: string): string;
  /** Keyed hash for search; stable over key rotation of encryption keys. */
  searchHash(plain: string): Uint8Array;
}

/** Everything a capability may use; wired once in main.ts. */
export interface Services {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly db: Database;
  readonly execute: Execute;
  readonly crypto: FieldCrypto;
  readonly metrics: Metrics;
  readonly events: EventBus;
}

import { Stale, UniqueBroken } from '../platform/index.ts';

export { Stale, UniqueBroken };

/**
 * Records and where they are kept. The decisions of treasury and payment know only this port; PostgreSQL stands behind
 * it in the service, plain memory in the deterministic simulation, and both pass the same contract tests.
 */

/** A value that a record holds. Dates are YYYY-MM-DD, instants ISO 8601. */
export type Kind = 'text' | 'number' | 'boolean' | 'bytes' | 'json' | 'instant' | 'date';

/** A unique rule: these columns, among the records for which `when` holds. */
export interface Unique<Row> {
  readonly columns: readonly (keyof Row & string)[];
  readonly when?: (row: Row) => boolean;
}

/** How one kind of record is kept. */
export interface Table<Row> {
  readonly name: string;
  readonly key: readonly (keyof Row & string)[];
  readonly columns: Readonly<Record<keyof Row & string, Kind>>;
  readonly unique?: readonly Unique<Row>[];
}

/** Equality on columns; an array means one of its values. */
export type Where<Row> = { readonly [K in keyof Row]?: Row[K] | readonly Row[K][] };

export interface Find<Row> {
  /** Ascending; `-column` descending. */
  readonly order?: readonly ((keyof Row & string) | `-${keyof Row & string}`)[];
  readonly limit?: number;
  /** Waits for others at work on these records and keeps them until the transaction ends. */
  readonly lock?: boolean;
}

/** The records of one kind within one transaction. */
export interface Records<Row> {
  find(where: Where<Row>, options?: Find<Row>): Promise<readonly Row[]>;
  /** The first of them. */
  get(where: Where<Row>, options?: Find<Row>): Promise<Row | undefined>;
  /** Throws UniqueBroken when a unique rule would break; a store may find that out when the transaction ends. */
  insert(...rows: readonly Row[]): Promise<void>;
  /** Inserts a record unless one with its key is there, which stays as it is. */
  insertNew(row: Row): Promise<void>;
  /** Compare and set: throws Stale, at the latest at the end, when somebody else changed the record since it was read. */
  update(
    before: Row & { readonly version: number },
    changes: Partial<Omit<Row, 'version'>>,
  ): Promise<Row>;
}

/** Background work that this transaction asks for. */
export interface Later {
  readonly kind: string;
  readonly owner: string;
  readonly payload: Readonly<Record<string, string | number>>;
  readonly dedupeKey?: string;
  readonly afterMs?: number;
}

/** Owner of work that waits for its time: it belongs into nobody's tray. */
export const unattended = 'system';

/** What a decision may read and write: one transaction. */
export interface Store {
  /** Business time. */
  readonly at: { readonly iso: string; readonly date: string; readonly epochMs: number };
  of<Row>(table: Table<Row>): Records<Row>;
  later(task: Later): Promise<string>;
  tell(audience: string, type: string, data: Readonly<Record<string, unknown>>): void;
  /** A number that identifies a new record; never given twice. */
  nextId(table: string): Promise<number>;
  /** Encrypts a number of an account (or a key) for its record. */
  seal(plain: string, aad: string): Uint8Array;
  open(cipher: Uint8Array, aad: string): string;
  searchHash(plain: string): Uint8Array;
}

/** Reads what is committed, outside a transaction. */
export interface Reader {
  of<Row>(table: Table<Row>): Pick<Records<Row>, 'find' | 'get'>;
}

/** What a transaction is called in the audit log. */
export interface Step {
  readonly name: string;
  /** `unit:<unitNo>`, `taxpayer:<id>` or `agency:<code>`; asked for after the work where that finds out whose it is. */
  readonly chain: string | (() => string);
  readonly subject: string;
  /** Upkeep without meaning to people: no audit row. */
  readonly quiet?: true;
}

/** Runs `work` in one transaction; `name` and `chain` say in the audit log what was done. */
export type Transact = <T>(step: Step, work: (store: Store) => Promise<T>) => Promise<T>;

/** The columns of a table with their kinds, checked against the record. */
export function table<Row>(definition: Table<Row>): Table<Row> {
  return definition;
}

/** Runs a step that makes a record where none is; when another process made it meanwhile, it runs once more and finds it. */
export async function transactFirst<T>(
  transact: Transact,
  step: Step,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  try {
    return await transact(step, work);
  } catch (error) {
    if (error instanceof UniqueBroken) return transact(step, work);
    throw error;
  }
}

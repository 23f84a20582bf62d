import type {
  Account,
  Agreement,
  AgreementCheck,
  Bank,
  CounterCase,
  Debit,
  Fault,
  HubState,
  ListPart,
  Pack,
  Push,
  Refund,
  Reversal,
  Seen,
  Stop,
  TaxOrg,
  Traffic,
  Treasury,
  Used,
} from './model.ts';

/** Tables of the store by name; a record is found by a key that is text. */
export interface Tables {
  state: HubState;
  /** Public keys by node. */
  trusted: { readonly keys: readonly string[] };
  taxOrg: TaxOrg;
  treasury: Treasury;
  bank: Bank;
  account: Account;
  agreement: Agreement;
  debit: Debit;
  /** Debits that may never take place, by debit key. */
  tombstone: { readonly by: string };
  reversal: Reversal;
  pack: Pack;
  check: AgreementCheck;
  stop: Stop;
  refund: Refund;
  counter: CounterCase;
  list: ListPart;
  push: Push;
  /** Answers kept back until a debit is reversed, by debit key. */
  held: { readonly bytes: string; readonly msgNo: string };
  seen: Seen;
  used: Used;
  traffic: Traffic;
  fault: Fault;
}

/** One record that changed: table, key, the new record or null when it is gone. */
export type Change = readonly [keyof Tables, string, unknown];

/** What a step did, and all it changed: to be made durable together before anybody learns of it. */
export interface Step<T> {
  readonly value: T;
  readonly changes: readonly Change[];
}

/** Tables in memory. Changes of a step are collected and either taken (`commit`) or undone (`rollback`). */
export class Store {
  readonly #tables = new Map<keyof Tables, Map<string, unknown>>();
  /** The keys of debits whose bank is silent: looked for at every step, among all debits of a day. */
  readonly #silent = new Set<string>();
  #changes: Change[] = [];
  #before: Change[] = [];

  get<K extends keyof Tables>(table: K, key: string): Tables[K] | undefined {
    return this.#table(table).get(key) as Tables[K] | undefined;
  }

  put<K extends keyof Tables>(table: K, key: string, record: Tables[K]): void {
    this.#set(table, key, record);
  }

  remove(table: keyof Tables, key: string): void {
    if (this.#table(table).has(key)) this.#set(table, key, null);
  }

  /** All records of a table in the order in which they first came. */
  all<K extends keyof Tables>(table: K): readonly Tables[K][] {
    return [...this.#table(table).values()] as Tables[K][];
  }

  entries<K extends keyof Tables>(table: K): readonly (readonly [string, Tables[K]])[] {
    return [...this.#table(table)] as [string, Tables[K]][];
  }

  /** The debits whose bank has not answered yet. */
  silentDebits(): readonly Debit[] {
    return [...this.#silent].map((key) => this.#table('debit').get(key) as Debit);
  }

  size(table: keyof Tables): number {
    return this.#table(table).size;
  }

  /** Ends a step: returns what it changed. */
  commit(): readonly Change[] {
    const changes = this.#changes;
    this.#changes = [];
    this.#before = [];
    return changes;
  }

  /** Ends a step as if it had not been. */
  rollback(): void {
    for (const [table, key, record] of this.#before.toReversed()) this.#write(table, key, record);
    this.#changes = [];
    this.#before = [];
  }

  /** Takes over changes that are durable already. */
  restore(changes: readonly Change[]): void {
    for (const [table, key, record] of changes) this.#write(table, key, record);
  }

  /** The whole content as changes, to begin a shorter journal with. */
  snapshot(): readonly Change[] {
    return [...this.#tables].flatMap(([table, records]) =>
      [...records].map(([key, record]): Change => [table, key, record]),
    );
  }

  #set(table: keyof Tables, key: string, record: unknown): void {
    this.#before.push([table, key, this.#table(table).get(key) ?? null]);
    this.#changes.push([table, key, record]);
    this.#write(table, key, record);
  }

  #write(table: keyof Tables, key: string, record: unknown): void {
    if (record === null) this.#table(table).delete(key);
    else this.#table(table).set(key, record);
    if (table !== 'debit') return;
    if ((record as Debit | null)?.state === 'unknown') this.#silent.add(key);
    else this.#silent.delete(key);
  }

  #table(table: keyof Tables): Map<string, unknown> {
    const known = this.#tables.get(table);
    if (known) return known;
    const made = new Map<string, unknown>();
    this.#tables.set(table, made);
    return made;
  }
}

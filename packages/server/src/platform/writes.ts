import { isUniqueViolation } from './pg-errors.ts';

/** Somebody else changed the record first: read again. */
export class Stale extends Error {
  override readonly name = 'Stale';
}

/** A record breaks a unique rule. */
export class UniqueBroken extends Error {
  override readonly name = 'UniqueBroken';
}

/** Runs one statement in the transaction. */
export type Run = (
  text: string,
  values: readonly unknown[],
) => Promise<{ readonly rows: readonly unknown[]; readonly rowCount: number | null }>;

/** Values by column. */
export type Columns = ReadonlyMap<string, unknown>;

/** Puts a value into the statement and answers its place in the text. */
type Place = (value: unknown) => string;

interface Inserted {
  readonly kind: 'insert';
  readonly columns: readonly string[];
  readonly rows: unknown[][];
  /** Rows whose key is there already are left out. */
  readonly onlyNew: boolean;
}
interface Updated {
  readonly kind: 'update';
  readonly key: Columns;
  readonly version: number;
  /** How many changes of the record are in it: its version grows by so many. */
  changes: number;
  readonly sets: Map<string, unknown>;
}
interface Expressed {
  readonly kind: 'expressed';
  readonly render: (place: Place) => string;
}
type Write = Inserted | Updated | Expressed;

/**
 * Writes of a transaction that wait until their table is read or the transaction ends, and then leave in one statement:
 * what a round trip costs is paid once. A table stands in that statement once (rows to insert, or one record to change),
 * so that the order of its parts cannot matter.
 */
export class Writes {
  readonly #run: Run;
  readonly #waiting = new Map<string, Write>();

  constructor(run: Run) {
    this.#run = run;
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly unknown[])[],
    onlyNew = false,
  ): Promise<void> {
    const waiting = this.#waiting.get(table);
    const own = rows.map((row) => [...row]);
    if (
      waiting?.kind === 'insert' &&
      waiting.onlyNew === onlyNew &&
      waiting.columns.join() === columns.join()
    ) {
      waiting.rows.push(...own);
      return;
    }
    if (waiting) await this.flush();
    this.#waiting.set(table, { kind: 'insert', columns, rows: own, onlyNew });
  }

  /** Compare and set: Stale is thrown, at the latest when the transaction ends, if the version is no longer this one. */
  async update(table: string, key: Columns, version: number, sets: Columns): Promise<void> {
    const waiting = this.#waiting.get(table);
    if (waiting?.kind === 'insert' && changeInserted(waiting, key, version, sets)) return;
    if (
      waiting?.kind === 'update' &&
      version === waiting.version + waiting.changes &&
      sameKey(waiting.key, key)
    ) {
      for (const [name, value] of sets) waiting.sets.set(name, value);
      waiting.changes += 1;
      return;
    }
    if (waiting) await this.flush();
    const change = { kind: 'update', key, version, changes: 1, sets: new Map(sets) } as const;
    this.#waiting.set(table, { ...change });
  }

  /** A write that is more than values; `id` names it, the same id is written once. */
  express(table: string, id: string, render: (place: Place) => string): void {
    this.#waiting.set(`${table} ${id}`, { kind: 'expressed', render });
  }

  /** Runs a statement that reads this table: what waits for it is written first. */
  async read(table: string, text: string, values: readonly unknown[]) {
    if (this.#waiting.has(table)) await this.flush();
    return this.#run(text, values);
  }

  /** Drops what waits: the transaction is rolled back. */
  forget(): void {
    this.#waiting.clear();
  }

  async flush(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const writes = [...this.#waiting];
    this.#waiting.clear();
    const values: unknown[] = [];
    const place = (value: unknown): string => `$${values.push(value)}`;
    const parts = writes.map(([name, write]) => render(name, write, place));
    const result = await this.#writeAll(parts, values);
    for (const [at, [name, write]] of writes.entries()) {
      if (write.kind !== 'update') continue;
      const written = parts.length === 1 ? result.rowCount : countIn(result.rows[0], at);
      if (written !== 1) throw new Stale(`${name} changed meanwhile`);
    }
  }

  async #writeAll(parts: readonly string[], values: readonly unknown[]) {
    const [only, ...more] = parts;
    const named = parts.map((part, at) => `w${at} as (${part} returning 1)`).join(',\n');
    const counts = parts.map((_, at) => `(select count(*)::int from w${at}) as w${at}`).join(', ');
    const text = only !== undefined && more.length === 0 ? only : `with ${named}\nselect ${counts}`;
    try {
      return await this.#run(text, values);
    } catch (error) {
      if (isUniqueViolation(error)) throw new UniqueBroken((error as Error).message);
      throw error;
    }
  }
}

function render(table: string, write: Write, place: Place): string {
  if (write.kind === 'expressed') return write.render(place);
  if (write.kind === 'insert') {
    const rows = write.rows.map((row) => `(${row.map(place).join(', ')})`);
    const end = write.onlyNew ? ' on conflict do nothing' : '';
    return `insert into ${table} (${write.columns.join(', ')}) values ${rows.join(', ')}${end}`;
  }
  const sets = [...write.sets].map(([name, value]) => `${name} = ${place(value)}`);
  const keys = [...write.key].map(([name, value]) => `${name} = ${place(value)}`);
  return `update ${table} set ${[...sets, `version = version + ${write.changes}`].join(', ')}
    where ${keys.join(' and ')} and version = ${place(write.version)}`;
}

/** Changes a row that is still waiting to be inserted; false when it is not there in that version. */
function changeInserted(
  { columns, rows, onlyNew }: Inserted,
  key: Columns,
  version: number,
  sets: Columns,
): boolean {
  if (onlyNew) return false;
  const at = (name: string): number => columns.indexOf(name);
  const row = rows.find(
    (one) =>
      one[at('version')] === version && [...key].every(([name, value]) => one[at(name)] === value),
  );
  if (!row) return false;
  for (const [name, value] of sets) row[at(name)] = value;
  row[at('version')] = version + 1;
  return true;
}

function sameKey(left: Columns, right: Columns): boolean {
  return [...right].every(([name, value]) => left.get(name) === value);
}

function countIn(row: unknown, at: number): unknown {
  return (row as Readonly<Record<string, unknown>>)[`w${at}`];
}

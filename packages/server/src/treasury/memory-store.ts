import {
  type Find,
  type Later,
  type Reader,
  type Records,
  Stale,
  type Store,
  type Table,
  type Transact,
  UniqueBroken,
  type Where,
} from './records.ts';

type Moment = Store['at'];

/** Records in memory for the deterministic simulation: the same promises as PostgreSQL, one transaction at a time. */
export interface MemoryStore {
  readonly transact: Transact;
  /** Reads outside a transaction: what is committed. */
  readonly read: Reader;
  readonly told: { audience: string; type: string }[];
}

export interface MemoryPorts {
  now(): Moment;
  /** Takes the work that a committed transaction asked for. */
  later(task: Later): void;
}

type Tables = Map<string, ReadonlyMap<string, object>>;

/** A new, empty store. A transaction that throws leaves nothing behind. */
export function memoryStore(ports: MemoryPorts): MemoryStore {
  const committed: Tables = new Map();
  const deduped = new Set<string>();
  const told: { audience: string; type: string }[] = [];
  let nextId = 0;
  let queue: Promise<unknown> = Promise.resolve();
  const transact: Transact = (_step, work) => {
    const run = queue.then(async () => {
      const draft: Tables = new Map();
      const tasks: Later[] = [];
      const events: { audience: string; type: string }[] = [];
      const store: Store = {
        at: ports.now(),
        of: (table) => recordsOf(committed, draft, table),
        async later(task) {
          tasks.push(task);
          return `${task.kind} ${task.dedupeKey ?? tasks.length}`;
        },
        tell: (audience, type) => void events.push({ audience, type }),
        nextId: async () => ++nextId,
        seal: (plain) => Buffer.from(plain, 'utf8'),
        open: (cipher) => Buffer.from(cipher).toString('utf8'),
        searchHash: (plain) => Buffer.from(plain, 'utf8'),
      };
      const value = await work(store);
      for (const [name, rows] of draft) committed.set(name, rows);
      told.push(...events);
      for (const task of tasks) {
        const key = task.dedupeKey && `${task.kind} ${task.dedupeKey}`;
        if (key && deduped.has(key)) continue;
        if (key) deduped.add(key);
        ports.later(task);
      }
      return value;
    });
    queue = run.catch(() => undefined);
    return run;
  };
  const read: Reader = { of: (table) => recordsOf(committed, new Map(), table) };
  return { transact, told, read };
}

function recordsOf<Row>(committed: Tables, draft: Tables, table: Table<Row>): Records<Row> {
  const all = (): ReadonlyMap<string, object> =>
    draft.get(table.name) ?? committed.get(table.name) ?? new Map();
  const writable = (): Map<string, object> => {
    const known = draft.get(table.name);
    const own = known ? (known as Map<string, object>) : new Map(committed.get(table.name));
    draft.set(table.name, own);
    return own;
  };
  const keyOf = (row: Row): string => table.key.map((name) => String(row[name])).join(' ');
  const check = (row: Row, self: string): void => {
    for (const rule of table.unique ?? []) {
      if (rule.when && !rule.when(row)) continue;
      for (const [key, raw] of all()) {
        const other = raw as Row;
        if (key === self || (rule.when && !rule.when(other))) continue;
        if (rule.columns.every((name) => same(other[name], row[name]))) {
          throw new UniqueBroken(`${table.name} (${rule.columns.join(', ')})`);
        }
      }
    }
  };
  // A whole key names one record at most: no need to look at the others.
  const candidates = (where: Where<Row>): readonly Row[] => {
    const whole = table.key.every((name) => ['string', 'number'].includes(typeof where[name]));
    if (!whole) return [...all().values()] as Row[];
    const one = all().get(table.key.map((name) => String(where[name])).join(' '));
    return one ? [one as Row] : [];
  };
  const find = async (where: Where<Row>, options: Find<Row> = {}): Promise<readonly Row[]> => {
    const found = candidates(where).filter((row) => matches(row, where));
    const sorted = options.order ? found.toSorted((a, b) => compare(a, b, options)) : found;
    return options.limit === undefined ? sorted : sorted.slice(0, options.limit);
  };
  return {
    find,
    get: async (where, options) => (await find(where, { ...options, limit: 1 }))[0],
    async insert(...rows) {
      const own = writable();
      for (const row of rows) {
        const key = keyOf(row);
        if (own.has(key)) throw new UniqueBroken(`${table.name} (${table.key.join(', ')})`);
        check(row, key);
        own.set(key, { ...(row as object) });
      }
    },
    async insertNew(row) {
      const own = writable();
      const key = keyOf(row);
      if (own.has(key)) return;
      check(row, key);
      own.set(key, { ...(row as object) });
    },
    async update(before, changes) {
      const own = writable();
      const key = keyOf(before);
      const current = own.get(key) as (Row & { version: number }) | undefined;
      if (current?.version !== before.version) throw new Stale(`${table.name} changed meanwhile`);
      const next = { ...current, ...defined(changes), version: current.version + 1 };
      check(next, key);
      own.set(key, next);
      return next;
    },
  };
}

function defined<T extends object>(changes: T): T {
  return Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  ) as T;
}

function same(left: unknown, right: unknown): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return Buffer.from(left).equals(Buffer.from(right));
  }
  return left !== null && left === right;
}

function matches<Row>(row: Row, where: Where<Row>): boolean {
  return Object.entries(where).every(([name, wanted]) => {
    if (wanted === undefined) return true;
    const value = row[name as keyof Row];
    if (wanted === null) return value === null;
    return Array.isArray(wanted) ? wanted.some((one) => same(value, one)) : same(value, wanted);
  });
}

function compare<Row>(left: Row, right: Row, options: Find<Row>): number {
  for (const entry of options.order ?? []) {
    const down = entry.startsWith('-');
    const name = (down ? entry.slice(1) : entry) as keyof Row;
    if (same(left[name], right[name])) continue;
    const less = (left[name] as never) < (right[name] as never);
    return less === down ? 1 : -1;
  }
  return 0;
}

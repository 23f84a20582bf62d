import { standInVerify } from '@shebao/treasury-simulator';
import { usualTimes } from '../src/payment/advance.ts';
import { paymentHandlers } from '../src/payment/inbox.ts';
import type { PaymentPorts } from '../src/payment/ports.ts';
import { recoverSent } from '../src/payment/sender.ts';
import { type Jobs, type Payload, paymentJobs } from '../src/payment/tasks.ts';
import {
  createNumbers,
  keepAlive,
  type Later,
  openSession,
  type Reader,
  type Records,
  type Reply,
  receive,
  type Store,
  type Transact,
} from '../src/treasury/index.ts';
import type { Books } from './books.ts';
import { never } from './clock.ts';
import { NODE } from './demo.ts';
import type { CrashPoint } from './faults.ts';
import { type Network, ownSigner, type Peer } from './peer.ts';

/** The business moment of virtual time. */
export function momentOf(nowMs: number): Store['at'] {
  const local = new Date(nowMs + 8 * 3_600_000).toISOString();
  return { iso: new Date(nowMs).toISOString(), date: local.slice(0, 10), epochMs: nowMs };
}

const died = Symbol('the process died');

/** What documents, the feed to the agencies and applications follow is no part of this world. */
const elsewhere: ReadonlySet<string> = new Set([
  'certificate.withdraw',
  'certificate.supersede',
  'feed.publish',
  'refund.settled',
]);

/** One run of the service: from its start to its end, which may come at any of the crash points. */
export class Run {
  readonly ports: PaymentPorts;
  readonly jobs: Jobs;
  dead = false;
  readonly #net: Network;
  readonly #books: Books;
  readonly #onDeath: (run: Run) => void;

  constructor(given: {
    readonly id: string;
    readonly net: Network;
    readonly books: Books;
    readonly peer: Peer;
    readonly onDeath: (run: Run) => void;
  }) {
    this.#net = given.net;
    this.#books = given.books;
    this.#onDeath = given.onDeath;
    const transact = this.#transact;
    this.ports = {
      transact,
      read: this.#reader(),
      numbers: createNumbers(transact),
      now: () => momentOf(given.net.clock.nowMs),
      send: async (lane, bytes, waitMs) => {
        if (this.#dies('before send')) return never();
        const answer = given.peer.exchange(lane, bytes, waitMs);
        if (this.#dies('after send before answer')) return never();
        const outcome = await answer;
        return this.dead ? never() : outcome;
      },
      fetchPeerKey: async () =>
        given.net.random.chance(given.net.faults.unconnected) ? null : given.peer.key(),
      open: (cipher) => Buffer.from(cipher).toString('utf8'),
      signer: ownSigner,
      verify: standInVerify,
      replyTo: 'http://127.0.0.1:3000',
      node: NODE,
      bootId: given.id,
      warn: () => undefined,
      times: usualTimes,
      inFlight: new Set(),
      unconnected: new Set(),
    };
    this.jobs = paymentJobs(this.ports);
  }

  /** What the service does at its start, and the keeping of its session. */
  async start(): Promise<void> {
    await openSession(this.ports);
    await recoverSent(this.ports);
    while (!this.dead) {
      const connected = await keepAlive(this.ports).catch(() => false);
      await this.#net.clock.pause(connected ? 7_200_000 : 60_000);
    }
  }

  job(task: Later): Promise<unknown> {
    if (elsewhere.has(task.kind)) return Promise.resolve();
    const job = this.jobs[task.kind];
    if (!job) throw new Error(`no job for ${task.kind}`);
    return job(task.payload as Payload);
  }

  /** A message to the inbox; a reply that the sender hears only while the process lives. */
  receive(bytes: Uint8Array): Promise<Reply> {
    return receive(this.ports, paymentHandlers(this.ports), bytes);
  }

  die(): void {
    if (this.dead) return;
    this.dead = true;
    this.#onDeath(this);
  }

  #dies(_point: CrashPoint): boolean {
    if (!this.dead && this.#net.random.chance(this.#net.faults.crash)) this.die();
    return this.dead;
  }

  readonly #transact: Transact = async (step, work) => {
    const { clock, random, faults } = this.#net;
    if (random.chance(faults.slowCommit)) await clock.pause(random.between(1, 4_000));
    if (this.dead) return never();
    try {
      const value = await this.#books.transact(step, async (store) => {
        const result = await work(store);
        if (this.#dies('before commit')) throw died;
        return result;
      });
      return this.#dies('after commit') ? await never() : value;
    } catch (error) {
      if (error === died || this.dead) return never();
      throw error;
    }
  };

  #reader(): Reader {
    const books = this.#books;
    const alive = async <T>(value: Promise<T>): Promise<T> => {
      const found = await value;
      return this.dead ? never() : found;
    };
    return {
      of: (table) => {
        const records: Pick<Records<never>, 'find' | 'get'> = books.read.of(table) as never;
        return {
          find: (where, options) => alive(records.find(where as never, options as never)),
          get: (where, options) => alive(records.get(where as never, options as never)),
        } as ReturnType<Reader['of']> as never;
      },
    };
  }
}

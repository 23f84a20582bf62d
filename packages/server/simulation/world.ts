import { takeOver } from '../src/payment/agreements.ts';
import { addBill } from '../src/payment/bills.ts';
import { chooseMode } from '../src/payment/payment-mode.ts';
import { agreements } from '../src/payment/tables.ts';
import { type Later, setAuthority } from '../src/treasury/index.ts';
import { type Books, type OpenBooks, openMemory } from './books.ts';
import { Clock } from './clock.ts';
import { BILL_IDS, HELD, MONTH, NINE, ORG, PAYEE, TAXPAYER, UNIT } from './demo.ts';
import { chooseFaults, quiet } from './faults.ts';
import { type Network, Peer } from './peer.ts';
import { type Random, randomOf } from './random.ts';
import { momentOf, Run } from './service.ts';

/** Service, database, network and treasury of one history. */
export class World {
  readonly clock: Clock;
  readonly random: Random;
  readonly net: Network;
  readonly books: Books;
  readonly peer: Peer;
  /** The agreements, the one with plenty of money first. */
  agreementIds: readonly number[] = [];
  /** Work that failed with something unexpected. */
  readonly failures: string[] = [];
  readonly #running = new Map<Run, Set<Later>>();
  readonly #check: () => void;
  #runs = 0;

  constructor(seed: number, check: (world: World) => void, openBooks: OpenBooks = openMemory) {
    this.random = randomOf(seed);
    this.books = openBooks({
      now: () => momentOf(this.clock.nowMs),
      later: (task) => this.#queue(task, task.afterMs ?? 0),
    });
    this.clock = new Clock(NINE, this.books.settled);
    this.net = { clock: this.clock, random: this.random, faults: quiet };
    this.peer = new Peer(this.net, async (bytes) => {
      const run = this.anyRun();
      if (!run) return null;
      // Whoever sends does not wait for a process that died.
      return Promise.race([
        run.receive(bytes).catch(() => null),
        this.clock.pause(60_000).then(() => null),
      ]);
    });
    this.#check = () => check(this);
  }

  /** The data before the first message: the agreements, and one bill per declaration. */
  async prepare(billCount: number): Promise<void> {
    const step = { name: 'simulation', chain: 'agency:test', subject: 'test' };
    await this.books.transact(step, async (store) => {
      await setAuthority(store, ORG, '示例市税务局', PAYEE);
      for (const agreement of HELD) await takeOver(store, agreement);
      for (const [index, declarationId] of BILL_IDS.slice(0, billCount).entries()) {
        const at = index + 1;
        await addBill(store, {
          declarationId,
          unitId: 1,
          unitNo: '330100000123',
          unitName: '示例学校',
          taxpayerId: TAXPAYER,
          taxpayerName: '示例学校',
          taxOrg: ORG,
          region: '330100',
          declaredOn: '2021-03-10',
          dueDate: '2021-03-31',
          periodFrom: 24254,
          periodTo: 24254,
          lines: ['employer', 'employee'].map((payer) => ({
            insurance: 'institutionPension',
            payer: payer as 'employer' | 'employee',
            period: 24254,
            kind: 'current',
            people: 2,
            baseFen: 1_000_000,
            ratePpm: payer === 'employer' ? 160_000 : 80_000,
            amountFen: payer === 'employer' ? 160_000 + at : 80_000,
            // Some are late already: their order bears a late fee.
            dueDate: at % 2 === 0 ? '2021-03-05' : '2021-03-31',
          })),
        });
      }
    });
    const held = await this.books.read.of(agreements).find({}, { order: ['protocolNo'] });
    this.agreementIds = held.map((agreement) => agreement.id);
    this.net.faults = chooseFaults(this.random);
  }

  /** The unit chooses 批量扣款 with one of its agreements. */
  async chooseBatch(agreement: number): Promise<void> {
    const step = { name: 'simulation', chain: 'agency:test', subject: 'test' };
    const choice = {
      ...UNIT,
      taxpayerId: TAXPAYER,
      mode: 'batch',
      agreementId: this.agreementIds[agreement] ?? 0,
      effectiveMonth: MONTH,
      chosenBy: 'clerk',
    } as const;
    await this.books.transact(step, async (store) => {
      const chosen = await chooseMode(store, choice);
      if (!chosen.ok) throw new Error(chosen.error.code);
    });
  }

  /** Starts one more process of the service. */
  startRun(): void {
    this.#runs += 1;
    const run = new Run({
      id: `run-${this.#runs}`,
      net: this.net,
      books: this.books,
      peer: this.peer,
      onDeath: (dead) => this.#buried(dead),
    });
    this.#running.set(run, new Set());
    run.start().catch((error: Error) => this.failures.push(`start: ${error.stack}`));
  }

  anyRun(): Run | undefined {
    const runs = [...this.#running.keys()];
    return runs.length === 0 ? undefined : this.random.pick(runs);
  }

  /** Lets time go on until `untilMs`. */
  async until(untilMs: number): Promise<void> {
    await this.clock.settled();
    for (;;) {
      const own = this.clock.nextAt();
      const theirs = this.peer.nextAt();
      const next = Math.min(own ?? Number.POSITIVE_INFINITY, theirs ?? Number.POSITIVE_INFINITY);
      if (next > untilMs) break;
      if (theirs !== null && theirs <= (own ?? Number.POSITIVE_INFINITY)) {
        this.clock.nowMs = Math.max(theirs, this.clock.nowMs);
        this.peer.act();
        await this.clock.settled();
      } else {
        await this.clock.turn();
      }
      this.#check();
    }
    this.clock.nowMs = untilMs;
  }

  #queue(task: Later, afterMs: number): void {
    this.clock.after(afterMs + this.random.between(0, 50), () => void this.#work(task, 0));
  }

  async #work(task: Later, tried: number): Promise<void> {
    const run = this.anyRun();
    const again = (ms: number) => this.clock.after(ms, () => void this.#work(task, tried + 1));
    if (!run) return again(1_000);
    this.#running.get(run)?.add(task);
    try {
      await run.job(task);
    } catch (error) {
      if (tried > 20) this.failures.push(`${task.kind}: ${(error as Error).stack}`);
      else again(1_000 * 2 ** Math.min(tried, 6));
    }
    this.#running.get(run)?.delete(task);
  }

  /** The work of a dead process is taken over; the process itself comes back. */
  #buried(run: Run): void {
    const lost = this.#running.get(run) ?? new Set();
    this.#running.delete(run);
    for (const task of lost) this.#queue(task, this.random.between(1_000, 20_000));
    this.clock.after(this.random.between(500, 90_000), () => this.startRun());
  }
}

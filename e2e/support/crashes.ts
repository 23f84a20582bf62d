import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApiError,
  canonicalJson,
  getPayment,
  listAgreements,
  listBills,
  listDeclarations,
  listDues,
  listWageCandidates,
  listWageDeclarations,
  pay,
  reauthenticate,
  submitDeclaration,
  submitWages,
  voidDeclaration,
} from '@shebao/contract';
import { type ApiSession, eventually, openSession } from './api.ts';
import { inDatabase } from './database.ts';
import type { Rig } from './rig.ts';

/** What the rounds came to. */
export interface Crashes {
  readonly killed: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Small deterministic random numbers, so that a failing run can be tried again with its seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const longestMs = 180_000;

/** One clerk's work on one unit while processes are killed under it. */
class Clerk {
  readonly killed: Record<string, number> = {};
  readonly outcomes: Record<string, number> = {};
  /** Vouchers of the payments that the service called successful. */
  readonly paid = new Set<string>();
  readonly #rig: Rig;
  readonly #random: () => number;
  readonly #session: ApiSession;
  readonly #password: string;
  readonly #accounts: readonly string[];

  constructor(rig: Rig, seed: number, session: ApiSession, accounts: readonly string[]) {
    this.#rig = rig;
    this.#random = randomOf(seed);
    this.#session = session;
    this.#accounts = accounts;
    this.#password = rig.demo.taxpayers[0]?.password ?? '';
  }

  /** Declares what the unit owes, then pays or voids it; something is killed at a random moment. */
  async round(unitNo: string): Promise<void> {
    const killFirst = this.#random() < 0.4;
    const id = await this.#declare(unitNo, killFirst);
    const act = this.#random();
    if (act < 0.4) await this.#void(unitNo, id, !killFirst);
    else await this.#pay(id, act < 0.6 ? 1 : 0, !killFirst);
  }

  /** Asks until it is answered, under the same key, as a client does that heard nothing. */
  #until<T>(what: string, ask: (session: ApiSession) => Promise<T>): Promise<T> {
    return eventually(
      what,
      () => ask(this.#session),
      () => true,
      longestMs,
    );
  }

  /** Asks while a process is killed; then asks again: what was acknowledged before must be so still. */
  async #amid(what: string, ask: () => Promise<unknown>, kill: boolean): Promise<void> {
    if (kill) {
      const [victim = 'service'] = [
        this.#rig.victims[Math.floor(this.#random() * this.#rig.victims.length)],
      ];
      const asking = ask().then(
        () => true,
        (error: unknown) => {
          if (error instanceof ApiError && error.status < 500) throw error;
          return false;
        },
      );
      await sleep(this.#random() * 200);
      const [answered] = await Promise.all([asking, this.#rig.killAndRestart(victim)]);
      this.#count(this.killed, `${victim} in ${what}, ${answered ? '' : 'not '}answered`);
    }
    await this.#until(what, ask);
  }

  #count(where: Record<string, number>, name: string): void {
    where[name] = (where[name] ?? 0) + 1;
  }

  async #declare(unitNo: string, kill: boolean): Promise<string> {
    let due = await this.#due(unitNo);
    if (!due) {
      await this.#raiseWage(unitNo);
      due = await this.#due(unitNo);
    }
    assert.ok(due, 'a raised wage is due');
    const { version, total } = due;
    const id = randomUUID();
    const submit = () =>
      this.#session.call(submitDeclaration, {
        params: { unitNo },
        body: { id, version, total },
        idempotencyKey: id,
      });
    await this.#amid('declaration', submit, kill);
    const declared = await this.#statusUntil(unitNo, id, (status) => status !== '待反馈');
    assert.equal(declared.status, '全部申报成功');
    assert.equal(declared.amountDue, total);
    return id;
  }

  async #due(unitNo: string) {
    const { units } = await this.#until('the dues', (by) =>
      by.call(listDues, { query: { unitNo } }),
    );
    const unit = units.find((one) => one.unitNo === unitNo);
    return unit && Number(unit.total) > 0 ? unit : undefined;
  }

  async #statusUntil(unitNo: string, id: string, done: (status: string) => boolean) {
    const found = await eventually(
      `the feedback of declaration ${id}`,
      async () => {
        const { declarations } = await this.#session.call(listDeclarations, { query: { unitNo } });
        return declarations.find((one) => one.id === id);
      },
      (one) => one !== undefined && done(one.status),
      longestMs,
    );
    assert.ok(found);
    return found;
  }

  /** Everything is paid: somebody earns a little more from this month on. */
  async #raiseWage(unitNo: string): Promise<void> {
    const { people } = await this.#until('the people', (by) =>
      by.call(listWageCandidates, { params: { unitNo }, query: { scope: 'all' } }),
    );
    const able = people.filter(({ currentWage }) => Number(currentWage) < 15_000);
    const person = able[Math.floor(this.#random() * able.length)];
    const effectiveMonth = person?.effectiveMonths.at(-1)?.month;
    assert.ok(person && effectiveMonth, 'somebody can earn more');
    const id = randomUUID();
    const wage = (Number(person.currentWage) + 200).toFixed(2);
    const lines = [{ personId: person.personId, effectiveMonth, wage }];
    await this.#until('the wage', (by) =>
      by.call(submitWages, {
        params: { unitNo },
        body: { id, kind: 'daily', lines },
        idempotencyKey: id,
      }),
    );
    const done = await eventually(
      'the feedback of the wage',
      async () => {
        const { declarations } = await this.#session.call(listWageDeclarations, {
          query: { unitNo },
        });
        return declarations.find((one) => one.id === id)?.status;
      },
      (status) => status !== '待反馈',
      longestMs,
    );
    assert.equal(done, '全部申报成功');
  }

  async #void(unitNo: string, id: string, kill: boolean): Promise<void> {
    const key = randomUUID();
    const ask = () =>
      this.#session.call(voidDeclaration, {
        params: { unitNo, id },
        body: {},
        idempotencyKey: key,
      });
    await this.#amid('void', ask, kill);
    await this.#statusUntil(unitNo, id, (status) => status === '已作废');
    this.#count(this.outcomes, 'voided');
  }

  /** 确认缴费; a debit that is declined leaves the bill to be voided. */
  async #pay(declarationId: string, account: number, kill: boolean): Promise<void> {
    const { bills } = await eventually(
      'the treasury to be open',
      () => this.#session.call(listBills),
      ({ treasury }) => treasury.open,
      longestMs,
    );
    const bill = bills.find((one) => one.declarationId === declarationId);
    assert.ok(bill?.payable, 'an accepted declaration can be paid');
    const id = randomUUID();
    const { version, total } = bill;
    const agreementId = this.#accounts[account] ?? '';
    const order = { id, bills: [{ id: bill.id, version, total }], agreementId, total };
    const operationHash = createHash('sha256').update(canonicalJson(order)).digest('hex');
    const { token } = await this.#until('安全认证', (by) =>
      by.call(reauthenticate, {
        body: { password: this.#password, operation: 'pay', operationHash },
      }),
    );
    const body = { ...order, reauthentication: token };
    const ask = () => this.#session.call(pay, { body, idempotencyKey: id });
    await this.#amid('payment', ask, kill);
    const paid = await eventually(
      'the outcome of the payment',
      () => this.#session.call(getPayment, { params: { id } }),
      ({ state }) => state === 'succeeded' || state === 'failed',
      longestMs,
    );
    this.#count(this.outcomes, paid.state);
    if (paid.state === 'succeeded') this.paid.add(paid.orders[0]?.taxVoucherNo ?? '');
    else await this.#void(bill.unitNo, declarationId, false);
  }
}

/** Plays rounds on the rig; afterwards nothing acknowledged is lost, no work is stuck, every checker is clean. */
export async function playCrashes(rig: Rig, rounds: number, seed: number): Promise<Crashes> {
  const [school] = rig.demo.taxpayers;
  assert.ok(school);
  const session = await openSession(rig.url, school.taxpayerId, school.password);
  const { agreements } = await session.call(listAgreements);
  const accounts = (['ample', 'short'] as const).map((funds) => {
    const option = school.agreements.find((agreement) => agreement.funds === funds)?.option;
    return agreements.find((agreement) => agreement.option === option)?.id ?? '';
  });
  const clerk = new Clerk(rig, seed, session, accounts);
  const unitNo = school.units[1]?.unitNo ?? '';
  for (let round = 0; round < rounds; round += 1) {
    await clerk.round(unitNo).catch((error: unknown) => {
      throw new Error(`round ${round}: ${JSON.stringify(clerk.killed)}`, { cause: error });
    });
  }
  await assertNothingStuck(rig);
  await assertCollectedOnce(rig, clerk.paid);
  await rig.stop();
  // Audit chains, declarations, bills and journal recomputed: every checker clean.
  const verify = spawnSync(process.execPath, ['packages/server/src/operate.ts', 'verify'], {
    env: { ...process.env, ...rig.env },
    encoding: 'utf8',
  });
  assert.equal(verify.status, 0, `${verify.stdout}${verify.stderr}`);
  return { killed: clerk.killed, outcomes: clerk.outcomes };
}

const stuck = `select kind, state from task
    where state = 'running' or (state = 'queued' and run_after < clock_timestamp())
  union all select id, state from attempt where state in ('NEW', 'SENT', 'UNKNOWN', 'REVERSING')`;

async function assertNothingStuck(rig: Rig): Promise<void> {
  await eventually(
    'the end of all work',
    () => inDatabase(rig.databaseUrl(), stuck),
    (rows) => rows.length === 0,
    longestMs,
  );
}

/** What the bank collected is what the service calls paid: each voucher once, and no other. */
async function assertCollectedOnce(rig: Rig, paid: ReadonlySet<string>): Promise<void> {
  const state = (await (await fetch(`${rig.bank}/control/state`)).json()) as {
    debits: readonly { voucher: string; state: string }[];
  };
  const collected = state.debits.filter((debit) => debit.state === 'collected');
  assert.deepEqual(
    collected.map((debit) => debit.voucher).toSorted((a, b) => (a < b ? -1 : 1)),
    [...paid].toSorted((a, b) => (a < b ? -1 : 1)),
  );
}

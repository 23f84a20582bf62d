import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { fen, type Month, monthOf, ok, parseYuan } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import { sql } from 'kysely';
import {
  registerTaxpayer,
  registerUnit,
  type Unit,
  type UnitRegistration,
  unitByNo,
} from '../employer/index.ts';
import type { Command, Refusal, Tx } from '../platform/index.ts';
import { type TestOptions, type TestWorld, testDatabase } from '../platform/testing.ts';
import { DeliveryContent, deliverCommand, resolveIdentities } from '../registry/index.ts';
import { startUpdate, updateTask } from '../roster/index.ts';
import { submitWages, wageTasks } from '../wage/index.ts';
import { requestVoid, submitDeclaration } from './commands.ts';
import { type Dues, totalOf } from './dues.ts';
import { loadDues } from './load.ts';
import { declarationTasks } from './tasks.ts';

export const officer = { kind: 'user', userId: 'o1', realm: 'office' } as const;
export const clerk = { kind: 'user', userId: 'c1', realm: 'employer' } as const;
export const taxpayerId = '12330100470000001X';

/** `2021-03` as a month. */
export const month = (text: string): Month =>
  monthOf(Number(text.slice(0, 4)), Number(text.slice(5, 7)));

/** `8,250.50` as fen. */
export function yuan(text: string) {
  const parsed = parseYuan(text);
  assert(parsed.ok, text);
  return parsed.value;
}

/** A world in which submissions are answered and rosters are updated. */
export function openWorld(t: TestContext, options: TestOptions = {}): Promise<TestWorld> {
  return testDatabase(t, {
    handlers: [...wageTasks, ...declarationTasks, updateTask],
    ...options,
  });
}

const institution: UnitRegistration = {
  taxpayerId,
  unitNo: '330100001',
  name: '杭州市示例学校',
  region: '330100',
  unitKind: 'institution',
  fundingType: 'partial',
  unitSize: null,
  riskClass: null,
  floatFactor: '1',
  insurances: ['institutionPension', 'occupationalAnnuity'],
};

/** Registers a unit: an institution in Hangzhou that is not fully state-funded, unless told otherwise. */
export async function makeUnit(
  world: TestWorld,
  other: Partial<UnitRegistration> = {},
): Promise<Unit> {
  const registration = { ...institution, ...other };
  await world.execute(registerTaxpayer, { taxpayerId, name: '示例单位' }, { actor: officer });
  await world.execute(registerUnit, registration, { actor: officer });
  const unit = await unitByNo(world.services.db.q, registration.unitNo);
  assert(unit);
  return unit;
}

/** Runs a step of a test inside a transaction, once. */
export async function inside<T>(world: TestWorld, step: (tx: Tx) => Promise<T>): Promise<T> {
  let value: T | undefined;
  const command: Command<object, object> = {
    name: 'test.step',
    chain: () => 'agency:test',
    describe: () => ({ subject: 'test', detail: {} }),
    async run(tx) {
      value = await step(tx);
      return ok({});
    },
  };
  const done = await world.execute(command, {}, { actor: officer });
  assert(done.ok);
  return value as T;
}

/** Somebody the agencies deliver; his document follows from the number. */
export interface TestPerson {
  readonly no: number;
  readonly from: string;
  readonly to?: string;
  readonly insurances?: readonly Insurance[];
}

const documentNo = (no: number) => `E${String(no).padStart(8, '0')}`;
export const nameOf = (no: number): string => `职工${no}`;

/** The agencies deliver people and the employer updates its copy. Returns ids by number. */
export async function arrive(
  world: TestWorld,
  unit: Unit,
  people: readonly TestPerson[],
): Promise<Map<number, string>> {
  const rows = people.flatMap(({ no, from, to, insurances }) =>
    (insurances ?? unit.insurances).map((insurance, at) => ({
      rowNo: no * 10 + at,
      unitNo: unit.unitNo,
      name: nameOf(no),
      documentType: '外国护照',
      number: documentNo(no),
      insurance,
      from: month(from),
      to: to === undefined ? null : month(to),
    })),
  );
  const content = new DeliveryContent(randomUUID(), rows, []);
  const input = { id: randomUUID(), fileName: 'people.csv', content };
  const { crypto } = world.services;
  const delivered = await world.execute(deliverCommand(crypto), input, { actor: officer });
  assert(delivered.ok, JSON.stringify(delivered));
  const update = { id: randomUUID(), taxpayerId, kind: 'full' as const, unitIds: [unit.id] };
  const started = await world.execute(startUpdate, update, { actor: clerk });
  assert(started.ok, JSON.stringify(started));
  await world.drainTasks();
  const documents = people.map(({ no }) => ({ documentType: '外国护照', number: documentNo(no) }));
  const ids = await inside(world, (tx) => resolveIdentities(tx, crypto, documents));
  return new Map(people.map(({ no }, at) => [no, ids[at] ?? '']));
}

export type WageTuple = readonly [personId: string, effective: string, wage: string];

/** Declares wages and waits for the feedback. Returns the declaration's id, or the refusal's code. */
export async function declareWages(
  world: TestWorld,
  unit: Unit,
  tuples: readonly WageTuple[],
): Promise<string> {
  const id = randomUUID();
  const lines = tuples.map(([personId, effective, wage]) => ({
    personId,
    effectiveMonth: month(effective),
    wageFen: yuan(wage),
  }));
  const { id: unitId, unitNo } = unit;
  const input = { id, unitId, unitNo, taxpayerId, kind: 'daily' as const, lines };
  const done = await world.execute(submitWages, input, { actor: clerk });
  if (!done.ok) return done.error.code;
  await world.drainTasks();
  return id;
}

/** Verdicts of a wage declaration, in the clerk's order: the code, or null. */
export async function verdicts(world: TestWorld, id: string): Promise<(string | null)[]> {
  const found = await sql<{ code: string | null }>`
    SELECT v.code FROM wage_verdict v JOIN wage_declaration d USING (unit_id, declaration_no)
    WHERE d.id = ${id} ORDER BY line_no`.execute(world.services.db.q);
  return found.rows.map(({ code }) => code);
}

/** What the unit owes on the business date. */
export async function duesOf(world: TestWorld, unit: Unit): Promise<Dues> {
  const dues = await loadDues(world.services.db.q, unit, world.clock.now().date);
  assert(dues.ok, JSON.stringify(dues));
  return dues.value;
}

export interface Shown {
  readonly version: string;
  readonly totalFen: number;
}

/** Submits a declaration of what is due (or of what is said to have been shown). */
export async function submit(
  world: TestWorld,
  unit: Unit,
  shown?: Shown,
): Promise<{ readonly id: string; readonly refusal?: Refusal }> {
  const id = randomUUID();
  let seen = shown;
  if (!seen) {
    const dues = await duesOf(world, unit);
    seen = { version: dues.version, totalFen: totalOf(dues) };
  }
  const { id: unitId, unitNo } = unit;
  const { version, totalFen } = seen;
  const input = { id, unitId, unitNo, taxpayerId, version, totalFen: fen(totalFen) };
  const done = await world.execute(submitDeclaration, input, { actor: clerk });
  return done.ok ? { id } : { id, refusal: done.error };
}

/** Submits and waits for the feedback. */
export async function declare(world: TestWorld, unit: Unit): Promise<string> {
  const { id, refusal } = await submit(world, unit);
  assert.equal(refusal, undefined);
  await world.drainTasks();
  return id;
}

/** Asks for a void; the task is left to run. */
export async function askVoid(world: TestWorld, unit: Unit, id: string) {
  const input = { id, unitId: unit.id, unitNo: unit.unitNo, taxpayerId };
  return world.execute(requestVoid, input, { actor: clerk });
}

/** Status and failure of a declaration. */
export async function statusOf(
  world: TestWorld,
  id: string,
): Promise<{ status: string; failureCode: string | null }> {
  const found = await sql<{ status: string; failureCode: string | null }>`
    SELECT status, failure_code AS "failureCode" FROM declaration
    WHERE id = ${id}`.execute(world.services.db.q);
  assert(found.rows[0]);
  return found.rows[0];
}

/** Puts a bill into a state, as a payment would. */
export async function setBill(
  world: TestWorld,
  id: string,
  state: 'UNPAID' | 'LOCKED' | 'PAID',
): Promise<void> {
  await world.pools.write.query('UPDATE bill SET state = $1 WHERE id = $2', [state, id]);
}

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Month, monthOf } from '@shebao/kernel';
import fc from 'fast-check';
import { makeUnit, openWorld, taxpayerId } from '../declaration/testing.ts';
import type { TestWorld } from '../platform/testing.ts';
import { findRefundable } from './refundable.ts';

const period = monthOf(2021, 3);
const wish = {
  agency: 'hrss',
  from: period,
  to: (period + 5) as Month,
  personIds: null,
} as const;

/** What was levied for a month of one person, or of all (0: on total payroll): taken over, or declared in this order. */
interface Levied {
  readonly personId: number;
  readonly period: number;
  readonly takenOver: number;
  readonly declared: readonly { readonly fen: number; readonly state: 'PAID' | 'TREASURED' }[];
  /** Overpayments recorded by later declarations, in their order; parts of 1000 of what is levied. */
  readonly overpaid: readonly number[];
}

const levied = (personId: number, at: number): fc.Arbitrary<Levied> =>
  fc.record({
    personId: fc.constant(personId),
    period: fc.constant(at),
    takenOver: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 500_00 })),
    declared: fc.array(
      fc.record({
        fen: fc.integer({ min: 1, max: 900_00 }),
        state: fc.constantFrom('PAID' as const, 'TREASURED' as const),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    overpaid: fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 3 }),
  });

/** Of two people and of the payroll in two months: some overpaid, some not. */
const unitLevied = fc.tuple(
  ...[7, 8, 0].flatMap((personId) => [period, period + 1].map((at) => levied(personId, at))),
);

/** Every month of everybody has its own declarations, in their order. */
const numberOf = (cell: number, at: number) => cell * 100 + at + 1;

/** The recorded overpayments in fen: together never more than what is levied. */
function overpaidFen({ takenOver, declared, overpaid }: Levied): number[] {
  let left = takenOver + declared.reduce((sum, one) => sum + one.fen, 0);
  return overpaid.flatMap((share) => {
    const fen = Math.min(left, Math.max(1, Math.floor((left * share) / 1000)));
    left -= fen;
    return fen > 0 ? [fen] : [];
  });
}

/** What must be offered by voucher, and held: the latest payment gives first. */
function expected(
  month: Levied,
  cell: number,
): { byDeclaration: Map<number, number>; held: number } {
  const sources = [
    ...month.declared.map((one, at) => ({ ...one, no: numberOf(cell, at) })).toReversed(),
    { fen: month.takenOver, state: 'TAKEN' as const, no: 0 },
  ];
  const byDeclaration = new Map<number, number>();
  let held = 0;
  let wanted = overpaidFen(month).reduce((sum, fen) => sum + fen, 0);
  for (const { fen, state, no } of sources) {
    const taken = Math.min(wanted, fen);
    wanted -= taken;
    if (taken === 0) continue;
    if (state === 'TREASURED') byDeclaration.set(no, taken);
    else held += taken;
  }
  return { byDeclaration, held };
}

const voucherOf = (no: number) => `3301202100000${String(no).padStart(5, '0')}`;

async function insertDeclaration(
  world: TestWorld,
  unitId: number,
  no: number,
  bill: { readonly fen: number; readonly state: string },
): Promise<string> {
  const id = randomUUID();
  const run = (text: string, values: unknown[]) => world.pools.write.query(text, values);
  await run(
    `insert into declaration (unit_id, declaration_no, id, declared_at, declared_on, status,
       expected_version, expected_total_fen, through_period, period_from, period_to)
     values ($1, $2, $3, '2021-03-10', '2021-03-10', '全部申报成功', '', 0, $4, $4, $4)`,
    [unitId, no, id, period],
  );
  await run(
    `insert into bill (unit_id, id, unit_no, unit_name, taxpayer_id, taxpayer_name, tax_org, region,
       declared_on, due_date, period_from, period_to, amount_fen, late_fee_fen, state, paid_on,
       event_seq, event_hash, version)
     values ($1, $2, 'u', 'u', $3, 'u', '133010000000', '330100', '2021-03-10', '2021-03-31',
       $4, $4, $5, 0, $6, '2021-03-10', 0, '', 1)`,
    [unitId, id, taxpayerId, period, bill.fen, bill.state],
  );
  await run(
    `insert into payment_order (id, unit_id, bill_id, taxpayer_id, tax_org, tax_vou_no, way,
       amount_fen, late_fee_fen, bill_date, state, active, payee, paid_on, created_at, changed_at,
       version)
     values ($1, $2, $3, $4, '133010000000', $5, 'transfer', $6, 0, '2021-03-10', $7, true, '{}',
       '2021-03-10', '2021-03-10', '2021-03-10', 1)`,
    [randomUUID(), unitId, id, taxpayerId, voucherOf(no), bill.fen, bill.state],
  );
  return id;
}

async function clear(world: TestWorld): Promise<void> {
  const run = (text: string, values: unknown[]) => world.pools.write.query(text, values);
  for (const table of ['overpayment', 'declaration_line', 'declaration_item', 'levied_span']) {
    await run(`delete from ${table}`, []);
  }
  for (const table of ['payment_order', 'bill', 'declaration'])
    await run(`delete from ${table}`, []);
}

async function lay(world: TestWorld, unitId: number, month: Levied, cell: number): Promise<void> {
  const run = (text: string, values: unknown[]) => world.pools.write.query(text, values);
  const { personId, period } = month;
  const aggregate = personId === 0;
  const key = ['institutionPension', 'employer'];
  if (month.takenOver > 0) {
    await run(
      `insert into levied_span (unit_id, person_id, insurance, payer, from_period, to_period, people,
         wage_fen, base_fen, rate_ppm, amount_fen, collected_by)
       values ($1, $6, $2, $3, $4, $4, 1, 0, 0, 160000, $5, '原系统')`,
      [unitId, ...key, period, month.takenOver, personId],
    );
  }
  for (const [at, one] of month.declared.entries()) {
    const no = numberOf(cell, at);
    await insertDeclaration(world, unitId, no, one);
    await run(
      `insert into declaration_item (unit_id, declaration_no, item_no, insurance, payer, period, kind,
         due_date, aggregate, provisional, people, base_fen, rate_ppm, amount_fen, late_fee_fen)
       values ($1, $2, 1, $3, $4, $5, 'current', '2021-03-31', $7, false, 1, 0, 160000, $6, 0)`,
      [unitId, no, ...key, period, one.fen, aggregate],
    );
    if (aggregate) continue;
    await run(
      `insert into declaration_line (unit_id, declaration_no, item_no, person_id, wage_fen, base_fen,
         amount_fen) values ($1, $2, 1, $4, 0, 0, $3)`,
      [unitId, no, one.fen, personId],
    );
  }
  for (const [at, fen] of overpaidFen(month).entries()) {
    const no = numberOf(cell, 50 + at);
    await insertDeclaration(world, unitId, no, { fen: 1, state: 'PAID' });
    await run(
      `insert into overpayment (unit_id, declaration_no, person_id, insurance, payer, period, wage_fen,
         base_fen, rate_ppm, amount_fen) values ($1, $2, $7, $3, $4, $5, 0, 0, 160000, $6)`,
      [unitId, no, ...key, period, -fen, personId],
    );
  }
}

test('an overpaid month is split over the payments it came with, the latest first, to the fen', async (t) => {
  const world = await openWorld(t);
  const unit = await makeUnit(world);
  await fc.assert(
    fc.asyncProperty(unitLevied, async (months) => {
      await clear(world);
      for (const [cell, month] of months.entries()) await lay(world, unit.id, month, cell);
      const page = { offset: 0, limit: 10 };
      const found = await findRefundable(world.services.db.q, { ...wish, unitId: unit.id }, page);
      const got = new Map<string, unknown>();
      for (const { taxVouNo, personId, period, amountFen } of found.lines) {
        const [, , before = 0] = (got.get(taxVouNo) ?? []) as number[];
        got.set(taxVouNo, [Number(personId), period, before + amountFen]);
      }
      const want = months.map(expected);
      const wanted = months.flatMap(({ personId, period }, cell) =>
        [...(want[cell]?.byDeclaration ?? [])].map(
          ([no, fen]) => [voucherOf(no), [personId, period, fen]] as const,
        ),
      );
      assert.deepEqual(got, new Map(wanted));
      const held = found.held.reduce((sum, one) => sum + one.amountFen, 0);
      assert.equal(
        held,
        want.reduce((sum, one) => sum + one.held, 0),
      );
    }),
    { numRuns: 40 },
  );
});

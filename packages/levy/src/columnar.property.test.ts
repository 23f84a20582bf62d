import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Fen, fen, type Month, type Ppm, shareOf } from '@shebao/kernel';
import fc from 'fast-check';
import { assess } from './assess.ts';
import { assessMonth, enrolledBit } from './columnar.ts';
import { knownPolicy } from './packs.ts';
import { definePolicy } from './policy.ts';
import { institution, inventedPack, m, must } from './testing.ts';
import type { AssessPerson, Insurance, UnitProfile } from './types.ts';

const kinds = [
  'enterprisePension',
  'institutionPension',
  'occupationalAnnuity',
  'unemployment',
  'medical',
  'maternity',
  'workInjury',
  'largeMedical',
] as const;

const world = fc.record({
  region: fc.constantFrom('330106', '110105', '310101', '500100', '320102', '440106'),
  period: fc.integer({ min: m('2020-07'), max: m('2025-12') }).map((month) => month as Month),
  insurances: fc.subarray([...kinds], { minLength: 1 }),
  funding: fc.constantFrom('full', 'partial' as const),
  people: fc.array(
    fc.record({
      wage: fc.oneof(fc.constant(-1), fc.constant(0), fc.nat(5_000_000), fc.nat(2 ** 31 - 1)),
      enrolled: fc.nat(255),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  masked: fc.boolean(),
});

test('the columns hold the figures of the plain way, person by person', () => {
  let compared = 0;
  fc.assert(
    fc.property(world, ({ region, period, insurances, funding, people, masked }) => {
      const unit: UnitProfile = {
        region,
        unitKind: 'enterprise',
        unitSize: 'large',
        fundingType: funding,
        riskClass: 5,
        floatFactor: '1.5',
      };
      const isIn = (at: number, insurance: Insurance) =>
        !masked || ((people[at]?.enrolled ?? 0) & enrolledBit(insurance)) !== 0;
      const columns = assessMonth({
        policy: knownPolicy,
        unit,
        period,
        insurances,
        wagesFen: Int32Array.from(people, (each) => each.wage),
        ...(masked ? { enrolled: Uint8Array.from(people, (each) => each.enrolled) } : {}),
      });
      const plain = assess({
        policy: knownPolicy,
        unit,
        current: period,
        people: people.map(
          ({ wage }, at): AssessPerson => ({
            id: String(at),
            enrolments: insurances
              .filter((each) => isIn(at, each))
              .map((insurance) => ({ insurance, from: period })),
            wages: wage < 0 ? [] : [{ effective: period, wageFen: fen(wage) }],
          }),
        ),
      });
      // Where nobody needs a rule the plain way never asks for it.
      if (!plain.ok || !columns.ok) {
        if (!plain.ok) assert.equal(columns.ok, false);
        return;
      }
      const expected = plain.value.lines.map(
        (line) =>
          `${line.personId} ${line.insurance} ${line.payer} ${line.bookkeeping} ${line.baseFen} ${line.amountFen}`,
      );
      const actual = columns.value.flatMap((column) => {
        const name = `${column.insurance} ${column.payer} ${column.bookkeeping}`;
        if (column.aggregate) {
          if (column.totalFen === 0) return [];
          const payroll = plain.value.lines.find(
            (line) => line.personId === null && line.insurance === column.insurance,
          );
          return [`null ${name} ${payroll?.baseFen} ${column.totalFen}`];
        }
        const sum = column.amountFen.reduce((all, each) => all + each, 0);
        assert.equal(column.totalFen, sum);
        return [...column.amountFen].flatMap((amount, at) => {
          const shown =
            column.bookkeeping && (people[at]?.wage ?? -1) >= 0 && isIn(at, column.insurance);
          return amount !== 0 || shown ? [`${at} ${name} ${column.baseFen[at]} ${amount}`] : [];
        });
      });
      assert.deepEqual(actual.sort(), expected.sort());
      compared += expected.length;
    }),
    { numRuns: 600 },
  );
  assert.ok(compared > 500, `only ${compared} lines`);
});

test('the hot loop is exact for every base up to 21 million yuan and every rate up to 50 %', () => {
  const roundings = fc.constantFrom(
    'fenHalfUp',
    'jiaoHalfUp',
    'jiaoCeil',
    'yuanHalfUp',
    'yuanCeil' as const,
  );
  const rate = fc.oneof(fc.constantFrom(5000, 80_000, 160_000, 500_000), fc.nat(500_000));
  const base = fc.oneof(
    fc.nat(2 ** 31 - 1),
    fc.integer({ min: 2 ** 31 - 200_000, max: 2 ** 31 - 1 }),
  );
  fc.assert(
    fc.property(
      fc.array(base, { minLength: 1, maxLength: 200 }),
      rate,
      roundings,
      (bases, ratePpm, rounding) => {
        const pack = inventedPack({
          rates: ['employer', 'employee'].map((payer) => ({
            id: payer,
            region: '990000',
            insurance: 'medical',
            payer,
            rate: (ratePpm / 1e6).toFixed(6),
            from: '2018-01',
            to: null,
            publishedOn: '2018-01-01',
            status: 'final',
            source: 'T',
          })),
          bounds: [
            {
              id: 'b',
              region: '990000',
              insurances: ['medical'],
              floor: '0.00',
              cap: '99999999.99',
              from: '2018-01',
              to: null,
              publishedOn: '2018-01-01',
              status: 'final',
              source: 'T',
            },
          ],
          rounding: [
            {
              id: 'r',
              region: '990000',
              insurances: ['medical'],
              base: 'none',
              amount: rounding,
              from: '2018-01',
              to: null,
              publishedOn: '2018-01-01',
              status: 'final',
              source: 'T',
            },
          ],
        });
        const unit: UnitProfile = { region: '990000', unitKind: 'enterprise', fundingType: 'none' };
        const month = assessMonth({
          policy: definePolicy([pack]),
          unit,
          period: m('2021-03'),
          insurances: ['medical'],
          wagesFen: Int32Array.from(bases),
        });
        for (const column of must(month)) {
          assert.deepEqual(
            [...column.amountFen],
            bases.map((each) => shareOf(each as Fen, ratePpm as Ppm, rounding)),
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('a rate above half or a missing rule is not squeezed into columns', () => {
  const wagesFen = Int32Array.of(500_000);
  const missing = assessMonth({
    policy: knownPolicy,
    unit: { ...institution, region: '330300' },
    period: m('2021-03'),
    insurances: ['medical'],
    wagesFen,
  });
  assert.ok(!missing.ok && missing.error.code === 'POLICY_MISSING');
  const [rate] = inventedPack().rates ?? [];
  assert.ok(rate);
  const policy = definePolicy([
    inventedPack({
      rates: ['employer', 'employee'].map((payer) => ({
        ...rate,
        id: payer,
        payer,
        insurance: 'medical',
        rate: '0.6',
      })),
    }),
  ]);
  assert.throws(
    () =>
      assessMonth({
        policy,
        unit: { ...institution, region: '990000' },
        period: m('2021-03'),
        insurances: ['medical'],
        wagesFen,
      }),
    /50 %/,
  );
});

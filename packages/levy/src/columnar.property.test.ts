import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Fen, fen, type Month, type Ppm, shareOf } from '@shebao/kernel';
import fc from 'fast-check';
import { assess } from './assess.ts';
import { assessMonth, enrolledBit } from './columnar.ts';
import { knownPolicy } from './packs.ts';
import { definePolicy } from './policy.ts';
import { retro, retroColumns } from './retro.ts';
import { brief, institution, inventedPack, m, must, person } from './testing.ts';
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

const history = fc.array(
  fc.array(fc.oneof(fc.constant(-1), fc.nat(3_000_000)), { minLength: 3, maxLength: 3 }),
  { minLength: 4, maxLength: 4 },
);

test('two histories compared in columns give the deltas of the plain way', () => {
  const from = m('2021-11');
  const people = (rows: readonly (readonly number[])[]): AssessPerson[] =>
    [0, 1, 2].map((who) => {
      const months = rows.flatMap((row, at) =>
        (row[who] ?? -1) < 0 ? [] : [{ month: (from + at) as Month, wage: row[who] ?? 0 }],
      );
      return {
        id: String(who),
        enrolments: months.flatMap(({ month }) =>
          (['enterprisePension', 'medical'] as const).map((insurance) => ({
            insurance,
            from: month,
            to: month,
          })),
        ),
        wages: months.map(({ month, wage }) => ({ effective: month, wageFen: fen(wage) })),
      };
    });
  const unit: UnitProfile = { region: '330100', unitKind: 'enterprise', fundingType: 'none' };
  fc.assert(
    fc.property(history, history, fc.boolean(), (left, right, settled) => {
      const asOf = settled
        ? { asOfBefore: '2021-12-01', asOf: '2023-01-01' }
        : { asOfBefore: '2023-01-01', asOf: '2023-01-01' };
      const columns = must(
        retroColumns({
          policy: knownPolicy,
          unit,
          from,
          insurances: ['enterprisePension', 'medical'],
          before: left.map((row) => Int32Array.from(row)),
          after: right.map((row) => Int32Array.from(row)),
          ...asOf,
        }),
      );
      const plain = must(
        retro({
          policy: knownPolicy,
          unit,
          current: (from + 3) as Month,
          before: people(left),
          after: people(right),
          ...asOf,
        }),
      );
      const actual = Array.from({ length: columns.length }, (_, at) => {
        const kind = columns.kinds[columns.kind[at] ?? 0];
        return `${columns.person[at]} ${kind?.insurance} ${kind?.payer} ${columns.period[at]} ${columns.amountFen[at]} ${columns.deltaFen[at]}`;
      });
      for (const each of columns.aggregates)
        actual.push(
          `null ${each.insurance} employer ${each.period} ${each.amountFen} ${each.deltaFen}`,
        );
      const expected = plain.lines.map(
        (line) =>
          `${line.personId} ${line.insurance} ${line.payer} ${line.period} ${line.amountFen} ${line.deltaFen}`,
      );
      assert.deepEqual(actual.sort(), expected.sort());
    }),
    { numRuns: 200 },
  );
});

test('nothing changed, nothing to settle; new bounds touch only whom they move; leavers get back', () => {
  const wages = { '2021-01': '3500' };
  const before = [
    person('low', ['institutionPension'], '2021-01', wages),
    person('middle', ['institutionPension'], '2021-01', { '2021-01': '9000' }),
    person('left', ['institutionPension'], '2021-01', wages, '2021-02'),
  ];
  const input = {
    policy: knownPolicy,
    unit: institution,
    current: m('2021-10'),
    before,
    after: before,
  };
  assert.deepEqual(must(retro(input)).lines, []);
  const settled = must(retro({ ...input, asOfBefore: '2021-09-01', asOf: '2021-10-08' })).lines;
  assert.deepEqual([...new Set(settled.map((line) => line.personId))], ['low', 'left']);
  assert.equal(settled.length, (10 + 2) * 2);
  for (const line of settled) assert.equal(line.deltaFen, line.payer === 'employer' ? 7312 : 3656);
  const gone = must(retro({ ...input, after: before.slice(0, 2) })).lines;
  assert.deepEqual(gone.map(brief).slice(0, 1), [
    `left institutionPension employer ${m('2021-01')} 0 -63312 overpaid`,
  ]);
  assert.equal(gone.length, 4);
  const funded = must(retro({ ...input, unitBefore: { ...institution, region: '110105' } })).lines;
  assert.ok(funded.length > 0);
});

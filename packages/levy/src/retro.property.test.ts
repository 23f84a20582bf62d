import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fen, type Month } from '@shebao/kernel';
import fc from 'fast-check';
import { knownPolicy } from './packs.ts';
import { retro, retroColumns } from './retro.ts';
import { brief, institution, m, must, person } from './testing.ts';
import type { AssessPerson, UnitProfile } from './types.ts';

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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fen, type Month } from '@shebao/kernel';
import fc from 'fast-check';
import { assess } from './assess.ts';
import { explain } from './explain.ts';
import { explainText } from './explain-text.ts';
import { oracle } from './oracle.ts';
import type { PackData } from './pack.ts';
import { knownPolicy } from './packs.ts';
import { definePolicy } from './policy.ts';
import { brief, inventedPack, m, must } from './testing.ts';
import type { AssessPerson, Insurance, LevyLine, LevyRefusal, UnitProfile } from './types.ts';

const kinds: readonly Insurance[] = ['institutionPension', 'occupationalAnnuity', 'unemployment'];
const based = ['institutionPension', 'unemployment'];
const current = m('2021-03');

const months = fc.integer({ min: m('2018-06'), max: m('2021-05') }).map((month) => month as Month);
const wages = fc.oneof(
  fc.nat(3_000_000),
  fc.constantFrom(0, 399_949, 399_950, 400_000, 400_049, 1_999_950, 2_000_000, 2_000_050),
);

const person: fc.Arbitrary<Omit<AssessPerson, 'id'>> = fc.record({
  enrolments: fc.array(
    fc.record({
      insurance: fc.constantFrom(...kinds),
      from: months,
      to: fc.option(months, { freq: 2, nil: null }),
    }),
    { maxLength: 4 },
  ),
  wages: fc.uniqueArray(
    fc
      .tuple(months, wages, fc.constantFrom<Insurance | undefined>(undefined, undefined, ...kinds))
      .map(([effective, wage, insurance]) => ({
        effective,
        wageFen: fen(wage),
        ...(insurance === undefined ? {} : { insurance }),
      })),
    { maxLength: 6, selector: (wage) => `${wage.effective} ${wage.insurance}` },
  ),
});

const people = fc
  .array(person, { maxLength: 4 })
  .map((all) => all.map((each, at): AssessPerson => ({ ...each, id: `p${at}` })));

const row = { region: '990000', publishedOn: '2018-01-01', status: 'final', source: 'T' };

/** A province with random rates that change once, random bounds a year and random base years. */
const packs: fc.Arbitrary<PackData> = fc
  .record({
    starts: fc.tuple(fc.constantFrom(1, 7), fc.constantFrom(1, 4, 7)),
    change: fc.integer({ min: 1, max: 12 }),
    rates: fc.array(fc.nat(250_000), { minLength: 12, maxLength: 12 }),
    floors: fc.array(fc.integer({ min: 0, max: 500_000 }), { minLength: 8, maxLength: 8 }),
  })
  .map(({ starts, change, rates, floors }) => {
    const edge = String(change).padStart(2, '0');
    const next = change === 12 ? '2021-01' : `2020-${String(change + 1).padStart(2, '0')}`;
    const sides = kinds.flatMap((insurance) =>
      ['employer', 'employee'].map((payer) => ({ insurance, payer })),
    );
    return inventedPack({
      rates: sides.flatMap((side, at) =>
        [
          { from: '2017-01', to: `2020-${edge}` },
          { from: next, to: null },
        ].map((span, half) => ({
          ...row,
          ...side,
          ...span,
          id: `${side.insurance}-${side.payer}-${half}`,
          rate: ((rates[at * 2 + half] ?? 0) / 1e6).toFixed(6),
          ...(half === 1 && side.payer === 'employee' ? { fixed: '3.00' } : {}),
        })),
      ),
      bounds: based.flatMap((insurance, at) =>
        [2017, 2018, 2019, 2020, 2021].map((year, n) => {
          const floor = floors[(at * 4 + n) % 8] ?? 0;
          return {
            ...row,
            id: `${insurance}-${year}`,
            insurances: [insurance],
            floor: (floor / 100).toFixed(2),
            cap: ((floor * 5 + 1_000_000) / 100).toFixed(2),
            from: `${year}-01`,
            to: `${year}-12`,
          };
        }),
      ),
      windows: based.map((insurance, at) => ({
        ...row,
        id: `window-${insurance}`,
        insurances: [insurance],
        startMonth: starts[at] ?? 1,
        from: '2016-01',
        to: null,
      })),
      rounding: [
        {
          ...row,
          id: 'rounding',
          insurances: based,
          base: 'yuanHalfUp',
          amount: 'fenHalfUp',
          from: '2016-01',
          to: null,
        },
      ],
    });
  });

const units = fc.constantFrom('full', 'partial').map(
  (fundingType): UnitProfile => ({
    region: '990000',
    unitKind: 'institution',
    fundingType: fundingType as 'full' | 'partial',
  }),
);

function told(lines: readonly LevyLine[], refusals: readonly LevyRefusal[]): readonly string[] {
  const made = lines.map(
    (line) =>
      `${line.personId} ${line.insurance} ${line.payer} ${line.period} ${line.baseFen} ${line.amountFen}${line.bookkeeping ? ' recorded' : ''}`,
  );
  const refused = refusals.flatMap((each) => {
    const span = Array.from({ length: each.to - each.from + 1 }, (_, at) => each.from + at);
    return span.map((month) => `${each.personId} ${each.insurance} ${month} ${each.code}`);
  });
  return [...made, ...refused].sort();
}

test('every line and refusal is that of a naive implementation in exact rationals', () => {
  fc.assert(
    fc.property(packs, units, people, (pack, unit, all) => {
      const policy = definePolicy([pack]);
      const { lines, refusals } = must(assess({ policy, unit, people: all, current }));
      const expected = oracle(pack, { fullyFunded: unit.fundingType === 'full' }, all, current);
      assert.deepEqual(told(lines, refusals), expected);
    }),
    { numRuns: 300 },
  );
});

test('what was levied in full leaves nothing; any other history is completed by the deltas', () => {
  fc.assert(
    fc.property(packs, units, people, people, (pack, unit, before, after) => {
      const policy = definePolicy([pack]);
      const run = (list: readonly AssessPerson[]) =>
        must(assess({ policy, unit, people: list, current }));
      const due = (lines: readonly LevyLine[]) => lines.filter((line) => !line.bookkeeping);
      const levied = (lines: readonly LevyLine[], id: string) =>
        due(lines).filter((line) => line.personId === id);
      const first = run(before).lines;
      assert.deepEqual(
        due(run(before.map((each) => ({ ...each, levied: levied(first, each.id) }))).lines),
        [],
      );
      const pure = run(after);
      const changed = run(after.map((each) => ({ ...each, levied: levied(first, each.id) })));
      const sum = new Map<string, number>();
      const ids = new Set(after.map((each) => each.id));
      const refused = new Set(told([], pure.refusals).map((each) => each.replace(/ \w+$/, '')));
      const add = (line: LevyLine, amount: number) => {
        const month = `${line.personId} ${line.insurance} ${line.period}`;
        if (refused.has(month) || !ids.has(String(line.personId))) return;
        const key = `${month} ${line.payer}`;
        sum.set(key, (sum.get(key) ?? 0) + amount);
      };
      for (const line of due(first)) add(line, line.amountFen);
      for (const line of due(changed.lines)) add(line, line.deltaFen);
      for (const line of due(pure.lines)) add(line, 0 - line.amountFen);
      assert.deepEqual(
        [...sum].filter(([, rest]) => rest !== 0),
        [],
      );
    }),
    { numRuns: 200 },
  );
});

test('the order of people, enrolments, wages and levied amounts means nothing', () => {
  fc.assert(
    fc.property(packs, units, people, (pack, unit, all) => {
      const policy = definePolicy([pack]);
      const levied = must(assess({ policy, unit, people: all, current })).lines.filter(
        (_, at) => at % 3 > 0,
      );
      const own = (id: string) => levied.filter((line) => line.personId === id);
      const forth = all.map((each) => ({ ...each, levied: own(each.id) }));
      const back = all.toReversed().map((each) => ({
        ...each,
        enrolments: each.enrolments.toReversed(),
        wages: each.wages.toReversed(),
        levied: own(each.id).toReversed(),
      }));
      const run = (list: readonly AssessPerson[]) =>
        must(assess({ policy, unit, people: list, current }));
      const [left, right] = [run(forth), run(back)];
      assert.deepEqual(left.lines.map(brief).sort(), right.lines.map(brief).sort());
      assert.deepEqual(told([], left.refusals), told([], right.refusals));
      assert.deepEqual(left.totals, right.totals);
    }),
    { numRuns: 100 },
  );
});

test('every line of every region explains itself to its last fen', () => {
  const places = fc.constantFrom(
    '330106',
    '330200',
    '110105',
    '310101',
    '500100',
    '320102',
    '440106',
    '440305',
    '441900',
  );
  const someone = fc.record({
    place: places,
    wage: fc.nat(5_000_000),
    kinds: fc.subarray([
      'enterprisePension',
      'institutionPension',
      'occupationalAnnuity',
      'unemployment',
      'medical',
      'maternity',
      'workInjury',
      'largeMedical',
    ] as const),
    from: fc.integer({ min: m('2019-01'), max: m('2025-12') }),
    kind: fc.constantFrom('institution', 'enterprise', 'soleTrader' as const),
    size: fc.constantFrom('large', 'small' as const),
    funding: fc.constantFrom('full', 'partial' as const),
    asOf: fc.constantFrom(undefined, '2021-03-10', '2024-01-01'),
  });
  let explained = 0;
  fc.assert(
    fc.property(someone, ({ place, wage, kinds, from, kind, size, funding, asOf }) => {
      const unit: UnitProfile = {
        region: place,
        unitKind: kind,
        unitSize: size,
        fundingType: funding,
        riskClass: 4,
        floatFactor: '1.2',
        stagedCut: '0.2',
      };
      const now = (from + 5) as Month;
      const declared = Array.from({ length: 6 }, (_, at) => ({
        effective: (from + at) as Month,
        wageFen: fen(wage + at),
      }));
      for (const insurance of kinds) {
        const one: AssessPerson = {
          id: 'p',
          enrolments: [{ insurance, from: from as Month }],
          wages: declared,
        };
        const known = asOf === undefined ? {} : { asOf };
        const answer = assess({ policy: knownPolicy, unit, people: [one], current: now, ...known });
        for (const line of answer.ok ? answer.value.lines : []) {
          const told = must(explain({ policy: knownPolicy, unit, line, current: now, ...known }));
          assert.ok(told.consistent, JSON.stringify(told));
          const sentences = explainText(told);
          assert.equal(sentences.length, told.steps.length + 1);
          for (const each of sentences) assert.match(each, /。$/);
          explained++;
        }
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(explained > 1000, `only ${explained} lines`);
});

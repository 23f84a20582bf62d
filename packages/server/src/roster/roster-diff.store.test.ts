import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Month } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import fc from 'fast-check';
import { sql } from 'kysely';
import { openCauses } from '../assessment/index.ts';
import type { TaskHandler } from '../platform/index.ts';
import { type TestWorld, testDatabase } from '../platform/testing.ts';
import { loadRoster, type RosterPerson, updateTask } from './index.ts';
import { deliver, employer, type TestRow, update } from './testing.ts';

const start = 24240;
const months = 12;
const insurances: readonly Insurance[] = ['institutionPension', 'occupationalAnnuity'];

const row: fc.Arbitrary<TestRow> = fc
  .record({
    person: fc.integer({ min: 1, max: 3 }),
    name: fc.constantFrom('甲', '乙'),
    insurance: fc.constantFrom(...insurances),
    from: fc.integer({ min: start, max: start + months - 3 }),
    length: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
  })
  .map(({ length, ...rest }) => ({
    ...rest,
    from: rest.from as Month,
    to: length === undefined ? null : ((rest.from + length) as Month),
  }));
const step = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 4 }),
  kind: fc.constantFrom('full' as const, 'incremental' as const),
});

function liable(person: RosterPerson | undefined, insurance: Insurance, month: number): boolean {
  return (person?.enrolments ?? []).some(
    (spell) => spell.insurance === insurance && spell.from <= month && month <= (spell.to ?? month),
  );
}

/** The first month in which being insured differs between two states of the copy. */
function firstDifference(
  before: RosterPerson | undefined,
  after: RosterPerson | undefined,
  insurance: Insurance,
): number | undefined {
  for (let month = start; month < start + months; month += 1) {
    if (liable(before, insurance, month) !== liable(after, insurance, month)) return month;
  }
  return undefined;
}

async function roster(world: TestWorld, unit: number): Promise<Map<string, RosterPerson>> {
  const people = await loadRoster(world.services.db.q, unit);
  return new Map(people.map((person) => [person.personId, person]));
}

test('after any update the copy equals the registry, and causes cover every changed month', async (t) => {
  const world = await testDatabase(t, {
    handlers: [updateTask as TaskHandler],
    rehearse: false,
  });
  const unit = await employer(world);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      await world.pools.write.query(
        `TRUNCATE identity, registry_person, registry_unit, roster_person, roster_unit, levy_cause`,
      );
      for (const { rows, kind } of steps) {
        const before = await roster(world, unit);
        await deliver(world, rows);
        const id = await update(world, kind, [unit]);
        const after = await roster(world, unit);
        const different = await sql`
          (SELECT person_id, name, spells, first_month, is_open, arrived_on FROM registry_person
           EXCEPT SELECT person_id, name, spells, first_month, is_open, arrived_on
           FROM roster_person)`.execute(world.services.db.q);
        assert.deepEqual(different.rows, []);
        const causes = (await openCauses(world.services.db.q, unit)).filter(
          (cause) => cause.ref === id,
        );
        for (const [personId, person] of after) {
          for (const insurance of insurances) {
            const from = firstDifference(before.get(personId), person, insurance);
            const covering = causes.filter(
              (cause) =>
                cause.personId === personId && (cause.insurance ?? insurance) === insurance,
            );
            const earliest = Math.min(...covering.map((cause) => cause.fromMonth));
            if (from !== undefined) assert.ok(earliest <= from, `${earliest} > ${from}`);
          }
        }
      }
    }),
    { numRuns: 40 },
  );
});

import type { Month } from '@shebao/kernel';
import { type Kysely, sql } from 'kysely';
import type { CopyValue, Tx } from '../platform/index.ts';
import { decodeSpells, encodeSpells, isOpen, type Spell } from './spells.ts';

/** A person of a unit as the agencies delivered. */
export interface RegistryPerson {
  readonly personId: string;
  readonly name: string;
  readonly spells: readonly Spell[];
  /** YYYY-MM-DD */
  readonly arrivedOn: string;
}

/**
 * Locks a unit's registry against other deliveries and updates, to the end of the transaction.
 * Returns its revision: what an update has read when it has read everything up to it.
 */
export async function lockRegistry(tx: Tx, unitId: number): Promise<number> {
  await sql`INSERT INTO registry_unit (unit_id, revision) VALUES (${unitId}, 0)
    ON CONFLICT (unit_id) DO NOTHING`.execute(tx.q);
  const found = await sql<{ revision: number }>`
    SELECT revision FROM registry_unit WHERE unit_id = ${unitId} FOR UPDATE`.execute(tx.q);
  return found.rows[0]?.revision ?? 0;
}

/** Those of the given people whom the unit's registry knows, by person id. */
export async function loadPeople(
  q: Kysely<unknown>,
  unitId: number,
  personIds: readonly string[],
): Promise<Map<string, RegistryPerson>> {
  const found = await sql<{ id: string; name: string; spells: string; arrivedOn: string }>`
    SELECT person_id::text AS id, name, array_to_string(spells, ',') AS spells,
      arrived_on::text AS "arrivedOn"
    FROM registry_person
    WHERE unit_id = ${unitId} AND person_id = ANY(${personIds}::bigint[])`.execute(q);
  return new Map(
    found.rows.map(({ id, name, spells, arrivedOn }) => {
      const person = { personId: id, name, spells: readSpells(spells), arrivedOn };
      return [id, person];
    }),
  );
}

/** Reads stored triples from `array_to_string(spells, ',')`, much cheaper than the driver's arrays. */
function readSpells(text: string): Spell[] {
  return decodeSpells(text.split(',').map(Number));
}

const columns = [
  'unit_id',
  'person_id',
  'name',
  'spells',
  'first_month',
  'is_open',
  'arrived_on',
] as const;

/** People as rows of registry_person and roster_person. */
export function* personRows(
  unitId: number,
  people: Iterable<RegistryPerson>,
): Iterable<CopyValue[]> {
  for (const { personId, name, spells, arrivedOn } of people) {
    const first = Math.min(...spells.map((spell) => spell.from)) as Month;
    const stored = `{${encodeSpells(spells).join(',')}}`;
    yield [unitId, personId, name, stored, first, isOpen(spells), arrivedOn];
  }
}

/** Enters people, or puts their new state in the place of the old, as one revision of the unit. */
export async function storePeople(
  tx: Tx,
  unitId: number,
  revision: number,
  people: Iterable<RegistryPerson>,
  count: number,
): Promise<void> {
  if (count === 0) return;
  await sql`CREATE TEMP TABLE IF NOT EXISTS arriving_person (
    unit_id integer, person_id bigint, name text, spells integer[], first_month integer,
    is_open boolean, arrived_on date) ON COMMIT DROP`.execute(tx.q);
  await sql`TRUNCATE arriving_person`.execute(tx.q);
  await tx.copy('arriving_person', columns, personRows(unitId, people));
  await sql`
    INSERT INTO registry_person
      (unit_id, person_id, name, spells, first_month, is_open, arrived_on, revision)
    SELECT unit_id, person_id, name, spells, first_month, is_open, arrived_on, ${revision}::bigint
    FROM arriving_person ORDER BY person_id
    ON CONFLICT (unit_id, person_id) DO UPDATE SET name = excluded.name,
      spells = excluded.spells, first_month = excluded.first_month, is_open = excluded.is_open,
      arrived_on = excluded.arrived_on, revision = excluded.revision`.execute(tx.q);
  await sql`UPDATE registry_unit SET revision = ${revision} WHERE unit_id = ${unitId}`.execute(
    tx.q,
  );
}

/** Takes over people of a unit whose registry is empty so far: plain COPY, no comparing. */
export async function takeOverRegistry(
  tx: Tx,
  unitId: number,
  people: readonly RegistryPerson[],
): Promise<void> {
  const revision = (await lockRegistry(tx, unitId)) + 1;
  function* rows(): Iterable<CopyValue[]> {
    for (const row of personRows(unitId, people)) yield [...row, revision];
  }
  await tx.copy('registry_person', [...columns, 'revision'], rows());
  await sql`UPDATE registry_unit SET revision = ${revision} WHERE unit_id = ${unitId}`.execute(
    tx.q,
  );
}

/** How many people of each unit are insured on, by unit id. */
export async function activePeople(
  q: Kysely<unknown>,
  unitIds: readonly number[],
): Promise<Map<number, number>> {
  const found = await sql<{ unitId: number; people: number }>`
    SELECT unit_id AS "unitId", count(*)::int AS people FROM registry_person
    WHERE unit_id = ANY(${unitIds}::int[]) AND is_open GROUP BY unit_id`.execute(q);
  return new Map(found.rows.map((row) => [row.unitId, row.people]));
}

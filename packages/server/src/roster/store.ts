import type { Month } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import { type Kysely, sql } from 'kysely';
import type { Database, Tx } from '../platform/index.ts';
import { insuranceByCode, personRows, type RegistryPerson } from '../registry/index.ts';

/** A person of the employer's copy. Months are inclusive; `to` null while no end is known. */
export interface RosterPerson {
  readonly personId: string;
  readonly name: string;
  readonly enrolments: readonly {
    readonly insurance: Insurance;
    readonly from: Month;
    readonly to: Month | null;
  }[];
  /** When the person's insurance at this unit first arrived (YYYY-MM-DD). */
  readonly arrivedOn: string;
}

interface PersonRow {
  readonly personId: string;
  readonly name: string;
  readonly spells: string;
  readonly arrivedOn: string;
}

/** The people of a unit as the employer's copy knows them, by person id; `personIds` narrows it. */
export async function loadRoster(
  q: Kysely<unknown>,
  unitId: number,
  personIds?: readonly string[],
): Promise<RosterPerson[]> {
  const only = personIds ? sql`AND person_id = ANY(${personIds}::bigint[])` : sql``;
  const found = await sql<PersonRow>`
    SELECT person_id::text AS "personId", name, array_to_string(spells, ',') AS spells,
      arrived_on::text AS "arrivedOn"
    FROM roster_person WHERE unit_id = ${unitId} ${only} ORDER BY person_id`.execute(q);
  return found.rows.map(toPerson);
}

/** Reads the stored triples from text: a tenth of the cost of the driver's array parser. */
function toPerson(row: PersonRow): RosterPerson {
  const numbers = row.spells.split(',');
  const enrolments: { insurance: Insurance; from: Month; to: Month | null }[] = [];
  for (let at = 0; at < numbers.length; at += 3) {
    const insurance = insuranceByCode[Number(numbers[at]) - 1];
    if (insurance === undefined) throw new Error(`unknown insurance code ${numbers[at]}`);
    const from = Number(numbers[at + 1]) as Month;
    const to = Number(numbers[at + 2]) as Month;
    enrolments.push({ insurance, from, to: to === 0 ? null : to });
  }
  return { personId: row.personId, name: row.name, enrolments, arrivedOn: row.arrivedOn };
}

/** Whether a unit's copy names at most so many people, however many there are. */
export async function hasAtMost(db: Database, unitId: number, most: number): Promise<boolean> {
  const { rows } = await db.lookUp(
    `SELECT count(*)::int AS counted
     FROM (SELECT 1 FROM roster_person WHERE unit_id = $1 LIMIT $2) AS few`,
    [unitId, most + 1],
  );
  return (rows[0] as { counted: number }).counted <= most;
}

/** A page of the copy for the screen: by name or a whole identity number. */
export async function searchRoster(
  q: Kysely<unknown>,
  unitId: number,
  query: {
    readonly name: string | undefined;
    /** People whose identity number was searched for. */
    readonly personIds: readonly string[];
    readonly offset: number;
    readonly limit: number;
  },
): Promise<{ readonly total: number; readonly people: RosterPerson[] }> {
  const part = `%${(query.name ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`;
  const where = sql`unit_id = ${unitId} AND (${query.name === undefined} OR name ILIKE ${part}
    OR person_id = ANY(${query.personIds}::bigint[]))`;
  const counted = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM roster_person WHERE ${where}`.execute(q);
  const found = await sql<PersonRow>`
    SELECT person_id::text AS "personId", name, array_to_string(spells, ',') AS spells,
      arrived_on::text AS "arrivedOn"
    FROM roster_person WHERE ${where} ORDER BY person_id
    LIMIT ${query.limit} OFFSET ${query.offset}`.execute(q);
  return { total: counted.rows[0]?.total ?? 0, people: found.rows.map(toPerson) };
}

/** The whole copy of a unit in one snapshot, person by person, for files of any size. */
export async function* streamRoster(db: Database, unitId: number): AsyncGenerator<RosterPerson> {
  const text = `SELECT person_id::text AS "personId", name, array_to_string(spells, ',') AS spells,
    arrived_on::text AS "arrivedOn" FROM roster_person WHERE unit_id = $1 ORDER BY person_id`;
  for await (const row of db.stream<PersonRow>(text, [unitId])) yield toPerson(row);
}

/** When the copy was last brought up to date; null: never. */
export async function rosterUpdatedAt(q: Kysely<unknown>, unitId: number): Promise<string | null> {
  const found = await sql<{ at: string }>`
    SELECT updated_at AS at FROM roster_unit WHERE unit_id = ${unitId}`.execute(q);
  return found.rows[0]?.at ?? null;
}

/** Takes over people of a unit whose copy is empty so far, as of an instant: plain COPY. */
export async function takeOverRoster(
  tx: Tx,
  unitId: number,
  people: readonly RegistryPerson[],
  updatedAt: string,
): Promise<void> {
  const columns = ['unit_id', 'person_id', 'name', 'spells', 'first_month', 'is_open'];
  await tx.copy('roster_person', [...columns, 'arrived_on'], personRows(unitId, people));
  // Revision 0: the first incremental update looks at everybody that was delivered.
  await sql`INSERT INTO roster_unit (unit_id, revision, updated_at)
    VALUES (${unitId}, 0, ${updatedAt})`.execute(tx.q);
}

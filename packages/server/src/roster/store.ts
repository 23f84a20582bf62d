import type { Month } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import { type Kysely, sql } from 'kysely';
import { insuranceByCode } from '../registry/index.ts';

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

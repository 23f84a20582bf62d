import type { Month } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tx } from '../platform/index.ts';

/** Why months must be assessed (again). */
export type CauseKind = 'arrival' | 'stop' | 'enrolment' | 'wage' | 'unit' | 'policy' | 'period';

/** A cause as it is recorded. `personId` null: the whole unit; `insurance` null: all of the person's. */
export interface NewCause {
  readonly personId: string | null;
  readonly insurance: Insurance | null;
  readonly fromMonth: Month;
  readonly kind: CauseKind;
  /** The id of what caused it: a roster update, a wage declaration, a policy row. */
  readonly ref: string;
}

/** A recorded cause. `recordedOn` (YYYY-MM-DD) decides the due date of the months it brings up. */
export interface Cause extends NewCause {
  readonly id: string;
  readonly recordedOn: string;
}

const columns = ['unit_id', 'person_id', 'insurance', 'from_month', 'kind', 'ref', 'recorded_on'];

/** Records causes by COPY. `recordedOn` is the business date. Returns how many. */
export async function recordCause(
  tx: Tx,
  unitId: number,
  causes: Iterable<NewCause>,
  recordedOn: string,
): Promise<number> {
  function* rows(): Iterable<
    [number, string | null, string | null, number, string, string, string]
  > {
    for (const cause of causes) {
      const { personId, insurance, fromMonth, kind, ref } = cause;
      yield [unitId, personId, insurance, fromMonth, kind, ref, recordedOn];
    }
  }
  return tx.copy('levy_cause', columns, rows());
}

/**
 * Records causes set-based: `rows` is a query that yields (person_id, insurance, from_month, kind).
 * For changes of whole units, where a row by row way would cost seconds.
 */
export async function recordCausesOf(
  tx: Tx,
  unitId: number,
  rows: RawBuilder<unknown>,
  ref: string,
  recordedOn: string,
): Promise<void> {
  await sql`
    INSERT INTO levy_cause (unit_id, person_id, insurance, from_month, kind, ref, recorded_on)
    SELECT ${unitId}::int, person_id, insurance, from_month, kind, ${ref}::text, ${recordedOn}::date
    FROM (${rows}) AS found`.execute(tx.q);
}

/** The unit's causes that no live declaration has taken up, in the order they were recorded. */
export async function openCauses(q: Kysely<unknown>, unitId: number): Promise<Cause[]> {
  const found = await sql<Cause>`
    SELECT id::text, person_id::text AS "personId", insurance, from_month AS "fromMonth",
      kind, ref, recorded_on::text AS "recordedOn"
    FROM levy_cause WHERE unit_id = ${unitId} AND settled_by IS NULL ORDER BY id`.execute(q);
  return found.rows;
}

/** Marks causes as taken up by a declaration. Only open ones change; returns how many did. */
export async function settle(
  tx: Tx,
  unitId: number,
  declarationId: string,
  causeIds: readonly string[],
): Promise<number> {
  const done = await sql`
    UPDATE levy_cause SET settled_by = ${declarationId}
    WHERE unit_id = ${unitId} AND settled_by IS NULL AND id = ANY(${causeIds}::bigint[])`.execute(
    tx.q,
  );
  return Number(done.numAffectedRows ?? 0n);
}

/** Opens the causes of a declaration again: it was voided or refused. Returns how many. */
export async function unsettle(tx: Tx, unitId: number, declarationId: string): Promise<number> {
  const done = await sql`
    UPDATE levy_cause SET settled_by = NULL
    WHERE unit_id = ${unitId} AND settled_by = ${declarationId}`.execute(tx.q);
  return Number(done.numAffectedRows ?? 0n);
}

/**
 * Lets one command at a time change a unit's roster, wages or declarations. Take it first in the
 * command; it is held to the end of the transaction. Units in ascending id, so that none wait in a ring.
 */
export function lockUnit(tx: Tx, unitId: number): Promise<void> {
  return tx.lock(`unit ${unitId}`);
}

/** A submitted, or accepted and unpaid, declaration now holds the unit's wages. */
export async function holdWages(tx: Tx, unitId: number, declarationId: string): Promise<void> {
  await sql`INSERT INTO live_declaration (unit_id, declaration_id)
    VALUES (${unitId}, ${declarationId}) ON CONFLICT DO NOTHING`.execute(tx.q);
}

/** The declaration is voided, refused or paid: it holds the unit's wages no longer. */
export async function releaseWages(tx: Tx, unitId: number, declarationId: string): Promise<void> {
  await sql`DELETE FROM live_declaration
    WHERE unit_id = ${unitId} AND declaration_id = ${declarationId}`.execute(tx.q);
}

/** The declarations that hold the unit's wages; none: wages may be changed. */
export async function liveDeclarations(q: Kysely<unknown>, unitId: number): Promise<string[]> {
  const found = await sql<{ id: string }>`
    SELECT declaration_id::text AS id FROM live_declaration
    WHERE unit_id = ${unitId} ORDER BY declaration_id`.execute(q);
  return found.rows.map((row) => row.id);
}

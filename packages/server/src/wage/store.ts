import type { Fen, Month } from '@shebao/kernel';
import { type Kysely, sql } from 'kysely';
import type { Tx } from '../platform/types.ts';
import type { WageLine, WageStatus, WageVerdict } from './wage.ts';

/** A wage in force (fen a month) from its effective month on, to the end of that base year. */
export interface StoredWage {
  readonly personId: string;
  readonly effectiveMonth: Month;
  readonly wageFen: Fen;
}

/**
 * The wages in force of a unit: of each person and effective month the one declared last.
 * `within` leaves out those effective outside. Sorted by person and month.
 */
export async function loadWages(
  q: Kysely<unknown>,
  unitId: number,
  personIds?: readonly string[],
  within: { readonly from?: Month; readonly before?: Month } = {},
): Promise<StoredWage[]> {
  const { from = 0, before = 2_000_000_000 } = within;
  const only = personIds ? sql`AND person_id = ANY(${personIds}::bigint[])` : sql``;
  const found = await sql<StoredWage>`
    SELECT DISTINCT ON (person_id, effective_month) person_id::text AS "personId",
      effective_month AS "effectiveMonth", wage_fen AS "wageFen"
    FROM wage WHERE unit_id = ${unitId} AND effective_month >= ${from}
      AND effective_month < ${before} ${only}
    ORDER BY person_id, effective_month, seq DESC`.execute(q);
  return found.rows;
}

/**
 * By person, the first month of the wages taken over: everything before was levied by the former
 * system. People without such wages are absent.
 */
export async function historyBefore(
  q: Kysely<unknown>,
  unitId: number,
  personIds?: readonly string[],
): Promise<Map<string, Month>> {
  const only = personIds ? sql`AND person_id = ANY(${personIds}::bigint[])` : sql``;
  const found = await sql<{ personId: string; month: Month }>`
    SELECT person_id::text AS "personId", min(effective_month) AS month
    FROM wage WHERE unit_id = ${unitId} AND declaration_id IS NULL ${only}
    GROUP BY person_id`.execute(q);
  return new Map(found.rows.map((row) => [row.personId, row.month]));
}

/** Imports wages of the former system, which need no declaration here. Returns the rows written. */
export async function takeOverWages(
  tx: Tx,
  unitId: number,
  rows: Iterable<StoredWage>,
): Promise<number> {
  function* values(): Iterable<[number, string, number, number]> {
    for (const { personId, effectiveMonth, wageFen } of rows) {
      yield [unitId, personId, effectiveMonth, wageFen];
    }
  }
  return tx.copy('wage', ['unit_id', 'person_id', 'effective_month', 'wage_fen'], values());
}

/** Adds accepted wages; the newest of an effective month counts. */
export async function insertWages(
  tx: Tx,
  unitId: number,
  declarationId: string,
  lines: readonly WageLine[],
): Promise<void> {
  const columns = ['unit_id', 'person_id', 'effective_month', 'wage_fen', 'declaration_id'];
  function* values(): Iterable<[number, string, number, number, string]> {
    for (const { personId, effectiveMonth, wageFen } of lines) {
      yield [unitId, personId, effectiveMonth, wageFen, declarationId];
    }
  }
  await tx.copy('wage', columns, values());
}

/** A wage declaration as its record shows it. */
export interface WageDeclaration {
  readonly unitId: number;
  readonly declarationNo: number;
  readonly id: string;
  readonly kind: 'daily' | 'annual';
  readonly declaredAt: string;
  readonly status: WageStatus;
  readonly people: number;
  readonly succeeded: number;
  readonly failed: number;
}

const declarationColumns = sql`unit_id AS "unitId", declaration_no AS "declarationNo",
  id::text AS id, kind, declared_at AS "declaredAt", status, people, succeeded, failed`;

/** The number the unit's next wage declaration gets. Only under the unit's lock. */
export async function nextDeclarationNo(tx: Tx, unitId: number): Promise<number> {
  const found = await sql<{ no: number }>`
    SELECT coalesce(max(declaration_no), 0)::int + 1 AS no
    FROM wage_declaration WHERE unit_id = ${unitId}`.execute(tx.q);
  return found.rows[0]?.no ?? 1;
}

/** Stores a submission with its lines, in the order in which they were sent. */
export async function insertDeclaration(
  tx: Tx,
  declaration: Omit<WageDeclaration, 'succeeded' | 'failed'> & { readonly declaredOn: string },
  lines: readonly WageLine[],
): Promise<void> {
  const { unitId, declarationNo, id, kind, declaredAt, declaredOn, status, people } = declaration;
  await sql`
    INSERT INTO wage_declaration
      (unit_id, declaration_no, id, kind, declared_at, declared_on, status, people)
    VALUES (${unitId}, ${declarationNo}, ${id}, ${kind}, ${declaredAt}, ${declaredOn}, ${status},
      ${people})`.execute(tx.q);
  const columns = ['unit_id', 'declaration_no', 'line_no', 'person_id', 'effective_month'];
  function* values(): Iterable<[number, number, number, string, number, number]> {
    for (const [index, { personId, effectiveMonth, wageFen }] of lines.entries()) {
      yield [unitId, declarationNo, index + 1, personId, effectiveMonth, wageFen];
    }
  }
  await tx.copy('wage_declaration_line', [...columns, 'wage_fen'], values());
}

/** One wage declaration of a unit; undefined: there is none with this id. */
export async function findDeclaration(
  q: Kysely<unknown>,
  unitId: number,
  id: string,
): Promise<WageDeclaration | undefined> {
  const found = await sql<WageDeclaration>`
    SELECT ${declarationColumns} FROM wage_declaration
    WHERE unit_id = ${unitId} AND id::text = ${id}`.execute(q);
  return found.rows[0];
}

/** The wage declarations of these units, newest first. */
export async function listDeclarations(
  q: Kysely<unknown>,
  unitIds: readonly number[],
): Promise<WageDeclaration[]> {
  const found = await sql<WageDeclaration>`
    SELECT ${declarationColumns} FROM wage_declaration WHERE unit_id = ANY(${unitIds}::int[])
    ORDER BY declared_at DESC, declaration_no DESC, unit_id`.execute(q);
  return found.rows;
}

/** The lines of a submission in the clerk's order. */
export async function loadLines(
  q: Kysely<unknown>,
  unitId: number,
  declarationNo: number,
): Promise<WageLine[]> {
  const found = await sql<WageLine>`
    SELECT person_id::text AS "personId", effective_month AS "effectiveMonth",
      wage_fen AS "wageFen"
    FROM wage_declaration_line
    WHERE unit_id = ${unitId} AND declaration_no = ${declarationNo} ORDER BY line_no`.execute(q);
  return found.rows;
}

/** Stores the feedback: the new status and a verdict per line. */
export async function insertVerdicts(
  tx: Tx,
  declaration: WageDeclaration,
  verdicts: readonly (WageVerdict & { readonly baseFen: Fen | null })[],
): Promise<void> {
  const { unitId, declarationNo, status, succeeded, failed } = declaration;
  function* values(): Iterable<[number, number, number, string | null, string, number | null]> {
    for (const [index, { code, reason, baseFen }] of verdicts.entries()) {
      yield [unitId, declarationNo, index + 1, code, reason, baseFen];
    }
  }
  const columns = ['unit_id', 'declaration_no', 'line_no', 'code', 'reason', 'base_fen'];
  await tx.copy('wage_verdict', columns, values());
  await sql`
    UPDATE wage_declaration
    SET status = ${status}, succeeded = ${succeeded}, failed = ${failed}
    WHERE unit_id = ${unitId} AND declaration_no = ${declarationNo}`.execute(tx.q);
}

/** One row of 职工申报结果. */
export interface WageResult extends StoredWage {
  readonly judged: boolean;
  readonly code: string | null;
  readonly reason: string;
  readonly baseFen: Fen | null;
}

/** A page of the results, in the clerk's order, and how many there are. */
export async function listResults(
  q: Kysely<unknown>,
  { unitId, declarationNo }: Pick<WageDeclaration, 'unitId' | 'declarationNo'>,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ total: number; results: WageResult[] }> {
  const counted = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM wage_declaration_line
    WHERE unit_id = ${unitId} AND declaration_no = ${declarationNo}`.execute(q);
  const found = await sql<WageResult>`
    SELECT line.person_id::text AS "personId", line.effective_month AS "effectiveMonth",
      line.wage_fen AS "wageFen", verdict.line_no IS NOT NULL AS judged, verdict.code,
      coalesce(verdict.reason, '') AS reason, verdict.base_fen AS "baseFen"
    FROM wage_declaration_line AS line
    LEFT JOIN wage_verdict AS verdict USING (unit_id, declaration_no, line_no)
    WHERE line.unit_id = ${unitId} AND line.declaration_no = ${declarationNo}
    ORDER BY line_no OFFSET ${page.offset} LIMIT ${page.limit}`.execute(q);
  return { total: counted.rows[0]?.total ?? 0, results: found.rows };
}

import type { Fen, Month } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import { type Kysely, sql } from 'kysely';
import type { Tx } from '../platform/types.ts';
import type { DeclarationStatus } from './declaration.ts';

/** A declaration as its record shows it. */
export interface Declaration {
  readonly unitId: number;
  readonly declarationNo: number;
  readonly id: string;
  readonly declaredAt: string;
  readonly declaredOn: string;
  readonly status: DeclarationStatus;
  readonly failureCode: string | null;
  readonly failure: string | null;
  readonly expectedVersion: string;
  readonly expectedTotalFen: Fen;
  readonly policyVersion: string | null;
  /** First month that was open for everybody when it was accepted. */
  readonly openFrom: Month | null;
  /** The current period when it was declared. */
  readonly throughPeriod: Month;
  readonly periodFrom: Month;
  readonly periodTo: Month;
  readonly people: number;
  readonly amountFen: Fen;
  readonly lateFeeFen: Fen;
}

const columns = sql`unit_id AS "unitId", declaration_no AS "declarationNo", id::text AS id,
  declared_at AS "declaredAt", declared_on AS "declaredOn", status, failure_code AS "failureCode",
  failure, expected_version AS "expectedVersion", expected_total_fen AS "expectedTotalFen",
  policy_version AS "policyVersion", open_from AS "openFrom",
  through_period AS "throughPeriod", period_from AS "periodFrom", period_to AS "periodTo", people,
  amount_fen AS "amountFen", late_fee_fen AS "lateFeeFen"`;

/** What a new submission or void of a unit meets. */
export interface DeclarationState {
  /** The number that the unit's next declaration gets. */
  readonly nextNo: number;
  /** One is being processed. */
  readonly pending: boolean;
  /** The declaration that already has this id. */
  readonly known: {
    readonly declarationNo: number;
    readonly declaredOn: string;
    readonly version: string;
    readonly totalFen: Fen;
  } | null;
}

/** Reads it in one statement; only under the unit's lock. */
export async function declarationState(
  q: Kysely<unknown>,
  unitId: number,
  id: string,
): Promise<DeclarationState> {
  const found = await sql<DeclarationState>`
    SELECT coalesce(max(declaration_no), 0)::int + 1 AS "nextNo",
      coalesce(bool_or(status IN ('待反馈', '作废中')), false) AS pending,
      (jsonb_agg(jsonb_build_object('declarationNo', declaration_no, 'declaredOn', declared_on,
        'version', expected_version, 'totalFen', expected_total_fen))
        FILTER (WHERE id = ${id}::uuid))->0 AS known
    FROM declaration WHERE unit_id = ${unitId}`.execute(q);
  return found.rows[0] ?? { nextNo: 1, pending: false, known: null };
}

/** Whether a later declaration that still stands holds the months of this one as well. */
export async function laterLive(
  q: Kysely<unknown>,
  { unitId, declarationNo }: Pick<Declaration, 'unitId' | 'declarationNo'>,
): Promise<boolean> {
  const found = await sql`
    SELECT 1 FROM declaration WHERE unit_id = ${unitId} AND declaration_no > ${declarationNo}
      AND status IN ('全部申报成功', '作废中') LIMIT 1`.execute(q);
  return found.rows.length > 0;
}

/** Stores a submission that waits for its feedback. */
export async function insertSubmission(
  tx: Tx,
  submission: Pick<
    Declaration,
    | 'unitId'
    | 'declarationNo'
    | 'id'
    | 'declaredAt'
    | 'declaredOn'
    | 'status'
    | 'expectedVersion'
    | 'expectedTotalFen'
    | 'periodTo'
  >,
): Promise<void> {
  const { unitId, declarationNo, id, declaredAt, declaredOn, status, periodTo } = submission;
  await sql`
    INSERT INTO declaration (unit_id, declaration_no, id, declared_at, declared_on, status,
      expected_version, expected_total_fen, through_period, period_from, period_to)
    VALUES (${unitId}, ${declarationNo}, ${id}, ${declaredAt}, ${declaredOn}, ${status},
      ${submission.expectedVersion}, ${submission.expectedTotalFen}, ${periodTo}, ${periodTo},
      ${periodTo})`.execute(tx.q);
}

/** One declaration of a unit; undefined: there is none with this id. */
export async function findDeclaration(
  q: Kysely<unknown>,
  unitId: number,
  id: string,
): Promise<Declaration | undefined> {
  const found = await sql<Declaration>`
    SELECT ${columns} FROM declaration WHERE unit_id = ${unitId} AND id::text = ${id}`.execute(q);
  return found.rows[0];
}

/** The declarations of these units, newest first. */
export async function listDeclarations(
  q: Kysely<unknown>,
  unitIds: readonly number[],
): Promise<Declaration[]> {
  const found = await sql<Declaration>`
    SELECT ${columns} FROM declaration WHERE unit_id = ANY(${unitIds}::int[])
    ORDER BY declared_at DESC, declaration_no DESC, unit_id`.execute(q);
  return found.rows;
}

/** Moves a declaration on; `failure` says why it was refused, or why a void was. */
export async function updateStatus(
  tx: Tx,
  { unitId, declarationNo }: Pick<Declaration, 'unitId' | 'declarationNo'>,
  status: DeclarationStatus,
  failure: { readonly code: string; readonly text: string } | null = null,
): Promise<void> {
  await sql`
    UPDATE declaration SET status = ${status}, failure_code = ${failure?.code ?? null},
      failure = ${failure?.text ?? null}
    WHERE unit_id = ${unitId} AND declaration_no = ${declarationNo}`.execute(tx.q);
}

/**
 * By insurance, the last month that live declarations or the take-over hold in full. The months
 * after it are open for everybody of the unit.
 */
export async function declaredThrough(
  q: Kysely<unknown>,
  unitId: number,
): Promise<Map<Insurance, Month>> {
  const found = await sql<{ insurance: Insurance; through: Month }>`
    SELECT insurance, max(through_period) AS through FROM (
      SELECT unnest(covers) AS insurance, through_period FROM declaration
      WHERE unit_id = ${unitId} AND status IN ('全部申报成功', '作废中')
      UNION ALL
      SELECT insurance, through_period FROM levied_through WHERE unit_id = ${unitId}
    ) AS held GROUP BY insurance`.execute(q);
  return new Map(found.rows.map((row) => [row.insurance, row.through]));
}

/** Those of the units for which a submission or void is being processed. */
export async function pendingUnits(
  q: Kysely<unknown>,
  unitIds: readonly number[],
): Promise<Set<number>> {
  const found = await sql<{ unitId: number }>`
    SELECT unit_id AS "unitId" FROM declaration WHERE unit_id = ANY(${unitIds}::int[])
      AND status IN ('待反馈', '作废中')`.execute(q);
  return new Set(found.rows.map((row) => row.unitId));
}

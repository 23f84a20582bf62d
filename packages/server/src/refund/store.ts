import type { Agency, RefundApplicationState, RefundReason } from '@shebao/contract';
import type { Month } from '@shebao/kernel';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { paidParts } from '../payment/index.ts';
import type { Tx } from '../platform/index.ts';
import type { RefundLine } from './refundable.ts';

/** A unit's 退费申请 as it is kept. */
export interface Application {
  readonly id: string;
  readonly unitId: number;
  readonly applicationSeq: number;
  readonly applicationNo: string;
  readonly unitNo: string;
  readonly unitName: string;
  readonly taxpayerId: string;
  readonly taxpayerName: string;
  readonly taxOrg: string;
  readonly agency: Agency;
  readonly fromPeriod: Month;
  readonly toPeriod: Month;
  readonly people: number;
  readonly amountFen: number;
  readonly reasonCode: RefundReason;
  readonly reason: string;
  readonly payeeBankNo: string;
  readonly payeeAccountId: number;
  readonly payeeTail: string;
  readonly payeeName: string;
  readonly state: RefundApplicationState;
  readonly opinion: string;
  readonly madeBy: string;
  readonly acceptedBy: string | null;
  readonly approvedBy: string | null;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly version: number;
}

const columns = sql`id::text AS id, unit_id AS "unitId", application_seq AS "applicationSeq",
  application_no AS "applicationNo", unit_no AS "unitNo", unit_name AS "unitName",
  taxpayer_id AS "taxpayerId", taxpayer_name AS "taxpayerName", tax_org AS "taxOrg", agency,
  from_period AS "fromPeriod", to_period AS "toPeriod", people, amount_fen AS "amountFen",
  reason_code AS "reasonCode", reason, payee_bank_no AS "payeeBankNo",
  payee_account_id AS "payeeAccountId", payee_tail AS "payeeTail", payee_name AS "payeeName",
  state, opinion, made_by AS "madeBy", accepted_by AS "acceptedBy", approved_by AS "approvedBy",
  created_at AS "createdAt", changed_at AS "changedAt", version`;

type Q = Kysely<unknown>;

/** The application with this id; `lock` keeps others out until the transaction ends. */
export async function findApplication(
  q: Q,
  id: string,
  lock = false,
): Promise<Application | undefined> {
  const found = await sql<Application>`
    SELECT ${columns} FROM refund_application WHERE id = ${id}::uuid
    ${lock ? sql`FOR UPDATE` : sql``}`.execute(q);
  return found.rows[0];
}

/** The applications of a unit, newest first. */
export async function applicationsOf(q: Q, unitId: number): Promise<readonly Application[]> {
  const found = await sql<Application>`
    SELECT ${columns} FROM refund_application WHERE unit_id = ${unitId}
    ORDER BY application_seq DESC LIMIT 500`.execute(q);
  return found.rows;
}

/** A page of all applications: those that wait for officers first, then the newest. */
export async function officeApplications(
  q: Q,
  query: {
    readonly state?: RefundApplicationState | undefined;
    readonly offset: number;
    readonly limit: number;
  },
): Promise<{ readonly total: number; readonly rows: readonly Application[] }> {
  const where = query.state === undefined ? sql`true` : sql`state = ${query.state}`;
  const counted = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM refund_application WHERE ${where}`.execute(q);
  const found = await sql<Application>`
    SELECT ${columns} FROM refund_application WHERE ${where}
    ORDER BY state NOT IN ('审核中', '待复核', '退库失败'), created_at DESC, id
    LIMIT ${query.limit} OFFSET ${query.offset}`.execute(q);
  return { total: counted.rows[0]?.n ?? 0, rows: found.rows };
}

/** The application that a unit must see ended before the next; undefined: none. */
export async function unfinished(q: Q, unitId: number): Promise<Application | undefined> {
  const found = await sql<Application>`
    SELECT ${columns} FROM refund_application WHERE unit_id = ${unitId}
      AND state IN ('审核中', '待复核', '退库中', '退库失败')`.execute(q);
  return found.rows[0];
}

/** The number of a unit's next application; only under the unit's lock. */
export async function nextSeq(q: Q, unitId: number): Promise<number> {
  const found = await sql<{ next: number }>`
    SELECT coalesce(max(application_seq), 0)::int + 1 AS next FROM refund_application
    WHERE unit_id = ${unitId}`.execute(q);
  return found.rows[0]?.next ?? 1;
}

export async function insertApplication(tx: Tx, made: Application): Promise<void> {
  await sql`
    INSERT INTO refund_application (id, unit_id, application_seq, application_no, unit_no,
      unit_name, taxpayer_id, taxpayer_name, tax_org, agency, from_period, to_period, people,
      amount_fen, reason_code, reason, payee_bank_no, payee_account_id, payee_tail, payee_name,
      state, opinion, made_by, created_at, changed_at, version)
    VALUES (${made.id}::uuid, ${made.unitId}, ${made.applicationSeq}, ${made.applicationNo},
      ${made.unitNo}, ${made.unitName}, ${made.taxpayerId}, ${made.taxpayerName}, ${made.taxOrg},
      ${made.agency}, ${made.fromPeriod}, ${made.toPeriod}, ${made.people}, ${made.amountFen},
      ${made.reasonCode}, ${made.reason}, ${made.payeeBankNo}, ${made.payeeAccountId},
      ${made.payeeTail}, ${made.payeeName}, ${made.state}, ${made.opinion}, ${made.madeBy},
      ${made.createdAt}, ${made.changedAt}, ${made.version})`.execute(tx.q);
}

export type Changes = Partial<
  Pick<
    Application,
    | 'state'
    | 'opinion'
    | 'acceptedBy'
    | 'approvedBy'
    | 'payeeBankNo'
    | 'payeeAccountId'
    | 'payeeTail'
    | 'payeeName'
  >
>;

/** Writes an application that is locked, its next version. */
export async function updateApplication(
  tx: Tx,
  before: Application,
  changes: Changes,
  at: string,
): Promise<Application> {
  const next = { ...before, ...changes, changedAt: at, version: before.version + 1 };
  await sql`
    UPDATE refund_application SET state = ${next.state}, opinion = ${next.opinion},
      accepted_by = ${next.acceptedBy}, approved_by = ${next.approvedBy},
      payee_bank_no = ${next.payeeBankNo}, payee_account_id = ${next.payeeAccountId},
      payee_tail = ${next.payeeTail}, payee_name = ${next.payeeName},
      changed_at = ${next.changedAt}, version = ${next.version}
    WHERE id = ${before.id}::uuid`.execute(tx.q);
  return next;
}

/** Stores the lines of an application: a relation as `refundableLines` makes it. Answers their sums. */
export async function insertLines(
  tx: Tx,
  applicationId: string,
  unitId: number,
  lines: RawBuilder<unknown>,
): Promise<{ readonly people: number; readonly amountFen: number }> {
  const done = await sql<{ people: number; amountFen: number }>`
    WITH added AS (
      INSERT INTO refund_line (application_id, line_no, unit_id, overpayment_no, person_id,
        insurance, payer, period, wage_fen, base_fen, rate_ppm, amount_fen, bill_id, tax_vou_no,
        paid_on)
      SELECT ${applicationId}::uuid, row_number() OVER (ORDER BY person_id, period, insurance,
          payer DESC, tax_vou_no, overpayment_no), ${unitId}::int, overpayment_no, person_id,
        insurance, payer, period, wage_fen, base_fen, rate_ppm, amount_fen, bill_id, tax_vou_no,
        paid_on
      FROM ${lines} AS line
      RETURNING person_id, amount_fen
    )
    SELECT count(DISTINCT person_id)::int AS people,
      coalesce(sum(amount_fen), 0)::bigint AS "amountFen" FROM added`.execute(tx.q);
  return done.rows[0] ?? { people: 0, amountFen: 0 };
}

/** As a relation, the lines of an application that no payout has brought back. */
export function openLines(applicationId: string): RawBuilder<unknown> {
  return sql`(
    SELECT line.* FROM refund_line AS line LEFT JOIN ${paidParts()} AS part
      USING (application_id, tax_vou_no)
    WHERE application_id = ${applicationId}::uuid AND part.refunded_on IS NULL)`;
}

/** A page of an application's lines. */
export async function linesPage(
  q: Q,
  applicationId: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly rows: readonly RefundLine[] }> {
  const counted = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM refund_line
    WHERE application_id = ${applicationId}::uuid`.execute(q);
  const found = await sql<RefundLine>`
    SELECT person_id::text AS "personId", insurance, payer, period, base_fen AS "baseFen",
      amount_fen AS "amountFen", tax_vou_no AS "taxVouNo", paid_on AS "paidOn"
    FROM refund_line WHERE application_id = ${applicationId}::uuid ORDER BY line_no
    LIMIT ${page.limit} OFFSET ${page.offset}`.execute(q);
  return { total: counted.rows[0]?.n ?? 0, rows: found.rows };
}

/** An application by levy item. */
export async function lineSums(
  q: Q,
  applicationId: string,
): Promise<readonly Pick<RefundLine, 'insurance' | 'payer' | 'amountFen'>[]> {
  const found = await sql<Pick<RefundLine, 'insurance' | 'payer' | 'amountFen'>>`
    SELECT insurance, payer, sum(amount_fen)::bigint AS "amountFen"
    FROM refund_line WHERE application_id = ${applicationId}::uuid
    GROUP BY insurance, payer ORDER BY insurance, payer DESC`.execute(q);
  return found.rows;
}

/** What of an application no payout has brought back, by 税票号码: one payout each. */
export async function openParts(
  q: Q,
  applicationId: string,
): Promise<readonly { readonly taxVouNo: string; readonly amountFen: number }[]> {
  const found = await sql<{ taxVouNo: string; amountFen: number }>`
    SELECT tax_vou_no AS "taxVouNo", sum(amount_fen)::bigint AS "amountFen"
    FROM ${openLines(applicationId)} AS line GROUP BY tax_vou_no ORDER BY tax_vou_no`.execute(q);
  return found.rows;
}

export interface ApplicationNote {
  readonly actor: string;
  readonly event: string;
  readonly before: string;
  readonly after: string;
  readonly text: string;
  readonly at: string;
}

export async function addEvent(
  tx: Tx,
  applicationId: string,
  note: ApplicationNote,
): Promise<void> {
  await sql`
    INSERT INTO refund_application_event (application_id, seq, at, actor, event, state_before,
      state_after, text)
    SELECT ${applicationId}::uuid, coalesce(max(seq), 0) + 1, ${note.at}::timestamptz,
      ${note.actor}, ${note.event}, ${note.before}, ${note.after}, ${note.text}
    FROM refund_application_event WHERE application_id = ${applicationId}::uuid`.execute(tx.q);
}

/** What happened to an application, in order. */
export async function eventsOf(
  q: Q,
  applicationId: string,
): Promise<readonly { readonly at: string; readonly actor: string; readonly text: string }[]> {
  const found = await sql<{ at: string; actor: string; text: string }>`
    SELECT at, actor, text FROM refund_application_event
    WHERE application_id = ${applicationId}::uuid ORDER BY seq`.execute(q);
  return found.rows;
}

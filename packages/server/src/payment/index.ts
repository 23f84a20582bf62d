import type { Result } from '@shebao/kernel';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { type Unit, unitById } from '../employer/index.ts';
import type { FieldCrypto, Moment, Refusal, Tx } from '../platform/index.ts';
import { postgresStore } from '../treasury/index.ts';
import { type NewAgreement, takeOver } from './agreements.ts';
import { addBill, type NewBillLine, voidBillOf } from './bills.ts';
import { type PaymentStatus, statusOf } from './status.ts';

export type { NewAgreement } from './agreements.ts';
export type { NewBillLine } from './bills.ts';
export { refundsOfCases } from './case-queries.ts';
export { checkPayments } from './check.ts';
export { officeName, printed } from './forms.ts';
export { proofOf, usedUp } from './officer-acts.ts';
export {
  beginPayouts,
  drawPayoutNumbers,
  type Payee,
  type Payout,
  paidParts,
  payeesOf,
  payoutsOf,
  sealPayee,
} from './payout.ts';
export { paymentReceipt } from './receipt.ts';
export { paymentRoutes } from './routes.ts';
export { openPayments, type Payments } from './service.ts';

/** What `createBill` and its companions need besides the transaction. */
export interface BillContext {
  readonly at: Moment;
  readonly crypto?: FieldCrypto;
}

/** What a processed declaration owes; its bill has the declaration's id. Lines without an amount are left out. */
export interface CreateBill {
  readonly unitId: number;
  /** The unit itself where it was read already, in this transaction. */
  readonly unit?: Unit;
  readonly declarationId: string;
  readonly declaredOn: string;
  /** The last day without late fee of the current month's lines. */
  readonly dueDate: string;
  readonly periodFrom: number;
  readonly periodTo: number;
  readonly lines: readonly NewBillLine[];
}

/** Records the bill of a declaration. Its lines must have a positive sum. */
export async function createBill(tx: Tx, given: CreateBill, context: BillContext): Promise<void> {
  const { unit: known, ...bill } = given;
  const unit = known ?? (await unitById(tx.q, given.unitId));
  await addBill(storeOf(tx, context), {
    ...bill,
    unitNo: unit.unitNo,
    unitName: unit.name,
    taxpayerId: unit.taxpayerId,
    taxpayerName: unit.taxpayerName,
    taxOrg: unit.taxOrgCode,
    region: unit.region,
  });
}

/** Voids the bill of a declaration; DECLARATION_NOT_VOIDABLE while it is being paid or is paid. */
export function voidBill(
  tx: Tx,
  declarationId: string,
  context: BillContext,
): Promise<Result<null, Refusal>> {
  return voidBillOf(storeOf(tx, context), declarationId);
}

/** Takes a debit agreement over as 有效 on both sides; one that is held already is left alone. */
export function takeOverAgreement(
  tx: Tx,
  agreement: NewAgreement,
  context: BillContext & { readonly crypto: FieldCrypto },
): Promise<void> {
  return takeOver(storeOf(tx, context), agreement);
}

/** How the payment of a declaration stands. */
export interface BillStatus {
  readonly declarationId: string;
  readonly unitId: number;
  readonly state: 'UNPAID' | 'LOCKED' | 'PAID' | 'TREASURED' | 'REFUNDED' | 'VOIDED';
  /** In the words of the client. */
  readonly status: PaymentStatus;
  /** The bank's debit date, YYYY-MM-DD. */
  readonly paidOn: string | null;
  readonly amountFen: number;
  readonly lateFeeFen: number;
  /** Paid back by applications for a refund. */
  readonly refundedFen: number;
  readonly taxVoucherNo: string | null;
}

/** The bills of these units, or of these declarations. */
export async function billStates(
  q: Kysely<unknown>,
  of: { readonly unitIds: readonly number[] } | { readonly declarationIds: readonly string[] },
): Promise<readonly BillStatus[]> {
  const which =
    'unitIds' in of
      ? sql`b.unit_id = any(${of.unitIds}::int[])`
      : sql`b.id = any(${of.declarationIds}::uuid[])`;
  const found = await sql<Omit<BillStatus, 'status'> & { readonly orderState: string | null }>`
    select b.id as "declarationId", b.unit_id as "unitId", b.state, b.paid_on as "paidOn",
      b.amount_fen as "amountFen", b.late_fee_fen as "lateFeeFen",
      b.refunded_fen as "refundedFen",
      o.tax_vou_no as "taxVoucherNo", o.state as "orderState"
    from bill b left join payment_order o on o.bill_id = b.id and o.active
    where ${which} order by b.unit_id, b.declared_on, b.id`.execute(q);
  return found.rows.map(({ orderState, ...row }) => ({
    ...row,
    status: statusOf({ state: row.state, orderState }),
  }));
}

/** A late fee that was paid with a declaration. */
export interface PaidLateFee {
  readonly declarationId: string;
  readonly insurance: string;
  readonly payer: 'employer' | 'employee';
  readonly period: number;
  readonly amountFen: number;
}

/** The late fees collected with these declarations, as they were fixed at 确认缴费. */
export async function paidLateFees(
  q: Kysely<unknown>,
  declarationIds: readonly string[],
): Promise<readonly PaidLateFee[]> {
  const found = await sql<PaidLateFee>`
    select l.bill_id as "declarationId", l.insurance, l.payer, l.period,
      sum(l.amount_fen)::bigint as "amountFen"
    from bill_line l join payment_order o on o.id = l.order_id
    where l.kind = 'lateFee' and o.state in ('PAID', 'TREASURED')
      and l.bill_id = any(${[...declarationIds]}::uuid[])
    group by l.bill_id, l.insurance, l.payer, l.period`.execute(q);
  return found.rows;
}

function storeOf(tx: Tx, context: BillContext) {
  return postgresStore(tx, context.at, context.crypto ?? noCrypto);
}

// Bills hold nothing that is encrypted.
const noCrypto: FieldCrypto = {
  encrypt: () => refuse(),
  decrypt: () => refuse(),
  searchHash: () => refuse(),
};

function refuse(): never {
  throw new Error('no keys in this context');
}

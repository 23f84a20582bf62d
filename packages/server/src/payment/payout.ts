import { assert, err, ok, type Result } from '@shebao/kernel';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { FieldCrypto, Moment, Refusal, Tx } from '../platform/index.ts';
import {
  eightDigits,
  newMessageId,
  postgresStore,
  readSession,
  type Store,
  treasuryDay,
} from '../treasury/index.ts';
import { unusableReason } from './agreement.ts';
import { accountIdOf } from './agreements.ts';
import { optionText } from './confirm.ts';
import { drawVoucherNo } from './pay.ts';
import type { PaymentPorts } from './ports.ts';
import type { RefundState } from './refund.ts';
import { note, type RefundNumbers, sendOff } from './refund-acts.ts';
import { mayPay, type RefundRecord, refunds } from './refund-tables.ts';
import { agreements, bills, orders } from './tables.ts';

interface Context {
  readonly at: Moment;
  readonly crypto: FieldCrypto;
}

/** A unit's account to which money may go back, sealed. */
export interface Payee {
  readonly bankNo: string;
  readonly accountId: number;
  /** The last four digits, all that is shown. */
  readonly tail: string;
  readonly name: string;
}

/** The accounts of a taxpayer's valid debit agreements, in the order in which they were signed. */
export async function payeesOf(
  ports: Pick<PaymentPorts, 'read'>,
  taxpayerId: string,
): Promise<readonly (Payee & { readonly agreementId: string; readonly option: string })[]> {
  const held = await ports.read.of(agreements).find({ taxpayerId }, { order: ['id'] });
  return held
    .filter(({ state }) => unusableReason(state) === null)
    .map((one) => ({
      agreementId: String(one.id),
      option: optionText(one),
      bankNo: one.openingBankNo,
      accountId: one.accountId,
      tail: one.accountTail,
      name: one.holder,
    }));
}

/** Seals an account that a unit typed. */
export async function sealPayee(
  tx: Tx,
  typed: { readonly bankNo: string; readonly account: string; readonly name: string },
  { at, crypto }: Context,
): Promise<Payee> {
  const accountId = await accountIdOf(postgresStore(tx, at, crypto), typed.account);
  return { bankNo: typed.bankNo, accountId, tail: typed.account.slice(-4), name: typed.name };
}

/** The numbers under which some payouts travel; refused while the treasury is closed. */
export async function drawPayoutNumbers(
  ports: PaymentPorts,
  taxOrg: string,
  count: number,
): Promise<Result<readonly RefundNumbers[], Refusal>> {
  const day = treasuryDay(await readSession(ports), ports.now().epochMs);
  if (!day.open) return err({ code: day.code });
  const drawn: RefundNumbers[] = [];
  for (let at = 0; at < count; at += 1) {
    const [number = 0] = await ports.numbers.take('debit', taxOrg, day.workDate);
    drawn.push({
      drawBackVouNo: await drawVoucherNo(ports, taxOrg),
      traNo: eightDigits(number),
      entrustDate: day.workDate,
      msgId: await newMessageId(ports, '1104'),
    });
  }
  return ok(drawn);
}

/** What two officers agreed to pay back of the orders of one application. */
export interface NewPayouts {
  readonly applicationId: string;
  readonly taxOrg: string;
  readonly payee: Payee;
  readonly parts: readonly { readonly taxVouNo: string; readonly amountFen: number }[];
  readonly reasonCode: string;
  readonly reason: string;
  readonly askedBy: string;
  readonly confirmedBy: string;
}

/** Begins the payouts of an application, one for each 税票号码; refused when a payment does not stand in the treasury. */
export function beginPayouts(
  tx: Tx,
  given: NewPayouts,
  numbers: readonly RefundNumbers[],
  { at, crypto }: Context,
): Promise<Result<null, Refusal>> {
  return payBack(postgresStore(tx, at, crypto), given, numbers);
}

/** The same in a transaction that is open on whichever books. */
export async function payBack(
  store: Store,
  given: NewPayouts,
  numbers: readonly RefundNumbers[],
): Promise<Result<null, Refusal>> {
  const { at } = store;
  const { applicationId, payee, askedBy, confirmedBy } = given;
  for (const [index, part] of given.parts.entries()) {
    const known = await store.of(orders).get({ taxVouNo: part.taxVouNo });
    // Whoever takes this payment back must see the payout, or the payout that: the bill is the lock.
    const bill = known && (await store.of(bills).get({ id: known.billId }, { lock: true }));
    const order = bill && (await store.of(orders).get({ taxVouNo: part.taxVouNo }));
    const told = numbers[index];
    assert(told !== undefined, 'every payout has its numbers');
    if (order?.state !== 'TREASURED' || order.taxOrg !== given.taxOrg) {
      return err({ code: 'REFUND_PAYMENT_CHANGED', data: { taxVoucherNo: part.taxVouNo } });
    }
    const before = await store.of(refunds).find({ oriTaxVouNo: part.taxVouNo });
    const others = before.filter(({ state }) => mayPay(state));
    const paidBack = others.reduce((sum, one) => sum + one.amountFen, 0);
    assert(paidBack + part.amountFen <= order.amountFen, 'more goes back than was collected');
    const made: RefundRecord = {
      id: `${applicationId}:${before.length + 1}:${part.taxVouNo}`,
      caseId: null,
      applicationId,
      taxOrg: order.taxOrg,
      treCode: order.payee.treCode,
      oriTaxVouNo: part.taxVouNo,
      amountFen: part.amountFen,
      reasonCode: given.reasonCode,
      payeeBankNo: payee.bankNo,
      payeeAccountId: payee.accountId,
      payeeTail: payee.tail,
      payeeName: payee.name,
      state: '待复核',
      drawBackVouNo: null,
      traNo: null,
      entrustDate: null,
      msgId: null,
      reason: given.reason,
      askedBy,
      confirmedBy: null,
      resultCode: null,
      addWord: null,
      createdAt: at.iso,
      changedAt: at.iso,
      version: 1,
    };
    await store.of(refunds).insert(made);
    await note(store, made, askedBy, 'asked', '', `退费申请审核通过：${given.reason}`);
    const text = `复核通过，退库凭证号 ${told.drawBackVouNo}`;
    await sendOff(store, made, confirmedBy, text, { ...told, confirmedBy });
  }
  return ok(null);
}

/** As a relation, the parts of applications that arrived: application_id, tax_vou_no, amount_fen and refunded_on. */
export function paidParts(): RawBuilder<unknown> {
  return sql`(
    SELECT application_id::uuid, ori_tax_vou_no AS tax_vou_no, amount_fen,
      (changed_at AT TIME ZONE 'Asia/Shanghai')::date AS refunded_on
    FROM refund WHERE application_id IS NOT NULL AND state = '已退')`;
}

/** One payout as an application shows it. */
export interface Payout {
  readonly applicationId: string;
  readonly taxVouNo: string;
  readonly amountFen: number;
  readonly state: RefundState;
  readonly drawBackVouNo: string | null;
  /** What the treasury said; empty while it has not spoken. */
  readonly said: string;
  readonly createdAt: string;
  readonly changedAt: string;
}

/** The payouts of applications, oldest first; failed ones stay beside those that took their place. */
export async function payoutsOf(
  q: Kysely<unknown>,
  applicationIds: readonly string[],
): Promise<readonly Payout[]> {
  const found = await sql<Payout>`
    select application_id as "applicationId", ori_tax_vou_no as "taxVouNo",
      amount_fen as "amountFen", state, draw_back_vou_no as "drawBackVouNo",
      concat_ws(' ', result_code, add_word) as said, created_at as "createdAt",
      changed_at as "changedAt"
    from refund where application_id = any(${applicationIds}::text[])
    order by created_at, id`.execute(q);
  return found.rows;
}

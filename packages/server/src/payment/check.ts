import { type Kysely, sql } from 'kysely';
import { type Balances, expectedBalances } from './ledger.ts';
import { type BillRecord, type LedgerAccount, ledgerAccounts } from './tables.ts';

/** A bill whose journal does not say what its state says, for the operator. No personal data. */
export interface PaymentFinding {
  readonly unitNo: string;
  readonly subject: string;
  /** A Chinese sentence. */
  readonly text: string;
}

interface BookedBill
  extends Pick<BillRecord, 'amountFen' | 'lateFeeFen' | 'refundedFen' | 'state'> {
  readonly id: string;
  readonly unitNo: string;
  readonly sent: boolean;
  readonly overcollectedFen: number;
  /** What the payouts of applications say was paid back. */
  readonly paidBackFen: number;
  readonly succeeded: number;
  readonly booked: Partial<Record<LedgerAccount, number>>;
}

/**
 * Recomputes from the double-entry journal what every bill holds and compares it with its state, and
 * counts successful debits. Nothing may be unclear after a complete list. Empty: all is well.
 */
export async function checkPayments(q: Kysely<unknown>): Promise<PaymentFinding[]> {
  const found = await sql<BookedBill>`
    with postings as (
      select bill_id, debit as account, amount_fen from journal
      union all select bill_id, credit, -amount_fen from journal
    ), booked as (
      select bill_id, jsonb_object_agg(account, total) as totals
      from (select bill_id, account, sum(amount_fen) as total from postings group by 1, 2) as sums
      group by bill_id
    ), debits as (
      select a.bill_id, bool_or(a.state in ('SENT', 'UNKNOWN', 'REVERSING')) as sent,
        count(*) filter (where a.state = 'SUCCEEDED')::int as succeeded,
        coalesce(sum(o.amount_fen) filter (where a.state = 'OVERCOLLECTED'), 0)::bigint as over_fen
      from attempt a join payment_order o on o.id = a.order_id group by a.bill_id
    ), given_back as (
      select a.bill_id, sum(r.amount_fen)::bigint as fen
      from refund r join exception_case c on c.id = r.case_id join attempt a on a.id = c.attempt_id
      where r.state = '已退' and a.state = 'OVERCOLLECTED' group by a.bill_id
    ), paid_back as (
      select o.bill_id, sum(r.amount_fen)::bigint as fen
      from refund r join payment_order o on o.tax_vou_no = r.ori_tax_vou_no
      where r.state = '已退' and r.application_id is not null group by o.bill_id
    )
    select b.id::text as id, b.unit_no as "unitNo", b.amount_fen as "amountFen",
      b.late_fee_fen as "lateFeeFen", b.refunded_fen as "refundedFen", b.state,
      coalesce(p.fen, 0) as "paidBackFen", coalesce(d.sent, false) as sent,
      coalesce(d.over_fen, 0) - coalesce(g.fen, 0) as "overcollectedFen", coalesce(d.succeeded, 0) as succeeded,
      coalesce(k.totals, '{}'::jsonb) as booked
    from bill b left join booked k on k.bill_id = b.id left join debits d on d.bill_id = b.id
    left join given_back g on g.bill_id = b.id left join paid_back p on p.bill_id = b.id
    order by b.unit_id, b.id`.execute(q);
  return [
    ...found.rows.flatMap(findingsOf),
    ...(await unclearAfterList(q)),
    ...(await transfersAgree(q)),
  ];
}

/**
 * Once the list of its day is complete, no debit of that day is unclear, except one that the list itself left to two
 * officers. A line of a batch is decided by the list of the last day on which it may be debited.
 */
async function unclearAfterList(q: Kysely<unknown>): Promise<PaymentFinding[]> {
  const found = await sql<PaymentFinding>`
    select b.unit_no as "unitNo", '扣款指令 ' || a.id as subject,
      '当日对账清单已核对完毕，扣款结果仍为 ' || a.state as text
    from attempt a join bill b on b.id = a.bill_id
    where a.state in ('SENT', 'UNKNOWN', 'REVERSING') and a.msg_no <> '1102'
      and exists (select from treasury_list l where l.kind = '3122' and l.tax_org = a.tax_org
        and l.chk_date = a.entrust_date and l.state = 'applied')
      and not exists (select from exception_case c
        where c.attempt_id = a.id and c.state <> '已处理' and a.recon_class in (0, 2))`.execute(q);
  return found.rows;
}

/** What came by transfer and what it paid are the same, to the fen. */
async function transfersAgree(q: Kysely<unknown>): Promise<PaymentFinding[]> {
  const found = await sql<PaymentFinding>`
    select coalesce(t.unit_no, '') as "unitNo", '缴款书 ' || coalesce(o.id, t.order_id) as subject,
      '转账到账与缴款书不一致：到账 ' || coalesce(t.amount_fen, 0) || ' 分，缴款书 '
        || coalesce(o.amount_fen, 0) || ' 分' as text
    from (select * from transfer where state in ('已销号', '划缴待复核', '已划缴国库')) t
    full join (select * from payment_order
      where way = 'transfer' and state in ('PAID', 'TREASURED')) o on o.id = t.order_id
    where t.id is null or o.id is null or t.amount_fen <> o.amount_fen
      or (o.state = 'TREASURED') <> (t.state = '已划缴国库')`.execute(q);
  return found.rows;
}

function findingsOf(bill: BookedBill): PaymentFinding[] {
  const findings: PaymentFinding[] = [];
  const say = (text: string) =>
    findings.push({ unitNo: bill.unitNo, subject: `账单 ${bill.id}`, text });
  const expected: Balances = expectedBalances(bill, bill.sent, bill.overcollectedFen);
  for (const account of ledgerAccounts) {
    const held = bill.booked[account] ?? 0;
    if (held !== expected[account]) {
      say(`科目 ${account} 余额为 ${held} 分，按状态应为 ${expected[account]} 分`);
    }
  }
  if (bill.succeeded > 1) say(`有 ${bill.succeeded} 笔成功扣款，一张账单只能扣款一次`);
  if (bill.refundedFen !== bill.paidBackFen) {
    say(`已退费 ${bill.refundedFen} 分，按退库记录应为 ${bill.paidBackFen} 分`);
  }
  const paid = ['PAID', 'TREASURED', 'REFUNDED'].includes(bill.state);
  if (bill.succeeded === 1 && !paid) say('扣款已成功，账单却未记为已缴');
  return findings;
}

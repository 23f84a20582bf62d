import { amountOf, type MessageOf, partsComplete } from '@shebao/channel';
import { dashed, listParts, lists, type Store } from '../treasury/index.ts';
import { announce } from './advance.ts';
import { openListCase } from './cases.ts';
import { record } from './ledger.ts';
import { headOf, keepPart } from './list-parts.ts';
import { billMove, orderMove } from './payment.ts';
import { reconLines } from './recon-lines.ts';
import { bills, type OrderRecord, orders } from './tables.ts';

/** 3126 入库流水: a payment that the day's list confirmed is in the treasury. */
export async function takeEntryList(store: Store, message: MessageOf<'3126'>): Promise<void> {
  const { EntryHead: head, Entry: lines } = message.body;
  const chkDate = dashed(head.ChkDate);
  const taxOrg = head.TaxOrgCode;
  await keepPart(store, {
    kind: '3126',
    taxOrg,
    chkDate,
    head: { ...head },
    lines: lines.map((line) => ({ ...line })),
    msgId: message.head.msgId,
  });
  await applyEntries(store, taxOrg, chkDate);
}

/** Books the entries of a date once both lists are there: 3122 decides first. */
export async function applyEntries(store: Store, taxOrg: string, chkDate: string): Promise<void> {
  const day = await store.of(lists).get({ kind: '3122', taxOrg, chkDate });
  const list = await store.of(lists).get({ kind: '3126', taxOrg, chkDate }, { lock: true });
  if (day?.state !== 'applied' || list?.state !== 'collecting') return;
  const where = { kind: '3126', taxOrg, chkDate };
  const parts = await store.of(listParts).find(where, { order: ['curPackNo'] });
  if (!partsComplete(parts.map((part) => headOf(part.head)))) return;
  const lines = parts.flatMap((part) => part.lines);
  let booked = 0;
  for (const line of lines) if (await applyEntry(store, taxOrg, chkDate, line)) booked += 1;
  await store.of(lists).update(list, {
    state: 'applied',
    summary: { entries: lines.length, booked },
    appliedAt: store.at.iso,
  });
}

/** An order that was booked after its day: its entry, when the 入库流水 of that day has it. */
export async function enterLate(store: Store, order: OrderRecord, chkDate: string): Promise<void> {
  const { taxOrg, taxVouNo } = order;
  const list = await store.of(lists).get({ kind: '3126', taxOrg, chkDate });
  if (list?.state !== 'applied') return;
  const parts = await store.of(listParts).find({ kind: '3126', taxOrg, chkDate });
  const line = parts.flatMap((part) => part.lines).find((one) => one['TaxVouNo'] === taxVouNo);
  if (line) await applyEntry(store, taxOrg, chkDate, line);
}

async function applyEntry(
  store: Store,
  taxOrg: string,
  chkDate: string,
  line: Readonly<Record<string, string>>,
): Promise<boolean> {
  const taxVouNo = line['TaxVouNo'] ?? '';
  const amountFen = amountOf(line['TraAmt'] ?? '0.00');
  const entryDate = dashed(line['EntryDate'] ?? '');
  const cause = `3126:${taxOrg}:${chkDate}`;
  const found = await store.of(orders).get({ taxVouNo });
  const bill = found && (await store.of(bills).get({ id: found.billId }, { lock: true }));
  const order = found && (await store.of(orders).get({ id: found.id }, { lock: true }));
  if (!order || !bill || order.amountFen !== amountFen || !isPaid(order.state)) {
    // The day's list already made a case of this very money.
    const where = { taxOrg, chkDate, taxVouNo, reconClass: [2, 3, 4], listedFen: amountFen };
    if (await store.of(reconLines).get(where)) return false;
    const text = `入库流水与缴款书不符：税票号码 ${taxVouNo}`;
    const facts = { taxOrg, chkDate, taxVouNo, listedFen: amountFen, taxDate: entryDate };
    await openListCase(store, `${cause}:${taxVouNo}`, text, amountFen, null, facts);
    return false;
  }
  if (order.state === 'TREASURED') return false;
  const treasured = { ...orderMove(order, 'treasured', store.at), treasuredOn: entryDate };
  const next = await store.of(orders).update(order, treasured);
  const changed = await record(store, bill, billMove(bill, 'treasured'), {
    subject: order.id,
    event: 'treasured',
    before: bill.state,
    after: 'TREASURED',
    cause,
    text: `国库已入库，入库日期 ${entryDate}`,
    postings: [{ debit: 'treasury', credit: 'collected', amountFen: order.amountFen }],
  });
  announce(store, changed, next.paymentId);
  return true;
}

function isPaid(state: string): boolean {
  return state === 'PAID' || state === 'TREASURED';
}

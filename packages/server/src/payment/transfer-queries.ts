import { addDays, fen, formatDay, formatYuan, parseDay } from '@shebao/kernel';
import { extendDue } from '@shebao/levy';
import { policyFor } from '../policy/index.ts';
import type { Reader } from '../treasury/index.ts';
import { orders } from './tables.ts';
import type { TransferRecord } from './transfer-tables.ts';

/** Transfers as the office sees them, with their 税票号码. */
export async function transferRows(read: Reader, found: readonly TransferRecord[], today: string) {
  const ids = found.flatMap(({ orderId }) => orderId ?? []);
  const held = ids.length === 0 ? [] : await read.of(orders).find({ id: ids });
  return found.map((one) => ({
    id: one.id,
    valueDate: one.valueDate,
    bankSerial: one.bankSerial,
    payerName: one.payerName,
    payerAccountMasked: one.payerTail === '' ? '' : `**** **** **** ${one.payerTail}`,
    payerBank: one.payerBank,
    amount: formatYuan(fen(one.amountFen)),
    remark: one.remark,
    state: one.state,
    unitNo: one.unitNo,
    taxVoucherNo: held.find(({ id }) => id === one.orderId)?.taxVouNo ?? null,
    reason: one.reason,
    evidence: one.evidence,
    madeBy: one.madeBy,
    matchedBy: one.matchedBy,
    confirmedBy: one.confirmedBy,
    askedBy: one.askedBy,
    passNo: one.passNo,
    passedOn: one.passedOn,
    overdue: one.state === '已销号' && today > passBy(one.valueDate, one.taxOrg.slice(1, 7)),
    version: one.version,
  }));
}

/** The last day on which what came is passed on in time: the next working day. */
function passBy(valueDate: string, region: string): string {
  const parsed = parseDay(valueDate);
  if (!parsed.ok) return valueDate;
  const next = addDays(parsed.value, 1);
  const due = extendDue(policyFor(region).calendars, next, 'nextWorkday');
  // Beyond the published calendars: the next day, so that nothing is overlooked.
  return formatDay(due.ok ? due.value : next);
}

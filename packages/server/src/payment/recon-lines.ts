import { type ListRecord, type Store, table } from '../treasury/index.ts';
import type { Work } from './payment.ts';

/** One line of a day's list as it was found, or a debit of ours that the list lacks. Never changed later. */
export interface ReconLineRecord {
  readonly taxOrg: string;
  readonly chkDate: string;
  readonly lineNo: number;
  /** 0: money that no bill of ours asked for. */
  readonly unitId: number;
  readonly unitNo: string;
  readonly attemptId: string | null;
  readonly entrustDate: string;
  readonly traNo: string;
  readonly packNo: string;
  readonly taxVouNo: string;
  /** Collected by the list. */
  readonly listedFen: number | null;
  /** Held for collected by us before. */
  readonly ownFen: number | null;
  readonly ownState: string | null;
  readonly opStat: string;
  readonly reconClass: number;
}
export const reconLines = table<ReconLineRecord>({
  name: 'recon_line',
  key: ['taxOrg', 'chkDate', 'lineNo'],
  columns: {
    taxOrg: 'text',
    chkDate: 'date',
    lineNo: 'number',
    unitId: 'number',
    unitNo: 'text',
    attemptId: 'text',
    entrustDate: 'date',
    traNo: 'text',
    packNo: 'text',
    taxVouNo: 'text',
    listedFen: 'number',
    ownFen: 'number',
    ownState: 'text',
    opStat: 'text',
    reconClass: 'number',
  },
});

/** Where a line or a missing debit was put, and what we held of it before. */
export interface Verdict {
  readonly reconClass: number;
  /** As it was found, before the list moved it. */
  readonly before?: Work;
}

/** What the list itself says of a line. */
export type ListedLine = Pick<
  ReconLineRecord,
  'entrustDate' | 'traNo' | 'packNo' | 'taxVouNo' | 'listedFen' | 'opStat'
>;

/** Keeps a verdict as the line of the 对账单. `listed` null: the list lacks it. */
export async function noteLine(
  store: Store,
  list: ListRecord,
  lineNo: number,
  verdict: Verdict,
  listed: ListedLine | null,
): Promise<void> {
  const { before, reconClass } = verdict;
  const own = before && {
    entrustDate: before.attempt.entrustDate,
    traNo: before.attempt.traNo,
    packNo: '',
    taxVouNo: before.order.taxVouNo,
    listedFen: null,
    opStat: '',
  };
  const line = listed ?? own;
  if (!line) return;
  await store.of(reconLines).insert({
    taxOrg: list.taxOrg,
    chkDate: list.chkDate,
    lineNo,
    unitId: before?.bill.unitId ?? 0,
    unitNo: before?.bill.unitNo ?? '',
    attemptId: before?.attempt.id ?? null,
    ...line,
    ownFen: before?.attempt.state === 'SUCCEEDED' ? before.order.amountFen : null,
    ownState: before?.attempt.state ?? null,
    reconClass,
  });
}

import { encodeGbk, MAX_LINES } from '@shebao/channel';
import { fen } from '@shebao/kernel';
import { unusableReason } from './agreement.ts';
import { lateFees, lockReason, totalLateFee } from './bills.ts';
import type { AgreementRecord, BillLineRecord, BillRecord } from './tables.ts';

/** What a bill's unit chose. */
export type PaymentMode = 'self' | 'batch';

/** One choice of a unit. */
export interface ModeChoice {
  readonly unitId: number;
  readonly seq: number;
  readonly mode: PaymentMode;
  readonly agreementId: number | null;
  readonly effectiveMonth: number;
}

/** The choice in force in a month: the latest one made whose month has come. Units that never chose pay by themselves. */
export function modeInForce<Choice extends ModeChoice>(
  choices: readonly Choice[],
  month: number,
): Choice | undefined {
  const begun = choices.filter((choice) => choice.effectiveMonth <= month);
  return begun.toSorted((a, b) => b.seq - a.seq)[0];
}

/** A bill that a batch may take. */
export interface Candidate {
  readonly bill: BillRecord;
  readonly lines: readonly BillLineRecord[];
  readonly agreement: AgreementRecord | undefined;
}

/** A bill as a batch shows it: taken with its sum, or left out with the reason. */
export interface PlannedLine {
  readonly bill: BillRecord;
  readonly agreementId: number | null;
  readonly amountFen: number;
  readonly leftOut: string | null;
}

/** What a batch of these bills collects on a day, and what it leaves out and why. */
export function planBatch(candidates: readonly Candidate[], today: string): readonly PlannedLine[] {
  return candidates.map(({ bill, lines, agreement }) => {
    const fee =
      bill.state === 'UNPAID'
        ? totalLateFee(lateFees(bill.region, lines, today))
        : fen(bill.lateFeeFen);
    return {
      bill,
      agreementId: agreement?.id ?? null,
      amountFen: bill.amountFen + fee,
      leftOut: reasonToLeaveOut(bill, agreement),
    };
  });
}

/** Why a batch cannot take a bill now; null when it can. */
export function reasonToLeaveOut(
  bill: BillRecord,
  agreement: AgreementRecord | undefined,
): string | null {
  if (bill.state !== 'UNPAID') return lockReason(bill);
  if (!agreement || agreement.taxpayerId !== bill.taxpayerId) return '没有选定扣款协议';
  return unusableReason(agreement.state) ?? unsendable([bill.taxpayerName, agreement.holder]);
}

/** One name that the channel cannot carry would keep all other lines of its pack from leaving. */
function unsendable(names: readonly string[]): string | null {
  for (const name of names) {
    const encoded = encodeGbk(name);
    if (!encoded.ok) {
      return `“${name}”中的“${encoded.error.character}”税库银不能传送，请到办税服务厅缴费`;
    }
  }
  return null;
}

/** What decides which lines may share a pack: one authority, one paying bank and branch. */
export interface Packable {
  readonly taxOrg: string;
  readonly clearingBankNo: string;
  readonly openingBankNo: string;
}

/** Groups lines by authority, bank and branch, and splits what is more than a pack holds. */
export function packsOf<Line extends Packable>(
  lines: readonly Line[],
  most: number = MAX_LINES,
): readonly (readonly Line[])[] {
  const groups = Map.groupBy(
    lines,
    (line) => `${line.taxOrg} ${line.clearingBankNo} ${line.openingBankNo}`,
  );
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / most) }, (_, at) =>
      group.slice(at * most, (at + 1) * most),
    ),
  );
}

import { createHash } from 'node:crypto';
import { canonicalJson } from '@shebao/contract';
import { err, fen, formatYuan, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';

/** What the classes of a day's list mean for us (0 to 7). */
export const classNames = [
  '未对账',
  '双方成功，金额一致',
  '双方成功，金额不一致',
  '国库成功，我方未成功',
  '国库成功，我方无记录',
  '我方成功，国库没有',
  '银行内部差异',
  '双方均未成功',
] as const;

/** Counts and sums of one class, in fen. */
export interface ClassSum {
  readonly reconClass: number;
  readonly count: number;
  readonly listedFen: number;
  readonly ownFen: number;
}

/** The figures of a 对账单, as they are shown, signed and kept. */
export interface Figures {
  readonly classes: {
    reconClass: number;
    name: string;
    count: number;
    listedAmount: string;
    ownAmount: string;
  }[];
  readonly listedCount: number;
  readonly listedAmount: string;
  readonly ownAmount: string;
}

/** All eight classes, in order, with their totals. `listedCount`: lines that the list says were collected. */
export function figuresOf(sums: readonly ClassSum[], listedCount: number): Figures {
  const of = (at: number) => sums.find(({ reconClass }) => reconClass === at);
  const total = (pick: (sum: ClassSum) => number) =>
    formatYuan(fen(sums.reduce((all, sum) => all + pick(sum), 0)));
  return {
    classes: classNames.map((name, at) => ({
      reconClass: at,
      name,
      count: of(at)?.count ?? 0,
      listedAmount: formatYuan(fen(of(at)?.listedFen ?? 0)),
      ownAmount: formatYuan(fen(of(at)?.ownFen ?? 0)),
    })),
    listedCount,
    listedAmount: total((sum) => sum.listedFen),
    ownAmount: total((sum) => sum.ownFen),
  };
}

/** Names figures: who signs, signs these and no others. */
export function figuresHash(figures: Figures): string {
  return createHash('sha256').update(canonicalJson(figures)).digest('hex');
}

/** Whether a 对账单 may be signed now, with the figures that the officer saw. */
export function maySign(given: {
  readonly applied: boolean;
  readonly signed: boolean;
  readonly figures: Figures;
  readonly seenHash: string;
}): Result<null, Refusal> {
  if (given.signed) return err({ code: 'STATEMENT_SIGNED' });
  if (!given.applied) return err({ code: 'STATEMENT_INCOMPLETE' });
  if (figuresHash(given.figures) !== given.seenHash) return err({ code: 'STATEMENT_CHANGED' });
  return ok(null);
}

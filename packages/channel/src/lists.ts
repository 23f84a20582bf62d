import type { Fen } from '@shebao/kernel';
import { amountOf, sumOf } from './amounts.ts';
import type { ReadBody } from './catalogue.ts';
import type { ContentProblem } from './checks.ts';
import { codeClass } from './codes.ts';

/** The numbers by which the parts of one list hold together. */
export interface PartHead {
  readonly allNum: number;
  readonly allAmountFen: Fen;
  readonly parts: number;
  readonly part: number;
  readonly partNum: number;
  readonly partAmountFen: Fen;
}

/** Reads the counting fields that every list head carries. */
export function partHeadOf(head: {
  readonly AllNum: string;
  readonly AllAmt: string;
  readonly ChildPackNum: string;
  readonly CurPackNo: string;
  readonly CurPackNum: string;
  readonly CurPackAmt: string;
}): PartHead {
  return {
    allNum: Number(head.AllNum),
    allAmountFen: amountOf(head.AllAmt),
    parts: Number(head.ChildPackNum),
    part: Number(head.CurPackNo),
    partNum: Number(head.CurPackNum),
    partAmountFen: amountOf(head.CurPackAmt),
  };
}

/** Whether the lines of one part agree with what its head says of the part. */
export function partAgrees(head: PartHead, amounts: readonly string[]): boolean {
  const placed = head.part >= 1 && head.part <= head.parts;
  return placed && head.partNum === amounts.length && head.partAmountFen === sumOf(amounts);
}

/** Whether parts that agree in themselves make the whole list: each number once, sums as announced. */
export function partsComplete(heads: readonly PartHead[]): boolean {
  const [first] = heads;
  if (!first || heads.length !== first.parts) return false;
  if (new Set(heads.map((head) => head.part)).size !== heads.length) return false;
  const same = heads.every(
    (head) =>
      head.parts === first.parts &&
      head.allNum === first.allNum &&
      head.allAmountFen === first.allAmountFen,
  );
  const count = heads.reduce((total, head) => total + head.partNum, 0);
  const amount = heads.reduce((total, head) => total + head.partAmountFen, 0);
  return same && count === first.allNum && amount === first.allAmountFen;
}

/** Whether the head of a batch result agrees with its lines; null when it does. No line moves otherwise. */
export function batchReturnProblem(body: ReadBody<'2102'>): ContentProblem | null {
  const { BatchHead: head, BatchReturn: lines } = body;
  const paid = lines.filter((line) => codeClass(line.Result) === 'success');
  const agrees =
    Number(head.AllNum) === lines.length &&
    amountOf(head.AllAmt) === sumOf(lines.map((line) => line.TraAmt)) &&
    Number(head.SuccNum) === paid.length &&
    amountOf(head.SuccAmt) === sumOf(paid.map((line) => line.TraAmt)) &&
    new Set(lines.map((line) => line.OriTraNo)).size === lines.length;
  if (!agrees) return { path: 'BatchHead', detail: '批量回执的汇总与明细不符' };
  const undated = lines.some((line) => (line.Result === '90000') !== (line.TaxDate !== ''));
  return undated ? { path: 'BatchReturn/TaxDate', detail: '扣税日期与处理结果不符' } : null;
}

import { fen, formatMonth, formatYuan, type Month, monthOfDate } from '@shebao/kernel';
import type { Unit } from '../employer/index.ts';
import type { Reader } from '../treasury/index.ts';
import { modeInForce } from './batch.ts';
import { optionText } from './confirm.ts';
import { shownOutcome } from './outcome.ts';
import type { PackState } from './pack.ts';
import {
  agreements,
  attempts,
  type BatchLineRecord,
  type BatchRecord,
  batchLines,
  type ModeRecord,
  modes,
  orders,
  packs,
  stops,
} from './tables.ts';

const yuan = (amountFen: number) => formatYuan(fen(amountFen));
const sum = (rows: readonly { readonly amountFen: number }[]) =>
  rows.reduce((total, row) => total + row.amountFen, 0);

/** How packs are called. */
const packNames = {
  NEW: '待发送',
  SENT: '已发送',
  RECEIVED: '已接收',
  ANSWERED: '已回执',
  OVERDUE: '逾期未回执',
  REFUSED: '整包拒绝',
  NOT_SENT: '未发出',
} as const satisfies Record<PackState, string>;

/** The agreements behind these ids, as texts of their accounts. */
export async function accountTexts(
  read: Reader,
  ids: readonly (number | null)[],
): Promise<ReadonlyMap<number, string>> {
  const known = [...new Set(ids.flatMap((id) => id ?? []))];
  const held = await read.of(agreements).find({ id: known });
  return new Map(held.map((agreement) => [agreement.id, optionText(agreement)]));
}

/** A batch with its figures. */
export async function batchRow(read: Reader, batch: BatchRecord) {
  const lines = await read.of(batchLines).find({ batchId: batch.id });
  return rowOf(batch, lines, await collectedOf(read, batch));
}

function rowOf(
  batch: BatchRecord,
  lines: readonly BatchLineRecord[],
  collected: readonly { readonly amountFen: number }[],
) {
  const taken = lines.filter((line) => line.state !== '未列入');
  const { id, state, returnTerm, madeBy, madeAt, decidedBy, decidedAt, version } = batch;
  return {
    id,
    state,
    returnTerm,
    count: taken.length,
    total: yuan(sum(taken)),
    leftOut: lines.length - taken.length,
    collectedCount: collected.length,
    collected: yuan(sum(collected)),
    madeBy,
    madeAt,
    decidedBy,
    decidedAt,
    version,
  };
}

async function collectedOf(read: Reader, batch: BatchRecord) {
  const made = await ordersOf(read, batch.id);
  return made.filter((order) => order.state === 'PAID' || order.state === 'TREASURED');
}

async function attemptsOf(read: Reader, batchId: string) {
  const own = await read.of(packs).find({ batchId }, { order: ['id'] });
  const found = [];
  for (const { taxOrg, entrustDate, packNo } of own) {
    found.push(...(await read.of(attempts).find({ taxOrg, entrustDate, packNo })));
  }
  return found;
}

async function ordersOf(read: Reader, batchId: string) {
  const tries = await attemptsOf(read, batchId);
  return read.of(orders).find({ id: tries.map((attempt) => attempt.orderId) });
}

/** A batch with packs, lines and stop notices. */
export async function batchDetail(read: Reader, batch: BatchRecord) {
  const lines = await read
    .of(batchLines)
    .find({ batchId: batch.id }, { order: ['unitNo', 'billId'] });
  const tries = new Map((await attemptsOf(read, batch.id)).map((one) => [one.billId, one]));
  const made = new Map((await ordersOf(read, batch.id)).map((order) => [order.billId, order]));
  const texts = await accountTexts(
    read,
    lines.map((line) => line.agreementId),
  );
  const own = await read.of(packs).find({ batchId: batch.id }, { order: ['id'] });
  const asked = await read
    .of(stops)
    .find({ packId: own.map((pack) => pack.id) }, { order: ['askedAt', 'id'] });
  return {
    ...(await batchRow(read, batch)),
    packs: own.map((pack) => ({
      id: pack.id,
      packNo: pack.packNo,
      entrustDate: pack.entrustDate,
      bankName: pack.bankName,
      lines: pack.lineCount,
      amount: yuan(pack.amountFen),
      state: packNames[pack.state],
      message: pack.addWord ?? '',
      sentAt: pack.sentAt,
      answeredAt: pack.answeredAt,
      stoppable: pack.state === 'SENT' || pack.state === 'RECEIVED',
    })),
    lines: lines.map((line) => {
      const attempt = tries.get(line.billId);
      const order = made.get(line.billId);
      const shown = order && shownOutcome(order, attempt?.state ?? null);
      return {
        billId: line.billId,
        unitNo: line.unitNo,
        unitName: line.unitName,
        account: texts.get(line.agreementId ?? 0) ?? '',
        amount: yuan(line.amountFen),
        leftOut: line.state === '未列入' ? line.reason : null,
        attemptId: attempt?.id ?? null,
        packNo: attempt?.packNo ?? null,
        taxVoucherNo: order?.taxVouNo ?? null,
        state: shown?.state ?? line.state,
        message: shown?.message ?? line.reason ?? '',
        stoppable: attempt?.state === 'SENT',
      };
    }),
    stops: asked.map((stop) => ({
      id: stop.id,
      packNo: own.find((pack) => pack.id === stop.packId)?.packNo ?? '',
      unitNo: lineOf(lines, [...tries.values()], stop.attemptId)?.unitNo ?? null,
      reason: stop.reason,
      state: stop.state,
      message: stop.addWord ?? '',
      askedBy: stop.askedBy,
      askedAt: stop.askedAt,
    })),
  };
}

function lineOf(
  lines: readonly BatchLineRecord[],
  tries: readonly { readonly id: string; readonly billId: string }[],
  attemptId: string | null,
): BatchLineRecord | undefined {
  const billId = tries.find((attempt) => attempt.id === attemptId)?.billId;
  return lines.find((line) => line.billId === billId);
}

/** How the bills of these units are paid. */
export async function modeRows(read: Reader, units: readonly Unit[], today: string) {
  const unitId = units.map((unit) => unit.id);
  const made = await read.of(modes).find({ unitId }, { order: ['unitId', 'seq'] });
  const texts = await accountTexts(
    read,
    made.map((choice) => choice.agreementId),
  );
  const month = monthOfDate(today);
  const optionOf = (choice: ModeRecord) => texts.get(choice.agreementId ?? 0) ?? null;
  return units.map((unit) => {
    const own = made.filter((choice) => choice.unitId === unit.id);
    const now = modeInForce(own, month);
    const last = own.at(-1);
    const coming = last && last.effectiveMonth > month ? last : undefined;
    return {
      unitNo: unit.unitNo,
      unitName: unit.name,
      mode: now?.mode ?? ('self' as const),
      agreementId: now?.agreementId ? String(now.agreementId) : null,
      agreementOption: now ? optionOf(now) : null,
      effectiveMonth: now ? formatMonth(now.effectiveMonth as Month) : null,
      chosenAt: now?.chosenAt ?? null,
      next: coming
        ? {
            mode: coming.mode,
            agreementOption: optionOf(coming),
            effectiveMonth: formatMonth(coming.effectiveMonth as Month),
          }
        : null,
    };
  });
}

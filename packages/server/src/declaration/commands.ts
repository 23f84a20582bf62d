import { errorText } from '@shebao/contract';
import { err, type Fen, formatMonth, ok, type Result } from '@shebao/kernel';
import {
  holdWages,
  liveDeclarations,
  lockUnit,
  recordCause,
  releaseWages,
  settle,
  unsettle,
} from '../assessment/index.ts';
import { type Unit, unitById } from '../employer/index.ts';
import { billStates, createBill, voidBill } from '../payment/index.ts';
import type { Command, CommandContext, Refusal, Tx } from '../platform/index.ts';
import { currentPeriod, dueDateOf, policyFor } from '../policy/index.ts';
import { receiptNoText, step } from './declaration.ts';
import { type Dues, totalOf } from './dues.ts';
import { loadDues, loadOpen } from './load.ts';
import { holdsClaims } from './overpaid.ts';
import { recordDues } from './record.ts';
import {
  type Declaration,
  declarationState,
  findDeclaration,
  insertSubmission,
  laterLive,
  updateStatus,
} from './store.ts';

/** One submission of 社保费申报 for a unit. */
export interface Submission {
  /** Made by the client. */
  readonly id: string;
  readonly unitId: number;
  readonly unitNo: string;
  readonly taxpayerId: string;
  /** `version` and total (fen, with late fees) of the dues that the submitter saw. */
  readonly version: string;
  readonly totalFen: Fen;
}

/** What the tasks and the void command are told. */
export interface DeclarationTask {
  readonly id: string;
  readonly unitId: number;
  readonly unitNo: string;
  readonly taxpayerId: string;
}

/** The receipt of accepted long work. */
export interface Accepted {
  readonly taskId: string;
  readonly id: string;
  readonly receiptNo: string;
}

export const processKind = 'declaration.process';
export const voidKind = 'declaration.void';

/** 提交申报: a receipt at once; a task computes again and compares. */
export const submitDeclaration: Command<Submission, Accepted> = {
  name: 'declaration.submit',
  frequent: 'pipelined',
  chain: ({ unitNo }) => `unit:${unitNo}`,
  describe: ({ id, version, totalFen }) => ({ subject: id, detail: { version, totalFen } }),
  async run(tx, input, { at }) {
    const { id, unitId, unitNo, taxpayerId, version, totalFen } = input;
    // The lock leaves first: what is read behind it is what stands under it.
    const [, { nextNo, pending, known }] = await Promise.all([
      lockUnit(tx, unitId),
      declarationState(tx.q, unitId, id),
    ]);
    if (known && (known.version !== version || known.totalFen !== totalFen)) {
      return err({ code: 'IDEMPOTENCY_MISMATCH' });
    }
    if (!known) {
      if (pending) return err({ code: 'DECLARATION_PENDING' });
      if (totalFen <= 0) return err({ code: 'NOTHING_DUE' });
      const submitted = insertSubmission(tx, {
        unitId,
        declarationNo: nextNo,
        id,
        declaredAt: at.iso,
        declaredOn: at.date,
        status: '待反馈',
        expectedVersion: version,
        expectedTotalFen: totalFen,
        periodTo: currentPeriod(at.date),
      });
      tx.defer(submitted);
      tx.defer(holdWages(tx, unitId, id));
    }
    const payload: DeclarationTask = { id, unitId, unitNo, taxpayerId };
    const taskId = await tx.enqueue({
      kind: processKind,
      owner: taxpayerId,
      payload,
      dedupeKey: id,
    });
    const declarationNo = known?.declarationNo ?? nextNo;
    const declaredOn = known?.declaredOn ?? at.date;
    return ok({ taskId, id, receiptNo: receiptNoText('S', unitNo, declaredOn, declarationNo) });
  },
};

/** Feedback: the dues computed under the unit's lock are stored and billed, or the reason why not. */
export const processDeclaration: Command<DeclarationTask, { readonly status: string }> = {
  name: 'declaration.process',
  frequent: 'prepared',
  chain: ({ unitNo }) => `unit:${unitNo}`,
  describe: ({ id }, done) => ({ subject: id, detail: { ...done } }),
  async run(tx, { id, unitId, taxpayerId }, context) {
    const [, declaration, unit, open] = await Promise.all([
      lockUnit(tx, unitId),
      findDeclaration(tx.q, unitId, id),
      unitById(tx.q, unitId),
      loadOpen(tx.q, unitId),
    ]);
    if (!declaration) return err({ code: 'NOT_FOUND' });
    if (declaration.status !== '待反馈') return ok({ status: declaration.status });
    const dues = await loadDues(tx.q, unit, declaration.declaredOn, open);
    const refusal = dues.ok ? compare(declaration, dues.value) : dues.error;
    const next = step(declaration.status, refusal ? 'reject' : 'accept');
    if (!next.ok) return next;
    if (refusal) {
      const text = errorText(refusal.code, refusal.data);
      await updateStatus(tx, declaration, next.value, { code: refusal.code, text });
      await releaseWages(tx, unitId, id);
    } else if (dues.ok) {
      const billed = await accept(tx, unit, declaration, dues.value, context);
      if (!billed.ok) return billed;
    }
    announce(tx, taxpayerId, unit.unitNo, id, next.value);
    return ok({ status: next.value });
  },
};

/** The same for units of few people, which are most of the deadline's rush. */
export const processSmall = { ...processDeclaration, frequent: 'pipelined' } as const;

/** Whether what is due now is what the submitter saw. */
function compare(declaration: Declaration, dues: Dues): Refusal | undefined {
  if (dues.items.length === 0) return { code: 'NOTHING_DUE' };
  const { expectedVersion, expectedTotalFen } = declaration;
  const same = dues.version === expectedVersion && totalOf(dues) === expectedTotalFen;
  return same ? undefined : { code: 'DUES_CHANGED' };
}

async function accept(
  tx: Tx,
  unit: Unit,
  declaration: Declaration,
  dues: Dues,
  { at }: CommandContext,
): Promise<Result<null, Refusal>> {
  const { id, unitId, declaredOn } = declaration;
  const due = dueDateOf(policyFor(unit.region), unit.region, dues.current, dues.current);
  if (!due.ok) return due;
  // What was levied too much is recorded only against paid declarations: an unpaid one can still be
  // voided, and then nothing was too much.
  const recorded = dues.overpaid.length === 0 || (await allPaid(tx, unitId, id));
  await recordDues(tx, declaration, dues, '全部申报成功', recorded);
  const causeIds = dues.settles(recorded);
  if (causeIds.length > 0) await settle(tx, unitId, id, causeIds);
  const periods = dues.items.map((item) => item.period);
  await createBill(
    tx,
    {
      unitId,
      unit,
      declarationId: id,
      declaredOn,
      dueDate: due.value,
      periodFrom: Math.min(...periods),
      periodTo: Math.max(...periods),
      lines: dues.items,
    },
    { at },
  );
  return ok(null);
}

async function allPaid(tx: Tx, unitId: number, ownId: string): Promise<boolean> {
  const live = (await liveDeclarations(tx.q, unitId)).filter((id) => id !== ownId);
  if (live.length === 0) return true;
  const bills = await billStates(tx.q, { declarationIds: live });
  return bills.every(({ state }) => state !== 'UNPAID' && state !== 'LOCKED');
}

/** 作废: only an accepted, unpaid declaration; a task voids it. */
export const requestVoid: Command<DeclarationTask, Accepted> = {
  name: 'declaration.requestVoid',
  chain: ({ unitNo }) => `unit:${unitNo}`,
  describe: ({ id }) => ({ subject: id, detail: {} }),
  async run(tx, input, { at }) {
    const { id, unitId, unitNo, taxpayerId } = input;
    await lockUnit(tx, unitId);
    const declaration = await findDeclaration(tx.q, unitId, id);
    if (!declaration) return err({ code: 'NOT_FOUND' });
    const next = step(declaration.status, 'requestVoid');
    if (!next.ok) return next;
    const { pending } = await declarationState(tx.q, unitId, id);
    if (pending) return err({ code: 'DECLARATION_PENDING' });
    const [bill] = await billStates(tx.q, { declarationIds: [id] });
    if (bill && bill.state !== 'UNPAID') {
      return err({ code: 'DECLARATION_NOT_VOIDABLE', data: { reason: bill.status } });
    }
    if (await holdsClaims(tx, declaration)) {
      const reason = '随它确认的多缴费款已申请退费';
      return err({ code: 'DECLARATION_NOT_VOIDABLE', data: { reason } });
    }
    await updateStatus(tx, declaration, next.value);
    const taskId = await tx.enqueue({ kind: voidKind, owner: taxpayerId, payload: input });
    const receiptNo = receiptNoText('Z', unitNo, at.date, declaration.declarationNo);
    return ok({ taskId, id, receiptNo });
  },
};

/** Voids the bill and gives the lines back; a payment that came first wins. */
export const processVoid: Command<DeclarationTask, { readonly status: string }> = {
  name: 'declaration.void',
  chain: ({ unitNo }) => `unit:${unitNo}`,
  describe: ({ id }, done) => ({ subject: id, detail: { ...done } }),
  async run(tx, { id, unitId, unitNo, taxpayerId }, { at }) {
    await lockUnit(tx, unitId);
    const declaration = await findDeclaration(tx.q, unitId, id);
    if (!declaration) return err({ code: 'NOT_FOUND' });
    if (declaration.status !== '作废中') return ok({ status: declaration.status });
    const voided = await voidBill(tx, id, { at });
    const next = step(declaration.status, voided.ok ? 'void' : 'refuseVoid');
    if (!next.ok) return next;
    if (voided.ok) {
      await updateStatus(tx, declaration, next.value);
      await giveBack(tx, declaration);
    } else {
      const { code, data } = voided.error;
      await updateStatus(tx, declaration, next.value, { code, text: errorText(code, data) });
    }
    announce(tx, taxpayerId, unitNo, id, next.value);
    return ok({ status: next.value });
  },
};

/**
 * Its causes are open again. Where a later declaration already holds the same months, they would not
 * open by themselves: a cause for the whole unit brings them back, due as they were.
 */
async function giveBack(tx: Tx, declaration: Declaration): Promise<void> {
  const { id, unitId, openFrom, throughPeriod } = declaration;
  await unsettle(tx, unitId, id);
  await releaseWages(tx, unitId, id);
  if (openFrom === null || openFrom > throughPeriod) return;
  if (!(await laterLive(tx.q, declaration))) return;
  const cause = { personId: null, insurance: null, fromMonth: openFrom, kind: 'period' as const };
  await recordCause(tx, unitId, [{ ...cause, ref: id }], `${formatMonth(openFrom)}-01`);
}

function announce(tx: Tx, taxpayerId: string, unitNo: string, id: string, status: string): void {
  tx.publish({
    audience: `taxpayer:${taxpayerId}`,
    type: 'declaration',
    data: { id, unitNo, status },
  });
}

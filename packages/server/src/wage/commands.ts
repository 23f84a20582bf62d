import { err, type Fen, monthOfDate, ok } from '@shebao/kernel';
import { baseFor } from '@shebao/levy';
import { lockUnit, recordCause } from '../assessment/index.ts';
import { type Unit, unitById } from '../employer/index.ts';
import type { Command, Tx } from '../platform/index.ts';
import { currentPeriod, policyFor } from '../policy/index.ts';
import { wagesLocked } from './lock.ts';
import { leadingInsurance, loadWagedPeople, wagePolicyOf } from './people.ts';
import {
  findDeclaration,
  insertDeclaration,
  insertVerdicts,
  insertWages,
  loadLines,
  nextDeclarationNo,
  type WageDeclaration,
} from './store.ts';
import { judgeWages, outcomeOf, type WageLine, type WageVerdict, wageStatusAfter } from './wage.ts';

/** One submission of 缴费工资申报 for a unit. */
export interface WageSubmission {
  /** Made by the client. */
  readonly id: string;
  readonly unitId: number;
  readonly unitNo: string;
  readonly taxpayerId: string;
  readonly kind: 'daily' | 'annual';
  readonly lines: readonly WageLine[];
}

/** The receipt of accepted long work. */
export interface Accepted {
  readonly taskId: string;
  readonly id: string;
  readonly receiptNo: string;
}

/** What a task of this capability carries. */
export interface WageTask {
  readonly unitId: number;
  readonly unitNo: string;
  readonly taxpayerId: string;
  readonly declarationId: string;
}

export const processKind = 'wage.process';

/** 提交申报: stored at once, judged by a task. DECLARATION_LIVE while a declaration holds the wages. */
export const submitWages: Command<WageSubmission, Accepted> = {
  name: 'wage.submit',
  chain: ({ unitNo }) => `unit:${unitNo}`,
  describe: ({ id, kind, lines }) => ({ subject: id, detail: { kind, lines: lines.length } }),
  async run(tx, input, { at }) {
    const { id, unitId, unitNo, taxpayerId, kind, lines } = input;
    await lockUnit(tx, unitId);
    const known = await findDeclaration(tx.q, unitId, id);
    if (known && !(await isSame(tx, known, input))) return err({ code: 'IDEMPOTENCY_MISMATCH' });
    if (!known && (await wagesLocked(tx.q, unitId))) return err({ code: 'DECLARATION_LIVE' });
    const declarationNo = known?.declarationNo ?? (await nextDeclarationNo(tx, unitId));
    if (!known) {
      const people = new Set(lines.map((line) => line.personId)).size;
      const stored = { unitId, declarationNo, id, kind, people, status: '待反馈' as const };
      const declared = { declaredAt: at.iso, declaredOn: at.date };
      await insertDeclaration(tx, { ...stored, ...declared }, lines);
    }
    const payload: WageTask = { unitId, unitNo, taxpayerId, declarationId: id };
    const taskId = await tx.enqueue({
      kind: processKind,
      owner: taxpayerId,
      payload,
      dedupeKey: id,
    });
    const count = String(declarationNo).padStart(5, '0');
    return ok({ taskId, id, receiptNo: `SLW-${unitNo}-${count}` });
  },
};

async function isSame(tx: Tx, known: WageDeclaration, input: WageSubmission): Promise<boolean> {
  const lines = await loadLines(tx.q, known.unitId, known.declarationNo);
  return (
    known.kind === input.kind &&
    lines.length === input.lines.length &&
    lines.every((line, at) => {
      const other = input.lines[at];
      return (
        line.personId === other?.personId &&
        line.effectiveMonth === other.effectiveMonth &&
        line.wageFen === other.wageFen
      );
    })
  );
}

/** Feedback on a submission: a verdict per line; accepted wages count from now on. */
export const processWages: Command<WageTask, WageDeclaration> = {
  name: 'wage.process',
  chain: ({ unitNo }) => `unit:${unitNo}`,
  describe: ({ declarationId }, done) => ({
    subject: declarationId,
    detail: { status: done?.status, succeeded: done?.succeeded, failed: done?.failed },
  }),
  async run(tx, { unitId, taxpayerId, declarationId }, { at }) {
    await lockUnit(tx, unitId);
    const declaration = await findDeclaration(tx.q, unitId, declarationId);
    if (!declaration) return err({ code: 'NOT_FOUND' });
    if (declaration.status !== '待反馈') return ok(declaration);
    const unit = await unitById(tx.q, unitId);
    const lines = await loadLines(tx.q, unitId, declaration.declarationNo);
    const verdicts = await judge(tx, unit, lines, at.date);
    const accepted = verdicts.filter(({ code }) => code === null).map(({ line }) => line);
    const status = wageStatusAfter(declaration.status, outcomeOf(verdicts)) ?? declaration.status;
    const people = new Set(verdicts.map(({ line }) => line.personId));
    for (const { code, line } of verdicts) if (code !== null) people.delete(line.personId);
    const done: WageDeclaration = {
      ...declaration,
      status,
      succeeded: people.size,
      failed: declaration.people - people.size,
    };
    await insertVerdicts(tx, done, verdicts);
    if (accepted.length > 0) {
      await insertWages(tx, unitId, declarationId, accepted);
      await recordCause(tx, unitId, causesOf(accepted, declarationId), at.date);
    }
    tx.publish({
      audience: `taxpayer:${taxpayerId}`,
      type: 'wageDeclaration',
      data: { id: declarationId, unitNo: unit.unitNo, status },
    });
    return ok(done);
  },
};

/** The earliest accepted month of each person: everything from there on is assessed again. */
function* causesOf(accepted: readonly WageLine[], ref: string) {
  const first = new Map<string, WageLine>();
  for (const line of accepted) {
    const known = first.get(line.personId);
    if (!known || line.effectiveMonth < known.effectiveMonth) first.set(line.personId, line);
  }
  for (const { personId, effectiveMonth } of first.values()) {
    yield { personId, insurance: null, fromMonth: effectiveMonth, kind: 'wage' as const, ref };
  }
}

async function judge(
  tx: Tx,
  unit: Unit,
  lines: readonly WageLine[],
  today: string,
): Promise<(WageVerdict & { readonly baseFen: Fen | null })[]> {
  const ids = [...new Set(lines.map((line) => line.personId))];
  const people = await loadWagedPeople(tx.q, unit.id, ids);
  const judged = judgeWages(lines, people, wagePolicyOf(unit), monthOfDate(today));
  const locked = await wagesLocked(tx.q, unit.id);
  return judged.map((verdict) => ({
    ...(locked ? lockedVerdict(verdict) : verdict),
    baseFen: wageBase(unit, verdict.line, today),
  }));
}

/** 缴费基数 that a wage gives in its effective month; null where policy has no bounds for it. */
function wageBase(unit: Unit, line: WageLine, today: string): Fen | null {
  const policy = policyFor(unit.region);
  const insurance = leadingInsurance(unit);
  const { effectiveMonth, wageFen } = line;
  if (effectiveMonth > currentPeriod(today)) return null;
  const base = baseFor(policy, unit.region, insurance, effectiveMonth, wageFen, today);
  return base.ok ? base.value.baseFen : null;
}

function lockedVerdict({ line }: WageVerdict): WageVerdict {
  return { line, code: 'DECLARATION_LIVE', reason: lockedReason };
}

const lockedReason = '社保费申报表已经提交，需要先作废申报表才可以修改缴费工资';

import { err, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import type { Store } from '../treasury/index.ts';
import { advance, loadWork } from './advance.ts';
import {
  allowedDecisions,
  type CaseDecision,
  type CaseEvent,
  type CaseSubject,
  caseMachine,
  categoryOf,
} from './case.ts';
import { enterLate } from './entries.ts';
import { nextState } from './machine.ts';
import type { Work } from './payment.ts';
import type { PaymentPorts } from './ports.ts';
import { mayPay, refunds } from './refund-tables.ts';
import { type CaseRecord, caseEvents, cases } from './tables.ts';

/** Who acts on which case, as he saw it. */
export interface CaseAct {
  readonly id: string;
  /** The version that the officer was shown. */
  readonly version: number;
  /** User name of the officer. */
  readonly officer: string;
}

export interface Handling extends CaseAct {
  readonly decision: CaseDecision;
  readonly reason: string;
  readonly papers: string;
}

type Done = Result<CaseRecord, Refusal>;

/** What the case is about. */
export function categoryOfCase({ kind, facts }: Pick<CaseRecord, 'kind' | 'facts'>) {
  return categoryOf(kind, facts.traNo !== undefined);
}

/** What may be decided of a case as its debit and bill stand now. */
export function decisionsFor(
  found: CaseRecord,
  subject: CaseSubject | null,
): readonly CaseDecision[] {
  return allowedDecisions(categoryOfCase(found), subject);
}

/** One officer decides, says why and names the papers; nothing moves before another one agrees. */
export async function handleCase(store: Store, act: Handling): Promise<Done> {
  const opened = await openCase(store, act, 'handled');
  if (!opened.ok) return opened;
  const { found, work } = opened.value;
  const allowed = refusedDecision(found, work, act.decision);
  if (allowed) return err(allowed);
  const { decision, reason, papers, officer } = act;
  const changes = { decision, reason, papers, handledBy: officer };
  return move(store, found, act, 'handled', changes, `${decisionText[decision]}：${reason}`);
}

/** Sends a case back to be handled again. */
export async function returnCase(
  store: Store,
  act: CaseAct & { readonly reason: string },
): Promise<Done> {
  const opened = await openCase(store, act, 'returned');
  if (!opened.ok) return opened;
  return move(store, opened.value.found, act, 'returned', {}, act.reason);
}

/** A second officer agrees: the decision takes effect, and money that pays no bill is owed to its payer. */
export async function approveCase(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  act: CaseAct,
): Promise<Done> {
  const opened = await openCase(store, act, 'approved');
  if (!opened.ok) return opened;
  const { found, work } = opened.value;
  if (found.handledBy === act.officer) return err({ code: 'CASE_SAME_OFFICER' });
  const decision = found.decision ?? 'keep';
  const refused = refusedDecision(found, work, decision);
  if (refused) return err(refused);
  if (decision === 'undo' && work && (await paysBack(store, work))) {
    return err({ code: 'CASE_REFUNDED' });
  }
  if (work) await takeEffect(store, ports, found, work, decision);
  const owed = decision === 'refund' || decision === 'undo' ? owedFen(found) : null;
  const changes = { closedBy: act.officer, closedAt: store.at.iso, refundFen: owed };
  return move(store, found, act, 'approved', changes, decisionText[decision]);
}

/** Whether a part of the payment went back or is on its way back: then it can't be taken back as a whole. */
async function paysBack(store: Store, { order }: Work): Promise<boolean> {
  const found = await store.of(refunds).find({ oriTaxVouNo: order.taxVouNo });
  return found.some(({ applicationId, state }) => applicationId !== null && mayPay(state));
}

/** What is owed back: what the list says was collected. */
function owedFen({ facts, amountFen }: CaseRecord): number | null {
  return facts.listedFen ?? amountFen;
}

async function openCase(
  store: Store,
  { id, version }: CaseAct,
  event: CaseEvent,
): Promise<Result<{ readonly found: CaseRecord; readonly work: Work | undefined }, Refusal>> {
  const seen = await store.of(cases).get({ id });
  if (!seen) return err({ code: 'NOT_FOUND' });
  // The bill is locked before the case, as everywhere.
  const work = seen.attemptId === null ? undefined : await loadWork(store, seen.attemptId);
  const found = await store.of(cases).get({ id }, { lock: true });
  const possible = found && nextState(caseMachine, found.state, event) !== undefined;
  if (!found || !possible || found.version !== version) return err({ code: 'CASE_CHANGED' });
  return ok({ found, work });
}

function refusedDecision(
  found: CaseRecord,
  work: Work | undefined,
  decision: CaseDecision,
): Refusal | undefined {
  const subject = work ? { attempt: work.attempt.state, bill: work.bill.state } : null;
  const allowed = decisionsFor(found, subject);
  if (allowed.length === 0) return { code: 'CASE_BILL_BUSY' };
  return allowed.includes(decision) ? undefined : { code: 'CASE_DECISION_INVALID' };
}

async function takeEffect(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  found: CaseRecord,
  work: Work,
  decision: CaseDecision,
): Promise<void> {
  const { facts } = found;
  const taxDate = facts.taxDate ?? work.attempt.entrustDate;
  const because = { source: 'case', cause: `case:${found.id}`, taxDate } as const;
  if (decision === 'bookPaid') {
    const moved = await advance(store, work, 'bookedByCase', because, ports.times);
    // Its entry into the treasury may have come while we held it for failed.
    if (moved && facts.chkDate) await enterLate(store, moved.work.order, facts.chkDate);
  } else if (decision === 'undo') {
    await advance(store, work, 'undoneByCase', because, ports.times);
  } else if (decision === 'refund' && categoryOfCase(found) === 'theirsOnly') {
    await advance(store, work, 'overcollected', because, ports.times);
  }
}

const decisionText: Readonly<Record<CaseDecision, string>> = {
  keep: '核实无误，维持现有记录',
  bookPaid: '补记为已缴款',
  undo: '撤销该笔缴款并退费',
  refund: '退费',
};

async function move(
  store: Store,
  found: CaseRecord,
  act: CaseAct,
  event: CaseEvent,
  changes: Partial<CaseRecord>,
  text: string,
): Promise<Done> {
  const state = nextState(caseMachine, found.state, event) ?? found.state;
  const next = await store.of(cases).update(found, { ...changes, state });
  const before = await store.of(caseEvents).find({ caseId: found.id });
  await store.of(caseEvents).insert({
    caseId: found.id,
    seq: before.length + 1,
    at: store.at.iso,
    actor: act.officer,
    event,
    stateBefore: found.state,
    stateAfter: state,
    text,
  });
  store.tell('office', 'exception', { id: found.id });
  return ok(next);
}

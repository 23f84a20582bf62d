import { table } from '../treasury/index.ts';
import type { CaseDecision, CaseState } from './case.ts';

/** What the channel said of the money in question. */
export interface CaseFacts {
  readonly taxOrg?: string;
  readonly chkDate?: string;
  readonly entrustDate?: string;
  readonly traNo?: string;
  readonly packNo?: string;
  readonly taxVouNo?: string;
  readonly opStat?: string;
  readonly listedFen?: number | null;
  /** Work date on which the money moved. */
  readonly taxDate?: string;
}

/** 差错事项: what nobody may decide silently, and what was decided. */
export interface CaseRecord {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly attemptId: string | null;
  readonly amountFen: number | null;
  readonly text: string;
  readonly facts: CaseFacts;
  readonly state: CaseState;
  readonly decision: CaseDecision | null;
  readonly reason: string | null;
  readonly papers: string | null;
  readonly handledBy: string | null;
  readonly refundFen: number | null;
  readonly closedBy: string | null;
  readonly closedAt: string | null;
  readonly version: number;
}
export const cases = table<CaseRecord>({
  name: 'exception_case',
  key: ['id'],
  columns: {
    id: 'text',
    at: 'instant',
    kind: 'text',
    attemptId: 'text',
    amountFen: 'number',
    text: 'text',
    facts: 'json',
    state: 'text',
    decision: 'text',
    reason: 'text',
    papers: 'text',
    handledBy: 'text',
    refundFen: 'number',
    closedBy: 'text',
    closedAt: 'instant',
    version: 'number',
  },
});

/** A case that nobody has looked at yet. */
export function newCase(
  opened: Pick<CaseRecord, 'id' | 'at' | 'kind' | 'attemptId' | 'amountFen' | 'text' | 'facts'>,
): CaseRecord {
  return {
    ...opened,
    state: '待处理',
    decision: null,
    reason: null,
    papers: null,
    handledBy: null,
    refundFen: null,
    closedBy: null,
    closedAt: null,
    version: 1,
  };
}
export interface CaseEventRecord {
  readonly caseId: string;
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly event: string;
  readonly stateBefore: CaseState;
  readonly stateAfter: CaseState;
  readonly text: string;
}
export const caseEvents = table<CaseEventRecord>({
  name: 'case_event',
  key: ['caseId', 'seq'],
  columns: {
    caseId: 'text',
    seq: 'number',
    at: 'instant',
    actor: 'text',
    event: 'text',
    stateBefore: 'text',
    stateAfter: 'text',
    text: 'text',
  },
});

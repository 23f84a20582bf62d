import { momentAt } from '../platform/index.ts';
import type { Times } from './advance.ts';
import type { AttemptRecord } from './tables.ts';

/** What becomes of an unclear debit by itself, when, and who must act. */
export interface Prospect {
  readonly next: string;
  /** ISO 8601; null: it waits for something whose time nobody knows. */
  readonly nextAt: string | null;
  readonly whoActs: string;
}

const nobody = '系统自动核实，无需人工操作';

/** The next step of an attempt that is UNKNOWN or REVERSING. `cutAtMs`: the announced 日切 of its day, if known. */
export function prospectOf(
  attempt: Pick<AttemptRecord, 'state' | 'msgNo' | 'unclearAt' | 'createdAt' | 'reconDate'>,
  times: Times,
  nowMs: number,
  cutAtMs: number | null,
): Prospect {
  if (attempt.reconDate !== null) {
    const next = '对账清单与我方不符，已冻结，等待差错处理';
    return { next, nextAt: null, whoActs: '征收人员：在“差错事项”处理并由另一人复核' };
  }
  const list = cutAtMs === null ? null : momentAt(cutAtMs).iso;
  if (attempt.msgNo === '1008') {
    return { next: '等待银行确认或当日对账清单', nextAt: list, whoActs: nobody };
  }
  const sinceMs = Date.parse(attempt.unclearAt ?? attempt.createdAt);
  const late = nowMs - sinceMs >= times.alarmAfterMs;
  const whoActs = late ? '系统继续核实；征收人员请与国库、银行联系' : nobody;
  if (attempt.state === 'REVERSING') {
    return { next: '已发起冲正，重发至有结果，最迟由当日对账清单决定', nextAt: list, whoActs };
  }
  const query = times.queryAfterMs.find((afterMs) => sinceMs + afterMs > nowMs);
  if (query === undefined) return { next: '查询无结果，即将冲正', nextAt: null, whoActs };
  const last = query === times.queryAfterMs.at(-1);
  const next = last ? '再次查询，仍无结果即冲正' : '再次查询扣款结果';
  return { next, nextAt: momentAt(sinceMs + query).iso, whoActs };
}

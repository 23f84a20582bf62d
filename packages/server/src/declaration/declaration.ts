import type { ErrorCode } from '@shebao/contract';
import { err, ok, type Result } from '@shebao/kernel';
import type { LineKind } from '@shebao/levy';

/** 状态 of a contribution declaration, as shown in 申报记录. */
export type DeclarationStatus = '待反馈' | '全部申报成功' | '全部申报失败' | '作废中' | '已作废';

/** What may happen to a declaration after it was submitted. */
export type DeclarationEvent =
  /** The dues computed under the lock are those that the submitter saw; the bill exists. */
  | 'accept'
  /** They are not, or nothing is due. */
  | 'reject'
  | 'requestVoid'
  /** The bill was unpaid and is void. */
  | 'void'
  /** The bill was taken by a payment first. */
  | 'refuseVoid';

export const declarationStatuses: readonly DeclarationStatus[] = [
  '待反馈',
  '全部申报成功',
  '全部申报失败',
  '作废中',
  '已作废',
];
export const declarationEvents: readonly DeclarationEvent[] = [
  'accept',
  'reject',
  'requestVoid',
  'void',
  'refuseVoid',
];

/** The whole life of a declaration. A pair that is missing is refused (see `step`). */
const declarationTransitions: Readonly<
  Record<DeclarationStatus, Readonly<Partial<Record<DeclarationEvent, DeclarationStatus>>>>
> = {
  待反馈: { accept: '全部申报成功', reject: '全部申报失败' },
  全部申报成功: { requestVoid: '作废中' },
  全部申报失败: {},
  作废中: { void: '已作废', refuseVoid: '全部申报成功' },
  已作废: {},
};

/** Why a declaration in this state can't be voided, in the clerk's words. */
const notVoidable: Readonly<Record<DeclarationStatus, string>> = {
  待反馈: '申报结果尚未反馈',
  全部申报成功: '未提出作废',
  全部申报失败: '申报未成功，没有可作废的内容',
  作废中: '正在作废',
  已作废: '已经作废',
};

/** A refused step: its code, and the reason where the code's text takes one. */
export interface StepRefusal {
  readonly code: ErrorCode;
  readonly data?: { readonly reason: string };
}

/** The state after an event, or why the event can't happen in this state. */
export function step(
  status: DeclarationStatus,
  event: DeclarationEvent,
): Result<DeclarationStatus, StepRefusal> {
  const next = declarationTransitions[status][event];
  if (next) return ok(next);
  if (event === 'accept' || event === 'reject') return err({ code: 'DECLARATION_PENDING' });
  return err({ code: 'DECLARATION_NOT_VOIDABLE', data: { reason: notVoidable[status] } });
}

/** Kinds of a declared line; overpaid lines are never declared. */
export type ItemKind = Exclude<LineKind, 'overpaid'>;

/** 业务类型 */
export const kindNames: Readonly<Record<ItemKind, '正常缴费' | '补缴' | '补差'>> = {
  current: '正常缴费',
  backPay: '补缴',
  topUp: '补差',
};

/** `SB` + unit number + its count: the number people quote. */
export function declarationNoText(unitNo: string, declarationNo: number): string {
  return `SB-${unitNo}-${String(declarationNo).padStart(5, '0')}`;
}

/** 受理回执号 of a submission (`kind` W: wages, S: contributions, Z: void) of a day. */
export function receiptNoText(
  kind: 'W' | 'S' | 'Z',
  unitNo: string,
  declaredOn: string,
  declarationNo: number,
): string {
  const day = declaredOn.replaceAll('-', '');
  return `SL${kind}-${unitNo}-${day}-${String(declarationNo).padStart(5, '0')}`;
}

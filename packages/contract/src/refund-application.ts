import * as z from 'zod';
import {
  clientId,
  date,
  instant,
  month,
  page,
  personId,
  unitNo,
  unitParams,
  yuan,
} from './common.ts';
import { agency } from './person-feed.ts';
import { refundReason, refundState } from './refund.ts';
import { route } from './route.ts';

const own = { who: 'employer', does: 'pay' } as const;
const reading = { who: 'office', roles: ['refund', 'review', 'reconcile', 'auditor'] } as const;
const acting = { who: 'office', roles: ['refund', 'review'] } as const;
const ids = z.strictObject({ unitNo, id: clientId });

export const refundApplicationState = z.enum([
  '审核中',
  '待复核',
  '退库中',
  '退库失败',
  '已退',
  '不予通过',
  '已撤回',
]);
export type RefundApplicationState = z.infer<typeof refundApplicationState>;

/** 险种归属: what 人社 and 医保 keep is asked back separately. */
const span = { agency, from: month, to: month };

/** An overpaid month of one insurance and payer, and the payment it came with. */
export const refundLine = z.strictObject({
  /** `0`: the unit's share on total payroll, which is nobody's in particular. */
  personId: z.string(),
  name: z.string(),
  /** Masked. */
  identityNumber: z.string(),
  period: month,
  insuranceName: z.string(),
  /** 征收品目 */
  levyItem: z.string(),
  /** What is due for the month now, in place of what was paid. */
  contributionBase: yuan,
  amount: yuan,
  taxVoucherNo: z.string(),
  paidOn: date,
});
/** What may be asked back for one person. */
export const refundablePerson = z.strictObject({
  personId: z.string(),
  name: z.string(),
  identityNumber: z.string(),
  periods: z.string(),
  insuranceNames: z.string(),
  /** 单位部分, 个人部分 and both. */
  employerAmount: yuan,
  employeeAmount: yuan,
  amount: yuan,
  lines: z.array(refundLine),
});
export const listRefundable = route({
  name: 'listRefundable',
  method: 'GET',
  path: '/units/:unitNo/refundable',
  summary: '可申请退费的多缴费款，按人员；以及暂不能申请的原因',
  permission: own,
  params: unitParams,
  query: page.extend({
    ...span,
    /** Part of a name, or a whole identity number. */
    search: z.string().max(60).optional(),
  }),
  answer: z.strictObject({
    /** People who match, over all pages, and everything that they may ask back. */
    total: z.number(),
    amount: yuan,
    people: z.array(refundablePerson),
    /** Overpaid, but not to be asked back here or now. */
    held: z.array(z.strictObject({ reason: z.string(), amount: yuan, people: z.number() })),
    /** Months in which this 险种归属 has something to ask back; null: none. */
    months: z.strictObject({ from: month, to: month }).nullable(),
    /** The application that must come to its end first. */
    running: z.strictObject({ id: z.string(), applicationNo: z.string() }).nullable(),
    /** Accounts of the unit's valid debit agreements. */
    accounts: z.array(z.strictObject({ agreementId: z.string(), option: z.string() })),
    /** The name under which an account must be held. */
    holder: z.string(),
  }),
});

const payee = z.union([
  /** The account of a valid debit agreement. */
  z.strictObject({ agreementId: z.string().regex(/^\d{1,15}$/) }),
  z.strictObject({
    bankNo: z.string().regex(/^\d{12}$/, '收款行行号应为 12 位数字'),
    account: z.string().regex(/^\d{6,32}$/, '收款账号应为 6 至 32 位数字'),
  }),
]);

export const refundPayout = z.strictObject({
  taxVoucherNo: z.string(),
  amount: yuan,
  state: refundState,
  drawBackVoucherNo: z.string().nullable(),
  /** What the treasury said; null while it has not spoken. */
  message: z.string().nullable(),
  changedAt: instant,
});
export const refundApplication = z.strictObject({
  id: z.string(),
  /** 文书号 */
  applicationNo: z.string(),
  unitNo,
  unitName: z.string(),
  agency,
  from: month,
  to: month,
  people: z.number(),
  amount: yuan,
  reasonCode: refundReason,
  reason: z.string(),
  payeeName: z.string(),
  payeeAccountMasked: z.string(),
  payeeBankNo: z.string(),
  state: refundApplicationState,
  /** Who must act, in plain words. */
  nextStep: z.string(),
  /** Why it was refused, or what hinders the payout; null: nothing. */
  opinion: z.string().nullable(),
  refunded: yuan,
  createdAt: instant,
  changedAt: instant,
  madeBy: z.string(),
  acceptedBy: z.string().nullable(),
  approvedBy: z.string().nullable(),
  version: z.number(),
});
export type RefundApplication = z.infer<typeof refundApplication>;
export const refundApplicationDetail = z.strictObject({
  application: refundApplication,
  /** The levy items with their sums. */
  sums: z.array(z.strictObject({ levyItem: z.string(), amount: yuan })),
  lines: z.strictObject({ total: z.number(), rows: z.array(refundLine) }),
  payouts: z.array(refundPayout),
  events: z.array(z.strictObject({ at: instant, actor: z.string(), text: z.string() })),
});
export const listRefundApplications = route({
  name: 'listRefundApplications',
  method: 'GET',
  path: '/units/:unitNo/refund-applications',
  summary: '单位退费申请，最新在前',
  permission: own,
  params: unitParams,
  answer: z.strictObject({ applications: z.array(refundApplication) }),
});
export const getRefundApplication = route({
  name: 'getRefundApplication',
  method: 'GET',
  path: '/units/:unitNo/refund-applications/:id',
  summary: '一份退费申请：明细、进度与退库结果',
  permission: own,
  params: ids,
  query: page,
  answer: refundApplicationDetail,
});
export const applyForRefund = route({
  name: 'applyForRefund',
  method: 'POST',
  path: '/units/:unitNo/refund-applications',
  summary: '提交退费申请；金额须与所见一致',
  permission: own,
  idempotent: true,
  params: unitParams,
  body: z.strictObject({
    id: clientId,
    ...span,
    /** null: everybody who has something to ask back in these months. */
    personIds: z.array(personId).min(1).max(5000).nullable(),
    /** As it was shown. */
    amount: yuan,
    reasonCode: refundReason,
    reason: z.string().trim().min(1, '请填写退费理由').max(200),
    payee,
    /** From POST /session/reauthentication for `applyForRefund` and the hash of this body without it. */
    reauthentication: z.string(),
  }),
  answer: refundApplication,
});
export const withdrawRefundApplication = route({
  name: 'withdrawRefundApplication',
  method: 'POST',
  path: '/units/:unitNo/refund-applications/:id/withdrawal',
  summary: '撤回尚未受理、或退库失败且分文未退的申请',
  permission: own,
  idempotent: true,
  params: ids,
  body: z.strictObject({ version: z.number() }),
  answer: refundApplication,
});
export const amendRefundApplication = route({
  name: 'amendRefundApplication',
  method: 'POST',
  path: '/units/:unitNo/refund-applications/:id/account',
  summary: '退库失败后更换收款账户，重新提交审核',
  permission: own,
  idempotent: true,
  params: ids,
  body: z.strictObject({
    version: z.number(),
    payee,
    /** Bound to this body without it, with `id`. */
    reauthentication: z.string(),
  }),
  answer: refundApplication,
});
export const printRefundApplication = route({
  name: 'printRefundApplication',
  method: 'GET',
  path: '/units/:unitNo/refund-applications/:id/document',
  summary: '退费申请书（PDF）',
  permission: own,
  params: ids,
  produces: ['application/pdf'],
});
export const listOfficeRefundApplications = route({
  name: 'listOfficeRefundApplications',
  method: 'GET',
  path: '/office/refund-applications',
  summary: '退费审核：单位退费申请，待办在前',
  permission: reading,
  query: page.extend({ state: refundApplicationState.optional() }),
  answer: z.strictObject({ total: z.number(), applications: z.array(refundApplication) }),
});
export const getOfficeRefundApplication = route({
  name: 'getOfficeRefundApplication',
  method: 'GET',
  path: '/office/refund-applications/:id',
  summary: '一份单位退费申请',
  permission: reading,
  params: z.strictObject({ id: clientId }),
  query: page,
  answer: refundApplicationDetail,
});
export const decideRefundApplication = route({
  name: 'decideRefundApplication',
  method: 'POST',
  path: '/office/refund-applications/:id/decision',
  summary: '审核、复核、退回或不予通过；复核须由另一人',
  permission: acting,
  idempotent: true,
  params: z.strictObject({ id: clientId }),
  body: z.strictObject({
    /** `again`: what could not be paid out is asked for once more. */
    act: z.enum(['accept', 'reject', 'return', 'approve', 'again']),
    version: z.number(),
    reason: z.string().trim().max(200),
    /** Bound to this body without it, with `id`. */
    reauthentication: z.string(),
  }),
  answer: refundApplication,
});

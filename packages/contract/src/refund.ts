import * as z from 'zod';
import { clientId, instant, yuan } from './common.ts';
import { route } from './route.ts';

const reading = { who: 'office', roles: ['refund', 'review', 'reconcile', 'auditor'] } as const;
const acting = { who: 'office', roles: ['refund', 'review'] } as const;
const reason = z.string().trim().min(1, '请填写理由').max(200);

export const refundState = z.enum([
  '待复核',
  '待发出',
  '已发出',
  '退库中',
  '已退',
  '退库失败',
  '已撤回',
]);
/** 01 多收, 02 重复扣款, 03 核定错误, 09 其他. */
export const refundReason = z.enum(['01', '02', '03', '09']);
export type RefundReason = z.infer<typeof refundReason>;

/** One payout through the treasury. */
export const refund = z.strictObject({
  id: z.string(),
  /** The closed case that owes it; null: it belongs to an application. */
  caseId: z.string().nullable(),
  applicationId: z.string().nullable(),
  amount: yuan,
  oriTaxVoucherNo: z.string(),
  payeeName: z.string(),
  payeeAccountMasked: z.string(),
  payeeBankNo: z.string(),
  reasonCode: refundReason,
  reason: z.string(),
  state: refundState,
  drawBackVoucherNo: z.string().nullable(),
  askedBy: z.string(),
  confirmedBy: z.string().nullable(),
  /** What the treasury said; null while it has not spoken. */
  message: z.string().nullable(),
  createdAt: instant,
  version: z.number(),
  events: z.array(z.strictObject({ at: instant, actor: z.string(), text: z.string() })),
});
/** Money of a closed case that is owed to its payer and not on its way. */
export const owedRefund = z.strictObject({
  caseId: z.string(),
  closedAt: instant,
  amount: yuan,
  taxVoucherNo: z.string().nullable(),
  unitNo: z.string().nullable(),
  unitName: z.string().nullable(),
  /** The account from which it was debited; null: unknown, it must be typed. */
  from: z.string().nullable(),
});
export const listRefunds = route({
  name: 'listRefunds',
  method: 'GET',
  path: '/office/refunds',
  summary: '退费审核：待退款项与退库记录，最新在前',
  permission: reading,
  answer: z.strictObject({ owed: z.array(owedRefund), refunds: z.array(refund) }),
});
export const askRefund = route({
  name: 'askRefund',
  method: 'POST',
  path: '/office/refunds',
  summary: '申请退库：退回原扣款账户，或写明的账户',
  permission: acting,
  idempotent: true,
  body: z.strictObject({
    id: clientId,
    caseId: z.string(),
    /** null: back to the account from which it was debited. */
    payee: z
      .strictObject({
        bankNo: z.string().regex(/^\d{12}$/, '收款行行号应为 12 位数字'),
        account: z.string().regex(/^\d{6,32}$/, '收款账号应为 6 至 32 位数字'),
        name: z.string().trim().min(1, '请填写收款人名称').max(100),
      })
      .nullable(),
    reasonCode: refundReason,
    reason,
    /** From POST /session/reauthentication for `refund` and the hash of this body without it. */
    reauthentication: z.string(),
  }),
  answer: refund,
});
export const decideRefund = route({
  name: 'decideRefund',
  method: 'POST',
  path: '/office/refunds/:id/decision',
  summary: '复核退库并发出，或撤回申请；复核须由另一人',
  permission: acting,
  idempotent: true,
  params: z.strictObject({ id: clientId }),
  body: z.strictObject({
    act: z.enum(['confirm', 'withdraw']),
    version: z.number(),
    reason: z.string().trim().max(200),
    /** Bound to this body without it, with `id`. */
    reauthentication: z.string(),
  }),
  answer: refund,
});

import * as z from 'zod';
import { clientId, date, instant, month, unitNo, unitParams, yuan } from './common.ts';
import { route } from './route.ts';

const reading = { who: 'office', roles: ['reconcile', 'review', 'auditor'] } as const;
const acting = { who: 'office', roles: ['reconcile', 'review'] } as const;
/** From POST /session/reauthentication for the act and the hash of path and body without it. */
const reauthentication = z.string();

export const paymentMode = z.enum(['self', 'batch']);
/** How the bills of one 单位编号 are paid. */
export const unitMode = z.strictObject({
  unitNo,
  unitName: z.string(),
  mode: paymentMode,
  /** The agreement that a batch debits; null for 自行申报缴费. */
  agreementId: z.string().nullable(),
  agreementOption: z.string().nullable(),
  /** The month from which it holds; null: never chosen. */
  effectiveMonth: month.nullable(),
  chosenAt: instant.nullable(),
  /** A choice whose month has not come yet. */
  next: z
    .strictObject({
      mode: paymentMode,
      agreementOption: z.string().nullable(),
      effectiveMonth: month,
    })
    .nullable(),
});
export const listPaymentModes = route({
  name: 'listPaymentModes',
  method: 'GET',
  path: '/payment-modes',
  summary: '各单位编号的缴费方式：自行申报缴费或批量扣款',
  permission: { who: 'employer', does: 'pay' },
  answer: z.strictObject({
    units: z.array(unitMode),
    /** The months from which a choice may hold. */
    months: z.array(month),
  }),
});
export const choosePaymentMode = route({
  name: 'choosePaymentMode',
  method: 'POST',
  path: '/units/:unitNo/payment-mode',
  summary: '选择缴费方式，自某月起生效',
  permission: { who: 'employer', does: 'pay' },
  idempotent: true,
  params: unitParams,
  body: z.strictObject({
    mode: paymentMode,
    agreementId: z.string().nullable(),
    effectiveMonth: month,
    /** For operation `choosePaymentMode`. */
    reauthentication,
  }),
  answer: unitMode,
});

export const batchLine = z.strictObject({
  billId: z.string(),
  unitNo,
  unitName: z.string(),
  account: z.string(),
  amount: yuan,
  /** Why it is left out; null: it is taken. */
  leftOut: z.string().nullable(),
});
export const proposeBatch = route({
  name: 'proposeBatch',
  method: 'GET',
  path: '/office/batch-proposal',
  summary: '批量扣款预览：单位、费款、金额、未列入及原因',
  permission: reading,
  answer: z.strictObject({
    lines: z.array(batchLine),
    count: z.number(),
    total: yuan,
    treasury: z.strictObject({ open: z.boolean(), reason: z.string().nullable() }),
  }),
});
export const batchState = z.enum(['待复核', '已发出', '已取消']);
export const debitBatch = z.strictObject({
  id: z.string(),
  state: batchState,
  returnTerm: z.number(),
  count: z.number(),
  total: yuan,
  leftOut: z.number(),
  collectedCount: z.number(),
  collected: yuan,
  madeBy: z.string(),
  madeAt: instant,
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  version: z.number(),
});
export const listBatches = route({
  name: 'listBatches',
  method: 'GET',
  path: '/office/batches',
  summary: '批量扣款批次，最新在前',
  permission: reading,
  answer: z.strictObject({ batches: z.array(debitBatch) }),
});
export const makeBatch = route({
  name: 'makeBatch',
  method: 'POST',
  path: '/office/batches',
  summary: '制作批量扣款批次，待另一人复核发出',
  permission: { who: 'office', roles: ['reconcile'] },
  idempotent: true,
  body: z.strictObject({
    id: clientId,
    /** 回执期限: lines may be debited until the cut-off of this work date after today's. */
    returnTerm: z.number().int().min(0).max(5),
    /** As shown by the proposal. */
    total: yuan,
    reauthentication,
  }),
  answer: debitBatch,
});
const batchParams = z.strictObject({ id: clientId });
export const packState = z.enum([
  '待发送',
  '已发送',
  '已接收',
  '已回执',
  '逾期未回执',
  '整包拒绝',
  '未发出',
]);
export const getBatch = route({
  name: 'getBatch',
  method: 'GET',
  path: '/office/batches/:id',
  summary: '一个批次：批量包、明细、结果、止付',
  permission: reading,
  params: batchParams,
  answer: debitBatch.extend({
    packs: z.array(
      z.strictObject({
        id: z.string(),
        packNo: z.string(),
        entrustDate: date,
        bankName: z.string(),
        lines: z.number(),
        amount: yuan,
        state: packState,
        message: z.string(),
        sentAt: instant.nullable(),
        answeredAt: instant.nullable(),
        stoppable: z.boolean(),
      }),
    ),
    lines: z.array(
      batchLine.extend({
        attemptId: z.string().nullable(),
        packNo: z.string().nullable(),
        taxVoucherNo: z.string().nullable(),
        state: z.string(),
        message: z.string(),
        stoppable: z.boolean(),
      }),
    ),
    stops: z.array(
      z.strictObject({
        id: z.string(),
        packNo: z.string(),
        /** Null: the whole pack. */
        unitNo: z.string().nullable(),
        reason: z.string(),
        state: z.enum(['已申请', '已止付', '未能止付', '未发出']),
        message: z.string(),
        askedBy: z.string(),
        askedAt: instant,
      }),
    ),
  }),
});
export const releaseBatch = route({
  name: 'releaseBatch',
  method: 'POST',
  path: '/office/batches/:id/release',
  summary: '复核并发出批量扣款（须为另一人）',
  permission: acting,
  idempotent: true,
  params: batchParams,
  body: z.strictObject({ version: z.number(), reauthentication }),
  answer: debitBatch,
});
export const cancelBatch = route({
  name: 'cancelBatch',
  method: 'POST',
  path: '/office/batches/:id/cancellation',
  summary: '取消未发出的批次',
  permission: acting,
  idempotent: true,
  params: batchParams,
  body: z.strictObject({ version: z.number(), reauthentication }),
  answer: debitBatch,
});
export const stopPack = route({
  name: 'stopPack',
  method: 'POST',
  path: '/office/packs/:packId/stops',
  summary: '申请止付一个批量包，或其中一笔',
  permission: acting,
  idempotent: true,
  params: z.strictObject({ packId: z.string().regex(/^[0-9A-Za-z-]{8,80}$/) }),
  body: z.strictObject({
    id: clientId,
    /** Null: the whole pack. */
    attemptId: z.string().nullable(),
    reason: z.string().trim().min(1).max(30),
    reauthentication,
  }),
  answer: z.strictObject({ id: z.string() }),
});

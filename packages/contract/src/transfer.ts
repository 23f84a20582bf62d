import * as z from 'zod';
import { date, instant, page, unitNo, yuan } from './common.ts';
import { route } from './route.ts';

const reading = { who: 'office', roles: ['counter', 'review', 'reconcile', 'auditor'] } as const;
const acting = { who: 'office', roles: ['counter', 'review'] } as const;
const text = (max: number) => z.string().trim().min(1).max(max);

export const transferState = z.enum([
  '待认领',
  '待确认',
  '已销号',
  '划缴待复核',
  '已划缴国库',
  '退回待复核',
  '已退回',
]);
/** Money that came to a 待报解户. */
export const transfer = z.strictObject({
  id: z.string(),
  valueDate: date,
  bankSerial: z.string(),
  payerName: z.string(),
  payerAccountMasked: z.string(),
  payerBank: z.string(),
  amount: yuan,
  remark: z.string(),
  state: transferState,
  unitNo: z.string().nullable(),
  taxVoucherNo: z.string().nullable(),
  /** Why it waits, or how it was matched. */
  reason: z.string(),
  evidence: z.string().nullable(),
  madeBy: z.string(),
  matchedBy: z.string().nullable(),
  confirmedBy: z.string().nullable(),
  askedBy: z.string().nullable(),
  passNo: z.string().nullable(),
  passedOn: date.nullable(),
  /** Not passed on to the treasury by the working day after it came. */
  overdue: z.boolean(),
  version: z.number(),
});
export const listTransfers = route({
  name: 'listTransfers',
  method: 'GET',
  path: '/office/transfers',
  summary: '窗口缴费：待报解户到账，最新在前',
  permission: reading,
  query: page.extend({ state: transferState.optional() }),
  answer: z.strictObject({ total: z.number(), transfers: z.array(transfer) }),
});
export const getTransfer = route({
  name: 'getTransfer',
  method: 'GET',
  path: '/office/transfers/:id',
  summary: '一笔到账及其办理经过',
  permission: reading,
  params: z.strictObject({ id: z.uuid() }),
  answer: transfer.extend({
    events: z.array(z.strictObject({ at: instant, actor: z.string(), text: z.string() })),
  }),
});
/** What an officer types of one transfer; the same money again is refused. */
export const registerTransfer = route({
  name: 'registerTransfer',
  method: 'POST',
  path: '/office/transfers',
  summary: '登记一笔待报解户到账，自动匹配应缴费款',
  permission: acting,
  idempotent: true,
  body: z.strictObject({
    valueDate: date,
    bankSerial: text(40),
    payerName: text(100),
    payerAccount: z.string().regex(/^(\d{6,32})?$/, '付款账号应为 6 至 32 位数字'),
    payerBank: z.string().trim().max(60),
    amount: yuan,
    remark: z.string().trim().max(200),
  }),
  answer: transfer,
});
/** Twice the same statement adds nothing. */
export const importTransfers = route({
  name: 'importTransfers',
  method: 'POST',
  path: '/office/transfer-statements',
  summary: '导入待报解户对账单（XLSX、CSV），逐行给出结论并自动匹配',
  permission: acting,
  idempotent: true,
  upload: { maxBytes: 16 * 1024 * 1024 },
  answer: z.strictObject({
    accepted: z.number(),
    matched: z.number(),
    unchanged: z.number(),
    rejected: z.number(),
    rows: z.array(
      z.strictObject({
        row: z.number(),
        verdict: z.enum(['接受', '无变化', '拒绝']),
        column: z.string(),
        detail: z.string(),
      }),
    ),
  }),
});
export const transferTemplate = route({
  name: 'transferTemplate',
  method: 'GET',
  path: '/office/transfer-template',
  summary: '待报解户对账单导入模板',
  permission: acting,
  produces: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
});
/** The unpaid bills of a unit, as of the day the money came. */
export const listTransferBills = route({
  name: 'listTransferBills',
  method: 'GET',
  path: '/office/transfers/:id/bills',
  summary: '认领时可选的应缴费款（按到账日计滞纳金）',
  permission: acting,
  params: z.strictObject({ id: z.uuid() }),
  query: z.strictObject({ unitNo }),
  answer: z.strictObject({
    bills: z.array(
      z.strictObject({
        billId: z.string(),
        unitNo: z.string(),
        unitName: z.string(),
        declaredOn: date,
        total: yuan,
        /** Owes exactly what came. */
        exact: z.boolean(),
      }),
    ),
  }),
});
export const actOnTransfer = route({
  name: 'actOnTransfer',
  method: 'POST',
  path: '/office/transfers/:id/acts',
  summary: '认领、复核、划缴国库、退回；动账的由另一人复核',
  permission: acting,
  idempotent: true,
  params: z.strictObject({ id: z.uuid() }),
  body: z.strictObject({
    version: z.number(),
    act: z.enum([
      'claim',
      'confirm',
      'release',
      'pass',
      'confirmPass',
      'rejectPass',
      'return',
      'confirmReturn',
      'rejectReturn',
    ]),
    /** Of `claim`. */
    billId: z.uuid().nullable(),
    /** Of everything but agreeing. */
    reason: z.string().trim().max(200),
    /** Of `claim`: the papers that prove it. */
    evidence: z.string().trim().max(200).nullable(),
    /** Of `pass`: 缴款书号 and date. */
    passNo: z.string().trim().max(40).nullable(),
    passedOn: date.nullable(),
    /** From POST /session/reauthentication for `transfer` and the hash of this body without it, with `id`. */
    reauthentication: z.string(),
  }),
  answer: transfer,
});

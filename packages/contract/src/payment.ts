import * as z from 'zod';
import { clientId, date, instant, insurance, month, unitNo, unitParams, yuan } from './common.ts';
import { paymentStatus } from './declaration.ts';
import { route } from './route.ts';

/** One row of 缴费: one declaration. */
export const bill = z.strictObject({
  id: z.string(),
  declarationId: z.string(),
  unitNo,
  unitName: z.string(),
  declaredOn: date,
  periodFrom: month,
  periodTo: month,
  /** 险种, e.g. 机关事业单位基本养老保险费、职业年金 */
  insuranceNames: z.string(),
  insurances: z.array(z.strictObject({ insurance, name: z.string(), amount: yuan })),
  amount: yuan,
  lateFee: yuan,
  /** 应缴费款 = amount + lateFee as of today. */
  total: yuan,
  dueDate: date,
  status: paymentStatus,
  payable: z.boolean(),
  /** Why not payable: what is being collected, from where, since when. */
  note: z.string().nullable(),
  /** Compare-and-set token: sent back with the payment. */
  version: z.number(),
});
export type Bill = z.infer<typeof bill>;
export const listBills = route({
  name: 'listBills',
  method: 'GET',
  path: '/bills',
  summary: '缴费：全部待缴费数据',
  permission: { who: 'employer', does: 'pay' },
  answer: z.strictObject({
    bills: z.array(bill),
    /** The treasury's day: whether debits are possible now, else why not. */
    treasury: z.strictObject({ open: z.boolean(), reason: z.string().nullable() }),
    /** true: at least one valid agreement. */
    hasAgreement: z.boolean(),
  }),
});
export const agreementState = z.enum([
  '待验证',
  '验证中',
  '验证失败',
  '验证结果待核实',
  '有效',
  '需复核',
  '撤销中',
  '已终止',
]);
/** The account of an agreement and the bank that holds it. */
export const accountDetails = {
  bankName: z.string().trim().min(1, '请填写开户银行').max(60),
  openingBankNo: z.string().regex(/^\d{12}$/, '开户行行号应为 12 位数字'),
  clearingBankNo: z.string().regex(/^\d{12}$/, '清算行行号应为 12 位数字'),
  account: z.string().regex(/^\d{6,32}$/, '缴款账号应为 6 至 32 位数字'),
  holder: z.string().trim().min(1, '请填写账户名称').max(100),
};
export const agreement = z.strictObject({
  id: z.string(),
  protocolNo: z.string(),
  bankName: z.string(),
  /** `开户银行名称（尾号1234）`, the option in 「扣款账号」. */
  option: z.string(),
  accountMasked: z.string(),
  holder: z.string(),
  openingBankNo: z.string(),
  clearingBankNo: z.string(),
  origin: z.enum(['纸质签订', '网签', '转入的协议']),
  /** The unit itself may put its details right (网签, never valid so far). */
  amendable: z.boolean(),
  state: agreementState,
  reason: z.string().nullable(),
  /** Who must do what before it can be used; null when it can, or when only waiting helps. */
  remedy: z.string().nullable(),
  usable: z.boolean(),
  verifiedAt: instant.nullable(),
  createdAt: instant,
});
export const listAgreements = route({
  name: 'listAgreements',
  method: 'GET',
  path: '/agreements',
  summary: '三方协议，按签订先后',
  permission: { who: 'employer', does: 'pay' },
  answer: z.strictObject({
    agreements: z.array(agreement),
    /** The agreement of the last payment: offered first. */
    lastChosenId: z.string().nullable(),
  }),
});
/** Body of one order. The client stores its ids before sending and asks for them after a restart. */
export const pay = route({
  name: 'pay',
  method: 'POST',
  path: '/payments',
  summary: '确认缴费：三方协议扣款，一行一个缴款书',
  permission: { who: 'employer', does: 'pay' },
  idempotent: true,
  status: 202,
  body: z.strictObject({
    id: clientId,
    bills: z
      .array(z.strictObject({ id: z.string(), version: z.number(), total: yuan }))
      .min(1)
      .max(200),
    agreementId: z.string(),
    total: yuan,
    /** From POST /session/reauthentication for operation `pay` and the hash of this body without it. */
    reauthentication: z.string(),
  }),
  answer: z.strictObject({ id: z.string(), taskId: z.string() }),
});
export const paymentResult = z.strictObject({
  id: z.string(),
  /** processing until every order has an outcome. */
  state: z.enum(['processing', 'succeeded', 'failed', 'pendingCheck', 'mixed']),
  createdAt: instant,
  total: yuan,
  account: z.string(),
  orders: z.array(
    z.strictObject({
      billId: z.string(),
      unitNo,
      taxVoucherNo: z.string(),
      amount: yuan,
      state: z.enum(['扣款中', '待核实', '缴费成功', '缴费失败']),
      /** What the bank said in plain words, and what to do. */
      message: z.string(),
      nextStep: z.string(),
      paidOn: date.nullable(),
      receiptId: z.string().nullable(),
    }),
  ),
});
export type PaymentResult = z.infer<typeof paymentResult>;
export const getPayment = route({
  name: 'getPayment',
  method: 'GET',
  path: '/payments/:id',
  summary: '一次缴费的结果',
  permission: { who: 'employer', does: 'pay' },
  params: z.strictObject({ id: clientId }),
  answer: paymentResult,
});
export const listPayments = route({
  name: 'listPayments',
  method: 'GET',
  path: '/payments',
  summary: '缴费记录，最新在前',
  permission: { who: 'employer', does: 'pay' },
  answer: z.strictObject({
    payments: z.array(
      z.strictObject({
        paymentId: z.string(),
        taxVoucherNo: z.string(),
        unitNo,
        unitName: z.string(),
        periodFrom: month,
        periodTo: month,
        insuranceNames: z.string(),
        amount: yuan,
        account: z.string(),
        requestedAt: instant,
        paidOn: date.nullable(),
        /** 入库日期 */
        treasuredOn: date.nullable(),
        orderId: z.string(),
        receiptId: z.string().nullable(),
        status: paymentStatus.or(z.enum(['缴费失败'])),
        message: z.string(),
      }),
    ),
  }),
});
/** 已扣款 → 已缴款未入库 → 已入库, with dates; what the bank said, and who must act. */
export const getWayOfMoney = route({
  name: 'getWayOfMoney',
  method: 'GET',
  path: '/payment-orders/:id',
  summary: '一张缴款书的资金进程',
  permission: { who: 'employer', does: 'pay' },
  params: z.strictObject({ id: z.string().regex(/^[0-9A-Za-z-]{8,80}$/) }),
  answer: z.strictObject({
    orderId: z.string(),
    declarationId: z.string(),
    unitNo,
    unitName: z.string(),
    taxVoucherNo: z.string(),
    amount: yuan,
    from: z.string(),
    since: instant,
    outcome: z.enum(['扣款中', '待核实', '缴费成功', '缴费失败']),
    message: z.string(),
    nextStep: z.string(),
    whoActs: z.string(),
    receiptId: z.string().nullable(),
    stations: z.array(
      z.strictObject({
        name: z.string(),
        state: z.enum(['done', 'now', 'todo', 'failed']),
        at: z.string().nullable(),
        text: z.string(),
      }),
    ),
    events: z.array(z.strictObject({ at: instant, text: z.string() })),
  }),
});
/** What a unit without an agreement must bring to the counter. */
export const counterNotice = route({
  name: 'counterNotice',
  method: 'GET',
  path: '/units/:unitNo/counter-notice',
  summary: '办税服务厅缴费须带资料',
  permission: { who: 'employer', does: 'pay' },
  params: unitParams,
  answer: z.strictObject({
    papers: z.array(z.string()),
    unitNo,
    unitName: z.string(),
    total: yuan,
    lastDay: date,
    office: z.string(),
  }),
});
export const printCounterNotice = route({
  name: 'printCounterNotice',
  method: 'GET',
  path: '/units/:unitNo/counter-notice/file',
  summary: '缴费通知（PDF）',
  permission: { who: 'employer', does: 'pay' },
  params: unitParams,
  produces: ['application/pdf'],
});
export const bankVoucher = z.strictObject({
  id: z.string(),
  /** 凭证序号 */
  voucherNo: z.string(),
  unitNo,
  billId: z.string(),
  amount: yuan,
  lastDay: date,
  state: z.enum(['凭证有效', '银行受理中', '待核实', '已缴款未入库', '已入库', '已失效', '已作废']),
  createdAt: instant,
});
export const listBankVouchers = route({
  name: 'listBankVouchers',
  method: 'GET',
  path: '/bank-vouchers',
  summary: '银行端查询缴费凭证，最新在前',
  permission: { who: 'employer', does: 'pay' },
  answer: z.strictObject({ vouchers: z.array(bankVoucher) }),
});
export const createBankVoucher = route({
  name: 'createBankVoucher',
  method: 'POST',
  path: '/bank-vouchers',
  summary: '开具银行端查询缴费凭证（锁定该笔费款）',
  permission: { who: 'employer', does: 'pay' },
  idempotent: true,
  body: z.strictObject({ id: clientId, billId: z.string(), version: z.number(), total: yuan }),
  answer: bankVoucher,
});
export const voidBankVoucher = route({
  name: 'voidBankVoucher',
  method: 'POST',
  path: '/bank-vouchers/:id/void',
  summary: '作废银行端查询缴费凭证',
  permission: { who: 'employer', does: 'pay' },
  idempotent: true,
  params: z.strictObject({ id: clientId }),
  body: z.strictObject({}),
  answer: bankVoucher,
});
export const printBankVoucher = route({
  name: 'printBankVoucher',
  method: 'GET',
  path: '/bank-vouchers/:id/file',
  summary: '银行端查询缴费凭证（PDF）',
  permission: { who: 'employer', does: 'pay' },
  params: z.strictObject({ id: clientId }),
  produces: ['application/pdf'],
});
/** 缴费成功 receipt, signed, verifiable like a certificate. */
export const printReceipt = route({
  name: 'printReceipt',
  method: 'GET',
  path: '/receipts/:id/file',
  summary: '缴费回执（PDF）',
  permission: { who: 'employer', does: 'pay' },
  /** An order: the payment's id and the order's number in it, or a voucher's id. */
  params: z.strictObject({ id: z.string().regex(/^[0-9A-Za-z-]{8,80}$/) }),
  produces: ['application/pdf'],
});

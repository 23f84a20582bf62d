import * as z from 'zod';
import { date, instant, page, yuan } from './common.ts';
import { route } from './route.ts';

const reading = { who: 'office', roles: ['reconcile', 'review', 'auditor'] } as const;
const acting = { who: 'office', roles: ['reconcile', 'review'] } as const;
const text = (max: number) => z.string().trim().min(1).max(max);
/** From POST /session/reauthentication for the act and the hash of this body without it. */
const reauthentication = z.string();

/** One thing that an officer or the operator must look at now. */
export const officeAlarm = z.strictObject({
  kind: z.enum(['unclear', 'listMissing', 'unclearAfterList', 'caseOpen', 'notConnected']),
  text: z.string(),
  since: instant,
});
export const listAlarms = route({
  name: 'listAlarms',
  method: 'GET',
  path: '/office/alarms',
  summary: '征收与对账提醒：久未核实的扣款、未到的清单、待处理的差错',
  permission: reading,
  answer: z.strictObject({ alarms: z.array(officeAlarm) }),
});

const dayParams = z.strictObject({ taxOrg: z.string().regex(/^\d{12}$/), date });
export const listState = z.enum(['未收到', '接收中', '已核对', '清单异常']);
export const reconciliationDay = z.strictObject({
  taxOrg: z.string(),
  taxOrgName: z.string(),
  date,
  listState,
  /** Packs received, and how many there are. */
  packs: z.number(),
  packsExpected: z.number().nullable(),
  listedCount: z.number(),
  listedAmount: yuan,
  /** Whether orders, list and treasury agree. */
  balanced: z.boolean(),
  openCases: z.number(),
  signedBy: z.string().nullable(),
  signedAt: instant.nullable(),
});
export const listReconciliationDays = route({
  name: 'listReconciliationDays',
  method: 'GET',
  path: '/office/reconciliation',
  summary: '对账日：各征收机关每个国库工作日的清单与签收',
  permission: reading,
  answer: z.strictObject({ days: z.array(reconciliationDay) }),
});
export const reconciliationFigures = z.strictObject({
  classes: z.array(
    z.strictObject({
      reconClass: z.number(),
      name: z.string(),
      count: z.number(),
      listedAmount: yuan,
      ownAmount: yuan,
    }),
  ),
  listedCount: z.number(),
  listedAmount: yuan,
  ownAmount: yuan,
});
export const getReconciliation = route({
  name: 'getReconciliation',
  method: 'GET',
  path: '/office/reconciliation/:taxOrg/:date',
  summary: '对账单：分类笔数与金额、分包、三方核对、签收',
  permission: reading,
  params: dayParams,
  answer: reconciliationDay.extend({
    figures: reconciliationFigures,
    /** Names the figures; sent back with the signature. */
    figuresHash: z.string(),
    signable: z.boolean(),
    packsReceived: z.array(
      z.strictObject({
        list: z.enum(['3122', '3126']),
        packNo: z.number(),
        lines: z.number(),
        amount: yuan,
        at: instant,
      }),
    ),
    /** Σ orders paid = Σ list = Σ in the treasury + in transit. */
    control: z.strictObject({
      ordersPaid: yuan,
      listed: yuan,
      entered: yuan,
      inTransit: yuan,
      /** Paid at the counter: on no list. */
      counterPaid: yuan,
      differences: z.array(
        z.strictObject({
          what: z.string(),
          taxVoucherNo: z.string(),
          ordersAmount: yuan.nullable(),
          otherAmount: yuan.nullable(),
        }),
      ),
    }),
  }),
});
export const reconciliationLine = z.strictObject({
  lineNo: z.number(),
  reconClass: z.number(),
  className: z.string(),
  unitNo: z.string(),
  entrustDate: date,
  traNo: z.string(),
  packNo: z.string(),
  taxVoucherNo: z.string(),
  listedAmount: yuan.nullable(),
  ownAmount: yuan.nullable(),
  ownState: z.string(),
});
export const listReconciliationLines = route({
  name: 'listReconciliationLines',
  method: 'GET',
  path: '/office/reconciliation/:taxOrg/:date/lines',
  summary: '对账单明细',
  permission: reading,
  params: dayParams,
  query: page.extend({ reconClass: z.coerce.number().int().min(0).max(7).optional() }),
  answer: z.strictObject({ total: z.number(), lines: z.array(reconciliationLine) }),
});
export const downloadReconciliation = route({
  name: 'downloadReconciliation',
  method: 'GET',
  path: '/office/reconciliation/:taxOrg/:date/file',
  summary: '下载对账单：明细 XLSX、CSV，或对账单 PDF',
  permission: reading,
  params: dayParams,
  query: z.strictObject({ format: z.enum(['xlsx', 'csv', 'pdf']) }),
  produces: [
    'application/pdf',
    'text/csv',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
});
export const signReconciliation = route({
  name: 'signReconciliation',
  method: 'POST',
  path: '/office/reconciliation/:taxOrg/:date/signature',
  summary: '签收对账单',
  permission: acting,
  idempotent: true,
  params: dayParams,
  body: z.strictObject({ figuresHash: z.string(), reauthentication }),
  answer: z.strictObject({ signedBy: z.string(), signedAt: instant }),
});

export const caseState = z.enum(['待处理', '待复核', '已处理']);
export const caseDecision = z.enum(['keep', 'bookPaid', 'undo', 'refund']);
export const caseCategory = z.enum([
  'amountDiffers',
  'theirsOnly',
  'noRecord',
  'oursOnly',
  'contradiction',
  'entryDiffers',
  'listProblem',
]);
export const exceptionCase = z.strictObject({
  id: z.string(),
  at: instant,
  category: caseCategory,
  text: z.string(),
  state: caseState,
  unitNo: z.string().nullable(),
  unitName: z.string().nullable(),
  taxVoucherNo: z.string().nullable(),
  /** Of our order. */
  ownAmount: yuan.nullable(),
  /** Of the list or the message. */
  listedAmount: yuan.nullable(),
  decision: caseDecision.nullable(),
  reason: z.string().nullable(),
  papers: z.string().nullable(),
  handledBy: z.string().nullable(),
  closedBy: z.string().nullable(),
  closedAt: instant.nullable(),
  refund: yuan.nullable(),
  version: z.number(),
});
export const listCases = route({
  name: 'listCases',
  method: 'GET',
  path: '/office/cases',
  summary: '差错事项，最新在前',
  permission: reading,
  query: z.strictObject({ state: caseState.optional() }),
  answer: z.strictObject({ cases: z.array(exceptionCase) }),
});
const caseParams = z.strictObject({ id: z.string().min(1).max(200) });
export const getCase = route({
  name: 'getCase',
  method: 'GET',
  path: '/office/cases/:id',
  summary: '一项差错：经过、可作的处理、办理记录',
  permission: reading,
  params: caseParams,
  answer: exceptionCase.extend({
    attemptState: z.string().nullable(),
    billState: z.string().nullable(),
    /** Orders of ours with the same 税票号码, for money without a record. */
    sameVoucher: z.array(z.strictObject({ unitNo: z.string(), state: z.string(), amount: yuan })),
    allowed: z.array(caseDecision),
    history: z.array(
      z.strictObject({ at: instant, actor: z.string(), event: z.string(), text: z.string() }),
    ),
    payment: z.array(z.strictObject({ at: instant, text: z.string() })),
  }),
});
export const handleCase = route({
  name: 'handleCase',
  method: 'POST',
  path: '/office/cases/:id/handling',
  summary: '处理差错事项，提交复核',
  permission: { who: 'office', roles: ['reconcile'] },
  idempotent: true,
  params: caseParams,
  body: z.strictObject({
    version: z.number(),
    decision: caseDecision,
    reason: text(500),
    /** Which papers prove it. */
    papers: text(500),
    reauthentication,
  }),
  answer: exceptionCase,
});
export const approveCase = route({
  name: 'approveCase',
  method: 'POST',
  path: '/office/cases/:id/approval',
  summary: '复核通过差错事项（须为另一人）',
  permission: acting,
  idempotent: true,
  params: caseParams,
  body: z.strictObject({ version: z.number(), reauthentication }),
  answer: exceptionCase,
});
export const returnCase = route({
  name: 'returnCase',
  method: 'POST',
  path: '/office/cases/:id/return',
  summary: '退回差错事项重新处理',
  permission: acting,
  idempotent: true,
  params: caseParams,
  body: z.strictObject({ version: z.number(), reason: text(500), reauthentication }),
  answer: exceptionCase,
});

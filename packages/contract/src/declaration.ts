import * as z from 'zod';
import {
  accepted,
  clientId,
  date,
  fileFormat,
  instant,
  insurance,
  month,
  page,
  payer,
  personId,
  rate,
  unitNo,
  unitParams,
  yuan,
} from './common.ts';
import { route } from './route.ts';
import { declarationStatus } from './wage.ts';

/** One line of 日常申报 or of a declaration: 单位编号 × 征收品目 × month × 业务类型. */
export const dueItem = z.strictObject({
  /** Stable name of the line within its unit: `insurance:payer:period:kind`. */
  key: z.string(),
  unitNo,
  insurance,
  payer,
  /** 参保费种 */
  insuranceName: z.string(),
  /** 征收品目 */
  levyItem: z.string(),
  /** 业务类型 */
  kind: z.enum(['正常缴费', '补缴', '补差']),
  period: month,
  periodStart: date,
  periodEnd: date,
  people: z.number(),
  contributionBase: yuan,
  rate,
  amountDue: yuan,
  lateFee: yuan,
  dueDate: date,
  /** 暂按上年度: the bounds of the year are not yet published. */
  provisional: z.boolean(),
});
export type DueItem = z.infer<typeof dueItem>;
export const dueUnit = z.strictObject({
  unitNo,
  unitName: z.string(),
  people: z.number(),
  amountDue: yuan,
  lateFee: yuan,
  total: yuan,
  items: z.array(dueItem),
  /** People whose months can't be levied yet, and why. */
  refusals: z.array(
    z.strictObject({
      personId: z.string(),
      name: z.string(),
      code: z.string(),
      from: month,
      to: month,
      detail: z.string(),
    }),
  ),
  /** Collected too much in earlier months: not part of the declaration, may be refunded. */
  overpaid: yuan,
  /** Hash of what is shown; sent back with the submission. */
  version: z.string(),
  pending: z.boolean(),
});
export const listDues = route({
  name: 'listDues',
  method: 'GET',
  path: '/dues',
  summary: '日常申报：往期补缴与当月应征，按单位编号、征收品目、费款所属期',
  permission: { who: 'employer', does: 'declare' },
  query: z.strictObject({ unitNo: unitNo.optional() }),
  answer: z.strictObject({ period: month, units: z.array(dueUnit) }),
});
/** 人员明细 */
export const personDetail = z.strictObject({
  seq: z.number(),
  personId: z.string(),
  name: z.string(),
  documentType: z.string(),
  identityNumber: z.string(),
  wage: yuan,
  contributionBase: yuan,
  rate,
  amountDue: yuan,
  /** 人员编号 */
  personNo: z.string(),
});
const details = z.strictObject({
  total: z.number(),
  sum: yuan,
  people: z.array(personDetail),
  /** Levied on the unit's total payroll: no person behind the line, and what it was computed from. */
  aggregateNote: z.string().nullable(),
});
const itemParams = unitParams.extend({ key: z.string().max(120) });
export const listDuePeople = route({
  name: 'listDuePeople',
  method: 'GET',
  path: '/units/:unitNo/dues/:key/people',
  summary: '人员明细（待申报）',
  permission: { who: 'employer', does: 'declare' },
  params: itemParams,
  query: page,
  answer: details,
});
export const downloadDuePeople = route({
  name: 'downloadDuePeople',
  method: 'GET',
  path: '/units/:unitNo/dues/:key/people/file',
  summary: '下载人员明细（待申报）',
  permission: { who: 'employer', does: 'declare' },
  params: itemParams,
  query: z.strictObject({ format: fileFormat }),
  produces: ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
});
export const explanation = z.strictObject({
  title: z.string(),
  steps: z.array(
    z.strictObject({
      label: z.string(),
      value: z.string(),
      sentence: z.string(),
      /** 依据 with effective dates. */
      basis: z.string().nullable(),
    }),
  ),
});
/** Why an amount is what it is: one person's amount, or the whole line when no person is named. */
export const explainDue = route({
  name: 'explainDue',
  method: 'GET',
  path: '/units/:unitNo/dues/:key/explanation',
  summary: '金额说明',
  permission: { who: 'employer', does: 'declare' },
  params: itemParams,
  query: z.strictObject({ personId: z.string().optional() }),
  answer: explanation,
});
export const monthChange = route({
  name: 'monthChange',
  method: 'GET',
  path: '/units/:unitNo/month-change',
  summary: '与上月相比：新增、减员、基数变化、总额变动原因',
  permission: { who: 'employer', does: 'declare' },
  params: unitParams,
  answer: z.strictObject({
    period: month,
    previousTotal: yuan,
    currentTotal: yuan,
    joiners: z.array(z.strictObject({ name: z.string(), amount: yuan })),
    leavers: z.array(z.strictObject({ name: z.string(), amount: yuan })),
    baseChanges: z.array(
      z.strictObject({ name: z.string(), before: yuan, after: yuan, amount: yuan }),
    ),
    backPay: yuan,
    reasons: z.array(z.string()),
  }),
});
export const submitDeclaration = route({
  name: 'submitDeclaration',
  method: 'POST',
  path: '/units/:unitNo/declarations',
  summary: '提交社保费申报，稍后获取反馈',
  permission: { who: 'employer', does: 'declare' },
  idempotent: true,
  status: 202,
  params: unitParams,
  body: z.strictObject({
    id: clientId,
    /** `version` of the dues that were shown; differs: DUES_CHANGED. */
    version: z.string(),
    total: yuan,
  }),
  answer: accepted,
});
export const paymentStatus = z.enum([
  '未缴费',
  '扣款中',
  '待核实',
  '已缴款未入库',
  '已入库',
  '已退费',
]);
export type PaymentStatus = z.infer<typeof paymentStatus>;
export const declarationRow = z.strictObject({
  id: z.string(),
  declarationNo: z.string(),
  unitNo,
  unitName: z.string(),
  declaredAt: instant,
  declaredOn: date,
  periodFrom: month,
  periodTo: month,
  people: z.number(),
  amountDue: yuan,
  status: declarationStatus,
  paymentStatus,
  voidable: z.boolean(),
  failure: z.string().nullable(),
});
export const listDeclarations = route({
  name: 'listDeclarations',
  method: 'GET',
  path: '/declarations',
  summary: '社保费申报记录，最新在前',
  permission: { who: 'employer', does: 'declare' },
  query: z.strictObject({ unitNo: unitNo.optional() }),
  answer: z.strictObject({ declarations: z.array(declarationRow) }),
});
const declarationParams = unitParams.extend({ id: clientId });
export const getDeclaration = route({
  name: 'getDeclaration',
  method: 'GET',
  path: '/units/:unitNo/declarations/:id',
  summary: '一份申报表及其各行',
  permission: { who: 'employer', does: 'declare' },
  params: declarationParams,
  answer: declarationRow.extend({ items: z.array(dueItem) }),
});
export const listDeclaredPeople = route({
  name: 'listDeclaredPeople',
  method: 'GET',
  path: '/units/:unitNo/declarations/:id/items/:key/people',
  summary: '人员明细（已申报）',
  permission: { who: 'employer', does: 'declare' },
  params: declarationParams.extend({ key: z.string().max(120) }),
  query: page,
  answer: details,
});
/** The same for what was declared, by the rules as they were known on the day of declaring. */
export const explainDeclared = route({
  name: 'explainDeclared',
  method: 'GET',
  path: '/units/:unitNo/declarations/:id/items/:key/explanation',
  summary: '金额说明（已申报）',
  permission: { who: 'employer', does: 'declare' },
  params: declarationParams.extend({ key: z.string().max(120) }),
  query: z.strictObject({ personId: personId.optional() }),
  answer: explanation,
});
export const downloadDeclaration = route({
  name: 'downloadDeclaration',
  method: 'GET',
  path: '/units/:unitNo/declarations/:id/file',
  summary: '下载整份申报明细：长表 long、宽表 wide，或一行 key',
  permission: { who: 'employer', does: 'declare' },
  params: declarationParams,
  query: z.strictObject({
    format: fileFormat,
    layout: z.enum(['long', 'wide']).default('long'),
    key: z.string().max(120).optional(),
  }),
  produces: ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
});
export const voidDeclaration = route({
  name: 'voidDeclaration',
  method: 'POST',
  path: '/units/:unitNo/declarations/:id/void',
  summary: '作废未缴费的申报表',
  permission: { who: 'employer', does: 'declare' },
  idempotent: true,
  status: 202,
  params: declarationParams,
  body: z.strictObject({}),
  answer: accepted,
});
/** The home page: this month as a task list. */
export const monthOverview = route({
  name: 'monthOverview',
  method: 'GET',
  path: '/units/:unitNo/month',
  summary: '首页：本月任务',
  permission: { who: 'employer', does: 'query' },
  params: unitParams,
  answer: z.strictObject({
    period: month,
    deadline: date,
    steps: z.array(
      z.strictObject({
        step: z.enum(['update', 'wage', 'declare', 'pay', 'certificate']),
        state: z.enum(['done', 'todo', 'running', 'blocked', 'none']),
        /** e.g. 本月无需申报 */
        status: z.string(),
        people: z.number().nullable(),
        amount: yuan.nullable(),
        next: z.string(),
      }),
    ),
    /** The last twelve months, oldest first, sums by insurance. */
    history: z.array(
      z.strictObject({
        period: month,
        amounts: z.array(z.strictObject({ insurance, name: z.string(), amount: yuan })),
      }),
    ),
  }),
});

import { annuityModes, fundingTypes, payers, unitKinds, unitSizes } from '@shebao/levy';
import * as z from 'zod';
import {
  accepted,
  clientId,
  instant,
  insurance,
  month,
  page,
  personId,
  typedWage,
  unitNo,
  unitParams,
  yuan,
} from './common.ts';
import { route } from './route.ts';

/** One row of 日常缴费工资申报: a person with the 生效年月 that may be chosen. */
export const wageCandidate = z.strictObject({
  personId,
  name: z.string(),
  /** Masked. */
  identityNumber: z.string(),
  unitNo,
  /** 参保起始年月 */
  enrolledFrom: month,
  /** 原缴费工资: the latest in force. */
  currentWage: yuan.nullable(),
  /** Options of 生效年月, in time order; a wage already declared for it beside. */
  effectiveMonths: z.array(z.strictObject({ month, wage: yuan.nullable() })),
  /** The earliest option without a wage: must be declared first. null: none lacks one. */
  firstMissing: month.nullable(),
});
export const listWageCandidates = route({
  name: 'listWageCandidates',
  method: 'GET',
  path: '/units/:unitNo/wage-candidates',
  summary: '可申报缴费工资的职工：缺工资 missing、本月新增 arrived、查找 search、全部 all（年度）',
  permission: { who: 'employer', does: 'wage' },
  params: unitParams,
  query: page.extend({
    scope: z.enum(['missing', 'arrived', 'search', 'all']),
    search: z.string().max(64).optional(),
  }),
  answer: z.strictObject({ total: z.number(), people: z.array(wageCandidate) }),
});
export const wageState = route({
  name: 'wageState',
  method: 'GET',
  path: '/units/:unitNo/wage-state',
  summary: '是否锁定、缺工资人数、最低工资标准、政策版本',
  permission: { who: 'employer', does: 'wage' },
  params: unitParams,
  answer: z.strictObject({
    locked: z.boolean(),
    missingCount: z.number(),
    businessDate: z.string(),
    period: month,
    minimumWage: yuan.nullable(),
    policyVersion: z.string(),
  }),
});
export const wageLine = z.strictObject({
  personId,
  effectiveMonth: month,
  wage: typedWage,
});
/** What the levy engine in the browser needs to foretell one person's wage. */
export const wageFacts = route({
  name: 'wageFacts',
  method: 'GET',
  path: '/units/:unitNo/people/:personId/wage-facts',
  summary: '试算所需：参保、已申报工资、已征收、单位属性、政策版本',
  permission: { who: 'employer', does: 'wage' },
  params: unitParams.extend({ personId }),
  answer: z.strictObject({
    policyVersion: z.string(),
    unit: z.strictObject({
      region: z.string(),
      unitKind: z.enum(unitKinds),
      fundingType: z.enum(fundingTypes),
      unitSize: z.enum(unitSizes).optional(),
      riskClass: z.number().optional(),
      floatFactor: z.string().optional(),
      stagedCut: z.string().optional(),
      /** Throughout, or from given months on. */
      annuityUnitMode: z
        .enum(annuityModes)
        .or(z.array(z.strictObject({ from: month, mode: z.enum(annuityModes) })))
        .optional(),
      realShareRatio: z.string().optional(),
      deferrals: z.array(z.string()).optional(),
    }),
    enrolments: z.array(z.strictObject({ insurance, from: month, to: month.nullable() })),
    wages: z.array(z.strictObject({ effectiveMonth: month, wage: yuan })),
    levied: z.array(
      z.strictObject({
        insurance,
        payer: z.enum(payers),
        period: month,
        wage: yuan,
        amount: yuan,
      }),
    ),
  }),
});
/** What each line would do: shown in 核对信息 and while typing. Changes nothing. */
export const previewWages = route({
  name: 'previewWages',
  method: 'POST',
  path: '/units/:unitNo/wage-previews',
  summary: '核对信息：基数、上下限、费用、补缴',
  permission: { who: 'employer', does: 'wage' },
  params: unitParams,
  body: z.strictObject({ lines: z.array(wageLine).min(1).max(100_000) }),
  answer: z.strictObject({
    policyVersion: z.string(),
    lines: z.array(
      z.strictObject({
        personId,
        name: z.string(),
        effectiveMonth: month,
        wage: yuan,
        contributionBase: yuan.nullable(),
        clamped: z.enum(['floor', 'cap']).nullable(),
        floor: yuan.nullable(),
        cap: yuan.nullable(),
        /** Each month from now on. */
        employerMonthly: yuan,
        employeeMonthly: yuan,
        /** Months before the current one that this change back-charges, and their sum. */
        backPayMonths: z.number(),
        backPay: yuan,
        lateFee: yuan,
        /** Why it would be rejected; empty when it would pass. */
        problems: z.array(z.strictObject({ code: z.string(), detail: z.string() })),
      }),
    ),
    totals: z.strictObject({ employerMonthly: yuan, employeeMonthly: yuan, backPay: yuan }),
  }),
});
export const submitWages = route({
  name: 'submitWages',
  method: 'POST',
  path: '/units/:unitNo/wage-declarations',
  summary: '提交缴费工资申报，稍后获取反馈',
  permission: { who: 'employer', does: 'wage' },
  idempotent: true,
  status: 202,
  params: unitParams,
  body: z.strictObject({
    id: clientId,
    kind: z.enum(['daily', 'annual']),
    /** The version that the figures shown were computed with; another one now: POLICY_CHANGED. */
    policyVersion: z.string().max(200).optional(),
    lines: z.array(wageLine).min(1).max(100_000),
  }),
  answer: accepted,
});
export const declarationStatus = z.enum([
  '待反馈',
  '全部申报成功',
  '部分申报成功',
  '全部申报失败',
  '作废中',
  '已作废',
]);
export type DeclarationStatus = z.infer<typeof declarationStatus>;
export const listWageDeclarations = route({
  name: 'listWageDeclarations',
  method: 'GET',
  path: '/wage-declarations',
  summary: '缴费工资申报记录，最新在前',
  permission: { who: 'employer', does: 'wage' },
  query: z.strictObject({ unitNo: unitNo.optional() }),
  answer: z.strictObject({
    declarations: z.array(
      z.strictObject({
        id: z.string(),
        unitNo,
        kind: z.enum(['daily', 'annual']),
        declaredAt: instant,
        people: z.number(),
        succeeded: z.number(),
        failed: z.number(),
        status: declarationStatus,
      }),
    ),
  }),
});
export const listWageResults = route({
  name: 'listWageResults',
  method: 'GET',
  path: '/units/:unitNo/wage-declarations/:id/results',
  summary: '职工申报结果',
  permission: { who: 'employer', does: 'wage' },
  params: unitParams.extend({ id: clientId }),
  query: page,
  answer: z.strictObject({
    status: declarationStatus,
    total: z.number(),
    results: z.array(
      z.strictObject({
        personId,
        name: z.string(),
        identityNumber: z.string(),
        effectiveMonth: month,
        wage: yuan,
        contributionBase: yuan.nullable(),
        result: z.enum(['申报成功', '申报失败', '待反馈']),
        reason: z.string(),
      }),
    ),
  }),
});
/** The clerk's own sheet in, with a verdict per row; nothing is declared by it. */
export const readWageWorkbook = route({
  name: 'readWageWorkbook',
  method: 'POST',
  path: '/units/:unitNo/wage-workbooks',
  summary: '导入缴费工资表（XLSX、CSV）：逐行校验，返回可申报的行',
  permission: { who: 'employer', does: 'wage' },
  idempotent: true,
  params: unitParams,
  upload: { maxBytes: 64 * 1024 * 1024 },
  answer: z.strictObject({
    rows: z.number(),
    lines: z.array(wageLine),
    people: z.array(wageCandidate),
    problems: z.array(
      z.strictObject({ row: z.number(), column: z.string(), code: z.string(), detail: z.string() }),
    ),
  }),
});

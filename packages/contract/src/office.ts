import * as z from 'zod';
import {
  accepted,
  date,
  insurance,
  instant,
  officeRoles,
  page,
  taxpayerId,
  unitNo,
} from './common.ts';
import { agreement } from './payment.ts';
import { route } from './route.ts';

const register = { who: 'office', roles: ['register', 'review'] } as const;
const text = (max: number) => z.string().trim().min(1).max(max);

export const unitRegistration = z.strictObject({
  unitNo,
  name: text(100),
  region: z.string().regex(/^\d{6}$/, '行政区划代码应为 6 位数字'),
  unitKind: z.enum([
    'institution',
    'government',
    'enterprise',
    'socialOrganisation',
    'privateNonEnterprise',
    'soleTrader',
  ]),
  fundingType: z.enum(['full', 'partial', 'selfSupporting', 'none']),
  unitSize: z.enum(['large', 'medium', 'small', 'micro']).nullable(),
  riskClass: z.number().int().min(1).max(8).nullable(),
  /** Decimal, e.g. `1.2`. */
  floatFactor: z
    .string()
    .regex(/^[0-9](\.\d{1,4})?$/)
    .default('1'),
  insurances: z.array(insurance).min(1),
});
export const taxpayerRow = z.strictObject({
  taxpayerId: z.string(),
  name: z.string(),
  registeredAt: instant,
  /** Strict check of the credit code; registering only warns. */
  creditCodeValid: z.boolean(),
  /** initial: password issued, never changed. */
  signInState: z.enum(['none', 'initial', 'active']),
  units: z.array(unitRegistration.extend({ people: z.number() })),
});
export const listTaxpayers = route({
  name: 'listTaxpayers',
  method: 'GET',
  path: '/office/taxpayers',
  summary: '登记管理：缴费单位',
  permission: { who: 'office', roles: ['register', 'review', 'counter', 'reconcile', 'auditor'] },
  query: page.extend({ search: z.string().max(64).optional() }),
  answer: z.strictObject({ total: z.number(), taxpayers: z.array(taxpayerRow) }),
});
export const registerTaxpayer = route({
  name: 'registerTaxpayer',
  method: 'POST',
  path: '/office/taxpayers',
  summary: '登记缴费单位',
  permission: register,
  idempotent: true,
  body: z.strictObject({ taxpayerId, name: text(100) }),
  answer: z.strictObject({ taxpayerId: z.string(), warnings: z.array(z.string()) }),
});
export const registerUnit = route({
  name: 'registerUnit',
  method: 'POST',
  path: '/office/taxpayers/:taxpayerId/units',
  summary: '登记单位编号',
  permission: register,
  idempotent: true,
  params: z.strictObject({ taxpayerId }),
  body: unitRegistration,
  answer: z.strictObject({ unitNo, warnings: z.array(z.string()) }),
});
export const issueInitialPassword = route({
  name: 'issueInitialPassword',
  method: 'POST',
  path: '/office/taxpayers/:taxpayerId/initial-password',
  summary: '签发一次性初始密码（仅显示一次）',
  permission: register,
  idempotent: true,
  params: z.strictObject({ taxpayerId }),
  body: z.strictObject({}),
  answer: z.strictObject({ initialPassword: z.string(), validUntil: date }),
});
export const delivery = z.strictObject({
  id: z.string(),
  fileName: z.string(),
  receivedAt: instant,
  rows: z.number(),
  accepted: z.number(),
  unchanged: z.number(),
  rejected: z.number(),
});
/** Twice the same file changes nothing. */
export const importDelivery = route({
  name: 'importDelivery',
  method: 'POST',
  path: '/office/deliveries',
  summary: '导入人社、医保参保数据（XLSX、CSV），逐行给出结论',
  permission: register,
  idempotent: true,
  upload: { maxBytes: 64 * 1024 * 1024 },
  answer: delivery.extend({
    problems: z.array(
      z.strictObject({ row: z.number(), column: z.string(), code: z.string(), detail: z.string() }),
    ),
  }),
});
export const listDeliveries = route({
  name: 'listDeliveries',
  method: 'GET',
  path: '/office/deliveries',
  summary: '参保数据接收记录',
  permission: { who: 'office', roles: ['register', 'review', 'auditor'] },
  answer: z.strictObject({ deliveries: z.array(delivery) }),
});
export const deliveryVerdicts = route({
  name: 'deliveryVerdicts',
  method: 'GET',
  path: '/office/deliveries/:id/verdicts',
  summary: '逐行结论',
  permission: { who: 'office', roles: ['register', 'review', 'auditor'] },
  params: z.strictObject({ id: z.string() }),
  query: page,
  answer: z.strictObject({
    total: z.number(),
    verdicts: z.array(
      z.strictObject({
        row: z.number(),
        name: z.string(),
        unitNo: z.string(),
        verdict: z.enum(['接受', '无变化', '拒绝']),
        column: z.string(),
        detail: z.string(),
      }),
    ),
  }),
});
export const deliveryTemplate = route({
  name: 'deliveryTemplate',
  method: 'GET',
  path: '/office/delivery-template',
  summary: '参保数据导入模板',
  permission: { who: 'office', roles: ['register', 'review'] },
  produces: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
});
export const listOfficeAgreements = route({
  name: 'listOfficeAgreements',
  method: 'GET',
  path: '/office/agreements',
  summary: '协议管理',
  permission: { who: 'office', roles: ['register', 'review', 'reconcile', 'counter', 'auditor'] },
  query: z.strictObject({ taxpayerId: taxpayerId.optional() }),
  answer: z.strictObject({
    agreements: z.array(
      agreement.extend({
        taxpayerId: z.string(),
        taxpayerName: z.string(),
        openingBankNo: z.string(),
        clearingBankNo: z.string(),
      }),
    ),
  }),
});
export const recordAgreement = route({
  name: 'recordAgreement',
  method: 'POST',
  path: '/office/agreements',
  summary: '录入委托扣款协议',
  permission: register,
  idempotent: true,
  body: z.strictObject({
    taxpayerId,
    protocolNo: z.string().regex(/^[0-9A-Za-z]{4,60}$/, '协议书号应为 4 至 60 位字母或数字'),
    bankName: text(60),
    openingBankNo: z.string().regex(/^\d{12}$/, '开户行行号应为 12 位数字'),
    clearingBankNo: z.string().regex(/^\d{12}$/, '清算行行号应为 12 位数字'),
    account: z.string().regex(/^\d{6,32}$/, '缴款账号应为 6 至 32 位数字'),
    holder: text(100),
  }),
  answer: agreement,
});
export const verifyAgreement = route({
  name: 'verifyAgreement',
  method: 'POST',
  path: '/office/agreements/:id/verification',
  summary: '通过税库银验证协议',
  permission: register,
  idempotent: true,
  status: 202,
  params: z.strictObject({ id: z.string() }),
  body: z.strictObject({}),
  answer: accepted,
});
export const terminateAgreement = route({
  name: 'terminateAgreement',
  method: 'POST',
  path: '/office/agreements/:id/termination',
  summary: '通过税库银终止协议',
  permission: register,
  idempotent: true,
  status: 202,
  params: z.strictObject({ id: z.string() }),
  body: z.strictObject({}),
  answer: accepted,
});
export const treasuryState = route({
  name: 'treasuryState',
  method: 'GET',
  path: '/office/treasury',
  summary: '税库银状态与待核实队列',
  permission: { who: 'office', roles: ['reconcile', 'review', 'auditor'] },
  answer: z.strictObject({
    connected: z.boolean(),
    workDate: z.string().nullable(),
    systemState: z.string(),
    peerFingerprint: z.string().nullable(),
    ownFingerprint: z.string(),
    unclear: z.array(
      z.strictObject({
        attemptId: z.string(),
        unitNo,
        taxVoucherNo: z.string(),
        amount: z.string(),
        state: z.string(),
        since: instant,
        events: z.array(z.strictObject({ at: instant, text: z.string() })),
      }),
    ),
    exceptions: z.array(
      z.strictObject({
        id: z.string(),
        at: instant,
        kind: z.string(),
        text: z.string(),
        state: z.string(),
      }),
    ),
  }),
});
export const listAudit = route({
  name: 'listAudit',
  method: 'GET',
  path: '/office/audit',
  summary: '审计记录，最新在前',
  permission: { who: 'office', roles: ['auditor', 'review'] },
  query: page.extend({ chain: z.string().max(80).optional() }),
  answer: z.strictObject({
    total: z.number(),
    entries: z.array(
      z.strictObject({
        chain: z.string(),
        seq: z.number(),
        at: instant,
        actor: z.string(),
        action: z.string(),
        subject: z.string(),
        detail: z.string(),
        hash: z.string(),
      }),
    ),
  }),
});
export const verifyAudit = route({
  name: 'verifyAudit',
  method: 'GET',
  path: '/office/audit/verification',
  summary: '核验审计链',
  permission: { who: 'office', roles: ['auditor'] },
  answer: z.strictObject({
    intact: z.boolean(),
    chains: z.number(),
    entries: z.number(),
    breaks: z.array(z.string()),
  }),
});
export const listOfficers = route({
  name: 'listOfficers',
  method: 'GET',
  path: '/office/officers',
  summary: '用户与权限',
  permission: { who: 'office', roles: ['securityAdmin', 'review'] },
  answer: z.strictObject({
    officers: z.array(
      z.strictObject({
        userName: z.string(),
        displayName: z.string(),
        active: z.boolean(),
        roles: z.array(z.enum(officeRoles)),
      }),
    ),
  }),
});
export const createOfficer = route({
  name: 'createOfficer',
  method: 'POST',
  path: '/office/officers',
  summary: '新增征收人员，返回一次性初始密码',
  permission: { who: 'office', roles: ['securityAdmin'] },
  idempotent: true,
  body: z.strictObject({
    userName: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9_.-]{3,64}$/),
    displayName: text(64),
    roles: z.array(z.enum(officeRoles)).min(1),
  }),
  answer: z.strictObject({ userName: z.string(), initialPassword: z.string() }),
});
export const policyRows = route({
  name: 'policyRows',
  method: 'GET',
  path: '/office/policies',
  summary: '政策参数：费率、上下限、来源',
  permission: { who: 'office', roles: ['policy', 'review', 'register', 'auditor'] },
  query: z.strictObject({ region: z.string().regex(/^\d{6}$/) }),
  answer: z.strictObject({
    version: z.string(),
    rows: z.array(
      z.strictObject({
        kind: z.enum(['rate', 'bounds']),
        insurance: z.string(),
        payer: z.string(),
        from: z.string(),
        to: z.string(),
        value: z.string(),
        status: z.string(),
        publishedOn: z.string(),
        source: z.string(),
      }),
    ),
  }),
});
/** The engine's policy data for a region, for previews in the browser. */
export const policyPack = route({
  name: 'policyPack',
  method: 'GET',
  path: '/policy-packs/:region',
  summary: '试算所用政策包与版本',
  permission: { who: 'session' },
  params: z.strictObject({ region: z.string().regex(/^\d{6}$/) }),
  answer: z.strictObject({ version: z.string(), pack: z.unknown() }),
});

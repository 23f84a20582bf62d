import * as z from 'zod';
import { date, instant, insurance, page, taxpayerId, unitNo } from './common.ts';
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

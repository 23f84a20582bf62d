import * as z from 'zod';
import { accepted, instant, officeRoles, page, taxpayerId, unitNo } from './common.ts';
import { accountDetails, agreement } from './payment.ts';
import { route } from './route.ts';

const register = { who: 'office', roles: ['register', 'review'] } as const;
/** From POST /session/reauthentication for the act and the hash of `{ id }`. */
const proof = z.strictObject({ reauthentication: z.string() });

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
        /** User name of who recorded or signed it. */
        madeBy: z.string().nullable(),
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
    ...accountDetails,
  }),
  answer: agreement,
});
export const verifyAgreement = route({
  name: 'verifyAgreement',
  method: 'POST',
  path: '/office/agreements/:id/verification',
  summary: '通过税库银验证协议；录入纸质协议的人不能首次验证它',
  permission: register,
  idempotent: true,
  status: 202,
  params: z.strictObject({ id: z.string() }),
  body: proof,
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
  body: proof,
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
        unitName: z.string(),
        /** The account it is collected from. */
        account: z.string(),
        state: z.string(),
        since: instant,
        /** The last that was heard. */
        said: z.string(),
        next: z.string(),
        nextAt: instant.nullable(),
        whoActs: z.string(),
        events: z.array(z.strictObject({ at: instant, text: z.string() })),
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
    displayName: z.string().trim().min(1).max(64),
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

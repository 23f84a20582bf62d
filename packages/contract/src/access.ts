import * as z from 'zod';
import {
  date,
  employerFunctions,
  instant,
  month,
  officeRoles,
  taxpayerId,
  unitNo,
} from './common.ts';
import { route } from './route.ts';

const password = z.string().min(1).max(256);

export const passwordRules = z.strictObject({
  profile: z.string(),
  /** Shown beforehand in the dialog, one line each, in Chinese. */
  rules: z.array(z.string()),
});

export const sessionInfo = z.strictObject({
  realm: z.enum(['employer', 'office']),
  userName: z.string(),
  displayName: z.string(),
  /** true: only the change of the initial password is allowed. */
  mustChangePassword: z.boolean(),
  passwordRules: passwordRules,
  /** Send it back in the header `X-Shebao-Csrf` with every change. */
  csrfToken: z.string(),
  businessDate: date,
  period: month,
  demo: z.boolean(),
  taxpayer: z.strictObject({ taxpayerId: z.string(), name: z.string() }).nullable(),
  units: z.array(
    z.strictObject({
      unitNo,
      name: z.string(),
      region: z.string(),
      unitKind: z.string(),
      fundingType: z.string(),
      functions: z.array(z.enum(employerFunctions)),
    }),
  ),
  roles: z.array(z.enum(officeRoles)),
  expiresAt: instant,
});
export type SessionInfo = z.infer<typeof sessionInfo>;

export const signIn = route({
  name: 'signIn',
  method: 'POST',
  path: '/sessions',
  summary: '安全认证（申报密码）登录',
  permission: { who: 'public' },
  body: z.strictObject({
    taxpayerId,
    userName: z.string().trim().min(1).max(64).optional(),
    password,
  }),
  answer: sessionInfo,
});
export const officeSignIn = route({
  name: 'officeSignIn',
  method: 'POST',
  path: '/office/sessions',
  summary: '征收人员登录',
  permission: { who: 'public' },
  body: z.strictObject({ userName: z.string().trim().min(1).max(64), password }),
  answer: sessionInfo,
});
export const officeSetup = route({
  name: 'officeSetup',
  method: 'POST',
  path: '/office/setup',
  summary: '以一次性链接建立首个管理账户',
  permission: { who: 'public' },
  body: z.strictObject({
    setupToken: z.string().min(20).max(200),
    userName: z.string().trim().min(3).max(64),
    displayName: z.string().trim().min(1).max(64),
    password,
  }),
  answer: sessionInfo,
});
export const currentSession = route({
  name: 'currentSession',
  method: 'GET',
  path: '/session',
  summary: '当前会话',
  permission: { who: 'session' },
  answer: sessionInfo,
});
export const signOut = route({
  name: 'signOut',
  method: 'DELETE',
  path: '/session',
  summary: '退出登录',
  permission: { who: 'session' },
  status: 204,
});
export const changePassword = route({
  name: 'changePassword',
  method: 'POST',
  path: '/session/password',
  summary: '修改密码（初始密码须强制修改）',
  permission: { who: 'session' },
  body: z.strictObject({
    /** Not needed while the initial password is being changed. */
    currentPassword: password.optional(),
    newPassword: password,
  }),
  answer: sessionInfo,
});
/** The answer's token goes into the body of the operation it was asked for; valid 5 minutes, once. */
export const reauthenticate = route({
  name: 'reauthenticate',
  method: 'POST',
  path: '/session/reauthentication',
  summary: '再次安全认证，绑定到一项操作',
  permission: { who: 'session' },
  body: z.strictObject({
    password,
    operation: z.string().max(64),
    /** SHA-256 (hex) of the canonical JSON of what will be done; see `operationHash`. */
    operationHash: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  answer: z.strictObject({ token: z.string(), expiresAt: instant }),
});
export const listUsers = route({
  name: 'listUsers',
  method: 'GET',
  path: '/users',
  summary: '本纳税人的用户',
  permission: { who: 'employer', does: 'administer' },
  answer: z.strictObject({
    users: z.array(
      z.strictObject({
        userName: z.string(),
        displayName: z.string(),
        active: z.boolean(),
        grants: z.array(z.strictObject({ unitNo, functions: z.array(z.enum(employerFunctions)) })),
      }),
    ),
  }),
});
export const createUser = route({
  name: 'createUser',
  method: 'POST',
  path: '/users',
  summary: '新增用户，返回一次性初始密码',
  permission: { who: 'employer', does: 'administer' },
  idempotent: true,
  body: z.strictObject({
    userName: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9_.-]{3,64}$/),
    displayName: z.string().trim().min(1).max(64),
    grants: z.array(z.strictObject({ unitNo, functions: z.array(z.enum(employerFunctions)) })),
  }),
  answer: z.strictObject({ userName: z.string(), initialPassword: z.string() }),
});
export const setUserActive = route({
  name: 'setUserActive',
  method: 'POST',
  path: '/users/:userName/active',
  summary: '启用或停用用户',
  permission: { who: 'employer', does: 'administer' },
  idempotent: true,
  params: z.strictObject({ userName: z.string() }),
  body: z.strictObject({ active: z.boolean() }),
  answer: z.strictObject({ userName: z.string(), active: z.boolean() }),
});
export const apiToken = z.strictObject({
  id: z.string(),
  label: z.string(),
  functions: z.array(z.enum(employerFunctions)),
  unitNos: z.array(unitNo),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
});
export const listTokens = route({
  name: 'listTokens',
  method: 'GET',
  path: '/api-tokens',
  summary: '接口令牌',
  permission: { who: 'employer', does: 'administer' },
  answer: z.strictObject({ tokens: z.array(apiToken) }),
});
export const createToken = route({
  name: 'createToken',
  method: 'POST',
  path: '/api-tokens',
  summary: '新建接口令牌，令牌只显示一次',
  permission: { who: 'employer', does: 'administer' },
  idempotent: true,
  body: z.strictObject({
    label: z.string().trim().min(1).max(64),
    functions: z.array(z.enum(employerFunctions)).min(1),
    unitNos: z.array(unitNo).min(1),
    /** From POST /session/reauthentication for operation `createToken`: a token stands for the password. */
    reauthentication: z.string().max(200),
  }),
  answer: z.strictObject({ token: z.string(), info: apiToken }),
});
export const revokeToken = route({
  name: 'revokeToken',
  method: 'DELETE',
  path: '/api-tokens/:id',
  summary: '吊销接口令牌',
  permission: { who: 'employer', does: 'administer' },
  params: z.strictObject({ id: z.string() }),
  status: 204,
});
export const task = z.strictObject({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  percent: z.number(),
  text: z.string(),
  result: z.unknown().optional(),
  /** Chinese reason when failed. */
  failure: z.string().nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export const getTask = route({
  name: 'getTask',
  method: 'GET',
  path: '/tasks/:id',
  summary: '任务进度',
  permission: { who: 'session' },
  params: z.strictObject({ id: z.string() }),
  answer: task,
});
export const listTasks = route({
  name: 'listTasks',
  method: 'GET',
  path: '/tasks',
  summary: '任务托盘：最近的任务',
  permission: { who: 'session' },
  answer: z.strictObject({ tasks: z.array(task) }),
});

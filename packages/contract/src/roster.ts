import * as z from 'zod';
import {
  accepted,
  fileFormat,
  instant,
  insurance,
  month,
  page,
  personId,
  unitNo,
  unitParams,
  yuan,
} from './common.ts';
import { route } from './route.ts';

/** Updates every unit the user may see; one task. `unitNos` narrows it for programs. */
export const startRosterUpdate = route({
  name: 'startRosterUpdate',
  method: 'POST',
  path: '/roster-updates',
  summary: '职工参保信息更新（全量 full、增量 incremental）',
  permission: { who: 'employer', does: 'roster' },
  idempotent: true,
  status: 202,
  body: z.strictObject({
    kind: z.enum(['full', 'incremental']),
    unitNos: z.array(unitNo).optional(),
  }),
  answer: accepted,
});
export const rosterUpdate = z.strictObject({
  id: z.string(),
  kind: z.enum(['full', 'incremental']),
  state: z.enum(['running', 'done', 'failed']),
  startedAt: instant,
  finishedAt: instant.nullable(),
  failure: z.string().nullable(),
  added: z.number(),
  changed: z.number(),
  stopped: z.number(),
});
export const listRosterUpdates = route({
  name: 'listRosterUpdates',
  method: 'GET',
  path: '/roster-updates',
  summary: '更新记录，最新在前',
  permission: { who: 'employer', does: 'roster' },
  answer: z.strictObject({ updates: z.array(rosterUpdate) }),
});
export const getRosterUpdate = route({
  name: 'getRosterUpdate',
  method: 'GET',
  path: '/roster-updates/:id',
  summary: '一次更新的结果',
  permission: { who: 'employer', does: 'roster' },
  params: z.strictObject({ id: z.string() }),
  answer: rosterUpdate,
});
export const rosterChange = z.strictObject({
  personId,
  name: z.string(),
  /** Masked. */
  identityNumber: z.string(),
  unitNo,
  changeType: z.enum(['新增', '变更', '停止']),
  field: z.string(),
  before: z.string(),
  after: z.string(),
});
export const listRosterChanges = route({
  name: 'listRosterChanges',
  method: 'GET',
  path: '/roster-updates/:id/changes',
  summary: '更新数据明细：逐人逐项',
  permission: { who: 'employer', does: 'roster' },
  params: z.strictObject({ id: z.string() }),
  query: page,
  answer: z.strictObject({ total: z.number(), changes: z.array(rosterChange) }),
});
export const rosterPerson = z.strictObject({
  personId,
  name: z.string(),
  identityNumber: z.string(),
  enrolments: z.array(z.strictObject({ insurance, from: month, to: month.nullable() })),
  /** Latest wage in force, if any. */
  wage: yuan.nullable(),
  active: z.boolean(),
});
export const listRoster = route({
  name: 'listRoster',
  method: 'GET',
  path: '/units/:unitNo/people',
  summary: '职工参保信息',
  permission: { who: 'employer', does: 'roster' },
  params: unitParams,
  query: page.extend({ search: z.string().max(64).optional() }),
  answer: z.strictObject({
    total: z.number(),
    updatedAt: instant.nullable(),
    people: z.array(rosterPerson),
  }),
});
export const downloadRoster = route({
  name: 'downloadRoster',
  method: 'GET',
  path: '/units/:unitNo/people/file',
  summary: '下载职工参保信息（证件号码完整）',
  permission: { who: 'employer', does: 'roster' },
  params: unitParams,
  query: z.strictObject({ format: fileFormat }),
  produces: ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
});

import * as z from 'zod';
import {
  clientId,
  date,
  instant,
  insurance,
  month,
  page,
  unitNo,
  unitParams,
  yuan,
} from './common.ts';
import { route } from './route.ts';

/** Whose feed: 人社 or 医保. A user of an agency reads its own only. */
export const agency = z.enum(['hrss', 'medicalInsurance']);
export type Agency = z.infer<typeof agency>;
const reading = { who: 'office', roles: ['hrss', 'medicalInsurance'] } as const;
const agencyParams = z.strictObject({ agency });
const cursor = z.coerce.number().int().min(0);

export const feedEntry = z.strictObject({
  /** The entry's place in the feed; the cursor of the next read. */
  seq: z.number(),
  event: z.enum(['paid', 'undone', 'refunded']),
  at: instant,
  unitNo,
  declarationId: z.string(),
  personId: z.string(),
  name: z.string(),
  documentType: z.string(),
  identityNumber: z.string(),
  insurance,
  period: month,
  wage: yuan,
  contributionBase: yuan,
  /** Negative in corrections: all entries of a person, month and insurance add up to what stands paid. */
  employerAmount: yuan,
  employeeAmount: yuan,
  /** The debit's date; of `refunded`, the day on which it went back. */
  paidOn: date.nullable(),
  taxVoucherNo: z.string().nullable(),
});
export const readPersonFeed = route({
  name: 'readPersonFeed',
  method: 'GET',
  path: '/person-feed/:agency/entries',
  summary: '缴费结果反馈：按游标读取（人社、医保）',
  permission: reading,
  params: agencyParams,
  query: z.strictObject({
    after: cursor.default(0),
    limit: z.coerce.number().int().min(1).max(5000).default(1000),
  }),
  answer: z.strictObject({
    entries: z.array(feedEntry),
    /** The cursor for the next read. */
    next: z.number(),
    /** The last entry of the feed at present. */
    last: z.number(),
  }),
});
export const receiptPersonFeed = route({
  name: 'receiptPersonFeed',
  method: 'POST',
  path: '/person-feed/:agency/receipts',
  summary: '缴费结果反馈：记入个人后的读取回执，按游标或逐条',
  permission: reading,
  idempotent: true,
  params: agencyParams,
  body: z.union([
    /** Everything up to this entry. */
    z.strictObject({ through: z.number().int().min(1) }),
    z.strictObject({ seqs: z.array(z.number().int().min(1)).min(1).max(5000) }),
  ]),
  answer: z.strictObject({ receipted: z.number() }),
});
export const creditState = z.enum(['待传递', '已传递', '已记入个人']);
export const listCredits = route({
  name: 'listCredits',
  method: 'GET',
  path: '/units/:unitNo/declarations/:id/credits',
  summary: '一份申报表的缴费结果传递与记入个人',
  permission: { who: 'employer', does: 'declare' },
  params: unitParams.extend({ id: clientId }),
  query: page,
  answer: z.strictObject({
    /** Rows of people; 0 while nothing is paid. */
    total: z.number(),
    credited: z.number(),
    agencies: z.array(
      z.strictObject({
        agency,
        name: z.string(),
        sent: z.number(),
        credited: z.number(),
        creditedAt: instant.nullable(),
      }),
    ),
    rows: z.array(
      z.strictObject({
        personId: z.string(),
        name: z.string(),
        identityNumber: z.string(),
        insuranceName: z.string(),
        period: month,
        amount: yuan,
        agencyName: z.string(),
        state: creditState,
        creditedAt: instant.nullable(),
      }),
    ),
  }),
});
export const officeToken = z.strictObject({
  id: z.string(),
  userName: z.string(),
  label: z.string(),
  createdAt: instant,
  revokedAt: instant.nullable(),
});
const security = { who: 'office', roles: ['securityAdmin'] } as const;
export const listOfficeTokens = route({
  name: 'listOfficeTokens',
  method: 'GET',
  path: '/office/tokens',
  summary: '人社、医保的接口令牌',
  permission: security,
  answer: z.strictObject({ tokens: z.array(officeToken) }),
});
export const createOfficeToken = route({
  name: 'createOfficeToken',
  method: 'POST',
  path: '/office/tokens',
  summary: '为人社、医保用户签发接口令牌（仅显示一次）',
  permission: security,
  idempotent: true,
  body: z.strictObject({
    userName: z.string().trim().min(1).max(64),
    label: z.string().trim().min(1).max(64),
    /** From POST /session/reauthentication for `createOfficeToken` and the hash of this body without it. */
    reauthentication: z.string(),
  }),
  answer: z.strictObject({ token: z.string(), info: officeToken }),
});
export const revokeOfficeToken = route({
  name: 'revokeOfficeToken',
  method: 'POST',
  path: '/office/tokens/:id/revocation',
  summary: '停用接口令牌',
  permission: security,
  idempotent: true,
  params: z.strictObject({ id: clientId }),
  body: z.strictObject({}),
  answer: z.strictObject({}),
});

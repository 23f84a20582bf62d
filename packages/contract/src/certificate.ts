import * as z from 'zod';
import { clientId, instant, month, personId, unitNo, unitParams, yuan } from './common.ts';
import { route } from './route.ts';

const range = z.strictObject({ from: month, to: month });
const paid = z.enum(['已缴款未入库', '已入库', '已退费']);

export const unitCertificateRow = z.strictObject({
  /** Names the row when printing: `unitNo:period:insurance`. */
  key: z.string(),
  seq: z.number(),
  unitNo,
  period: month,
  insuranceName: z.string(),
  people: z.number(),
  amountPaid: yuan,
  status: paid,
});
export const listUnitCertificateRows = route({
  name: 'listUnitCertificateRows',
  method: 'GET',
  path: '/certificates/unit-rows',
  summary: '单位缴费证明：可打印的已缴费款',
  permission: { who: 'employer', does: 'certificate' },
  query: range,
  answer: z.strictObject({ rows: z.array(unitCertificateRow) }),
});
export const personCertificateRow = z.strictObject({
  /** `unitNo:personId:period`. */
  key: z.string(),
  seq: z.number(),
  personId,
  name: z.string(),
  identityNumber: z.string(),
  unitNo,
  period: month,
  contributionBase: yuan,
  employerPaid: yuan,
  employeePaid: yuan,
  status: paid,
});
export const listPersonCertificateRows = route({
  name: 'listPersonCertificateRows',
  method: 'GET',
  path: '/certificates/person-rows',
  summary: '职工缴费证明：可打印的已缴费款',
  permission: { who: 'employer', does: 'certificate' },
  query: range.extend({
    search: z.string().max(64).optional(),
    offset: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(5000).default(1000),
  }),
  answer: z.strictObject({ total: z.number(), rows: z.array(personCertificateRow) }),
});
export const certificate = z.strictObject({
  id: z.string(),
  certificateNo: z.string(),
  kind: z.enum(['unit', 'person']),
  issuedAt: instant,
  pages: z.number(),
  prints: z.number(),
  state: z.enum(['有效', '已换开', '已作废']),
  /** The text of each page, for screen readers. */
  pageTexts: z.array(z.string()),
});
export const issueCertificate = route({
  name: 'issueCertificate',
  method: 'POST',
  path: '/certificates',
  summary: '开具缴费证明（单位或职工），返回可预览的 PDF',
  permission: { who: 'employer', does: 'certificate' },
  idempotent: true,
  body: z.strictObject({
    id: clientId,
    kind: z.enum(['unit', 'person']),
    from: month,
    to: month,
    /** Keys of the ticked rows. */
    rows: z.array(z.string().max(80)).min(1).max(2000, '一次最多打印 2000 行，请分批打印'),
  }),
  answer: certificate,
});
export const certificateFile = route({
  name: 'certificateFile',
  method: 'GET',
  path: '/certificates/:id/file',
  summary: '缴费证明（PDF）',
  permission: { who: 'employer', does: 'certificate' },
  params: z.strictObject({ id: clientId }),
  produces: ['application/pdf'],
});
export const countPrint = route({
  name: 'countPrint',
  method: 'POST',
  path: '/certificates/:id/prints',
  summary: '记录一次打印',
  permission: { who: 'employer', does: 'certificate' },
  idempotent: true,
  params: z.strictObject({ id: clientId }),
  body: z.strictObject({}),
  answer: z.strictObject({ prints: z.number() }),
});
/** 申报回执 of a submission that was accepted, or of a void: signed, verifiable like a certificate. */
export const printDeclarationReceipt = route({
  name: 'printDeclarationReceipt',
  method: 'GET',
  path: '/units/:unitNo/declarations/:id/receipt',
  summary: '申报受理回执、作废回执（PDF）',
  permission: { who: 'employer', does: 'declare' },
  params: unitParams.extend({ id: clientId }),
  query: z.strictObject({ act: z.enum(['submission', 'void']).default('submission') }),
  produces: ['application/pdf'],
});
/** Unknown number and wrong code answer alike. */
export const verifyCertificate = route({
  name: 'verifyCertificate',
  method: 'POST',
  path: '/verifications',
  summary: '公开验真：证明编号与验证码',
  permission: { who: 'public' },
  body: z.strictObject({
    certificateNo: z.string().trim().toUpperCase().max(60),
    code: z.string().trim().toUpperCase().max(60),
  }),
  answer: z.strictObject({
    state: z.enum(['有效', '已换开', '已作废']),
    title: z.string(),
    /** Masked unit or person. */
    holder: z.string(),
    periods: z.string(),
    insurances: z.array(z.string()),
    total: yuan,
    issuedOn: z.string(),
    sha256: z.string(),
    sm3: z.string(),
    timesVerified: z.number(),
  }),
});

import { type Insurance, insurances } from '@shebao/levy';
import * as z from 'zod';

/** What a user of an employer may do, per unit. */
export const employerFunctions = [
  'roster',
  'wage',
  'declare',
  'pay',
  'certificate',
  'query',
  'administer',
] as const;
export type EmployerFunction = (typeof employerFunctions)[number];

/** What an officer may do. The three system roles exclude each other. */
export const officeRoles = [
  'register',
  'review',
  'reconcile',
  'refund',
  'counter',
  'policy',
  'systemAdmin',
  'securityAdmin',
  'auditor',
  // Not officers of the authority: systems of 人社 and 医保 that read their feed.
  'hrss',
  'medicalInsurance',
] as const;
export type OfficeRole = (typeof officeRoles)[number];

/** Yuan as a decimal string with exactly two digits. */
export const yuan = z
  .string()
  .regex(/^-?(0|[1-9]\d{0,12})\.\d{2}$/, '金额须为带两位小数的数字')
  .meta({ description: 'Yuan, decimal string with two digits', examples: ['8250.50'] });

/** A wage as typed: up to two digits after the point, separators allowed. */
export const typedYuan = z
  .string()
  .max(20)
  .regex(/^(0|[1-9]\d{0,8}|[1-9]\d{0,2}(,\d{3}){1,2})(\.\d{1,2})?$/, '请填写金额，最多两位小数');

/** A wage as typed: more than nothing. */
export const typedWage = typedYuan.refine(
  (text) => Number(text.replaceAll(',', '')) > 0,
  '缴费工资须大于 0',
);

export const month = z
  .string()
  .regex(/^(19|20)\d{2}-(0[1-9]|1[0-2])$/, '月份格式应为 YYYY-MM，例如 2021-03');
export const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, '日期格式应为 YYYY-MM-DD');
export const instant = z.string().meta({ description: 'ISO 8601 with offset' });
/** A rate as a decimal fraction, e.g. `0.16`. */
export const rate = z.string().regex(/^0(\.\d{1,6})?$|^1(\.0+)?$/);
export const unitNo = z.string().regex(/^[0-9A-Za-z]{4,20}$/, '单位编号应为 4 至 20 位字母或数字');
export const taxpayerId = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[0-9A-Z]{15,20}$/, '纳税人识别号应为 15 至 20 位字母或数字');
/** Client-made: stored by the client before it sends. */
export const clientId = z.uuid();
export const personId = z.string().regex(/^\d{1,18}$/);
export const insurance = z.enum(insurances as unknown as readonly [Insurance, ...Insurance[]]);
export const payer = z.enum(['employer', 'employee']);
export const fileFormat = z.enum(['xlsx', 'csv']);
/** Lists are cut into pages for programs; the client's tables fetch on while scrolling. */
export const page = z.strictObject({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(5000).default(500),
});
export const unitParams = z.strictObject({ unitNo });
export const accepted = z.strictObject({
  taskId: z.string(),
  id: z.string(),
  receiptNo: z.string().meta({ description: '受理回执号' }),
});

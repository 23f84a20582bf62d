import * as z from 'zod';
import { accountDetails, agreement } from './payment.ts';
import { route } from './route.ts';

const acting = { who: 'employer', does: 'pay' } as const;
const params = z.strictObject({ id: z.string().regex(/^\d{1,15}$/) });
/** From POST /session/reauthentication for the act and the hash of `{ id }`. */
const body = z.strictObject({ reauthentication: z.string() });

/** Bound by POST /session/reauthentication to the hash of the details (and `id`, for 改正). */
const details = z.strictObject({ ...accountDetails, reauthentication: z.string() });

export const signOwnAgreement = route({
  name: 'signOwnAgreement',
  method: 'POST',
  path: '/agreements',
  summary: '网签三方协议并请开户银行验证',
  permission: acting,
  idempotent: true,
  status: 202,
  body: details,
  answer: agreement,
});
export const amendOwnAgreement = route({
  name: 'amendOwnAgreement',
  method: 'POST',
  path: '/agreements/:id/amendment',
  summary: '改正尚未验证通过的网签协议并重新验证',
  permission: acting,
  idempotent: true,
  status: 202,
  params,
  body: details,
  answer: agreement,
});
export const printAgreement = route({
  name: 'printAgreement',
  method: 'GET',
  path: '/agreements/:id/document',
  summary: '委托扣款协议书（PDF）',
  permission: acting,
  params,
  produces: ['application/pdf'],
});
export const listBanks = route({
  name: 'listBanks',
  method: 'GET',
  path: '/banks',
  summary: '已有有效协议的开户银行，供签订时选用',
  permission: acting,
  answer: z.strictObject({
    banks: z.array(
      z.strictObject({
        bankName: z.string(),
        openingBankNo: z.string(),
        clearingBankNo: z.string(),
      }),
    ),
  }),
});
export const verifyOwnAgreement = route({
  name: 'verifyOwnAgreement',
  method: 'POST',
  path: '/agreements/:id/verification',
  summary: '单位通过税库银验证三方协议',
  permission: acting,
  idempotent: true,
  status: 202,
  params,
  body,
  answer: agreement,
});
export const terminateOwnAgreement = route({
  name: 'terminateOwnAgreement',
  method: 'POST',
  path: '/agreements/:id/termination',
  summary: '单位通过税库银终止三方协议；有未完成的扣款时不能终止',
  permission: acting,
  idempotent: true,
  status: 202,
  params,
  body,
  answer: agreement,
});

import * as z from 'zod';
import { agreement } from './payment.ts';
import { route } from './route.ts';

const acting = { who: 'employer', does: 'pay' } as const;
const params = z.strictObject({ id: z.string().regex(/^\d{1,15}$/) });
/** From POST /session/reauthentication for the act and the hash of `{ id }`. */
const body = z.strictObject({ reauthentication: z.string() });

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

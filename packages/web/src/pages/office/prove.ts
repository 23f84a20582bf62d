import { ApiError } from '@shebao/contract';
import { office } from '../../messages/office.ts';
import { reauthenticateAll } from '../../shared/index.ts';

/** 「安全认证」 of an officer for one act, bound to all of it; undefined when he leaves it. */
export async function proveOfficer(operation: string, body: unknown): Promise<string | undefined> {
  const words = { password: office.password, hint: office.securityHint };
  const tokens = await reauthenticateAll([{ operation, body }], words);
  return tokens?.[0];
}

/** The same for a form: left without 安全认证, the form stays with what was typed. */
export async function proveOrStay(operation: string, body: unknown): Promise<string> {
  const token = await proveOfficer(operation, body);
  if (token !== undefined) return token;
  const { detail, nextStep } = office.proofMissing;
  throw new ApiError(403, { code: 'REAUTHENTICATION_REQUIRED', detail, nextStep });
}

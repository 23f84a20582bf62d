import { err, ok, type Result } from '@shebao/kernel';
import type { Caller, Refusal } from '../platform/index.ts';
import { type Access, countFailure, newSession, sha256 } from './access.ts';
import { commonPasswords, hashPassword, verifyPassword } from './password-hash.ts';
import { passwordFault } from './password-rules.ts';
import { changePasswordCommand } from './session-commands.ts';
import { findUser, type User } from './store.ts';

export interface PasswordChangeRequest {
  readonly currentPassword: string | undefined;
  readonly newPassword: string;
  readonly source: string;
}

/** Changes the caller's password; all his sessions end and the answer holds the new one. */
export async function changePassword(
  access: Access,
  caller: Caller,
  request: PasswordChangeRequest,
): Promise<Result<string, Refusal>> {
  const user = await findUser(access.services.db.q, caller.userId);
  if (!user?.active || caller.sessionId === null) return err({ code: 'NOT_SIGNED_IN' });
  if (user.initialUntil === null) {
    const checked = await checkPassword(
      access,
      user,
      request.currentPassword ?? '',
      request.source,
    );
    if (!checked.ok) return checked;
  }
  const reason = await faultOf(access, user, request.newPassword);
  if (reason !== undefined) return err({ code: 'PASSWORD_REFUSED', data: { reason } });
  const start = newSession(access, user);
  const input = {
    ...start.input,
    oldHash: user.passwordHash,
    newHash: await hashPassword(request.newPassword),
    keepFormer: access.profile.barredFormer,
  };
  const changed = await access.services.execute(changePasswordCommand, input, {
    actor: caller.actor,
  });
  return changed.ok ? ok(start.token) : changed;
}

/** Checks the password of somebody who is signed in; failures count like those of a sign-in. */
export async function checkPassword(
  access: Access,
  user: User,
  password: string,
  source: string,
): Promise<Result<null, Refusal>> {
  const identifier = sha256(`again ${user.id}`);
  const right = await verifyPassword(password, user.passwordHash);
  const minutes = access.gate.waitMinutes(identifier, source);
  if (minutes > 0) return err({ code: 'TOO_MANY_ATTEMPTS', data: { minutes } });
  if (!right) {
    countFailure(access, identifier, source);
    return err({ code: 'REAUTHENTICATION_WRONG' });
  }
  access.gate.succeed(identifier);
  return ok(null);
}

async function faultOf(access: Access, user: User, password: string): Promise<string | undefined> {
  const common = await commonPasswords();
  const units = user.taxpayerId === null ? [] : await access.employers.units(user.taxpayerId);
  const taxpayer =
    user.taxpayerId === null ? undefined : await access.employers.taxpayer(user.taxpayerId);
  const identifiers = [
    user.userName,
    user.taxpayerId ?? '',
    taxpayer?.name ?? '',
    ...units.flatMap((unit) => [unit.unitNo, unit.name]),
  ];
  const isCommon = (text: string): boolean => common.has(text);
  const fault = passwordFault(password, { profile: access.profile, isCommon, identifiers });
  if (fault !== undefined) return fault;
  if (await verifyPassword(password, user.passwordHash)) {
    return user.initialUntil === null ? '不能与当前密码相同' : '不能与初始密码相同';
  }
  for (const former of user.formerHashes) {
    if (await verifyPassword(password, former)) {
      return `不能与最近 ${access.profile.barredFormer} 次用过的密码相同`;
    }
  }
  return undefined;
}

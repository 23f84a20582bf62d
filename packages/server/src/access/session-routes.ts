import * as contract from '@shebao/contract';
import { err, ok, type Result } from '@shebao/kernel';
import {
  type BoundRoute,
  handle,
  momentAt,
  type Refusal,
  type RouteCall,
} from '../platform/index.ts';
import { type Access, type Credentials, newSecret, openSession, sha256 } from './access.ts';
import { changePassword, checkPassword } from './password-change.ts';
import { reauthenticateCommand, signOutCommand } from './session-commands.ts';
import { sessionInfo } from './session-info.ts';
import { findUser } from './store.ts';

const reauthenticationMs = 5 * 60_000;

type SessionInfo = contract.AnswerOf<typeof contract.currentSession>;

export function sessionRoutes(access: Access): readonly BoundRoute[] {
  const open = async (
    call: Pick<RouteCall<contract.Route>, 'caller' | 'setSession'>,
    credentials: Credentials,
  ): Promise<Result<SessionInfo, Refusal>> => {
    const opened = await openSession(access, credentials, call.caller.sessionId);
    if (!opened.ok) return opened;
    call.setSession(opened.value.token);
    return ok(await sessionInfo(access, opened.value.token));
  };
  return [
    handle(contract.signIn, (call) => {
      const { taxpayerId, userName, password } = call.body;
      const realm = 'employer';
      return open(call, { realm, taxpayerId, userName, password, source: call.source });
    }),
    handle(contract.officeSignIn, (call) => {
      const { userName, password } = call.body;
      const source = call.source;
      return open(call, { realm: 'office', taxpayerId: null, userName, password, source });
    }),
    handle(contract.currentSession, async (call) => {
      const { sessionId } = call.caller;
      if (sessionId === null) return err({ code: 'NOT_SIGNED_IN' });
      return ok(await sessionInfo(access, sessionId));
    }),
    handle(contract.signOut, async (call) => {
      const { sessionId, userId, taxpayerId } = call.caller;
      if (sessionId !== null) {
        const tokenHash = sha256(sessionId);
        await call.execute(signOutCommand, { userId, taxpayerId, tokenHash });
      }
      call.setSession(null);
      return ok(undefined);
    }),
    handle(contract.changePassword, async (call) => {
      const { currentPassword, newPassword } = call.body;
      const request = { currentPassword, newPassword, source: call.source };
      const changed = await changePassword(access, call.caller, request);
      if (!changed.ok) return changed;
      call.setSession(changed.value);
      return ok(await sessionInfo(access, changed.value));
    }),
    handle(contract.reauthenticate, (call) => reauthenticate(access, call)),
  ];
}

async function reauthenticate(
  access: Access,
  call: RouteCall<typeof contract.reauthenticate>,
): Promise<Result<{ token: string; expiresAt: string }, Refusal>> {
  const { caller, body, source } = call;
  if (caller.mustChangePassword) return err({ code: 'PASSWORD_CHANGE_REQUIRED' });
  const user = await findUser(access.services.db.q, caller.userId);
  if (!user || caller.sessionId === null) return err({ code: 'NOT_SIGNED_IN' });
  const checked = await checkPassword(access, user, body.password, source);
  if (!checked.ok) return checked;
  const token = newSecret();
  const expiresAtMs = access.services.clock.wallMs() + reauthenticationMs;
  const given = await call.execute(reauthenticateCommand, {
    userId: user.id,
    taxpayerId: user.taxpayerId,
    tokenHash: sha256(token),
    operation: body.operation,
    operationHash: body.operationHash,
    validUntil: new Date(expiresAtMs).toISOString(),
  });
  return given.ok ? ok({ token, expiresAt: momentAt(expiresAtMs).iso }) : given;
}

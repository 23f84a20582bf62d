import { type EmployerFunction, employerFunctions } from '@shebao/contract';
import { err, ok, type Result } from '@shebao/kernel';
import type { Authenticator, Caller, Refusal, SessionCookies } from '../platform/index.ts';
import { type Access, mustChange, sha256, systemActor } from './access.ts';
import { officeTokenPrefix, officeTokenRoles, officeTokenUser } from './office-tokens.ts';
import { touchSessionCommand, touchTokenCommand } from './session-commands.ts';
import {
  findSession,
  findToken,
  findUser,
  grantsOf,
  rolesOf,
  type SessionRow,
  type User,
} from './store.ts';

/** How seldom a last-seen time is written. */
const touchEveryMs = 30_000;
export const tokenPrefix = 'shebao_';

const notSignedIn = err<Refusal>({ code: 'NOT_SIGNED_IN' });

/** Tells who makes a request, from its session cookie or its bearer token. */
export function authenticator(access: Access): Authenticator {
  return async (request) => {
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return byToken(access, bearer);
    const token = request.cookies[cookieName(access)];
    return token === undefined ? notSignedIn : bySession(access, token);
  };
}

/** The session's cookie: for this host and our own pages only, never readable by scripts. */
export function sessionCookies(access: Access): SessionCookies {
  const secure = isSecure(access);
  const name = cookieName(access);
  const options = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  return {
    set(reply, token) {
      if (token === null) reply.clearCookie(name, options);
      else reply.setCookie(name, token, options);
    },
  };
}

function isSecure(access: Access): boolean {
  return access.services.config.publicUrl.startsWith('https:');
}

function cookieName(access: Access): string {
  return isSecure(access) ? '__Host-shebao' : 'shebao_session';
}

/** When a session ends if nothing more happens: idle or absolute, whichever comes first. */
export function sessionEndMs(access: Access, session: SessionRow): number {
  const { idleMinutes, absoluteHours } = access.profile;
  return Math.min(
    Date.parse(session.seenAt) + idleMinutes * 60_000,
    Date.parse(session.begunAt) + absoluteHours * 3_600_000,
  );
}

async function bySession(access: Access, token: string): Promise<Result<Caller, Refusal>> {
  const tokenHash = sha256(token);
  const session = await findSession(access.services.db.q, Buffer.from(tokenHash, 'hex'));
  if (!session?.active) return notSignedIn;
  const now = access.services.clock.wallMs();
  if (now >= sessionEndMs(access, session)) return notSignedIn;
  if (now - Date.parse(session.seenAt) >= touchEveryMs) {
    await access.services.execute(touchSessionCommand, { tokenHash }, { actor: systemActor });
  }
  return ok({
    actor: { kind: 'user', userId: session.id, realm: session.realm },
    realm: session.realm,
    userId: session.id,
    userName: session.userName,
    taxpayerId: session.taxpayerId,
    grants: await grantsFor(access, session),
    roles: session.realm === 'office' ? await rolesOf(access.services.db.q, session.id) : [],
    sessionId: token,
    csrfToken: session.csrfToken,
    mustChangePassword: mustChange(access, session),
  });
}

async function byToken(access: Access, token: string): Promise<Result<Caller, Refusal>> {
  if (!token.startsWith(tokenPrefix)) return notSignedIn;
  const { q } = access.services.db;
  if (token.startsWith(officeTokenPrefix)) return byOfficeToken(access, token);
  const row = await findToken(q, Buffer.from(sha256(token), 'hex'));
  if (!row || row.revokedAt !== null) return notSignedIn;
  const owner = await findUser(q, row.createdBy);
  if (!owner?.active) return notSignedIn;
  const last = row.lastUsedAt === null ? 0 : Date.parse(row.lastUsedAt);
  if (access.services.clock.wallMs() - last >= touchEveryMs) {
    await access.services.execute(touchTokenCommand, { id: row.id }, { actor: systemActor });
  }
  // A token never outlives the rights of the user who made it.
  const grants = new Map<string, readonly EmployerFunction[]>();
  for (const [unitNo, functions] of await grantsFor(access, owner)) {
    if (!row.unitNos.includes(unitNo)) continue;
    grants.set(
      unitNo,
      functions.filter((one) => row.functions.includes(one)),
    );
  }
  return ok({
    actor: { kind: 'token', tokenId: row.id, userId: owner.id },
    realm: 'employer',
    userId: owner.id,
    userName: owner.userName,
    taxpayerId: row.taxpayerId,
    grants,
    roles: [],
    sessionId: null,
    csrfToken: null,
    mustChangePassword: mustChange(access, owner),
  });
}

/** A program of 人社 or 医保: it may do nothing but what its feed needs. */
async function byOfficeToken(access: Access, token: string): Promise<Result<Caller, Refusal>> {
  const { q } = access.services.db;
  const found = await officeTokenUser(q, token);
  const owner = found && (await findUser(q, found.userId));
  if (!owner?.active) return notSignedIn;
  return ok({
    actor: { kind: 'token', tokenId: found?.tokenId ?? '', userId: owner.id },
    realm: 'office',
    userId: owner.id,
    userName: owner.userName,
    taxpayerId: null,
    grants: new Map(),
    roles: await officeTokenRoles(q, owner.id),
    sessionId: null,
    csrfToken: null,
    mustChangePassword: false,
  });
}

/** What a user may do, by 单位编号: an administrator everything for every unit of the taxpayer. */
export async function grantsFor(
  access: Access,
  user: User,
): Promise<ReadonlyMap<string, readonly EmployerFunction[]>> {
  if (user.taxpayerId === null) return new Map();
  if (user.administrator) {
    const units = await access.employers.units(user.taxpayerId);
    return new Map(units.map((unit) => [unit.unitNo, employerFunctions]));
  }
  const rows = await grantsOf(access.services.db.q, [user.id]);
  return new Map(rows.map((row) => [row.unitNo, row.functions]));
}

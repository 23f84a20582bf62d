import * as contract from '@shebao/contract';
import { err, ok } from '@shebao/kernel';
import { type BoundRoute, handle, type RouteCall } from '../platform/index.ts';
import {
  type Access,
  hashIssued,
  issuedId,
  issuedPassword,
  openSession,
  sha256,
} from './access.ts';
import { grantsFor, tokenPrefix } from './authenticate.ts';
import { commonPasswords, hashPassword } from './password-hash.ts';
import { passwordFault } from './password-rules.ts';
import { needsReauthentication } from './reauthentication.ts';
import { sessionInfo } from './session-info.ts';
import { employerUsers, findEmployerUser, officers, type TokenRow, tokensOf } from './store.ts';
import {
  createTokenCommand,
  createUserCommand,
  firstOfficerCommand,
  issueInitialPasswordCommand,
  revokeTokenCommand,
  setUserActiveCommand,
} from './user-commands.ts';

/** What the first officer of an empty installation may do: everything but audit and system. */
const firstRoles: readonly contract.OfficeRole[] = [
  'securityAdmin',
  'policy',
  'register',
  'review',
  'reconcile',
  'counter',
  'refund',
];

/** The request's own name: the same for a repeated one. */
function requestOf(call: RouteCall<contract.Route>): string {
  return `${call.caller.userId} ${call.idempotencyKey ?? ''}`;
}

export function userRoutes(access: Access): readonly BoundRoute[] {
  return [
    handle(contract.listUsers, async (call) => {
      const users = await employerUsers(access.services.db.q, call.caller.taxpayerId ?? '');
      return ok({
        users: await Promise.all(
          users.map(async (user) => ({
            userName: user.userName,
            displayName: user.displayName,
            active: user.active,
            grants: [...(await grantsFor(access, user))].map(([unitNo, functions]) => ({
              unitNo,
              functions: [...functions],
            })),
          })),
        ),
      });
    }),
    handle(contract.createUser, async (call) => {
      const { userName, displayName, grants } = call.body;
      for (const { unitNo } of grants) {
        if (!call.may('administer', unitNo)) return err({ code: 'NOT_FOUND' });
      }
      const request = requestOf(call);
      const initialPassword = issuedPassword(access, request);
      const created = await call.execute(createUserCommand, {
        userId: issuedId(request),
        taxpayerId: call.caller.taxpayerId,
        userName,
        displayName,
        passwordHash: await hashIssued(access, request, initialPassword),
        initial: true,
        grants,
        roles: [],
      });
      return created.ok ? ok({ userName, initialPassword }) : created;
    }),
    handle(contract.setUserActive, async (call) => {
      const taxpayerId = call.caller.taxpayerId ?? '';
      const { userName } = call.params;
      const user = await findEmployerUser(access.services.db.q, taxpayerId, userName);
      if (!user) return err({ code: 'NOT_FOUND' });
      const { active } = call.body;
      // Whoever switches himself off could never come back.
      if (user.id === call.caller.userId || user.administrator) return err({ code: 'FORBIDDEN' });
      const set = await call.execute(setUserActiveCommand, { userId: user.id, taxpayerId, active });
      return set.ok ? ok({ userName, active }) : set;
    }),
    ...tokenRoutes(access),
    ...officeRoutes(access),
  ];
}

function tokenRoutes(access: Access): readonly BoundRoute[] {
  return [
    handle(contract.listTokens, async (call) => {
      const tokens = await tokensOf(access.services.db.q, call.caller.taxpayerId ?? '');
      return ok({ tokens: tokens.map(tokenView) });
    }),
    handle(contract.createToken, async (call) => {
      const { reauthentication, ...operation } = call.body;
      const { label, functions, unitNos } = operation;
      for (const unitNo of unitNos) {
        for (const one of functions) if (!call.may(one, unitNo)) return err({ code: 'FORBIDDEN' });
      }
      const request = requestOf(call);
      const secret = access.services.crypto.searchHash(`api token ${request}`);
      const token = `${tokenPrefix}${Buffer.from(secret).toString('base64url')}`;
      const id = issuedId(`token ${request}`);
      const created = await call.execute(createTokenCommand, {
        id,
        label,
        functions,
        unitNos,
        tokenHash: sha256(token),
        taxpayerId: call.caller.taxpayerId ?? '',
        createdBy: call.caller.userId,
        reauthentication: needsReauthentication(call.caller)
          ? {
              token: reauthentication,
              operationHash: sha256(contract.canonicalJson(operation)),
            }
          : null,
      });
      if (!created.ok) return created;
      const { createdAt } = created.value;
      const info = { id, label, functions, unitNos, createdAt, lastUsedAt: null, revokedAt: null };
      return ok({ token, info });
    }),
    handle(contract.revokeToken, async (call) => {
      const { id } = call.params;
      if (!/^[0-9a-f-]{36}$/.test(id)) return err({ code: 'NOT_FOUND' });
      const taxpayerId = call.caller.taxpayerId ?? '';
      const revoked = await call.execute(revokeTokenCommand, { id, taxpayerId });
      return revoked.ok ? ok(undefined) : revoked;
    }),
  ];
}

function tokenView(row: TokenRow) {
  const { id, label, functions, unitNos, createdAt, lastUsedAt, revokedAt } = row;
  return {
    id,
    label,
    createdAt,
    lastUsedAt,
    revokedAt,
    functions: [...functions],
    unitNos: [...unitNos],
  };
}

function officeRoutes(access: Access): readonly BoundRoute[] {
  return [
    handle(contract.issueInitialPassword, async (call) => {
      const { taxpayerId } = call.params;
      if (!(await access.employers.taxpayer(taxpayerId))) return err({ code: 'NOT_FOUND' });
      const request = `${taxpayerId} ${requestOf(call)}`;
      const initialPassword = issuedPassword(access, request);
      const issued = await call.execute(issueInitialPasswordCommand, {
        userId: issuedId(request),
        taxpayerId,
        passwordHash: await hashIssued(access, request, initialPassword),
      });
      return issued.ok ? ok({ initialPassword, ...issued.value }) : issued;
    }),
    handle(contract.listOfficers, async () => {
      const rows = await officers(access.services.db.q);
      return ok({ officers: rows.map((row) => ({ ...row, roles: [...row.roles] })) });
    }),
    handle(contract.createOfficer, async (call) => {
      const { userName, displayName, roles } = call.body;
      const request = requestOf(call);
      const initialPassword = issuedPassword(access, request);
      const created = await call.execute(createUserCommand, {
        userId: issuedId(request),
        taxpayerId: null,
        userName,
        displayName,
        roles,
        passwordHash: await hashIssued(access, request, initialPassword),
        initial: true,
        grants: [],
      });
      return created.ok ? ok({ userName, initialPassword }) : created;
    }),
    handle(contract.officeSetup, (call) => setUp(access, call)),
  ];
}

async function setUp(
  access: Access,
  call: RouteCall<typeof contract.officeSetup>,
): ReturnType<Parameters<typeof handle<typeof contract.officeSetup>>[1]> {
  const { setupToken, userName, displayName, password } = call.body;
  const common = await commonPasswords();
  const isCommon = (text: string): boolean => common.has(text);
  const { profile } = access;
  const reason = passwordFault(password, { profile, isCommon, identifiers: [userName] });
  if (reason !== undefined) return err({ code: 'PASSWORD_REFUSED', data: { reason } });
  const made = await call.execute(firstOfficerCommand, {
    setupHash: sha256(setupToken),
    userId: issuedId(`setup ${setupToken}`),
    taxpayerId: null,
    userName,
    displayName,
    passwordHash: await hashPassword(password),
    initial: false,
    grants: [],
    roles: firstRoles,
  });
  if (!made.ok) return made;
  const credentials = { realm: 'office', taxpayerId: null, userName, password } as const;
  const opened = await openSession(access, { ...credentials, source: call.source }, null);
  if (!opened.ok) return opened;
  call.setSession(opened.value.token);
  return ok(await sessionInfo(access, opened.value.token));
}

import type { EmployerFunction, OfficeRole } from '@shebao/contract';
import { err, ok } from '@shebao/kernel';
import { sql } from 'kysely';
import { type Command, momentAt } from '../platform/index.ts';
import { useReauthentication } from './reauthentication.ts';
import { bytes, chainOf, type UserRef } from './session-commands.ts';

export interface InitialPassword {
  readonly userId: string;
  readonly taxpayerId: string;
  readonly passwordHash: string;
  /** Set where no change is to be forced, as in the demo world. */
  readonly settled?: boolean;
}

/** How long an issued password may be used for the first sign-in. */
const initialPasswordDays = 7;

/** 签发初始密码: makes the taxpayer's administrator, or sets him back; all his sessions end. */
export const issueInitialPasswordCommand: Command<InitialPassword, { validUntil: string }> = {
  name: 'access.issueInitialPassword',
  chain: chainOf,
  describe: (input) => ({ subject: input.taxpayerId, detail: {} }),
  async run(tx, input, { at, wallAt }) {
    const settled = input.settled ?? false;
    const until = momentAt(at.epochMs + initialPasswordDays * 86_400_000).iso;
    const { rows } = await sql<{ id: string }>`
      insert into app_user (id, realm, taxpayer_id, user_name, display_name, administrator,
        password_hash, password_set_at, initial_until, ever_changed, created_at)
      values (${input.userId}, 'employer', ${input.taxpayerId}, '管理员', '管理员', true,
        ${input.passwordHash}, ${wallAt},
        case when not ${settled}::boolean then ${until}::timestamptz end, ${settled}, ${at.iso})
      on conflict (taxpayer_id) where administrator do update set
        password_hash = excluded.password_hash, password_set_at = excluded.password_set_at,
        initial_until = excluded.initial_until, active = true
      returning id`.execute(tx.q);
    await sql`delete from user_session where user_id = ${rows[0]?.id}`.execute(tx.q);
    return ok({ validUntil: until.slice(0, 10) });
  },
};

export interface NewUser extends UserRef {
  readonly userName: string;
  readonly displayName: string;
  readonly passwordHash: string;
  /** false only where the operator sets a password himself, as in the demo world. */
  readonly initial: boolean;
  readonly grants: readonly { unitNo: string; functions: readonly EmployerFunction[] }[];
  readonly roles: readonly OfficeRole[];
}

const exclusiveRoles: readonly OfficeRole[] = ['systemAdmin', 'securityAdmin', 'auditor'];

/** A further user of an employer, or an officer. */
export const createUserCommand: Command<NewUser, null> = {
  name: 'access.createUser',
  chain: chainOf,
  describe: (input) => ({
    subject: input.userId,
    detail: { userName: input.userName, grants: input.grants, roles: input.roles },
  }),
  async run(tx, input, { at, wallAt }) {
    if (input.roles.filter((role) => exclusiveRoles.includes(role)).length > 1) {
      const detail = '系统管理员、安全管理员、审计管理员须由不同的人担任，请只选一项';
      const errors = [{ path: 'body.roles', code: 'exclusive', detail }];
      return err({ code: 'INPUT_INVALID', errors });
    }
    const realm = input.taxpayerId === null ? 'office' : 'employer';
    const { numAffectedRows } = await sql`
      insert into app_user (id, realm, taxpayer_id, user_name, display_name, password_hash,
        password_set_at, initial_until, ever_changed, created_at)
      values (${input.userId}, ${realm}, ${input.taxpayerId}, ${input.userName},
        ${input.displayName}, ${input.passwordHash}, ${wallAt},
        case when ${input.initial} then ${at.iso}::timestamptz
          + ${initialPasswordDays} * interval '1 day' end, ${!input.initial}, ${at.iso})
      on conflict do nothing`.execute(tx.q);
    if (numAffectedRows !== 1n) return err({ code: 'USER_EXISTS' });
    for (const grant of input.grants) {
      await sql`insert into unit_grant (unit_no, user_id, functions)
        values (${grant.unitNo}, ${input.userId}, ${[...new Set(grant.functions)]}::text[])
        on conflict (unit_no, user_id) do update set functions = excluded.functions`.execute(tx.q);
    }
    for (const role of new Set(input.roles)) {
      await sql`insert into office_role (user_id, role)
        values (${input.userId}, ${role})`.execute(tx.q);
    }
    return ok(null);
  },
};

export const setUserActiveCommand: Command<UserRef & { readonly active: boolean }, null> = {
  name: 'access.setUserActive',
  chain: chainOf,
  describe: (input) => ({ subject: input.userId, detail: { active: input.active } }),
  async run(tx, input) {
    await sql`update app_user set active = ${input.active}
      where id = ${input.userId}`.execute(tx.q);
    if (!input.active) {
      await sql`delete from user_session where user_id = ${input.userId}`.execute(tx.q);
      await sql`delete from reauthentication where user_id = ${input.userId}`.execute(tx.q);
    }
    return ok(null);
  },
};

export interface NewToken {
  readonly id: string;
  readonly tokenHash: string;
  readonly taxpayerId: string;
  readonly label: string;
  readonly functions: readonly EmployerFunction[];
  readonly unitNos: readonly string[];
  readonly createdBy: string;
  /** null: asked for by a program, whose own right stands for the 安全认证. */
  readonly reauthentication: { readonly token: string; readonly operationHash: string } | null;
}

export const createTokenCommand: Command<NewToken, { createdAt: string }> = {
  name: 'access.createToken',
  chain: chainOf,
  describe: (input) => ({
    subject: input.id,
    detail: { label: input.label, functions: input.functions, unitNos: input.unitNos },
  }),
  async run(tx, input, { at, wallAt }) {
    if (input.reauthentication) {
      const { createdBy: userId } = input;
      const use = { ...input.reauthentication, userId, operation: 'createToken', wallAt };
      const used = await useReauthentication(tx, use);
      if (!used.ok) return used;
    }
    await sql`insert into api_token
        (id, token_hash, taxpayer_id, label, functions, unit_nos, created_by, created_at)
      values (${input.id}, ${bytes(input.tokenHash)}, ${input.taxpayerId}, ${input.label},
        ${[...new Set(input.functions)]}::text[], ${[...new Set(input.unitNos)]}::text[],
        ${input.createdBy}, ${at.iso})`.execute(tx.q);
    return ok({ createdAt: at.iso });
  },
};

export const revokeTokenCommand: Command<{ id: string; taxpayerId: string }, null> = {
  name: 'access.revokeToken',
  chain: chainOf,
  describe: (input) => ({ subject: input.id, detail: {} }),
  async run(tx, input, { at }) {
    const { numAffectedRows } = await sql`update api_token
      set revoked_at = coalesce(revoked_at, ${at.iso}::timestamptz)
      where id = ${input.id} and taxpayer_id = ${input.taxpayerId}`.execute(tx.q);
    return numAffectedRows === 1n ? ok(null) : err({ code: 'NOT_FOUND' });
  },
};

export const openSetupCommand: Command<{ readonly tokenHash: string }, null> = {
  name: 'access.openSetup',
  chain: () => 'agency:office',
  describe: () => ({ subject: 'setup', detail: {} }),
  async run(tx, input, { at }) {
    await sql`delete from office_setup where used_at is null`.execute(tx.q);
    await sql`insert into office_setup (token_hash, created_at)
      values (${bytes(input.tokenHash)}, ${at.iso})`.execute(tx.q);
    return ok(null);
  },
};

/** Uses the one-time link up, in the transaction that makes the first officer. */
export const firstOfficerCommand: Command<NewUser & { readonly setupHash: string }, null> = {
  ...createUserCommand,
  name: 'access.firstOfficer',
  describe: (input) => createUserCommand.describe(input, undefined),
  chain: chainOf,
  async run(tx, input, context) {
    const { numAffectedRows } = await sql`update office_setup set used_at = ${context.at.iso}
      where token_hash = ${bytes(input.setupHash)} and used_at is null`.execute(tx.q);
    if (numAffectedRows !== 1n) return err({ code: 'SETUP_CLOSED' });
    return createUserCommand.run(tx, input, context);
  },
};

import { err, ok } from '@shebao/kernel';
import { sql } from 'kysely';
import type { Command } from '../platform/index.ts';

/** The audit chain of a user: his taxpayer's, or the agency's. */
export function chainOf(user: { readonly taxpayerId: string | null }): string {
  return user.taxpayerId === null ? 'agency:office' : `taxpayer:${user.taxpayerId}`;
}

/** Hashes and secrets travel as hex text, so that a request's hash covers them. */
export const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

export interface UserRef {
  readonly userId: string;
  readonly taxpayerId: string | null;
}

export interface SessionStart extends UserRef {
  readonly tokenHash: string;
  readonly csrfToken: string;
}

const insertSession = (input: SessionStart, wallAt: string) => sql`
  insert into user_session (token_hash, user_id, csrf_token, begun_at, seen_at)
  values (${bytes(input.tokenHash)}, ${input.userId}, ${input.csrfToken}, ${wallAt}, ${wallAt})`;

export interface SignIn extends SessionStart {
  /** The session that the browser had before, which ends. */
  readonly formerTokenHash: string | null;
  /** The password hashed anew, when its old hash was made with an older cost. */
  readonly rehash: string | null;
  /** Sessions begun before this are over and are swept. */
  readonly deadBefore: string;
}

export const signInCommand: Command<SignIn, null> = {
  name: 'access.signIn',
  chain: chainOf,
  describe: (input) => ({ subject: input.userId, detail: {} }),
  async run(tx, input, { wallAt }) {
    const former = input.formerTokenHash;
    if (former !== null) {
      await sql`delete from user_session where token_hash = ${bytes(former)}`.execute(tx.q);
    }
    await sql`delete from user_session
      where user_id = ${input.userId} and begun_at < ${input.deadBefore}`.execute(tx.q);
    await insertSession(input, wallAt).execute(tx.q);
    if (input.rehash !== null) {
      await sql`update app_user set password_hash = ${input.rehash}
        where id = ${input.userId}`.execute(tx.q);
    }
    return ok(null);
  },
};

export interface SignInRefused extends UserRef {
  readonly source: string;
  readonly reason: 'password' | 'locked' | 'inactive' | 'expired';
}

export const signInRefusedCommand: Command<SignInRefused, null> = {
  name: 'access.signInRefused',
  chain: chainOf,
  describe: (input) => ({
    subject: input.userId,
    detail: { source: input.source, reason: input.reason },
  }),
  run: async () => ok(null),
};

export const signOutCommand: Command<UserRef & { readonly tokenHash: string }, null> = {
  name: 'access.signOut',
  chain: chainOf,
  describe: (input) => ({ subject: input.userId, detail: {} }),
  async run(tx, input) {
    await sql`delete from user_session where token_hash = ${bytes(input.tokenHash)}`.execute(tx.q);
    return ok(null);
  },
};

export const touchSessionCommand: Command<{ tokenHash: string }, null> = {
  name: 'access.touchSession',
  housekeeping: true,
  chain: () => '',
  describe: () => ({ subject: '', detail: {} }),
  async run(tx, input, { wallAt }) {
    await sql`update user_session set seen_at = greatest(seen_at, ${wallAt}::timestamptz)
      where token_hash = ${bytes(input.tokenHash)}`.execute(tx.q);
    return ok(null);
  },
};

export const touchTokenCommand: Command<{ id: string }, null> = {
  name: 'access.touchToken',
  housekeeping: true,
  chain: () => '',
  describe: () => ({ subject: '', detail: {} }),
  async run(tx, input, { wallAt }) {
    await sql`update api_token set last_used_at = ${wallAt}
      where id = ${input.id}`.execute(tx.q);
    return ok(null);
  },
};

export interface PasswordChange extends SessionStart {
  readonly oldHash: string;
  readonly newHash: string;
  readonly keepFormer: number;
}

/** Ends all sessions of the user and begins the one that goes on. */
export const changePasswordCommand: Command<PasswordChange, null> = {
  name: 'access.changePassword',
  chain: chainOf,
  describe: (input) => ({ subject: input.userId, detail: {} }),
  async run(tx, input, { wallAt }) {
    const { numAffectedRows } = await sql`update app_user set password_hash = ${input.newHash},
        password_set_at = ${wallAt}, initial_until = null, ever_changed = true,
        former_hashes = (array_prepend(password_hash, former_hashes))[1:${input.keepFormer}::int]
      where id = ${input.userId} and password_hash = ${input.oldHash} and active`.execute(tx.q);
    // Somebody changed it between our look and now: this session is over too.
    if (numAffectedRows !== 1n) return err({ code: 'NOT_SIGNED_IN' });
    await sql`delete from user_session where user_id = ${input.userId}`.execute(tx.q);
    await sql`delete from reauthentication where user_id = ${input.userId}`.execute(tx.q);
    await insertSession(input, wallAt).execute(tx.q);
    return ok(null);
  },
};

export interface Reauthentication extends UserRef {
  readonly tokenHash: string;
  readonly operation: string;
  readonly operationHash: string;
  readonly validUntil: string;
}

export const reauthenticateCommand: Command<Reauthentication, null> = {
  name: 'access.reauthenticate',
  chain: chainOf,
  describe: (input) => ({ subject: input.userId, detail: { operation: input.operation } }),
  async run(tx, input, { wallAt }) {
    await sql`delete from reauthentication where valid_until < ${wallAt}`.execute(tx.q);
    await sql`insert into reauthentication
        (token_hash, user_id, operation, operation_hash, valid_until)
      values (${bytes(input.tokenHash)}, ${input.userId}, ${input.operation},
        ${input.operationHash}, ${input.validUntil})`.execute(tx.q);
    return ok(null);
  },
};

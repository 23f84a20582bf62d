import * as contract from '@shebao/contract';
import { err, ok } from '@shebao/kernel';
import { type Kysely, sql } from 'kysely';
import { type BoundRoute, type Command, handle } from '../platform/index.ts';
import { type Access, issuedId, sha256 } from './access.ts';
import { needsReauthentication, useReauthentication } from './reauthentication.ts';
import { findOfficer, rolesOf } from './store.ts';

/** Programs of the agencies, and nothing else, use tokens at the authority's side. */
const tokenRoles: readonly contract.OfficeRole[] = ['hrss', 'medicalInsurance'];
export const officeTokenPrefix = 'shebao_office_';

interface NewOfficeToken {
  readonly id: string;
  readonly tokenHash: string;
  readonly userId: string;
  readonly label: string;
  readonly createdBy: string;
  readonly reauthentication: { readonly token: string; readonly operationHash: string } | null;
}

const createCommand: Command<NewOfficeToken, { createdAt: string }> = {
  name: 'access.createOfficeToken',
  chain: () => 'agency:office',
  describe: ({ id, label }) => ({ subject: id, detail: { label } }),
  async run(tx, input, { at, wallAt }) {
    if (input.reauthentication) {
      const { createdBy: userId } = input;
      const use = { ...input.reauthentication, userId, operation: 'createOfficeToken', wallAt };
      const used = await useReauthentication(tx, use);
      if (!used.ok) return used;
    }
    await sql`insert into office_token (id, token_hash, user_id, label, created_by, created_at)
      values (${input.id}, ${Buffer.from(input.tokenHash, 'hex')}, ${input.userId},
        ${input.label}, ${input.createdBy}, ${at.iso})`.execute(tx.q);
    return ok({ createdAt: at.iso });
  },
};

const revokeCommand: Command<{ id: string }, Record<string, never>> = {
  name: 'access.revokeOfficeToken',
  chain: () => 'agency:office',
  describe: ({ id }) => ({ subject: id, detail: {} }),
  async run(tx, { id }, { at }) {
    const { numAffectedRows } = await sql`update office_token
      set revoked_at = coalesce(revoked_at, ${at.iso}::timestamptz) where id = ${id}`.execute(tx.q);
    return numAffectedRows === 1n ? ok({}) : err({ code: 'NOT_FOUND' });
  },
};

type TokenView = contract.AnswerOf<typeof contract.listOfficeTokens>['tokens'][number];

/** The user whose token this is, while it holds; undefined else. */
export async function officeTokenUser(
  q: Kysely<unknown>,
  token: string,
): Promise<{ readonly tokenId: string; readonly userId: string } | undefined> {
  const { rows } = await sql<{ tokenId: string; userId: string }>`
    select id as "tokenId", user_id as "userId" from office_token
    where token_hash = ${Buffer.from(sha256(token), 'hex')} and revoked_at is null`.execute(q);
  return rows[0];
}

/** What a token of this user may do: the agency's part of his roles. */
export async function officeTokenRoles(
  q: Kysely<unknown>,
  userId: string,
): Promise<readonly contract.OfficeRole[]> {
  const roles = await rolesOf(q, userId);
  return roles.filter((role) => tokenRoles.includes(role));
}

export function officeTokenRoutes(access: Access): readonly BoundRoute[] {
  return [
    handle(contract.listOfficeTokens, async ({ services }) => {
      const { rows } = await sql<TokenView>`select t.id, u.user_name as "userName", t.label,
          t.created_at as "createdAt", t.revoked_at as "revokedAt"
        from office_token t join app_user u on u.id = t.user_id
        order by t.created_at desc, t.id`.execute(services.db.q);
      return ok({ tokens: rows });
    }),
    handle(contract.createOfficeToken, async (call) => {
      const { reauthentication, ...operation } = call.body;
      const { userName, label } = operation;
      const { q } = call.services.db;
      const user = await findOfficer(q, userName);
      if (!user || (await officeTokenRoles(q, user.id)).length === 0) {
        return err({ code: 'NOT_FOUND' });
      }
      const request = `${call.caller.userId} ${call.idempotencyKey ?? ''}`;
      const secret = access.services.crypto.searchHash(`office token ${request}`);
      const token = `${officeTokenPrefix}${Buffer.from(secret).toString('base64url')}`;
      const id = issuedId(`office token ${request}`);
      const operationHash = sha256(contract.canonicalJson(operation));
      const created = await call.execute(createCommand, {
        id,
        label,
        tokenHash: sha256(token),
        userId: user.id,
        createdBy: call.caller.userId,
        reauthentication: needsReauthentication(call.caller)
          ? { token: reauthentication, operationHash }
          : null,
      });
      if (!created.ok) return created;
      const { createdAt } = created.value;
      return ok({ token, info: { id, userName, label, createdAt, revokedAt: null } });
    }),
    handle(contract.revokeOfficeToken, (call) =>
      call.execute(revokeCommand, { id: call.params.id }),
    ),
  ];
}

import type { EmployerFunction, OfficeRole } from '@shebao/contract';
import { type Kysely, sql } from 'kysely';

type Q = Kysely<unknown>;

export interface User {
  readonly id: string;
  readonly realm: 'employer' | 'office';
  readonly taxpayerId: string | null;
  readonly userName: string;
  readonly displayName: string;
  readonly administrator: boolean;
  readonly active: boolean;
  readonly passwordHash: string;
  readonly passwordSetAt: string;
  readonly formerHashes: readonly string[];
  readonly initialUntil: string | null;
}

const userColumns = sql`u.id, u.realm, u.taxpayer_id as "taxpayerId", u.user_name as "userName",
  u.display_name as "displayName", u.administrator, u.active, u.password_hash as "passwordHash",
  u.password_set_at as "passwordSetAt", u.former_hashes as "formerHashes",
  u.initial_until as "initialUntil"`;

/** Without a user name: the taxpayer's administrator. */
export async function findEmployerUser(
  q: Q,
  taxpayerId: string,
  userName: string | undefined,
): Promise<User | undefined> {
  const who = userName === undefined ? sql`u.administrator` : sql`u.user_name = ${userName}`;
  const { rows } = await sql<User>`select ${userColumns} from app_user u
    where u.realm = 'employer' and u.taxpayer_id = ${taxpayerId} and ${who}`.execute(q);
  return rows[0];
}

export async function findOfficer(q: Q, userName: string): Promise<User | undefined> {
  const { rows } = await sql<User>`select ${userColumns} from app_user u
    where u.realm = 'office' and u.user_name = ${userName}`.execute(q);
  return rows[0];
}

export async function findUser(q: Q, id: string): Promise<User | undefined> {
  const { rows } = await sql<User>`select ${userColumns} from app_user u
    where u.id = ${id}`.execute(q);
  return rows[0];
}

export interface SessionRow extends User {
  readonly csrfToken: string;
  readonly begunAt: string;
  readonly seenAt: string;
}

export async function findSession(q: Q, tokenHash: Uint8Array): Promise<SessionRow | undefined> {
  const { rows } = await sql<SessionRow>`select ${userColumns}, s.csrf_token as "csrfToken",
      s.begun_at as "begunAt", s.seen_at as "seenAt"
    from user_session s join app_user u on u.id = s.user_id
    where s.token_hash = ${tokenHash}`.execute(q);
  return rows[0];
}

export interface TokenRow {
  readonly id: string;
  readonly taxpayerId: string;
  readonly label: string;
  readonly functions: readonly EmployerFunction[];
  readonly unitNos: readonly string[];
  readonly createdBy: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

const tokenColumns = sql`id, taxpayer_id as "taxpayerId", label, functions,
  unit_nos as "unitNos", created_by as "createdBy", created_at as "createdAt",
  last_used_at as "lastUsedAt", revoked_at as "revokedAt"`;

export async function findToken(q: Q, tokenHash: Uint8Array): Promise<TokenRow | undefined> {
  const { rows } = await sql<TokenRow>`select ${tokenColumns} from api_token
    where token_hash = ${tokenHash}`.execute(q);
  return rows[0];
}

export async function tokensOf(q: Q, taxpayerId: string): Promise<readonly TokenRow[]> {
  const { rows } = await sql<TokenRow>`select ${tokenColumns} from api_token
    where taxpayer_id = ${taxpayerId} order by created_at desc, id`.execute(q);
  return rows;
}

export interface GrantRow {
  readonly userId: string;
  readonly unitNo: string;
  readonly functions: readonly EmployerFunction[];
}

export async function grantsOf(q: Q, userIds: readonly string[]): Promise<readonly GrantRow[]> {
  const { rows } = await sql<GrantRow>`select user_id as "userId", unit_no as "unitNo", functions
    from unit_grant where user_id = any(${userIds}::uuid[]) order by unit_no`.execute(q);
  return rows;
}

export async function rolesOf(q: Q, userId: string): Promise<readonly OfficeRole[]> {
  const { rows } = await sql<{ role: OfficeRole }>`select role from office_role
    where user_id = ${userId} order by role`.execute(q);
  return rows.map((row) => row.role);
}

export async function employerUsers(q: Q, taxpayerId: string): Promise<readonly User[]> {
  const { rows } = await sql<User>`select ${userColumns} from app_user u
    where u.realm = 'employer' and u.taxpayer_id = ${taxpayerId}
    order by u.administrator desc, u.created_at, u.user_name`.execute(q);
  return rows;
}

export interface OfficerRow {
  readonly userName: string;
  readonly displayName: string;
  readonly active: boolean;
  readonly roles: readonly OfficeRole[];
}

export async function officers(q: Q): Promise<readonly OfficerRow[]> {
  const { rows } = await sql<OfficerRow>`select u.user_name as "userName",
      u.display_name as "displayName", u.active,
      coalesce(array_agg(r.role order by r.role) filter (where r.role is not null), '{}') as roles
    from app_user u left join office_role r on r.user_id = u.id
    where u.realm = 'office' group by u.id order by u.created_at, u.user_name`.execute(q);
  return rows;
}

/** Whether each taxpayer has a sign-in, and whether its initial password was ever changed. */
export async function signInStates(
  q: Q,
  taxpayerIds: readonly string[],
): Promise<ReadonlyMap<string, 'initial' | 'active'>> {
  const { rows } = await sql<{ taxpayerId: string; active: boolean }>`
    select taxpayer_id as "taxpayerId", ever_changed as active from app_user
    where administrator and taxpayer_id = any(${taxpayerIds}::text[])`.execute(q);
  return new Map(rows.map((row) => [row.taxpayerId, row.active ? 'active' : 'initial']));
}

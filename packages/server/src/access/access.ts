import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@shebao/kernel';
import type { Refusal, Services } from '../platform/index.ts';
import { AttemptGate } from './attempts.ts';
import { hashPassword, isOutdated, verifyPassword } from './password-hash.ts';
import { type PasswordProfile, passwordProfiles } from './password-rules.ts';
import {
  type SessionStart,
  type SignInRefused,
  signInCommand,
  signInRefusedCommand,
} from './session-commands.ts';
import { findEmployerUser, findOfficer, type User } from './store.ts';

/** What access must know of employers, given by the composition root. */
export interface EmployerDirectory {
  taxpayer(taxpayerId: string): Promise<{ taxpayerId: string; name: string } | undefined>;
  units(taxpayerId: string): Promise<readonly DirectoryUnit[]>;
}

export interface DirectoryUnit {
  readonly unitNo: string;
  readonly name: string;
  readonly region: string;
  readonly unitKind: string;
  readonly fundingType: string;
}

/** The state of access in this process. */
export interface Access {
  readonly services: Services;
  readonly employers: EmployerDirectory;
  readonly profile: PasswordProfile;
  readonly gate: AttemptGate;
}

export function createAccess(services: Services, employers: EmployerDirectory): Access {
  const profile = passwordProfiles[services.config.passwordProfile];
  const gate = new AttemptGate(profile, () => services.clock.monotonicMs());
  // Other processes of the installation count the same failures.
  services.events.subscribe(attemptsAudience, (event) => {
    const { identifier, source, origin } = event.data as Record<string, string>;
    if (origin !== processId && identifier !== undefined && source !== undefined) {
      gate.fail(identifier, source);
    }
  });
  return { services, employers, profile, gate };
}

const attemptsAudience = 'access:attempts';
const processId = randomUUID();

export const systemActor = { kind: 'system', name: 'access' } as const;

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** A secret of 256 bits for a browser or a program to keep; only its hash is stored. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function wallIso(access: Access, plusMs = 0): string {
  return new Date(access.services.clock.wallMs() + plusMs).toISOString();
}

const alphabet = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/**
 * A one-time password of 80 bits and more, easy to read out: `K7QF-…`. It follows from the request's
 * own key and a secret of the installation, so that a repeated request gets the same answer.
 */
export function issuedPassword(access: Access, request: string): string {
  const bytes = access.services.crypto.searchHash(`issued password ${request}`);
  const letters = Array.from(bytes.slice(0, 20), (byte) => alphabet[byte % alphabet.length]);
  return [0, 4, 8, 12, 16].map((at) => letters.slice(at, at + 4).join('')).join('-');
}

/** Hashes an issued password; the salt follows from the request too. */
export function hashIssued(access: Access, request: string, password: string): Promise<string> {
  const salt = access.services.crypto.searchHash(`issued salt ${request}`).slice(0, 16);
  return hashPassword(password, salt);
}

/** An id that follows from the request, for a repeated request to name the same thing. */
export function issuedId(request: string): string {
  const hex = sha256(request).slice(0, 32).split('');
  hex[12] = '8';
  hex[16] = 'a';
  const text = hex.join('');
  return [8, 12, 16, 20].reduceRight((id, at) => `${id.slice(0, at)}-${id.slice(at)}`, text);
}

export interface Credentials {
  readonly realm: 'employer' | 'office';
  readonly taxpayerId: string | null;
  readonly userName: string | undefined;
  readonly password: string;
  readonly source: string;
}

export interface Opened {
  readonly user: User;
  readonly token: string;
}

/** Checks name and password; every failure sounds, counts and takes the same, whoever is meant. */
export async function openSession(
  access: Access,
  given: Credentials,
  formerToken: string | null,
): Promise<Result<Opened, Refusal>> {
  const identifier = sha256(`${given.realm} ${given.taxpayerId ?? ''} ${given.userName ?? ''}`);
  const { q } = access.services.db;
  const user =
    given.taxpayerId === null
      ? await findOfficer(q, given.userName ?? '')
      : await findEmployerUser(q, given.taxpayerId, given.userName);
  const right = await verifyPassword(given.password, user?.passwordHash);
  const minutes = access.gate.waitMinutes(identifier, given.source);
  if (minutes > 0) {
    if (user) await auditRefusal(access, user, given.source, 'locked');
    return err({ code: 'TOO_MANY_ATTEMPTS', data: { minutes } });
  }
  const fault = !user || !right ? 'password' : usabilityFault(access, user);
  if (!user || fault !== undefined) {
    countFailure(access, identifier, given.source);
    if (user) await auditRefusal(access, user, given.source, fault ?? 'password');
    await sleep(access.gate.delayMs(identifier));
    const code = given.realm === 'office' ? 'OFFICE_CREDENTIALS_WRONG' : 'CREDENTIALS_WRONG';
    return err({ code });
  }
  access.gate.succeed(identifier);
  const rehash = isOutdated(user.passwordHash) ? await hashPassword(given.password) : null;
  const start = newSession(access, user);
  await access.services.execute(
    signInCommand,
    {
      ...start.input,
      formerTokenHash: formerToken === null ? null : sha256(formerToken),
      rehash,
      deadBefore: wallIso(access, -access.profile.absoluteHours * 3_600_000),
    },
    { actor: { kind: 'user', userId: user.id, realm: user.realm } },
  );
  return ok({ user, token: start.token });
}

function usabilityFault(access: Access, user: User): SignInRefused['reason'] | undefined {
  if (!user.active) return 'inactive';
  const { epochMs } = access.services.clock.now();
  if (user.initialUntil !== null && Date.parse(user.initialUntil) < epochMs) return 'expired';
  return undefined;
}

export function countFailure(access: Access, identifier: string, source: string): void {
  access.gate.fail(identifier, source);
  access.services.events.publish([
    {
      audience: attemptsAudience,
      type: 'failed',
      data: { identifier, source, origin: processId },
    },
  ]);
}

async function auditRefusal(
  access: Access,
  user: User,
  source: string,
  reason: SignInRefused['reason'],
): Promise<void> {
  const input = { userId: user.id, taxpayerId: user.taxpayerId, source, reason };
  await access.services.execute(signInRefusedCommand, input, { actor: systemActor });
}

/** A new session's secret, and what the database is told of it. */
export function newSession(access: Access, user: User): { token: string; input: SessionStart } {
  const token = newSecret();
  const input = {
    userId: user.id,
    taxpayerId: user.taxpayerId,
    tokenHash: sha256(token),
    csrfToken: newSecret(),
  };
  return { token, input };
}

/** Whether the profile asks for a new password: the issued one, or one that is too old. */
export function mustChange(access: Access, user: User): boolean {
  if (user.initialUntil !== null) return true;
  const { expiryDays } = access.profile;
  if (expiryDays === null) return false;
  const ageMs = access.services.clock.wallMs() - Date.parse(user.passwordSetAt);
  return ageMs > expiryDays * 86_400_000;
}

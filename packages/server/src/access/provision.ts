import type { OfficeRole } from '@shebao/contract';
import type { Result } from '@shebao/kernel';
import type { Refusal, Services } from '../platform/index.ts';
import { type Access, issuedId, newSecret, sha256, systemActor } from './access.ts';
import { hashPassword } from './password-hash.ts';
import { officers } from './store.ts';
import {
  createUserCommand,
  issueInitialPasswordCommand,
  openSetupCommand,
} from './user-commands.ts';

/** Opens a one-time link for the first officer; `undefined` when there is an officer already. */
export async function openSetupLink(access: Access): Promise<string | undefined> {
  const { services } = access;
  if ((await officers(services.db.q)).length > 0) return undefined;
  const token = newSecret();
  await services.execute(openSetupCommand, { tokenHash: sha256(token) }, { actor: systemActor });
  // Behind the number sign: it reaches no server log on the way.
  return `${services.config.publicUrl}/office/setup#${token}`;
}

/** For the demo world and tests: an officer with a password that need not be changed. */
export async function provisionOfficer(
  services: Services,
  officer: {
    readonly userName: string;
    readonly displayName: string;
    readonly password: string;
    readonly roles: readonly OfficeRole[];
  },
): Promise<Result<unknown, Refusal>> {
  const { password, ...rest } = officer;
  const input = {
    ...rest,
    userId: issuedId(`officer ${officer.userName}`),
    taxpayerId: null,
    passwordHash: await hashPassword(password),
    initial: false,
    grants: [],
  };
  return services.execute(createUserCommand, input, { actor: systemActor });
}

/**
 * For the demo world and tests: a taxpayer's administrator with the given password, either still the
 * issued one (`initial`) or already his own.
 */
export async function provisionAdministrator(
  services: Services,
  administrator: {
    readonly taxpayerId: string;
    readonly password: string;
    readonly initial: boolean;
  },
): Promise<Result<unknown, Refusal>> {
  const { taxpayerId, password, initial } = administrator;
  const userId = issuedId(`administrator ${taxpayerId}`);
  const passwordHash = await hashPassword(password);
  const input = { userId, taxpayerId, passwordHash, settled: !initial };
  return services.execute(issueInitialPasswordCommand, input, { actor: systemActor });
}

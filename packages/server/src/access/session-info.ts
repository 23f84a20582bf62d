import type { AnswerOf, currentSession } from '@shebao/contract';
import { assert } from '@shebao/kernel';
import { momentAt } from '../platform/index.ts';
import { type Access, mustChange, sha256 } from './access.ts';
import { grantsFor, sessionEndMs } from './authenticate.ts';
import { ruleLines } from './password-rules.ts';
import { findSession, rolesOf, type SessionRow } from './store.ts';

type SessionInfo = AnswerOf<typeof currentSession>;

/** What the client must know of a session: who, which units, which rights, until when. */
export async function sessionInfo(access: Access, token: string): Promise<SessionInfo> {
  const { services, profile } = access;
  const session = await findSession(services.db.q, Buffer.from(sha256(token), 'hex'));
  assert(session, 'session of a checked request exists');
  const today = services.clock.now();
  return {
    realm: session.realm,
    userName: session.userName,
    displayName: session.displayName,
    mustChangePassword: mustChange(access, session),
    passwordRules: { profile: profile.name, rules: ruleLines(profile) },
    csrfToken: session.csrfToken,
    businessDate: today.date,
    period: today.date.slice(0, 7),
    demo: services.config.demo,
    ...(await employerPart(access, session)),
    roles: session.realm === 'office' ? [...(await rolesOf(services.db.q, session.id))] : [],
    expiresAt: momentAt(sessionEndMs(access, session)).iso,
  };
}

async function employerPart(
  access: Access,
  session: SessionRow,
): Promise<Pick<SessionInfo, 'taxpayer' | 'units'>> {
  if (session.taxpayerId === null) return { taxpayer: null, units: [] };
  const taxpayer = await access.employers.taxpayer(session.taxpayerId);
  // Until the initial password is changed nothing of the employer is shown but its name.
  const grants = mustChange(access, session) ? new Map() : await grantsFor(access, session);
  const units = await access.employers.units(session.taxpayerId);
  return {
    taxpayer: { taxpayerId: session.taxpayerId, name: taxpayer?.name ?? '' },
    units: units
      .filter((unit) => grants.has(unit.unitNo))
      .map(({ unitNo, name, region, unitKind, fundingType }) => ({
        unitNo,
        name,
        region,
        unitKind,
        fundingType,
        functions: [...(grants.get(unitNo) ?? [])],
      })),
  };
}

import { err, ok, type Result } from '@shebao/kernel';
import { sql } from 'kysely';
import type { Caller, Refusal, Tx } from '../platform/index.ts';
import { sha256 } from './access.ts';

export interface ReauthenticationUse {
  readonly userId: string;
  readonly token: string;
  readonly operation: string;
  readonly operationHash: string;
  /** The command context's own. */
  readonly wallAt: string;
}

/**
 * Uses a 安全认证 up inside the transaction of the operation it was given for. It is refused when it
 * is older than five minutes, used before, another user's, or was given for something else.
 */
export async function useReauthentication(
  tx: Tx,
  use: ReauthenticationUse,
): Promise<Result<null, Refusal>> {
  const { numAffectedRows } = await sql`delete from reauthentication
    where token_hash = ${Buffer.from(sha256(use.token), 'hex')} and user_id = ${use.userId}
      and operation = ${use.operation} and operation_hash = ${use.operationHash}
      and valid_until > ${use.wallAt}`.execute(tx.q);
  return numAffectedRows === 1n ? ok(null) : err({ code: 'REAUTHENTICATION_REQUIRED' });
}

/** Programs have no person at the keyboard: their token's own right stands for the 安全认证. */
export function needsReauthentication(caller: Caller): boolean {
  return caller.actor.kind === 'user';
}

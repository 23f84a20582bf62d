import { createHash } from 'node:crypto';
import { canonicalJson } from '@shebao/contract';
import type { Actor, AuditEntry, Moment } from './types.ts';

/** The chain's beginning: what the first entry is hashed onto. */
export const genesisHash = Buffer.alloc(32);

/** One name for an actor, in the audit log and as owner of idempotency keys. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'user') return `${actor.realm}:${actor.userId}`;
  if (actor.kind === 'token') return `token:${actor.tokenId}`;
  return `system:${actor.name}`;
}

/** The record as it is hashed and stored. */
export function auditPayload(entry: AuditEntry, actor: Actor, at: Moment): string {
  return canonicalJson({
    chain: entry.chain,
    at: at.iso,
    actor: actorName(actor),
    action: entry.action,
    subject: entry.subject,
    detail: entry.detail,
  });
}

/** hash = SHA-256(hash before, number as eight bytes, payload). */
export function chainHash(before: Uint8Array, seq: number, payload: string): Buffer {
  const number = Buffer.alloc(8);
  number.writeBigInt64BE(BigInt(seq));
  return createHash('sha256').update(before).update(number).update(payload, 'utf8').digest();
}

/**
 * Appends one entry in a single statement, so that the head's row lock is taken as late as it can be.
 * $1 chain, $2 payload, $3 at, $4 actor, $5 action, $6 subject.
 */
export const appendAuditSql = `
with head as (
  insert into audit_head as h (chain, seq, hash)
  values ($1, 1, sha256('\\x${genesisHash.toString('hex')}'::bytea || int8send(1) || convert_to($2, 'UTF8')))
  on conflict (chain) do update set
    seq = h.seq + 1,
    hash = sha256(h.hash || int8send(h.seq + 1) || convert_to($2, 'UTF8'))
  returning seq, hash
), entry as (
  insert into audit_entry (chain, seq, payload, hash, at, actor, action, subject)
  select $1, seq, $2, hash, $3::timestamptz, $4, $5, $6 from head
)`;

import { createHash } from 'node:crypto';
import { canonicalJson } from '@shebao/contract';
import { ok } from '@shebao/kernel';
import { sql } from 'kysely';
import type { Command, Services } from '../platform/index.ts';

/** The heads that a seal fixes: chain to number and hash (hex). */
export type SealedHeads = Readonly<Record<string, readonly [seq: number, hash: string]>>;

/** hash = SHA-256(hash of the seal before, number as eight bytes, heads as canonical JSON). */
export function sealHash(before: Uint8Array, seq: number, heads: SealedHeads): Buffer {
  const number = Buffer.alloc(8);
  number.writeBigInt64BE(BigInt(seq));
  return createHash('sha256').update(before).update(number).update(canonicalJson(heads)).digest();
}

/** Seals every chain that moved since the last seal into the one global chain. */
export const sealCommand: Command<null, { readonly chains: number }> = {
  name: 'audit.seal',
  housekeeping: true,
  chain: () => '',
  describe: () => ({ subject: '', detail: {} }),
  async run(tx, _input, { at }) {
    await tx.lock('audit.seal');
    const moved = await sql<{ chain: string; seq: number; hash: Buffer }>`
      update audit_head set sealed_seq = seq where sealed_seq < seq
      returning chain, seq, hash`.execute(tx.q);
    if (moved.rows.length === 0) return ok({ chains: 0 });
    const heads: SealedHeads = Object.fromEntries(
      moved.rows.map(({ chain, seq, hash }) => [chain, [seq, hash.toString('hex')]]),
    );
    const last = await sql<{ seq: number; hash: Buffer }>`
      select seq, hash from audit_seal order by seq desc limit 1`.execute(tx.q);
    const before = last.rows[0];
    const seq = (before?.seq ?? 0) + 1;
    const hash = sealHash(before?.hash ?? Buffer.alloc(32), seq, heads);
    await sql`insert into audit_seal (seq, at, heads, hash)
      values (${seq}, ${at.iso}, ${JSON.stringify(heads)}::jsonb, ${hash})`.execute(tx.q);
    return ok({ chains: moved.rows.length });
  },
};

const sealEveryMs = 60_000;

export interface Sealer {
  /** Seals a last time. */
  stop(): Promise<void>;
}

/** Seals every minute while the service runs, and once more when it stops. */
export function startSealing(services: Services): Sealer {
  const seal = async (): Promise<void> => {
    await services.execute(sealCommand, null, { actor: { kind: 'system', name: 'audit' } });
  };
  const timer = setInterval(() => {
    seal().catch((error: Error) => services.log.warn({ error: error.message }, 'not sealed'));
  }, sealEveryMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await seal();
    },
  };
}

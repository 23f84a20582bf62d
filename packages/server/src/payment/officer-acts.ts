import { createHash } from 'node:crypto';
import { canonicalJson } from '@shebao/contract';
import { err, ok, type Result } from '@shebao/kernel';
import { sql } from 'kysely';
import { needsReauthentication, useReauthentication } from '../access/index.ts';
import type { Caller, Command, FieldCrypto, Refusal, Tx } from '../platform/index.ts';
import { postgresStore } from '../treasury/index.ts';
import type { CaseDecision } from './case.ts';
import { approveCase, handleCase, returnCase } from './case-acts.ts';
import type { PaymentPorts } from './ports.ts';
import { type Figures, maySign } from './statement.ts';
import { type DayKey, signing } from './statement-queries.ts';
import type { CaseRecord } from './tables.ts';

/** The 安全认证 that an officer gave for one act. */
export interface Proof {
  readonly token: string;
  readonly operationHash: string;
  readonly userId: string;
}

/** What an officer decides of a case; all of it is bound to his 安全认证. */
export interface CaseOrder {
  readonly id: string;
  readonly version: number;
  readonly act: 'handle' | 'approve' | 'return';
  readonly decision?: CaseDecision;
  readonly reason?: string;
  readonly papers?: string;
}

/** The 安全认证 of a person for an act; programs stand for themselves. */
export function proofOf(caller: Caller, token: string, operation: object): Proof | null {
  if (!needsReauthentication(caller)) return null;
  const operationHash = createHash('sha256').update(canonicalJson(operation)).digest('hex');
  return { token, operationHash, userId: caller.userId };
}

/** Uses the 安全认证 of an act up, in its transaction. */
export function usedUp(
  tx: Tx,
  proof: Proof | null,
  operation: string,
  wallAt: string,
): Promise<Result<null, Refusal>> {
  return proof === null
    ? Promise.resolve(ok(null))
    : useReauthentication(tx, { ...proof, operation, wallAt });
}

type CaseInput = CaseOrder & { readonly officer: string; readonly proof: Proof | null };

/** Handling, closing or returning a case. */
export function caseCommand(
  ports: Pick<PaymentPorts, 'times'>,
  crypto: FieldCrypto,
): Command<CaseInput, CaseRecord> {
  return {
    name: 'payment.case',
    chain: () => 'agency:treasury',
    describe: ({ id, act, decision }) => ({
      subject: id,
      detail: { act, ...(decision === undefined ? {} : { decision }) },
    }),
    async run(tx, { proof, ...input }, { at, wallAt }) {
      const used = await usedUp(tx, proof, 'case', wallAt);
      if (!used.ok) return used;
      const store = postgresStore(tx, at, crypto);
      const { reason = '', papers = '', decision = 'keep' } = input;
      switch (input.act) {
        case 'handle':
          return handleCase(store, { ...input, decision, reason, papers });
        case 'return':
          return returnCase(store, { ...input, reason });
        case 'approve':
          return approveCase(store, ports, input);
      }
    },
  };
}

interface Signature extends DayKey {
  readonly figuresHash: string;
  readonly officer: string;
  readonly proof: Proof | null;
}

/** 签收对账单: the figures that the officer saw are kept with his name, once. */
export const signCommand: Command<Signature, { signedBy: string; signedAt: string }> = {
  name: 'payment.signStatement',
  chain: () => 'agency:treasury',
  describe: ({ taxOrg, date, figuresHash }) => ({
    subject: `${taxOrg} ${date}`,
    detail: { figuresHash },
  }),
  async run(tx, { taxOrg, date, figuresHash, officer, proof }, { at, wallAt }) {
    const used = await usedUp(tx, proof, 'signStatement', wallAt);
    if (!used.ok) return used;
    await tx.lock(`statement ${taxOrg} ${date}`);
    const now = await signing(tx.q, { taxOrg, date });
    if (!now) return err({ code: 'NOT_FOUND' });
    const { figures } = now;
    const able = maySign({ ...now, seenHash: figuresHash });
    if (!able.ok) return able;
    await keepSignature(tx, { taxOrg, date }, figures, figuresHash, officer, at.iso);
    tx.publish({ audience: 'office', type: 'treasury', data: { signed: `${taxOrg} ${date}` } });
    return ok({ signedBy: officer, signedAt: at.iso });
  },
};

async function keepSignature(
  tx: Tx,
  { taxOrg, date }: DayKey,
  figures: Figures,
  hash: string,
  officer: string,
  at: string,
): Promise<void> {
  await sql`insert into recon_statement (tax_org, chk_date, figures, figures_hash, signed_by,
      signed_at) values (${taxOrg}, ${date}::date, ${JSON.stringify(figures)}::jsonb, ${hash},
      ${officer}, ${at})`.execute(tx.q);
}
